import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { mutate, partnerKey, staffMember } from '../../../testing/mutate.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { verifyAudit } from '../../trace/verify-audit.ts'

async function mapped() {
  const database = await databaseForTest('demonstration')
  const { prisma } = database
  const { id: networkId } = await prisma.network.findFirstOrThrow()
  const { id: elsewhere } = await prisma.network.create({ data: { slug: 'elsewhere', name: 'Elsewhere' } })
  const service = await prisma.service.findFirstOrThrow({ where: { name: 'Casa Ponte' } })
  const areas = await prisma.needArea.findMany({
    where: { networkId, services: { none: { serviceId: service.id } } },
    orderBy: { position: 'asc' },
    take: 2,
  })
  await prisma.needArea.update({ where: { id: areas[0]!.id }, data: { nameIt: 'Zanzibarese' } })
  const [area, another] = areas.map(({ id }) => encodeGlobalId('NeedArea', id)) as [string, string]
  const { organizationId } = service
  const coordinator = staffMember('network_coordinator', networkId)
  const administrator = staffMember('organization_admin', networkId, organizationId)
  const id = encodeGlobalId('Service', service.id)
  const abroad = [
    staffMember('network_coordinator', elsewhere),
    partnerKey(elsewhere, organizationId, 'network_coordinate'),
  ]
  return {
    ...{ database, prisma, networkId, elsewhere, service, area, another, areaIds: areas.map(({ id }) => id), abroad },
    ...{ coordinator, administrator, id },
    /** A term that the service alone carries, where it does. */
    async term(isCarried: boolean): Promise<string> {
      const key = () => ({ id: randomUUID(), uuid: randomUUID(), networkId })
      const term = await prisma.taxonomyTerm.create({ data: { ...key(), name: 'Ponte', description: 'Ponte' } })
      const carried = { linkEntity: 'service', linkId: service.id, taxonomyTermId: term.id }
      if (isCarried) await prisma.attribute.create({ data: { ...key(), ...carried } })
      return encodeGlobalId('TaxonomyTerm', term.id)
    },
    map: (taxonomyTerm: string, needArea = area, actor = coordinator) =>
      mutate(database, actor, 'mapTerm', { needArea, taxonomyTerm }, 'id terms { taxonomyTerm { id } }'),
    unmap: (taxonomyTerm: string, needArea = area, actor = coordinator) =>
      mutate(database, actor, 'unmapTerm', { needArea, taxonomyTerm }, 'id terms { taxonomyTerm { id } }'),
    state: (needAreas: string[], expectedVersion: number, actor = administrator, of = id) =>
      mutate(
        database,
        actor,
        'stateNeedAreas',
        { service: of, needAreas, expectedVersion },
        'id recordVersion needAreas { origin needArea { id } }',
      ),
    /** How the service came to answer the areas that are tried here, in their order. */
    async origins() {
      const links = await prisma.serviceNeedArea.findMany({ where: { serviceId: service.id } })
      return areas.map(({ id }) => links.find(({ needAreaId }) => needAreaId === id)?.origin)
    },
    /** Whether the words by which the service is searched have those of the first area. */
    async isFound() {
      const [row] = await prisma.$queryRaw<{ found: boolean }[]>`
        SELECT document @@ plainto_tsquery('public.italian_plain', name_it) AS found FROM derived.service_search, need_area
        WHERE service_id = ${service.id}::uuid AND need_area.id = ${areas[0]!.id}::uuid`
      return row!.found
    },
  }
}

test('a term comes to mean an area, and no longer: services that carry it follow, and what finds them', async () => {
  const { prisma, term, map, unmap, origins, isFound, areaIds } = await mapped()
  const [carried, other] = [await term(true), await term(false)]
  const total = await prisma.serviceNeedArea.count()
  expect(await isFound()).toBe(false)
  expect((await map(carried)).terms).toContainEqual({ taxonomyTerm: { id: carried } })
  await map(other)
  expect(await origins()).toEqual(['term', undefined])
  expect(await isFound()).toBe(true)
  expect(await prisma.serviceNeedArea.count()).toBe(total + 1)
  expect((await unmap(carried)).terms).not.toContainEqual({ taxonomyTerm: { id: carried } })
  expect(await origins()).toEqual([undefined, undefined])
  expect(await isFound()).toBe(false)
  const entries = await prisma.auditEntry.findMany()
  expect(entries.map(({ action, recordKey }) => [action, recordKey])).toEqual(
    Array.from({ length: 3 }, () => ['need_area_term.change', areaIds[0]]),
  )
})

