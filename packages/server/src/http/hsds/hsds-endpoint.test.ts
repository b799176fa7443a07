import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { asOwner, databaseForTest } from '../../testing/test-database.ts'
import { serve, startTestServer, type TestServer } from '../../testing/test-server.ts'

interface Page {
  total_items: number
  total_pages: number
  page_number: number
  size: number
  first_page: boolean
  last_page: boolean
  empty: boolean
  contents: Item[]
}

type Item = { id: string; name: string } & Record<string, unknown>

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

const ask = (path: string, init: RequestInit = {}) => fetch(`${server.origin}/hsds${path}`, init)

async function read<T = Page>(path: string): Promise<T> {
  const response = await ask(path)
  const body = (await response.json()) as T
  expect(response.status, JSON.stringify(body)).toBe(200)
  return body
}

const idsOf = ({ contents }: Page) => contents.map(({ id }) => id)

describe('addresses', () => {
  test('with one network, the paths of the standard and those with its name say the same', async () => {
    for (const path of ['', '/', '/services?per_page=3', '/taxonomies', '/organizations?full=true&per_page=2']) {
      expect(await read(path)).toEqual(await read(`/alba-bra${path}`))
    }
  })

  test('the description tells the version of HSDS and where it is defined', async () => {
    expect(await read<object>('')).toMatchObject({
      version: '3.1',
      openapi_url: expect.stringContaining('openapi.json'),
    })
  })

  test('with several networks, each has its own address and the others are not told apart', async () => {
    const database = await databaseForTest('demonstration')
    await database.prisma.network.create({ data: { slug: 'langhe', name: 'Langhe' } })
    const both = await serve({ ...database, close: async () => {} })
    onTestFinished(() => both.close())
    const total = async (path: string) =>
      ((await (await fetch(`${both.origin}/hsds${path}`)).json()) as Page).total_items
    expect(await total('/alba-bra/services')).toBe(67)
    expect(await total('/langhe/services')).toBe(0)
    const { status, ...response } = await fetch(`${both.origin}/hsds/services`).then(async (one) => ({
      status: one.status,
      body: await one.json(),
    }))
    expect(status).toBe(404)
    expect(response.body).toMatchObject({ errors: [{ message: expect.stringContaining('several networks') }] })
    expect((await fetch(`${both.origin}/hsds`)).status).toBe(200)
  })

  test('no record of another network is found', async () => {
    const database = await databaseForTest('demonstration')
    await database.prisma.network.create({ data: { slug: 'langhe', name: 'Langhe' } })
    const both = await serve({ ...database, close: async () => {} })
    onTestFinished(() => both.close())
    const [{ id }] = (await read('/services?per_page=1')).contents as [Item]
    expect((await fetch(`${both.origin}/hsds/alba-bra/services/${id}`)).status).toBe(200)
    expect((await fetch(`${both.origin}/hsds/langhe/services/${id}`)).status).toBe(404)
  })
})

describe('pages', () => {
  test('hold each record once, and say where they stand', async () => {
    const pages = await Promise.all([1, 2, 3, 4].map((page) => read(`/services?per_page=20&page=${page}`)))
    expect(pages.map(({ contents, ...envelope }) => envelope)).toEqual([
      { total_items: 67, total_pages: 4, page_number: 1, size: 20, first_page: true, last_page: false, empty: false },
      { total_items: 67, total_pages: 4, page_number: 2, size: 20, first_page: false, last_page: false, empty: false },
      { total_items: 67, total_pages: 4, page_number: 3, size: 20, first_page: false, last_page: false, empty: false },
      { total_items: 67, total_pages: 4, page_number: 4, size: 7, first_page: false, last_page: true, empty: false },
    ])
    expect(new Set(pages.flatMap(idsOf)).size).toBe(67)
  })

  test('beyond the last are empty', async () => {
    for (const page of [5, 999_999_999]) {
      expect(await read(`/services?per_page=20&page=${page}`)).toEqual({
        total_items: 67,
        total_pages: 4,
        page_number: page,
        size: 0,
        first_page: false,
        last_page: true,
        empty: true,
        contents: [],
      })
    }
  })

  test('of nothing are one empty page', async () => {
    expect(await read('/services?search=xyzzy')).toMatchObject({
      total_items: 0,
      total_pages: 0,
      first_page: true,
      last_page: true,
      empty: true,
      contents: [],
    })
  })

  test('are all there is in the minimal form, with identifiers and moments of change', async () => {
    const page = await read('/services?minimal=true')
    expect(page).toMatchObject({ total_items: 67, total_pages: 1, size: 67, last_page: true })
    expect(new Set(page.contents.flatMap((item) => Object.keys(item)))).toEqual(new Set(['id']))
    expect((await read('/services?minimal=true&per_page=5')).contents).toHaveLength(5)
  })

  test('are left out of ndjson, which has every record on a line of its own', async () => {
    const response = await ask('/services?format=ndjson&full=true')
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const lines = (await response.text()).trimEnd().split('\n')
    const pages = await Promise.all([1, 2].map((page) => read(`/services?full=true&per_page=60&page=${page}`)))
    expect(lines.map((line) => JSON.parse(line))).toEqual(pages.flatMap(({ contents }) => contents))
  })
})

