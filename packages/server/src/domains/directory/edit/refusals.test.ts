import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { makeEditors } from '../../../testing/edit-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'

let database: Database
let here: Awaited<ReturnType<typeof makeEditors>>
let service: string
let location: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
  here = await makeEditors(database)
  const { edit, ownId, network } = here
  service = (await edit.own('createService', { organization: ownId, name: 'Sportello', status: 'ACTIVE' })).id
  location = (await edit.own('createLocation', { network, organization: ownId, locationType: 'PHYSICAL' })).id
  for (const [mutation, id] of [
    ['publishService', service],
    ['publishLocation', location],
  ] as const) {
    await edit.own(mutation, { id, expectedVersion: 1 })
  }
})
afterAll(() => database.close())

test.each([
  ['createPhone', { number: '0173' }, 'HOLDER_MISSING', []],
  ['createUrl', { url: 'example' }, 'VALUE_INVALID', ['url']],
  ['createContact', { email: 'ada at home' }, 'VALUE_INVALID', ['email']],
  ['createSchedule', { opensAt: '9 o’clock' }, 'VALUE_INVALID', ['opensAt']],
  ['createSchedule', { freq: 'WEEKLY', byday: 'lunedì' }, 'RULE_INVALID', ['byday']],
  ['createSchedule', { freq: 'MONTHLY', bymonthday: '32' }, 'RULE_INVALID', ['bymonthday']],
  ['createSchedule', { freq: 'WEEKLY' }, 'RULE_INVALID', []],
  ['createSchedule', { freq: 'WEEKLY', byday: 'MO', interval: 2 }, 'RULE_INVALID', []],
  ['createLanguage', { name: 'x'.repeat(1001) }, 'VALUE_INVALID', ['name']],
  ['createFunding', { source: 'a\0b' }, 'VALUE_INVALID', ['source']],
  ['createCostOption', { amount: 1, option: 'x', service: 'x' }, 'ID_INVALID', ['service']],
])('%s %j is refused with %s', async (mutation, input, code, path) => {
  const ties = code === 'HOLDER_MISSING' ? {} : { service }
  const url = mutation === 'createContact' ? { name: 'Ada' } : {}
  expect(await here.edit.own(mutation, { ...ties, ...url, ...input })).toMatchObject({ code, path })
})

test('places on no globe, numbers of no register, values of other kinds', async () => {
  const { edit, network, ownId } = here
  const place = { network, organization: ownId, locationType: 'PHYSICAL', latitude: 91 }
  expect(await edit.own('createLocation', place)).toMatchObject({ code: 'VALUE_INVALID', path: ['latitude'] })
  const vat = { organization: ownId, identifierType: 'VAT', identifierScheme: 'IT-VAT', identifier: '12345678901' }
  const refusal = { code: 'VALUE_INVALID', path: ['identifier'], message: expect.stringContaining('partita IVA') }
  expect(await edit.own('createOrganizationIdentifier', vat)).toMatchObject(refusal)
  const right = { ...vat, identifier: '00488410010' }
  const made = await edit.own('createOrganizationIdentifier', right)
  expect(made).toMatchObject({ isPublished: true })
  const change = { id: made.id, expectedVersion: made.recordVersion, identifier: '12345678901' }
  expect(await edit.own('changeOrganizationIdentifier', change)).toMatchObject(refusal)
  const phone = await edit.own('createPhone', { service, number: '0173' })
  const wrongKind = { id: phone.id, expectedVersion: 1 }
  expect(await edit.own('removeContact', wrongKind)).toMatchObject({ code: 'ID_INVALID', path: ['id'] })
  const cleared = { id: phone.id, expectedVersion: 1, number: null }
  expect(await edit.own('changePhone', cleared)).toMatchObject({ code: 'VALUE_MISSING', path: ['number'] })
  const loose = { id: phone.id, expectedVersion: 1, service: null }
  expect(await edit.own('changePhone', loose)).toMatchObject({ code: 'HOLDER_MISSING', path: [] })
})