test('repeating changes nothing and is not recorded; of two at once one is', async () => {
  const { prisma, term, map, unmap, origins } = await mapped()
  const carried = await term(true)
  const [first, second] = await Promise.all([map(carried), map(carried)])
  expect(second).toEqual(first)
  expect(await map(carried)).toEqual(first)
  expect(await prisma.auditEntry.count()).toBe(1)
  const third = await unmap(carried)
  expect(await unmap(carried)).toEqual(third)
  expect(await prisma.auditEntry.count()).toBe(2)
  expect(await origins()).toEqual([undefined, undefined])
})

test('a service answers what its organization states, whatever its terms come to mean', async () => {
  const { prisma, service, area, another, term, map, unmap, state, origins, id } = await mapped()
  const carried = await term(true)
  await map(carried)
  const { recordVersion } = await prisma.service.findUniqueOrThrow({ where: { id: service.id } })
  const stated = await state([area, another, area], recordVersion)
  expect(stated).toMatchObject({ id, recordVersion: recordVersion + 1 })
  expect(stated.needAreas).toContainEqual({ origin: 'STATED', needArea: { id: another } })
  expect(await origins()).toEqual(['stated', 'stated'])
  await unmap(carried)
  expect(await origins()).toEqual(['stated', 'stated'])
  await map(carried)
  expect(await state([another], recordVersion + 1)).toMatchObject({ recordVersion: recordVersion + 2 })
  expect(await origins(), 'its term leads to the first still').toEqual(['term', 'stated'])
  expect(await state([another], recordVersion + 2), 'nothing new').toMatchObject({ recordVersion: recordVersion + 2 })
  await state([], recordVersion + 2)
  expect(await origins()).toEqual(['term', undefined])
  const entries = await prisma.auditEntry.findMany({ where: { action: 'service_need_area.change' } })
  expect(entries.map(({ recordKey }) => recordKey)).toEqual([service.id, service.id, service.id])
  expect(await verifyAudit(prisma)).not.toHaveProperty('fault')
})

test('what is stated is told in the metadata of the service, by whose right it was', async () => {
  const { prisma, service, networkId, areaIds, area, another, coordinator, state } = await mapped()
  await prisma.metadata.deleteMany({ where: { resourceId: service.id } })
  const codes = await prisma.needArea.findMany({ where: { id: { in: areaIds } }, select: { code: true } })
  const both = codes.map(({ code }) => code).sort()
  const { code } = await prisma.needArea.findUniqueOrThrow({ where: { id: areaIds[0]! } })
  await prisma.serviceNeedArea.deleteMany({ where: { serviceId: service.id } })
  await state([another, area], 1)
  await state([another, area], 2)
  await state([area], 2, coordinator)
  const told = await prisma.metadata.findMany({ where: { resourceId: service.id }, orderBy: { updatedBy: 'asc' } })
  const { name: own } = await prisma.organization.findUniqueOrThrow({ where: { id: service.organizationId! } })
  const { name } = await prisma.network.findUniqueOrThrow({ where: { id: networkId } })
  const by = (who: string) => told.filter(({ updatedBy }) => updatedBy === who)
  expect(told).toHaveLength(2)
  const field = { resourceType: 'service', fieldName: 'need_areas', lastActionType: 'update' }
  expect(by(own)).toMatchObject([{ ...field, previousValue: '(none)', replacementValue: both.join(', ') }])
  expect(by(name)).toMatchObject([{ ...field, previousValue: both.join(', '), replacementValue: code }])
})