describe('forms', () => {
  test('a listed service has what there is one of, a full one everything', async () => {
    const [listed] = (await read('/services?search=langa+a+chiamata&per_page=1')).contents as [Item]
    expect(listed).toMatchObject({ name: 'Langa a chiamata', organization: { name: expect.any(String) } })
    expect(Object.values(listed).some(Array.isArray)).toBe(false)
    const [full] = (await read('/services?search=langa+a+chiamata&per_page=1&full=true')).contents as [Item]
    expect(full).toMatchObject({ phones: [{ number: expect.any(String) }], schedules: expect.any(Array) })
    expect(await read<Item>(`/services/${listed.id}`)).toEqual(full)
    expect(await read<Item>(`/services/${listed.id.toUpperCase()}`)).toEqual(full)
  })

  test('an organization names its services, and has them in full when asked', async () => {
    const [organization] = (await read('/organizations?search=consorzio&per_page=1')).contents as [Item]
    expect(organization).not.toHaveProperty('services')
    const { services } = await read<{ services: Item[] }>(`/organizations/${organization.id}`)
    expect(services.length).toBeGreaterThan(0)
    for (const service of services) expect(Object.keys(service)).toEqual(['id', 'name', 'status'])
    const full = await read<{ services: Item[] }>(`/organizations/${organization.id}?full_service=true`)
    expect(full.services.map(({ id }) => id)).toEqual(services.map(({ id }) => id))
    expect(full.services[0]).toHaveProperty('service_at_locations')
    expect((await read('/organizations?full_service=true')).contents).toContainEqual(full)
  })

  test('a service at a location has both', async () => {
    const { contents } = await read('/service_at_locations?per_page=5')
    for (const { id } of contents) {
      const full = await read<{ service: Item; location: Item }>(`/service_at_locations/${id}`)
      expect(full).toMatchObject({
        service: { organization: { id: expect.any(String) } },
        location: { id: expect.any(String) },
      })
      expect(full.service).not.toHaveProperty('service_at_locations')
    }
  })

  test('nothing is null, and nothing is empty', async () => {
    for (const path of ['/services?full=true', '/organizations?full_service=true', '/service_at_locations?full=true']) {
      expect(await (await ask(path)).text()).not.toMatch(/:(null|\[\]|""|\{\})/)
    }
  })
})

