/** Filters, facets, highlights and suggestions, over HTTP on the demonstration network. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

interface Node {
  id: string
  name: string
  status: string
  minimumAge: number | null
  maximumAge: number | null
  organization: { id: string; kind: string; sector: string | null }
  languages: { code: string | null }[]
  costOptions: { amount: number | null }[]
  serviceAtLocations: {
    location: { latitude: number | null; longitude: number | null; accessibility: { id: string }[] }
  }[]
}

interface Answer {
  network: { services: { totalCount: number; nodes: Node[]; edges: { distance: number | null; node: Node }[] } }
}

async function search(filter: object) {
  const { data, errors } = await server.ask<Answer>(
    `query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 100, filter: $filter) {
      totalCount
      nodes {
        id name status minimumAge maximumAge organization { id kind sector } languages { code } costOptions { amount }
        serviceAtLocations { location { latitude longitude accessibility { id } } }
      }
      edges { distance node { name } }
    } } }`,
    { filter },
  )
  expect(errors).toBeUndefined()
  return data.network.services
}

async function count(filter: object): Promise<number> {
  const { data } = await server.ask<Answer>(
    'query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 1, filter: $filter) { totalCount } } }',
    { filter },
  )
  return data.network.services.totalCount
}

const names = ({ nodes }: { nodes: Node[] }) => nodes.map(({ name }) => name)

/** What passes `keep` of all services, by name. */
async function allThat(keep: (service: Node) => boolean): Promise<string[]> {
  return (await search({})).nodes.filter(keep).map(({ name }) => name)
}

test('a sector gives the services of its kinds of organization', async () => {
  for (const sector of ['PUBLIC', 'COMMUNITY', 'COMPANY']) {
    const found = await search({ sectors: [sector] })
    expect(names(found)).toEqual(await allThat(({ organization }) => organization.sector === sector))
    expect(found.totalCount).toBeGreaterThan(0)
  }
})

test('kinds of organization join with sectors: what is of both', async () => {
  const kinds = ['MUNICIPALITY', 'COMPANY']
  expect(names(await search({ organizationKinds: kinds }))).toEqual(
    await allThat(({ organization }) => kinds.includes(organization.kind)),
  )
  expect(names(await search({ organizationKinds: kinds, sectors: ['PUBLIC'] }))).toEqual(
    await allThat(({ organization }) => organization.kind === 'MUNICIPALITY'),
  )
  expect((await search({ organizationKinds: [] })).totalCount).toBe(0)
})

test.each([0, 0.25, 2, 3, 3.5, 17, 64.9, 65, 99])('an age of %s finds what takes it', async (age) => {
  const years = Math.floor(age)
  const takes = ({ minimumAge, maximumAge }: Node) => (minimumAge ?? 0) <= age && years <= (maximumAge ?? Infinity)
  expect(names(await search({ age }))).toEqual(await allThat(takes))
})

test('free is what costs nothing at all', async () => {
  const free = await search({ free: true })
  expect(names(free)).toEqual(await allThat(({ costOptions }) => costOptions.every(({ amount }) => amount === 0)))
  expect(names(free)).not.toContain('Officina dei giovani')
  const rest = await search({ free: false })
  expect(free.totalCount + rest.totalCount).toBe((await search({})).totalCount)
})

test('a language goes by code or by name, and any of several is enough', async () => {
  const albanian = await search({ languages: ['sq'] })
  expect(albanian.totalCount).toBeGreaterThan(0)
  expect(names(await search({ languages: ['SQ'] }))).toEqual(names(albanian))
  const several = await search({ languages: ['sq', 'en'] })
  for (const name of names(albanian)) expect(names(several)).toContain(name)
  expect((await search({ languages: ['tlh'] })).totalCount).toBe(0)
})

test('accessible is what has a place that tells how', async () => {
  const tells = ({ serviceAtLocations }: Node) =>
    serviceAtLocations.some(({ location }) => location.accessibility.length > 0)
  const accessible = await search({ accessible: true })
  expect(accessible.totalCount).toBeGreaterThan(0)
  expect(names(accessible)).toEqual(await allThat(tells))
  expect(names(await search({ accessible: false }))).toEqual(await allThat((service) => !tells(service)))
})

test('statuses: any of them', async () => {
  const found = await search({ statuses: ['DEFUNCT', 'INACTIVE'] })
  expect(names(found)).toEqual(await allThat(({ status }) => status === 'DEFUNCT' || status === 'INACTIVE'))
})

