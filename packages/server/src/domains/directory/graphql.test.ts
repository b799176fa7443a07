import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

interface Found {
  totalCount: number
  nodes: {
    id: string
    name: string
    organization: { id: string }
    needAreas: { needArea: { code: string; parent: { code: string } | null } }[]
    serviceAtLocations: { location: { municipality: { name: string } | null } }[]
    serviceAreas: { name: string; wholeTerritory: boolean }[]
  }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

async function search(filter: object | null, page: object = { first: 100 }, slug = 'alba-bra'): Promise<Found> {
  const { data, errors } = await server.ask<{ network: { services: Found } }>(
    `query ($slug: String!, $filter: ServiceFilter, $first: Int, $last: Int, $after: String, $before: String) {
      network(slug: $slug) {
        services(filter: $filter, first: $first, last: $last, after: $after, before: $before) {
          totalCount
          nodes {
            id name organization { id }
            needAreas { needArea { code parent { code } } }
            serviceAtLocations { location { municipality { name } } }
            serviceAreas { name wholeTerritory }
          }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    { slug, filter, ...page },
  )
  expect(errors).toBeUndefined()
  return data.network.services
}

const names = ({ nodes }: Found) => nodes.map(({ name }) => name)

test('without a filter all services come, by name', async () => {
  const all = await search(null)
  expect(all.totalCount).toBeGreaterThanOrEqual(44)
  expect(names(all)).toEqual([...names(all)].sort((a, b) => (a < b ? -1 : 1)))
})

test('a need area gives the services that answer it, and only those', async () => {
  const found = await search({ needAreas: ['parenting'] })
  expect(found.totalCount).toBeGreaterThan(0)
  for (const { needAreas } of found.nodes) expect(needAreas.map(({ needArea }) => needArea.code)).toContain('parenting')
})

test('a group gives the services of every area below it', async () => {
  const group = new Set(names(await search({ needAreas: ['family'] })))
  for (const name of names(await search({ needAreas: ['parenting'] }))) expect(group).toContain(name)
  expect(group.size).toBeGreaterThan((await search({ needAreas: ['parenting'] })).totalCount)
})

test('several need areas are joined by or', async () => {
  const both = await search({ needAreas: ['debt', 'mobility'] })
  const debt = names(await search({ needAreas: ['debt'] }))
  const mobility = names(await search({ needAreas: ['mobility'] }))
  expect(new Set(names(both))).toEqual(new Set([...debt, ...mobility]))
})

test('an unknown need area, and none at all, give nothing', async () => {
  expect((await search({ needAreas: ['no-such-need'] })).totalCount).toBe(0)
  expect((await search({ needAreas: [] })).totalCount).toBe(0)
})

test('an organization gives its own services', async () => {
  const [service] = (await search(null)).nodes
  const organization = service!.organization.id
  const found = await search({ organization })
  expect(found.totalCount).toBeGreaterThan(0)
  expect(new Set(found.nodes.map((each) => each.organization.id))).toEqual(new Set([organization]))
})

test('a municipality gives what is there, what serves it, and what serves the whole territory', async () => {
  const found = await search({ municipality: 'Bra' })
  expect(found.totalCount).toBeGreaterThan(0)
  for (const { name, serviceAtLocations, serviceAreas } of found.nodes) {
    const there = serviceAtLocations.some(({ location }) => location.municipality?.name === 'Bra')
    const serves = serviceAreas.some((area) => area.name === 'Bra' || area.wholeTerritory)
    expect(there || serves, name).toBe(true)
  }
  expect(found.nodes.some(({ serviceAreas }) => serviceAreas.some(({ wholeTerritory }) => wholeTerritory))).toBe(true)
})

test('a municipality goes by name in any case, or by its ISTAT code', async () => {
  const byName = names(await search({ municipality: 'Bra' }))
  expect(names(await search({ municipality: 'bra' }))).toEqual(byName)
  expect(names(await search({ municipality: '004029' }))).toEqual(byName)
})

test('a municipality outside the territory gives nothing, even where services cover the whole of it', async () => {
  expect((await search({ municipality: 'Torino' })).totalCount).toBe(0)
})

test.each([
  ['genitori', 'genitore'],
  ['famiglia', 'famiglie'],
  ['caffè', 'caffe'],
  ['LAVORO', 'lavori'],
])('words are found in other forms: "%s" as "%s"', async (one, other) => {
  const found = await search({ words: one })
  expect(found.totalCount).toBeGreaterThan(0)
  expect(new Set(names(found))).toEqual(new Set(names(await search({ words: other }))))
})

test('what has the word in its name comes before what has it in its description', async () => {
  const found = names(await search({ words: 'caregiver' }))
  expect(found[0]?.toLowerCase()).toContain('caregiver')
})

test('all words must be there', async () => {
  const both = await search({ words: 'anziani trasporto' })
  const one = await search({ words: 'anziani' })
  expect(both.totalCount).toBeLessThan(one.totalCount)
})

test('conditions are joined by and', async () => {
  const joined = names(await search({ needAreas: ['parenting'], municipality: 'Alba', words: 'genitori' }))
  const parts = [{ needAreas: ['parenting'] }, { municipality: 'Alba' }, { words: 'genitori' }]
  const [first, ...rest] = await Promise.all(parts.map(async (part) => names(await search(part))))
  const expected = first!.filter((name) => rest.every((list) => list.includes(name)))
  expect(new Set(joined)).toEqual(new Set(expected))
  expect(joined.length).toBeGreaterThan(0)
})

test.each(['', '   ', '"', '-', 'or', "d'", '& | !', '\\', '%', '<script>', "'; DROP TABLE service; --", '𝄞'])(
  'odd words are searched for, not executed: "%s"',
  async (words) => {
    const found = await search({ words })
    expect(found.totalCount).toBeGreaterThanOrEqual(found.nodes.length)
  },
)

test.each([
  ['all services', null],
  ['services by words', { words: 'famiglia' }],
])('pages of %s, forward or backward and of any size, are the same list', async (_, filter) => {
  const whole = names(await search(filter))
  for (const size of [1, 4, 9]) {
    const forward: string[] = []
    for (let after: string | null = null; ; ) {
      const page: Found = await search(filter, { first: size, after })
      forward.push(...names(page))
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null)
      if (!page.pageInfo.hasNextPage) break
      after = page.pageInfo.endCursor
    }
    expect(forward).toEqual(whole)

    const backward: string[] = []
    for (let before: string | null = null; ; ) {
      const page: Found = await search(filter, { last: size, before })
      backward.unshift(...names(page))
      if (!page.pageInfo.hasPreviousPage) break
      before = page.pageInfo.startCursor
    }
    expect(backward).toEqual(whole)
  }
})

test('a cursor stays where it is when services are added before it', async () => {
  const { prisma } = server.database
  const network = await prisma.network.create({ data: { slug: 'growing', name: 'growing' } })
  const organization = await prisma.organization.create({
    data: { id: crypto.randomUUID(), uuid: crypto.randomUUID(), networkId: network.id, name: 'O', description: 'O' },
  })
  const add = (name: string) => {
    const ids = { id: crypto.randomUUID(), uuid: crypto.randomUUID(), networkId: network.id }
    return prisma.service.create({ data: { ...ids, organizationId: organization.id, name, status: 'active' } })
  }
  for (const name of ['B', 'D', 'F']) await add(name)
  const first = await search(null, { first: 2 }, 'growing')
  for (const name of ['A', 'C', 'E']) await add(name)
  const second = await search(null, { first: 9, after: first.pageInfo.endCursor }, 'growing')
  expect([names(first), names(second)]).toEqual([
    ['B', 'D'],
    ['E', 'F'],
  ])
})

const forge = (...position: unknown[]) => Buffer.from(JSON.stringify(position)).toString('base64url')
const someKey = '00000000-0000-4000-8000-000000000000'

test.each(['nonsense', forge(0, '\0', someKey), forge(1e300, 'A', someKey), forge(0, 'A', 'b')])(
  'what is no cursor is refused: %j',
  async (after) => {
    const { errors } = await server.ask(
      `query ($after: String) { network(slug: "alba-bra") {
        services(first: 1, after: $after, filter: { words: "casa" }) { nodes { id } } } }`,
      { after },
    )
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('not a cursor'),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  },
)

test('dozens of searches in one request are too many', async () => {
  const searches = Array.from({ length: 60 }, (_, index) => `s${index}: services(first: 1) { totalCount }`)
  const { errors } = await server.ask(`{ network(slug: "alba-bra") { ${searches.join(' ')} } }`)
  expect(errors?.[0]?.extensions?.code).toBe('TOO_COMPLEX')
})

test.each([
  [{ words: 'a'.repeat(201) }, 'at most 200 characters'],
  [{ needAreas: Array.from({ length: 10_000 }, () => 'debt') }, 'at most 50 need areas'],
  [{ organization: 'service_00000000000000000000000000000000' }, 'Organization'],
])('a filter out of bounds is told: %#', async (filter, message) => {
  const { errors } = await server.ask(
    `query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 1, filter: $filter) { totalCount } } }`,
    { filter },
  )
  expect(errors?.[0]?.message).toContain(message)
})

test('networks do not see each other: a search in one finds nothing of another', async () => {
  const { prisma } = server.database
  await prisma.network.create({ data: { slug: 'neighbour', name: 'neighbour' } })
  expect((await search(null, { first: 100 }, 'neighbour')).totalCount).toBe(0)
  expect((await search({ words: 'anziani' }, { first: 100 }, 'neighbour')).totalCount).toBe(0)
  expect((await search({ municipality: 'Bra' }, { first: 100 }, 'neighbour')).totalCount).toBe(0)
  const foreign = (await search(null)).nodes[0]!.organization.id
  expect((await search({ organization: foreign }, { first: 100 }, 'neighbour')).totalCount).toBe(0)
})

test('a service comes with everything that HSDS knows of it', async () => {
  const [hit] = (await search({ words: 'Punto Welfare Alba' })).nodes
  const { data, errors } = await server.ask<{ service: Record<string, unknown> }>(
    `query ($id: ID!) { service(id: $id) {
      uuid name alternateName description url email status interpretationServices applicationProcess feesDescription
      waitTime fees accreditations eligibilityDescription minimumAge maximumAge assuredDate assurerEmail licenses alert
      lastModified demonstration
      organization { name kind organizationIdentifiers { identifier } memberships { role } }
      program { name } additionalUrls { url }
      phones { number extension type description languages { code } attributes { value } }
      schedules { freq interval byday bymonthday opensAt closesAt validFrom validTo until count wkst timezone demonstration }
      holidaySchedules { startDate endDate closed yearly }
      serviceAreas { name extent extentType municipality { name } }
      serviceAtLocations {
        description contacts { name } phones { number } schedules { opensAt } serviceAreas { name }
        location {
          locationType latitude longitude demonstration addresses { address1 city postalCode country }
          accessibility { description details } languages { name } contacts { name } phones { number }
          schedules { opensAt } holidaySchedules { closed } municipality { istatCode }
        }
      }
      languages { name code note } funding { source } costOptions { amount currency option }
      requiredDocuments { document } contacts { name title department email }
      capacities { available maximum updated unit { name } }
      needAreas { origin needArea { code } }
      attributes { linkType label value taxonomyTerm { code name taxonomyDetail { name } needAreas { needArea { code } } } }
      metadata { fieldName }
    } }`,
    { id: hit!.id },
  )
  expect(errors).toBeUndefined()
  expect(data.service).toMatchObject({ name: hit!.name, demonstration: true, status: 'ACTIVE' })
  expect(data.service.needAreas).toContainEqual(expect.objectContaining({ origin: 'TERM' }))
  expect(data.service.attributes).not.toEqual([])
})

test('every service, location and schedule of the demonstration says that it is one', async () => {
  const { prisma } = server.database
  const network = await prisma.network.findUniqueOrThrow({ where: { slug: 'alba-bra' } })
  const invented = { where: { networkId: network.id, demonstration: false } }
  expect(await prisma.service.count({ where: { networkId: network.id } })).toBeGreaterThanOrEqual(40)
  expect(
    await Promise.all([
      prisma.service.count(invented),
      prisma.location.count(invented),
      prisma.schedule.count(invented),
    ]),
  ).toEqual([0, 0, 0])
})
