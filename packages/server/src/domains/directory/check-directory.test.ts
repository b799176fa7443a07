import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { describeFindings } from '../../terminal/describe-findings.ts'
import { importSource, makeNetwork } from '../../testing/import-source.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { folderForTest } from '../../testing/write-files.ts'
import { countFindings, type Finding, type FindingPosition, listFindings } from './check-directory.ts'
import { type FindingKind, findingKinds } from './quality/weaknesses.ts'

const on = new Date('2027-03-01T00:00:00Z')

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
beforeEach(async () => {
  networkId = await makeNetwork(database)
})
afterAll(() => database.close())

const organization = { id: 'o1', name: 'Consorzio', description: 'Servizi sociali' }
const term = {
  id: 't1',
  code: 'ascolto',
  name: 'Ascolto',
  description: 'Ascolto',
  taxonomy: 'Bisogni',
  taxonomy_detail: { id: 'x1', name: 'Bisogni', description: 'Bisogni' },
}
const location = {
  id: 'l1',
  location_type: 'physical',
  phones: [{ id: 'lp1', number: '0173 1' }],
  schedules: [{ id: 'ls1', freq: 'WEEKLY', byday: 'MO', opens_at: '09:00', closes_at: '12:00' }],
}
/** A service that lacks nothing. */
const sound = {
  id: 's1',
  name: 'Sportello famiglia',
  status: 'active',
  assured_date: '2026-03-01',
  organization,
  attributes: [{ id: 'a1', link_type: 'service_type', taxonomy_term: term }],
  service_at_locations: [{ id: 'sl1', location }],
}

async function check(...services: object[]): Promise<Finding[]> {
  const folder = folderForTest({ 'services.json': JSON.stringify(services) })
  await importSource(database, networkId, folder)
  await mapTerms()
  return found()
}

async function mapTerms(): Promise<void> {
  const { prisma } = database
  const { id: needAreaId } = await prisma.needArea.create({
    data: { networkId, code: 'listening', position: 1, nameIt: 'Ascolto', nameEn: 'Listening' },
  })
  const { id } = await prisma.taxonomyTerm.findFirstOrThrow({ where: { networkId } })
  await prisma.needAreaTerm.create({ data: { networkId, needAreaId, taxonomyTermId: id } })
  const services = await prisma.attribute.findMany({ where: { networkId, linkEntity: 'service', taxonomyTermId: id } })
  await prisma.serviceNeedArea.createMany({
    data: services.map(({ linkId }) => ({ networkId, serviceId: linkId!, needAreaId, origin: 'term' as const })),
  })
}

async function found(kinds?: FindingKind[]): Promise<Finding[]> {
  const { findings } = await listFindings(database.prisma, { networkId, kinds, on }, { size: 100, backward: false })
  return findings
}

const kindsOf = (findings: Finding[]) => findings.map(({ kind }) => kind)

test('a sound directory has no finding', async () => {
  expect(await check(sound)).toEqual([])
  expect(await countFindings(database.prisma, { networkId, on })).toEqual([])
})

test('nor has a network without directory', async () => {
  expect(await found()).toEqual([])
})

const weak: [defect: string, kind: FindingKind, name: string, ...services: object[]][] = [
  ['was verified more than a year ago', 'not_verified', sound.name, { ...sound, assured_date: '2026-02-28' }],
  ['was never verified', 'not_verified', sound.name, { ...sound, assured_date: null }],
  [
    'answers no need area',
    'no_need_area',
    'Mensa',
    sound,
    { ...sound, id: 's2', name: 'Mensa', attributes: [], service_at_locations: [{ id: 'sl2', location }] },
  ],
  [
    'has no location',
    'no_location',
    sound.name,
    { ...sound, service_at_locations: [], schedules: [{ ...location.schedules[0], id: 'x' }], phones: location.phones },
  ],
  [
    'has a postal address only',
    'no_location',
    sound.name,
    { ...sound, service_at_locations: [{ id: 'sl1', location: { ...location, location_type: 'postal' } }] },
  ],
  [
    'serves an area and can not be reached',
    'no_location',
    sound.name,
    {
      ...sound,
      organization: { ...organization, phones: location.phones },
      service_at_locations: [],
      schedules: [{ ...location.schedules[0], id: 'x' }],
      service_areas: [{ id: 'sa1', name: 'Alba' }],
    },
  ],
  [
    'has no schedule anywhere',
    'no_schedule',
    sound.name,
    { ...sound, service_at_locations: [{ id: 'sl1', location: { ...location, schedules: [] } }] },
  ],
  [
    'has no phone anywhere',
    'no_phone',
    sound.name,
    { ...sound, service_at_locations: [{ id: 'sl1', location: { ...location, phones: [] } }] },
  ],
  ...(
    [
      ['is no longer valid', { valid_to: '2027-02-28' }],
      ['lasted until a day that is past', { until: '2027-02-27' }],
      ['has had all its occurrences', { dtstart: '2027-02-01', count: 3 }],
    ] as const
  ).map(([defect, end]): [string, FindingKind, string, object] => [
    `has a schedule that ${defect}`,
    'schedule_ended',
    sound.name,
    { ...sound, schedules: [{ ...location.schedules[0], id: 'x', ...end }] },
  ]),
  [
    'resembles another of the organization',
    'duplicate',
    'Sportello famiglie',
    sound,
    { ...sound, id: 's2', name: 'Sportello famiglie', ...own('2') },
  ],
  [
    'belongs to a term of a taxonomy that is not there',
    'dead_reference',
    term.name,
    {
      ...sound,
      attributes: [{ ...sound.attributes[0], taxonomy_term: { ...term, taxonomy: 'Altro', taxonomy_detail: null } }],
    },
  ],
]