test('a statement that is repeated with its key is answered as the first, also at once; of a draft there is none', async () => {
  const { database, prisma, area, id, administrator } = await mapped()
  const input = { service: id, needAreas: [area], expectedVersion: 1, idempotencyKey: randomUUID() }
  const send = () => mutate(database, administrator, 'stateNeedAreas', input, 'id recordVersion')
  const [first, second] = await Promise.all([send(), send()])
  expect(first).toMatchObject({ recordVersion: 2 })
  expect(second).toEqual(first)
  expect(await prisma.auditEntry.count()).toBe(1)
  const service = await prisma.service.findFirstOrThrow({ where: { name: 'Casa Ponte' } })
  const organization = encodeGlobalId('Organization', service.organizationId!)
  const made = { organization, name: 'Nuovo', status: 'ACTIVE', idempotencyKey: randomUUID() }
  const draft = await mutate(database, administrator, 'createService', made, 'id')
  const statement = { service: draft.id, needAreas: [area], expectedVersion: 1 }
  expect(await mutate(database, administrator, 'stateNeedAreas', statement)).toMatchObject({ code: 'NOT_PUBLISHED' })
})

test('who knows an older version of the service states nothing, and of two at once one does', async () => {
  const { prisma, area, another, state, origins } = await mapped()
  expect(await state([area], 9)).toMatchObject({ code: 'VERSION_CONFLICT', path: ['expectedVersion'] })
  const both = await Promise.all([state([area], 1), state([another], 1)])
  expect(both.map(({ code }) => code).sort()).toEqual(['VERSION_CONFLICT', undefined])
  expect((await origins()).filter((origin) => origin === 'stated')).toHaveLength(1)
  expect(await prisma.auditEntry.count()).toBe(1)
})

test("what is another's, or another network's, is refused as what is not there", async () => {
  const { prisma, networkId, elsewhere, abroad, area, term, map, unmap, state } = await mapped()
  const carried = await term(true)
  const nowhere = (type: string) => encodeGlobalId(type, randomUUID())
  const noArea = await map(carried, nowhere('NeedArea'))
  expect(noArea).toMatchObject({ code: 'NEED_AREA_UNKNOWN', path: ['needArea'] })
  for (const actor of abroad) {
    expect(await map(carried, area, actor)).toEqual(noArea)
    expect(await unmap(carried, area, actor)).toEqual(noArea)
  }
  const own = () => ({ id: randomUUID(), uuid: randomUUID(), networkId: elsewhere })
  const foreign = await prisma.taxonomyTerm.create({ data: { ...own(), name: 'Fern', description: 'Fern' } })
  const noTerm = await map(nowhere('TaxonomyTerm'))
  expect(noTerm).toMatchObject({ code: 'TERM_UNKNOWN', path: ['taxonomyTerm'] })
  expect(await map(encodeGlobalId('TaxonomyTerm', foreign.id))).toEqual(noTerm)

  const names = { code: 'far', position: 1, nameIt: 'Lontano', nameEn: 'Far' }
  const far = await prisma.needArea.create({ data: { networkId: elsewhere, ...names } })
  const noStated = await state([area, nowhere('NeedArea')], 1)
  expect(noStated).toMatchObject({ code: 'NEED_AREA_UNKNOWN', path: ['needAreas', '1'] })
  expect(await state([area, encodeGlobalId('NeedArea', far.id)], 1)).toEqual(noStated)
  const noService = await state([area], 1, undefined, nowhere('Service'))
  expect(noService).toMatchObject({ code: 'SERVICE_UNKNOWN', path: ['service'] })
  const neighbours = [
    staffMember('organization_admin', networkId, randomUUID()),
    partnerKey(networkId, randomUUID(), 'directory_write'),
  ]
  for (const actor of [...neighbours, ...abroad]) expect(await state([area], 1, actor)).toEqual(noService)
  const many = Array.from({ length: 51 }, () => area)
  expect(await state(many, 1)).toMatchObject({ code: 'TOO_MANY_NEED_AREAS', path: ['needAreas'] })
  expect(await prisma.auditEntry.count()).toBe(0)
})
