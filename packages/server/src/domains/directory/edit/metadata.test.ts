import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { parseGlobalId } from '../../../graphql/global-id.ts'
import { makeEditors } from '../../../testing/edit-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

/** Of each change told of a record: type, field, from, to; and who made it. */
async function toldOf(globalId: string) {
  const rows = await database.prisma.metadata.findMany({
    where: { resourceId: parseGlobalId(globalId)!.id },
    orderBy: [{ lastActionType: 'asc' }, { fieldName: 'asc' }],
  })
  const changes = rows.map(
    (row) => `${row.lastActionType} ${row.fieldName}: ${row.previousValue} → ${row.replacementValue}`,
  )
  return { changes, by: [...new Set(rows.map(({ updatedBy }) => updatedBy))] }
}

async function uuidOf(globalId: string, table: 'service' | 'phone' | 'organization'): Promise<string> {
  const find = database.prisma[table] as typeof database.prisma.service
  return (await find.findUniqueOrThrow({ where: { id: parseGlobalId(globalId)!.id } })).uuid
}

async function publicService(edit: Awaited<ReturnType<typeof makeEditors>>['edit'], organization: string) {
  const { id } = await edit.own('createService', { organization, name: 'Sportello', status: 'ACTIVE' })
  return edit.own('publishService', { id, expectedVersion: 1 })
}

test('a draft has none; publishing tells what there is, and a change each field that it changed', async () => {
  const { edit, ownId } = await makeEditors(database)
  const drafted = await edit.own('createService', { organization: ownId, name: 'Sportello', status: 'ACTIVE' })
  await edit.own('changeService', { id: drafted.id, expectedVersion: 1, url: 'https://a.example/' })
  expect(await toldOf(drafted.id)).toEqual({ changes: [], by: [] })

  const service = await edit.own('publishService', { id: drafted.id, expectedVersion: 2 })
  const created = [
    'create name: (none) → Sportello',
    `create organization_id: (none) → ${await uuidOf(ownId, 'organization')}`,
    'create status: (none) → active',
    'create url: (none) → https://a.example/',
  ]
  expect(await toldOf(service.id)).toEqual({ changes: created, by: ['Cooperativa Alfa'] })

  const { recordVersion: expectedVersion } = service
  await edit.own('changeService', {
    id: service.id,
    expectedVersion,
    url: null,
    status: 'TEMPORARILY_CLOSED',
    minimumAge: 6.5,
    lastModified: '2026-11-25T10:00:00+01:00',
    name: 'Sportello',
  })
  expect((await toldOf(service.id)).changes).toEqual([
    ...created,
    'update last_modified: (none) → 2026-11-25T09:00:00Z',
    'update minimum_age: (none) → 6.5',
    'update status: active → temporarily closed',
    'update url: https://a.example/ → (none)',
  ])
})

test('who changed it is an organization or the network, and never a person', async () => {
  const { edit, ownId, networkId } = await makeEditors(database)
  const service = await publicService(edit, ownId)
  const change = (by: keyof typeof edit, expectedVersion: number, name: string) =>
    edit[by]('changeService', { id: service.id, expectedVersion, name })
  await change('administrator', service.recordVersion, 'b')
  await change('coordinator', service.recordVersion + 1, 'c')
  await change('coordinatingPartner', service.recordVersion + 2, 'd')
  const network = await database.prisma.network.findUniqueOrThrow({ where: { id: networkId } })
  const { by } = await toldOf(service.id)
  expect(by.sort()).toEqual(['Cooperativa Alfa', network.name].sort())
})

test('what may be about a person is not told', async () => {
  const { edit, ownId } = await makeEditors(database)
  const service = await publicService(edit, ownId)
  const contact = await edit.own('createContact', { service: service.id, name: 'Ada Neri', email: 'ada@example.org' })
  await edit.own('changeContact', { id: contact.id, expectedVersion: 1, name: 'Bea Bianchi', email: null })
  const phone = await edit.own('createPhone', { contact: contact.id, number: '333 1234567' })
  const note = await edit.own('createAttribute', { record: contact.id, label: 'nata Neri', value: 'Ada' })
  const general = await edit.own('createPhone', { service: service.id, number: '0173 5555' })
  await edit.own('changePhone', { id: general.id, expectedVersion: 1, contact: contact.id, number: '333 7654321' })
  const { recordVersion: expectedVersion } = service
  await edit.own('changeService', { id: service.id, expectedVersion, assurerEmail: 'ada@example.org' })

  const told = await Promise.all([contact, phone, note, general, service].map(({ id }) => toldOf(id)))
  expect(told[0]!.changes).toEqual(
    expect.arrayContaining([
      'create email: (none) → (withheld)',
      'create name: (none) → (withheld)',
      'update email: (withheld) → (none)',
      'update name: (withheld) → (withheld)',
    ]),
  )
  expect(told[4]!.changes).toContain('update assurer_email: (none) → (withheld)')
  expect(told[3]!.changes).toContain('create number: (none) → 0173 5555')
  const all = told.flatMap(({ changes }) => changes).join('\n')
  expect(all).not.toMatch(/Ada|Bea|Neri|ada@|333 \d/)
})

test('a part that is removed is told on what it hung on, and what was told of it goes', async () => {
  const { edit, ownId } = await makeEditors(database)
  const service = await publicService(edit, ownId)
  const phone = await edit.own('createPhone', { service: service.id, number: '0173' })
  const uuid = await uuidOf(phone.id, 'phone')
  const before = (await toldOf(service.id)).changes
  await edit.own('removePhone', { id: phone.id, expectedVersion: 1 })
  expect((await toldOf(service.id)).changes).toEqual([...before, `delete phones: ${uuid} → (none)`].sort())
  expect(await toldOf(phone.id)).toEqual({ changes: [], by: [] })
})

test('what is told of a holiday, which HSDS 3 has no list for, is told of what keeps it', async () => {
  const { edit, ownId } = await makeEditors(database)
  const service = await publicService(edit, ownId)
  const days = { startDate: '2026-12-24', endDate: '2026-12-26', yearly: true, closed: true }
  const holiday = await edit.own('createHolidaySchedule', { service: service.id, ...days })
  await edit.own('changeHolidaySchedule', { id: holiday.id, expectedVersion: 1, endDate: '2026-12-27' })
  expect(await toldOf(holiday.id)).toEqual({ changes: [], by: [] })
  expect((await toldOf(service.id)).changes).toContain('update holiday_schedules.end_date: 2026-12-26 → 2026-12-27')
})

test('a service that is retired, and an organization with its services', async () => {
  const { edit, ownId } = await makeEditors(database)
  const first = await publicService(edit, ownId)
  const second = await publicService(edit, ownId)
  const { recordVersion: expectedVersion } = first
  await edit.own('retireService', { id: first.id, expectedVersion })
  expect((await toldOf(first.id)).changes).toContain('update status: active → defunct')
  await edit.own('retireOrganization', { id: ownId, expectedVersion: 1 })
  expect((await toldOf(first.id)).changes.filter((change) => change.startsWith('update'))).toHaveLength(1)
  expect((await toldOf(second.id)).changes).toContain('update status: active → defunct')
})