function own(number: string) {
  return {
    attributes: [{ ...sound.attributes[0], id: `a${number}` }],
    service_at_locations: [{ id: `sl${number}`, location }],
  }
}

test.for(weak)('a service that %s is found, and nothing else', async ([, kind, name, ...services]) => {
  const findings = await check(...services)
  expect(findings.map((finding) => [finding.kind, finding.name])).toEqual([[kind, name]])
  expect(findings[0]!.sentence).toMatch(/^[A-Z].*: .*\.$/)
})

const inOrder: [why: string, ...services: object[]][] = [
  [
    'a service that comes to people and can be called',
    {
      ...sound,
      service_at_locations: [],
      schedules: [{ ...location.schedules[0], id: 'x' }],
      service_areas: [{ id: 'sa1', name: 'Alba' }],
      phones: [{ id: 'p1', number: '0173 2' }],
    },
  ],
  [
    'a virtual service',
    { ...sound, service_at_locations: [{ id: 'sl1', location: { ...location, location_type: 'virtual' } }] },
  ],
  [
    'a service whose organization answers the phone',
    {
      ...sound,
      organization: { ...organization, phones: [{ id: 'p1', number: '0173 2' }] },
      service_at_locations: [{ id: 'sl1', location: { ...location, phones: [] } }],
    },
  ],
  [
    'a schedule that ends today',
    { ...sound, schedules: [{ ...location.schedules[0], id: 'x', dtstart: '2027-02-01', count: 5 }] },
  ],
  ['a service that has ended for good', sound, { id: 's2', name: 'Mensa', status: 'defunct', organization }],
  [
    'two groups told apart by a number',
    { ...sound, name: 'Gruppo 1' },
    { ...sound, id: 's2', name: 'Gruppo 2', ...own('2') },
  ],
  [
    'services of the same name of two organizations',
    sound,
    { ...sound, id: 's2', organization: { ...organization, id: 'o2' }, ...own('2') },
  ],
]

test.for(inOrder)('%s is in order', async ([, ...services]) => {
  expect(await check(...services)).toEqual([])
})

describe('what the importer would refuse is found all the same', () => {
  test('attributes and metadata of records that are gone', async () => {
    await check(sound)
    const { prisma } = database
    const gone = { networkId, uuid: randomUUID() }
    await prisma.attribute.create({
      data: { ...gone, id: randomUUID(), linkId: randomUUID(), linkEntity: 'service', label: 'Etichetta' },
    })
    await prisma.metadata.create({
      data: {
        ...gone,
        id: randomUUID(),
        resourceId: randomUUID(),
        resourceType: 'locatoin',
        lastActionDate: on,
        lastActionType: 'update',
        fieldName: 'name',
        previousValue: 'a',
        replacementValue: 'b',
        updatedBy: 'c',
      },
    })
    const findings = await found()
    expect(findings.map(({ kind, entity, name }) => [kind, entity, name])).toEqual([
      ['dead_reference', 'attribute', 'Etichetta'],
      ['dead_reference', 'metadata', 'name'],
    ])
  })

  test('records that belong to nothing', async () => {
    await check(sound)
    const { prisma } = database
    const keys = () => ({ networkId, id: randomUUID(), uuid: randomUUID() })
    await prisma.serviceArea.create({ data: { ...keys(), name: 'Bra' } })
    await prisma.phone.create({ data: { ...keys(), number: '0172 1' } })
    await prisma.attribute.create({ data: { ...keys(), value: 'vuoto' } })
    await prisma.location.create({ data: { ...keys(), name: 'Deposito', locationType: 'physical' } })
    const findings = await found()
    expect(new Set(kindsOf(findings))).toEqual(new Set(['attached_to_nothing']))
    expect(findings.map(({ entity, name }) => [entity, name])).toEqual([
      ['phone', '0172 1'],
      ['service_area', 'Bra'],
      ['location', 'Deposito'],
      ['attribute', 'vuoto'],
    ])
  })
})