describe('near', () => {
  const alba = { latitude: 44.7, longitude: 8.035 }

  function kilometres(a: typeof alba, b: typeof alba): number {
    const [p, q] = [a, b].map(({ latitude, longitude }) => {
      const [phi, lambda] = [(latitude * Math.PI) / 180, (longitude * Math.PI) / 180]
      return [Math.cos(phi) * Math.cos(lambda), Math.cos(phi) * Math.sin(lambda), Math.sin(phi)] as const
    })
    const dot = p![0] * q![0] + p![1] * q![1] + p![2] * q![2]
    return 6371.0088 * Math.acos(Math.min(1, dot))
  }
  const distanceTo = (service: Node) =>
    Math.min(
      ...service.serviceAtLocations.flatMap(({ location: { latitude, longitude } }) =>
        latitude === null || longitude === null ? [] : [kilometres(alba, { latitude, longitude })],
      ),
    )

  test.each([0.5, 5, 15, 40, 500])('within %s km of a point, the nearest first', async (within) => {
    const found = await search({ near: { point: alba, kilometres: within } })
    const expected = await allThat((service) => distanceTo(service) <= within)
    expect(new Set(names(found))).toEqual(new Set(expected))
    expect(found.nodes.length).toBe(expected.length)
    const distances = found.edges.map(({ distance }) => distance!)
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
    for (const [index, service] of found.nodes.entries()) {
      expect(distances[index]).toBeCloseTo(distanceTo(service), 2)
    }
  })

  test('around a municipality, by name or code', async () => {
    const byName = await search({ near: { municipality: 'bra', kilometres: 4 } })
    expect(byName.totalCount).toBeGreaterThan(0)
    expect(byName.totalCount).toBeLessThan((await search({})).totalCount)
    expect(names(await search({ near: { municipality: '004029', kilometres: 4 } }))).toEqual(names(byName))
  })

  test('across the date line and at a pole', async () => {
    const { prisma } = server.database
    const network = await prisma.network.create({ data: { slug: 'edges', name: 'edges' } })
    const keys = () => ({ id: crypto.randomUUID(), uuid: crypto.randomUUID(), networkId: network.id })
    const organization = await prisma.organization.create({ data: { ...keys(), name: 'O', description: 'O' } })
    for (const [name, latitude, longitude] of [
      ['Taveuni', -16.8, 179.99],
      ['Pole', 89.99, 10],
    ] as const) {
      const location = await prisma.location.create({
        data: { ...keys(), locationType: 'physical', latitude, longitude },
      })
      const service = await prisma.service.create({
        data: { ...keys(), organizationId: organization.id, name, status: 'active' },
      })
      await prisma.serviceAtLocation.create({
        data: { ...keys(), serviceId: service.id, locationId: location.id },
      })
    }
    const around = async (latitude: number, longitude: number) => {
      const { data } = await server.ask<{ network: { services: { nodes: { name: string }[] } } }>(
        `query ($filter: ServiceFilter) { network(slug: "edges") { services(first: 9, filter: $filter) { nodes { name } } } }`,
        { filter: { near: { point: { latitude, longitude }, kilometres: 50 } } },
      )
      return data.network.services.nodes.map(({ name }) => name)
    }
    expect(await around(-16.8, -179.99)).toEqual(['Taveuni'])
    expect(await around(89.99, -170)).toEqual(['Pole'])
  })
})

test('open at a moment is what its schedules say', async () => {
  // Saturday evening: the courtyard of the street workers is open, the offices are not.
  const evening = await search({ openAt: '2026-06-13T22:30:00+02:00' })
  expect(names(evening)).toContain('Notti in cortile, educativa di strada')
  expect(names(evening)).not.toContain('Sportello casa')
  const afterMidnight = await search({ openAt: '2026-06-14T00:15:00+02:00' })
  expect(names(afterMidnight)).toContain('Notti in cortile, educativa di strada')
  expect((await search({ openAt: '2026-06-14T04:30:00+02:00' })).totalCount).toBeLessThan(evening.totalCount)
})

test('open and near: at one and the same place', async () => {
  const openAt = '2026-06-10T10:30:00+02:00'
  const near = { municipality: 'Bra', kilometres: 5 }
  const both = names(await search({ openAt, near }))
  expect(both.length).toBeGreaterThan(0)
  const [open, close] = [names(await search({ openAt })), names(await search({ near }))]
  for (const name of both) expect(open.includes(name) && close.includes(name), name).toBe(true)
})

test('conditions on a place hold for one and the same place', async () => {
  const near = { municipality: 'Alba', kilometres: 3 }
  const both = names(await search({ near, accessible: true }))
  const [close, accessible] = [names(await search({ near })), names(await search({ accessible: true }))]
  for (const name of both) expect(close.includes(name) && accessible.includes(name), name).toBe(true)
})