describe('filters', () => {
  test('the organization that provides the service', async () => {
    const { contents } = await read('/services?per_page=100')
    const organization = contents[0]!.organization_id as string
    const expected = contents.filter((item) => item.organization_id === organization).map(({ id }) => id)
    expect(idsOf(await read(`/services?organization_id=${organization}&per_page=100`))).toEqual(expected)
    const places = await read(`/service_at_locations?organization_id=${organization}&per_page=100`)
    for (const { service_id } of places.contents) expect(expected).toContain(service_id)
  })

  test('terms and taxonomies that a record carries', async () => {
    const full = (await read('/services?full=true&per_page=100')).contents as (Item & {
      attributes?: { taxonomy_term?: { id: string; taxonomy_id?: string } }[]
    })[]
    const termOf = (service: (typeof full)[0]) => (service.attributes ?? []).map((one) => one.taxonomy_term?.id)
    const term = full.flatMap(termOf).find((id) => id !== undefined)!
    const expected = full.filter((service) => termOf(service).includes(term)).map(({ id }) => id)
    expect(expected.length).toBeLessThan(67)
    expect(idsOf(await read(`/services?taxonomy_term_id=${term}&per_page=100`))).toEqual(expected)
    const places = await read(`/service_at_locations?taxonomy_term_id=${term}&per_page=100`)
    expect(new Set(places.contents.map((item) => item.service_id)).size).toBeGreaterThan(0)
    for (const { service_id } of places.contents) expect(expected).toContain(service_id)
    const organizations = idsOf(await read(`/organizations?taxonomy_term_id=${term}&per_page=100`))
    const providers = full.filter(({ id }) => expected.includes(id)).map((one) => one.organization_id as string)
    expect(organizations).toEqual([...new Set(providers)].sort())
    const [taxonomy] = idsOf(await read('/taxonomies'))
    expect((await read(`/services?taxonomy_id=${taxonomy}`)).total_items).toBe(
      full.filter((service) => termOf(service).some((id) => id !== undefined)).length,
    )
  })

  test('terms by taxonomy, by the term above, and at the top', async () => {
    const database = await databaseForTest('demonstration')
    const [above, ...others] = await database.prisma.taxonomyTerm.findMany({ orderBy: { uuid: 'asc' } })
    const below = others.slice(0, 3).map(({ id }) => id)
    await database.prisma.taxonomyTerm.updateMany({ where: { id: { in: below } }, data: { parentId: above!.id } })
    await database.prisma.taxonomyTerm.update({ where: { id: others[5]!.id }, data: { taxonomyId: null } })
    const own = await serve({ ...database, close: async () => {} })
    onTestFinished(() => own.close())
    const found = async (filter: string) => {
      const response = await fetch(`${own.origin}/hsds/taxonomy_terms?per_page=100&${filter}`)
      return idsOf((await response.json()) as Page)
    }
    const uuids = [above!, ...others].map(({ uuid }) => uuid)
    const [taxonomy] = idsOf(await read('/taxonomies'))
    expect(await found(`parent_id=${above!.uuid}`)).toEqual(uuids.slice(1, 4))
    expect(await found('top_only=true')).toEqual([uuids[0], ...uuids.slice(4)])
    expect(await found('top_only=false')).toEqual(uuids)
    expect(await found(`taxonomy_id=${taxonomy}`)).toEqual(uuids.filter((uuid) => uuid !== others[5]!.uuid))
  })

  test('words, the most relevant first', async () => {
    const page = await read('/services?search=genitori')
    expect(page.total_items).toBeGreaterThan(0)
    expect(page.total_items).toBeLessThan(67)
    const places = await read('/service_at_locations?search=genitori&per_page=100')
    for (const { service_id } of places.contents) expect(idsOf(page)).toContain(service_id)
    expect((await read('/taxonomy_terms?search=famiglia')).total_items).toBeGreaterThan(0)
  })

  test('the moment of the last change, itself included', async () => {
    const database = await databaseForTest('demonstration')
    const [changed] = await database.prisma.service.findMany({ take: 1 })
    await database.prisma.service.update({
      where: { id: changed!.id },
      data: { lastModified: '2026-09-25T14:23:06.500Z' },
    })
    const own = await serve({ ...database, close: async () => {} })
    onTestFinished(() => own.close())
    const found = async (after: string) =>
      ((await (await fetch(`${own.origin}/hsds/services?minimal=true&modified_after=${after}`)).json()) as Page)
        .contents
    const expected = [{ id: changed!.uuid, modified_date: '2026-09-25T14:23:06.5Z' }]
    expect(await found('2026-09-25T14:23:06.5Z')).toEqual(expected)
    expect(await found('2026-09-25T16:23:06.5%2B02:00')).toEqual(expected)
    expect(await found('2026-09-25')).toEqual(expected)
    expect(await found('2026-09-25T14:23:06.501Z')).toEqual([])
  })

  test('postal codes: who serves there, and what is near', async () => {
    const all = await read('/service_at_locations')
    const served = await read('/service_at_locations?postcode=12051&per_page=100')
    expect(served.total_items).toBeGreaterThan(0)
    expect(served.total_items).toBeLessThanOrEqual(all.total_items)
    const near = await read('/service_at_locations?postcode=12051&proximity=3000&full=true&per_page=100')
    const far = await read('/service_at_locations?postcode=12051&proximity=200000&per_page=100')
    expect(near.total_items).toBeGreaterThan(0)
    expect(near.total_items).toBeLessThan(far.total_items)
    for (const id of idsOf(near)) expect(idsOf(far)).toContain(id)
    expect((await read('/service_at_locations?postcode=99999')).total_items).toBe(0)
  })
})