test('every page in either direction is a part of the whole', async () => {
  const bare = (number: number) => ({ id: `b${number}`, name: `Servizio ${number}`, status: 'active', organization })
  await check(sound, bare(1), bare(2), bare(3))
  const all = await found()
  expect(new Set(kindsOf(all))).toEqual(
    new Set(['not_verified', 'no_need_area', 'no_location', 'no_schedule', 'no_phone']),
  )
  expect(all).toHaveLength(15)
  const keys = (findings: Finding[]) => findings.map(({ kind, id }) => `${kind} ${id}`)
  for (const backward of [false, true]) {
    const read: Finding[] = []
    let position: FindingPosition | undefined
    for (let more = true; more; ) {
      const side = backward ? { before: position } : { after: position }
      const page = await listFindings(database.prisma, { networkId, on }, { size: 4, backward, ...side })
      if (backward) read.unshift(...page.findings)
      else read.push(...page.findings)
      position = backward ? page.findings.at(0) : page.findings.at(-1)
      more = page.hasMore
    }
    expect(keys(read)).toEqual(keys(all))
  }
  expect(await countFindings(database.prisma, { networkId, on, kinds: ['no_phone', 'not_verified'] })).toEqual([
    { kind: 'not_verified', count: 3 },
    { kind: 'no_phone', count: 3 },
  ])
})

test('the demonstration, two years on, reads like this', async () => {
  const demonstration = await openTestDatabase('demonstration')
  try {
    const { prisma } = demonstration
    const network = await prisma.network.findFirstOrThrow({ where: { slug: 'alba-bra' } })
    const told: string[] = []
    for (const kind of findingKinds) {
      const one = { networkId: network.id, kinds: [kind], on: new Date('2028-01-01T00:00:00Z') }
      const [counted] = await countFindings(prisma, one)
      const { findings } = await listFindings(prisma, one, { size: 3, backward: false })
      if (counted !== undefined) told.push(describeFindings(kind, counted.count, findings))
    }
    expect(told.join('\n\n')).toMatchInlineSnapshot(`
      "Services not verified for a year: 67
        Accompagnamento alla nascita, ASL CN2 Alba-Bra (service e22399ee-5efe-5134-b4c1-d1579ea7b81b)
          It was last verified on 2026-06-15: ask ASL CN2 Alba-Bra whether it is right, and set its assured_date.
        Affitto garantito, Comune di Bra (service 7509b1a7-63dd-5eae-8a5a-11500d87d31d)
          It was last verified on 2026-06-22: ask Comune di Bra whether it is right, and set its assured_date.
        Assistenza domiciliare, Consorzio socio-assistenziale Alba, Langhe e Roero (service 814f169b-7a87-5a2e-9189-c3eda48d70a0)
          It was last verified on 2026-09-30: ask Consorzio socio-assistenziale Alba, Langhe e Roero whether it is right, and set its assured_date.
        … and 64 more.

      Schedules that ended: 31
        Bollette chiare, Cooperativa sociale COS (schedule 51f83e05-a867-5281-9f80-964325f4ceb4)
          These hours ended on 2027-05-06: write those that hold now, or remove the schedule.
        Caffè di paese, Cooperativa sociale CIS (schedule 2b1282ab-5671-5b1c-97d0-0e1154b952f1)
          These hours ended on 2027-03-28: write those that hold now, or remove the schedule.
        Centro diurno Le Querce, Cooperativa sociale COS (schedule bc6f912b-472a-5f59-89a8-b07830812f81)
          These hours ended on 2027-03-27: write those that hold now, or remove the schedule.
        … and 28 more."
    `)
  } finally {
    await demonstration.close()
  }
})