test('all filters join', async () => {
  const filter = { sectors: ['PUBLIC'], free: true, languages: ['en'], age: 40, statuses: ['ACTIVE'] }
  const found = names(await search(filter))
  expect(found.length).toBeGreaterThan(0)
  for (const [name, value] of Object.entries(filter)) {
    const part = names(await search({ [name]: value }))
    for (const service of found) expect(part).toContain(service)
  }
})

test.each([
  [{ near: { kilometres: 5 } }, 'a point or a municipality'],
  [{ near: { point: { latitude: 44, longitude: 8 }, municipality: 'Bra', kilometres: 5 } }, 'one of the two'],
  [{ near: { point: { latitude: 91, longitude: 8 }, kilometres: 5 } }, 'from -90 to 90 degrees'],
  [{ near: { point: { latitude: 44, longitude: -181 }, kilometres: 5 } }, 'from -180 to 180 degrees'],
  [{ near: { municipality: 'Atlantide', kilometres: 5 } }, 'Atlantide'],
  [{ near: { municipality: 'Bra', kilometres: 0 } }, 'more than 0 kilometres'],
  [{ near: { municipality: 'Bra', kilometres: 20_000 } }, 'at most 500 kilometres'],
  [{ age: -1 }, 'from 0 to 150 years'],
  [{ openAt: '0000-06-01T00:00:00Z' }, 'in the years 1 to 9998'],

  [{ languages: Array.from({ length: 51 }, () => 'it') }, 'at most 50 languages'],
])('a filter that can not be meant is told: %j', async (filter, message) => {
  const { errors } = await server.ask(
    'query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 1, filter: $filter) { totalCount } } }',
    { filter },
  )
  expect(errors?.[0]).toMatchObject({
    message: expect.stringContaining(message),
    extensions: { code: 'BAD_USER_INPUT', argument: expect.stringContaining('filter') },
  })
})

describe('facets', () => {
  interface Facets {
    totalCount: number
    facets: {
      needAreas: { needArea: { code: string }; count: number }[]
      organizations: { organization: { id: string }; count: number }[]
      municipalities: { municipality: { istatCode: string }; count: number }[]
      organizationKinds: { kind: string; count: number }[]
      sectors: { sector: string; count: number }[]
      languages: { language: string; count: number }[]
      statuses: { status: string; count: number }[]
      free: number
      accessible: number
    }
  }

  async function facetsOf(filter: object): Promise<Facets> {
    const { data, errors } = await server.ask<{ network: { services: Facets } }>(
      `query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 1, filter: $filter) {
        totalCount
        facets {
          needAreas { needArea { code } count } organizations { organization { id } count }
          municipalities { municipality { istatCode } count } organizationKinds { kind count } sectors { sector count }
          languages { language count } statuses { status count } free accessible
        }
      } } }`,
      { filter },
    )
    expect(errors).toBeUndefined()
    return data.network.services
  }

  test.each([
    {},
    { words: 'famiglia' },
    { sectors: ['PUBLIC'], age: 30 },
    { near: { municipality: 'Bra', kilometres: 9 } },
  ])(
    'adding a value to %j finds as many as its count says',
    async (filter) => {
      const { facets } = await facetsOf(filter)
      // The most frequent values of each, and the rarest: all would take minutes.
      const some = <Value>(values: Value[]) => [...values.slice(0, 3), ...values.slice(3).slice(-1)]
      const added: [object, number][] = [
        ...some(facets.needAreas).map((each) => [{ needAreas: [each.needArea.code] }, each.count] as const),
        ...some(facets.organizations).map((each) => [{ organization: each.organization.id }, each.count] as const),
        ...some(facets.municipalities).map(
          (each) => [{ municipality: each.municipality.istatCode }, each.count] as const,
        ),
        ...some(facets.organizationKinds).map((each) => [{ organizationKinds: [each.kind] }, each.count] as const),
        ...some(facets.sectors).map((each) => [{ sectors: [each.sector] }, each.count] as const),
        ...some(facets.languages).map((each) => [{ languages: [each.language] }, each.count] as const),
        ...facets.statuses.map((each) => [{ statuses: [each.status] }, each.count] as const),
        [{ free: true }, facets.free],
        [{ accessible: true }, facets.accessible],
      ].map(([value, expected]) => [value, expected] as [object, number])
      expect(added.length).toBeGreaterThan(15)
      // A value that the filter asks for already would take its place instead of being added.
      for (const [value, expected] of added) {
        if (Object.keys(value).some((key) => key in filter)) continue
        expect(await count({ ...filter, ...value }), JSON.stringify(value)).toBe(expected)
      }
    },
    60_000,
  )

  test('a search that finds nothing has nothing to count', async () => {
    const { totalCount, facets } = await facetsOf({ organizationKinds: [] })
    expect(totalCount).toBe(0)
    expect(facets).toEqual({
      needAreas: [],
      organizations: [],
      municipalities: [],
      organizationKinds: [],
      sectors: [],
      languages: [],
      statuses: [],
      free: 0,
      accessible: 0,
    })
  })
})