test('a tree leads in no circle, in drafts neither', async () => {
  const { edit, network } = here
  const term = (name: string, parent?: string) =>
    edit.coordinator('createTaxonomyTerm', { network, name, description: name, ...(parent && { parent }) })
  const top = await term('a')
  const below = await term('b', top.id)
  const lowest = await term('c', below.id)
  for (const parent of [top.id, below.id, lowest.id]) {
    const change = { id: top.id, expectedVersion: 1, parent }
    expect(await edit.coordinator('changeTaxonomyTerm', change)).toMatchObject({ code: 'CIRCLE', path: ['parent'] })
  }
  const organization = (parentOrganization?: string) =>
    edit.coordinator('createOrganization', { network, name: 'x', description: 'x', parentOrganization })
  const one = await organization()
  const two = await organization(one.id)
  const change = { id: one.id, expectedVersion: 1, parentOrganization: two.id }
  expect(await edit.coordinator('changeOrganization', change)).toMatchObject({
    code: 'CIRCLE',
    path: ['parentOrganization'],
  })
})

test('what others refer to stays', async () => {
  const { edit, network, ownId } = here
  const refusal = (count: string) => ({ code: 'IN_USE', message: expect.stringContaining(count), path: ['id'] })
  const presence = await edit.own('createServiceAtLocation', { service, location })
  const removeLocation = () => edit.own('removeLocation', { id: location, expectedVersion: 2 })
  expect(await removeLocation()).toMatchObject(refusal('1 records of kind service at location'))
  await edit.own('removeServiceAtLocation', { id: presence.id, expectedVersion: 1 })
  expect(await removeLocation()).toEqual({ id: location })

  const term = await edit.coordinator('createTaxonomyTerm', { network, name: 'a', description: 'a' })
  const attribute = await edit.own('createAttribute', { record: ownId, taxonomyTerm: term.id })
  const removeTerm = () => edit.coordinator('removeTaxonomyTerm', { id: term.id, expectedVersion: 1 })
  expect(await removeTerm()).toMatchObject(refusal('1 records of kind attribute'))
  await edit.own('removeAttribute', { id: attribute.id, expectedVersion: 1 })
  expect(await removeTerm()).toEqual({ id: term.id })
})

test('only what HSDS gives attributes has some, and those that carry something else are left alone', async () => {
  const { edit, ownId, network } = here
  const term = await edit.coordinator('createTaxonomyTerm', { network, name: 'a', description: 'a' })
  expect(await edit.coordinator('createAttribute', { record: term.id, value: 'x' })).toMatchObject({
    path: ['record'],
    code: 'ID_INVALID',
  })
  expect(
    await edit.own('createAttribute', { record: encodeGlobalId('Network', here.networkId), value: 'x' }),
  ).toMatchObject({ code: 'ID_INVALID', path: ['record'] })
  const kind = { record: ownId, linkType: 'organization_kind', value: 'company' }
  expect(await edit.own('createAttribute', kind)).toMatchObject({ code: 'RESERVED', path: ['linkType'] })
})

test('an organization is retired when it is no member any more, and its services with it', async () => {
  const { prisma } = database
  const { edit, own, ownId, networkId } = here
  const data = { networkId, organizationId: own, role: 'member', status: 'active', appliedOn: new Date() } as const
  const { id } = await prisma.membership.create({ data })
  const retire = async () => {
    const { recordVersion } = await prisma.organization.findUniqueOrThrow({ where: { id: own } })
    return edit.own('retireOrganization', { id: ownId, expectedVersion: recordVersion })
  }
  expect(await retire()).toMatchObject({ code: 'MEMBERSHIP_ACTIVE', path: ['id'] })
  await prisma.membership.update({ where: { id }, data: { status: 'left', leftOn: new Date() } })
  const retired = await retire()
  expect(retired).toMatchObject({ isPublished: true })
  expect(await retire()).toEqual(retired)
  const { retiredOn } = await prisma.organization.findUniqueOrThrow({ where: { id: own } })
  expect(retiredOn?.getTime()).toBeGreaterThan(Date.now() - 3 * 86_400_000)
  const statuses = await prisma.service.findMany({ where: { organizationId: own }, select: { status: true } })
  expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['defunct']))
  const refusal = { code: 'ORGANIZATION_RETIRED', path: ['organization'] }
  expect(await edit.own('createService', { organization: ownId, name: 'x', status: 'ACTIVE' })).toMatchObject(refusal)
  const { recordVersion } = await prisma.service.findFirstOrThrow({ where: { organizationId: own } })
  const again = { id: service, expectedVersion: recordVersion, status: 'ACTIVE' }
  expect(await edit.own('changeService', again)).toMatchObject(refusal)
})
