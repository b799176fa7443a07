import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { lockNetwork } from '../../../database/lock-network.ts'
import { parseGlobalId } from '../../../graphql/global-id.ts'
import { makeEditors } from '../../../testing/edit-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { verifyAudit } from '../../trace/verify-audit.ts'

let database: Database
let here: Awaited<ReturnType<typeof makeEditors>>
beforeAll(async () => {
  database = await openTestDatabase('empty')
  here = await makeEditors(database)
})
afterAll(() => database.close())

const service = () => ({ organization: here.ownId, name: 'Sportello', status: 'ACTIVE' })

test('a repeat is answered as the first was, and makes nothing more, also after the record went on', async () => {
  const { edit } = here
  const input = { ...service(), idempotencyKey: randomUUID() }
  const before = await database.prisma.directoryDraft.count()
  const first = await edit.own('createService', input)
  await edit.own('publishService', { id: first.id, expectedVersion: 1 })
  expect(await edit.own('createService', input)).toEqual(first)
  expect(await database.prisma.directoryDraft.count()).toBe(before)
  expect(await edit.own('createService', { ...input, name: 'another' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
})

test('a change, a publication, a removal and an end that are repeated are answered as the first, also at once', async () => {
  const { edit } = here
  const { id } = await edit.own('createService', service())
  const twice = async (name: string, input: object) => {
    const keyed = { ...input, idempotencyKey: randomUUID() }
    const entries = await database.prisma.auditEntry.count()
    const [one, other] = await Promise.all([edit.own(name, keyed), edit.own(name, keyed)])
    expect(one, name).not.toHaveProperty('code')
    expect(other, name).toEqual(one)
    expect(await edit.own(name, keyed), name).toEqual(one)
    expect(await database.prisma.auditEntry.count(), name).toBe(entries + 1)
  }
  await twice('changeService', { id, expectedVersion: 1, name: 'b' })
  await twice('publishService', { id, expectedVersion: 2 })
  const phone = await edit.own('createPhone', { service: id, number: '0173' })
  await twice('removePhone', { id: phone.id, expectedVersion: 1 })
  await twice('retireService', { id, expectedVersion: 3 })
  const draft = await edit.own('createService', service())
  await twice('discardDraft', { draft: draft.id, expectedVersion: 1 })
})

test('two repeats at once make one record', async () => {
  const input = { ...service(), idempotencyKey: randomUUID() }
  const [one, other] = await Promise.all([here.edit.own('createService', input), here.edit.own('createService', input)])
  expect(one!.id).toMatch(/^service_/)
  expect(other).toEqual(one)
})

test('a refused request leaves nothing, and its key can be used again', async () => {
  const input = { ...service(), idempotencyKey: randomUUID() }
  const wrong = { ...input, url: 'nowhere' }
  expect(await here.edit.own('createService', wrong)).toMatchObject({ code: 'VALUE_INVALID', path: ['url'] })
  expect(await here.edit.own('createService', input)).toMatchObject({ recordVersion: 1 })
})

test.each(['a draft', 'a public record'])(
  'of two changes of %s at once, one wins and the other is told',
  async (which) => {
    const { edit } = here
    const made = await edit.own('createService', service())
    const known =
      which === 'a draft'
        ? made
        : await edit.own('publishService', { id: made.id, expectedVersion: made.recordVersion })
    const change = (name: string) =>
      edit.own('changeService', { id: known.id, expectedVersion: known.recordVersion, name })
    const answers = await Promise.all([change('one'), change('other')])
    expect(answers.map(({ code }) => code ?? 'done').sort()).toEqual(['VERSION_CONFLICT', 'done'])
    const conflict = answers.find(({ code }) => code !== undefined)!
    expect(conflict.path).toEqual(['expectedVersion'])
    expect(answers.find(({ code }) => code === undefined)!.recordVersion).toBe(known.recordVersion + 1)
  },
)

test('a version of the draft is none of the record that it became', async () => {
  const { edit } = here
  const { id } = await edit.own('createService', service())
  await edit.own('changeService', { id, expectedVersion: 1, name: 'b' })
  const published = await edit.own('publishService', { id, expectedVersion: 2 })
  expect(published.recordVersion).toBeGreaterThan(2)
  for (const expectedVersion of [1, 2]) {
    expect(await edit.own('changeService', { id, expectedVersion, name: 'c' })).toMatchObject({
      code: 'VERSION_CONFLICT',
    })
  }
})

test('a publication and a removal that come at once: one happens', async () => {
  const { edit } = here
  const { id } = await edit.own('createService', service())
  const answers = await Promise.all([
    edit.own('publishService', { id, expectedVersion: 1 }),
    edit.own('discardDraft', { draft: id, expectedVersion: 1 }),
  ])
  expect(answers.filter(({ code }) => code === undefined)).toHaveLength(1)
})

test('each edit stands in the audit log, with who did it and to which record', async () => {
  const { edit, as } = here
  const { id } = await edit.own('createService', service())
  const published = await edit.administrator('publishService', { id, expectedVersion: 1 })
  const phone = await edit.own('createPhone', { service: id, number: '0173' })
  await edit.own('removePhone', { id: phone.id, expectedVersion: 1 })
  // What changes nothing is no act.
  await edit.own('changeService', { id, expectedVersion: published.recordVersion, name: 'Sportello' })
  await edit.own('retireService', { id, expectedVersion: published.recordVersion })
  const keys = [id, phone.id].map((each) => parseGlobalId(each)!.id)
  const entries = await database.prisma.auditEntry.findMany({
    where: { recordKey: { in: keys } },
    orderBy: { position: 'asc' },
  })
  expect(entries.map(({ action, actorKind }) => `${action} ${actorKind}`)).toEqual([
    'service.create partner',
    'service.publish staff',
    'directory_part.create partner',
    'directory_part.remove partner',
    'service.retire partner',
  ])
  expect(entries[0]).toMatchObject({
    actorReference: as.own.kind === 'partner' && as.own.keyId,
    networkId: here.networkId,
    requestId: 'request-1',
  })
  expect(await verifyAudit(database.prisma)).not.toHaveProperty('fault')
})

// The embedded database has one connection: there nobody comes while another writes.
test.skipIf(inject('templates').server === null)('who comes while an import writes is told to come again', async () => {
  const waiting = database.prisma.$transaction(
    async (tx) => {
      await lockNetwork(tx, here.networkId)
      return here.edit.own('createService', service())
    },
    { timeout: 10_000 },
  )
  expect(await waiting).toMatchObject({ code: 'NETWORK_BUSY' })
})