describe('highlights', () => {
  interface Highlighted {
    name: string
    description: string | null
  }
  async function highlights(words: string) {
    const { data, errors } = await server.ask<{
      network: {
        services: {
          edges: {
            node: Highlighted
            highlights: { field: string; stretches: { text: string; matched: boolean }[] }[]
          }[]
        }
      }
    }>(
      `query ($words: String) { network(slug: "alba-bra") { services(first: 5, filter: { words: $words }) {
        edges { node { name description } highlights { field stretches { text matched } } }
      } } }`,
      { words },
    )
    expect(errors).toBeUndefined()
    return data.network.services.edges
  }

  test('the words found are marked as they were written, accents and all', async () => {
    const [first] = await highlights('caffe memoria')
    const name = first!.highlights.find(({ field }) => field === 'NAME')!
    expect(name.stretches).toEqual([
      { text: 'Caffè', matched: true },
      { text: ' della ', matched: false },
      { text: 'memoria', matched: true },
    ])
  })

  test('a stretch is a piece of the text, nothing added', async () => {
    for (const { node, highlights: marked } of await highlights('famiglia lavoro')) {
      for (const { field, stretches } of marked) {
        const text = stretches.map((stretch) => stretch.text).join('')
        const source = (field === 'NAME' ? node.name : node.description) ?? ''
        if (field === 'NAME' || field === 'DESCRIPTION') {
          for (const fragment of text.split(' … ')) expect(source).toContain(fragment)
        }
      }
    }
  })

  test('without words nothing is marked', async () => {
    const edges = await highlights('')
    expect(edges.length).toBe(5)
    expect(edges.every((edge) => edge.highlights.length === 0)).toBe(true)
  })
})

test('a correction says what was searched for', async () => {
  const { data } = await server.ask<{
    network: { services: { corrections: { typed: string; searched: string[] }[]; nodes: { name: string }[] } }
  }>(
    '{ network(slug: "alba-bra") { services(first: 1, filter: { words: "sportello caregver" }) { corrections { typed searched } nodes { name } } } }',
  )
  expect(data.network.services.corrections).toEqual([{ typed: 'caregver', searched: ['caregiver'] }])
  expect(data.network.services.nodes[0]!.name).toBe('Sportello caregiver e assistenti familiari')
})

describe('suggestions', () => {
  async function suggestions(text: string, rest = '') {
    const { data, errors } = await server.ask<{
      network: { suggestions: { kind: string; text: string; id: string; code: string | null }[] }
    }>(
      `query ($text: String!) { network(slug: "alba-bra") { suggestions(text: $text${rest}) { kind text id code } } }`,
      {
        text,
      },
    )
    return { found: data?.network?.suggestions ?? [], errors }
  }

  test('a need area comes first when its name begins so', async () => {
    const { found } = await suggestions('genit')
    expect(found[0]).toMatchObject({ kind: 'SERVICE', text: 'Genitori in cerchio' })
    expect(found.map(({ code }) => code)).toContain('parenting')
  })

  test.each([
    ['disab', 'NEED_AREA', 'Disabilità'],
    ['cher', 'MUNICIPALITY', 'Cherasco'],
    ['coop soc al', 'ORGANIZATION', 'Cooperativa sociale Alice'],
    ['CAFFE', 'SERVICE', 'Caffè di paese'],
    ['sportello pr', 'SERVICE', 'Sportello pratiche sociali'],
  ])('"%s" suggests a %s: %s', async (text, kind, name) => {
    expect((await suggestions(text)).found[0]).toMatchObject({ kind, text: name })
  })

  test('need areas are suggested in English when asked for', async () => {
    expect((await suggestions('rare dis', ', language: EN')).found[0]).toMatchObject({ code: 'rare-diseases' })
  })

  test.each(['', 'a', '%', "'", "a' | b:*", '\\', '((', ':*'])('odd text is only text: "%s"', async (text) => {
    expect((await suggestions(text)).errors).toBeUndefined()
  })

  test('an id that is suggested opens what it names', async () => {
    const { found } = await suggestions('Casa Ponte')
    const { data } = await server.ask<{ service: { name: string } }>('query ($id: ID!) { service(id: $id) { name } }', {
      id: found[0]!.id,
    })
    expect(data.service.name).toBe('Casa Ponte')
  })

  test.each([', size: 0', ', size: 21'])('as many as are asked for, within bounds: %s', async (rest) => {
    expect((await suggestions('sport', rest)).errors?.[0]?.message).toContain('from 1 to 20')
    expect((await suggestions('sport', ', size: 2')).found.length).toBe(2)
  })
})