test.each([
  ['/services?colour=red', 'colour" is not a parameter of this path. It takes search, page,'],
  ['/services/00000000-0000-0000-0000-000000000000?full=true', 'full" is not a parameter of this path. It takes none.'],
  ['/services?page=1&page=2', 'page is given twice'],
  ['/services?page=0', 'page is out of bounds'],
  ['/services?page=-1', 'page is not a whole number'],
  ['/services?page=1.5', 'page is not a whole number'],
  ['/services?page=9999999999', 'page is not a whole number'],
  ['/services?per_page=101', 'per_page is out of bounds. Give a number from 1 to 100.'],
  ['/services?per_page=', 'per_page is not a whole number'],
  ['/services?full=1', 'full is neither true nor false'],
  ['/services?full=true&minimal=true', 'minimal and full exclude each other'],
  ['/services?format=xml', 'format is not a format that is given here. Use json or ndjson.'],
  ['/services?search=', 'search is empty'],
  [`/services?search=${'a'.repeat(201)}`, 'search is longer than 200 characters'],
  ['/services?search=a%00b', 'search has the character NUL'],
  ['/services?taxonomy_term_id=7', 'taxonomy_term_id is not an identifier'],
  ['/services?modified_after=yesterday', 'modified_after is not a moment'],
  ['/services?modified_after=2026-02-30', 'modified_after is not a moment'],
  ['/service_at_locations?proximity=10', 'proximity needs a postcode'],
  ['/service_at_locations?postcode=12051&proximity=far', 'proximity is not a distance'],
  ['/services/7', 'The last step of the path is not an identifier'],
  ['/services/%E0%A4%A', 'The last step of the path is not an identifier'],
])('%s is refused: %s', async (path, message) => {
  const response = await ask(path)
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    errors: [
      {
        message: expect.stringContaining(message),
        extensions: { code: 'BAD_REQUEST', requestId: response.headers.get('x-request-id') },
      },
    ],
  })
})

test.each([
  '/services/00000000-0000-0000-0000-000000000000',
  '/nowhere',
  '/nowhere/services',
  '/alba-bra/nothing',
  '/services/00000000-0000-0000-0000-000000000000/phones',
  '/services//',
  '/__proto__',
  '/constructor/services',
])('nothing is at %s', async (path) => {
  const response = await ask(path)
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] })
})

describe('HTTP', () => {
  test('any page may read the answers, whatever the other parts of the server allow', async () => {
    const closed = await serve(server.database, { corsOrigins: ['https://a.example'], development: false })
    onTestFinished(() => void closed.server.close())
    for (const path of ['', '/services', '/services/7', '/nowhere']) {
      const response = await fetch(`${closed.origin}/hsds${path}`, { headers: { origin: 'https://b.example' } })
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
    }
  })

  test('a list takes POST with its parameters in the address, as the standard has it', async () => {
    const posted = await ask('/services?per_page=2', { method: 'POST' })
    expect(await posted.json()).toEqual(await read('/services?per_page=2'))
    const withBody = await ask('/services', { method: 'POST', body: 'per_page=2' })
    expect(withBody.status).toBe(400)
    const [{ id }] = (await read('/services?per_page=1')).contents as [Item]
    expect((await ask(`/services/${id}`, { method: 'POST' })).status).toBe(405)
  })

  test('HEAD has the answer without its body, OPTIONS and 405 tell the methods', async () => {
    for (const path of ['', '/services', '/services?format=ndjson', '/taxonomies']) {
      const response = await ask(path, { method: 'HEAD' })
      expect([response.status, await response.text()]).toEqual([200, ''])
    }
    const methods = 'GET, HEAD, POST, OPTIONS'
    expect((await ask('/services', { method: 'OPTIONS' })).headers.get('allow')).toBe(methods)
    const refused = await ask('/services', { method: 'DELETE' })
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, methods])
  })

  test('the log has where requests led, and nothing that they chose', async () => {
    const [{ id }] = (await read('/services?per_page=1')).contents as [Item]
    for (const path of [`/alba-bra/services/${id}?sentinel=1`, '/sentinel/services', '/services?search=sentinel']) {
      await (await ask(path)).text()
    }
    await expect.poll(() => server.lines.some((line) => line.includes('/hsds/{network}/services/{id}'))).toBe(true)
    expect(server.lines.join('')).not.toContain('sentinel')
    expect(server.lines.join('')).not.toContain(id)
  })

  test('what fails is not told to the caller', async () => {
    const broken = await startTestServer('empty')
    await asOwner(broken.database, (tx) => tx.$executeRaw`ALTER TABLE network RENAME TO renamed`)
    const response = await fetch(`${broken.origin}/hsds/services`)
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ errors: [{ message: 'Something went wrong here.' }] })
    await broken.close()
  })
})
