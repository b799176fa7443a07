import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { parse } from 'graphql'
import { afterAll, beforeAll, expect, expectTypeOf, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import {
  type Client,
  type ClientOptions,
  createClient,
  type NeedArea,
  type OrganizationKind,
  type Page,
  RequestError,
  type Service,
  type ServiceSummary,
} from './index.ts'

let server: TestServer
let welfare: Client
let requests = 0

/** A client of the test's server that counts its requests. */
function connect(options: Partial<ClientOptions> = {}): Client {
  const counting: typeof fetch = (...request) => {
    requests += 1
    return fetch(...request)
  }
  return createClient({ endpoint: server.endpoint, network: 'alba-bra', fetch: counting, ...options })
}

/** How many requests the work makes. */
async function requestsOf(work: () => Promise<unknown>): Promise<number> {
  requests = 0
  await work()
  return requests
}

async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of list) all.push(item)
  return all
}

beforeAll(async () => {
  server = await startTestServer('demonstration')
  welfare = connect()
})
afterAll(() => server.close())

test('the network tells its name and its active members, leads first', async () => {
  const network = await welfare.network()
  expect(network).toMatchObject({ slug: 'alba-bra', name: 'Welfare Network Alba-Bra', demonstration: true })
  expect(network.members.nodes).toHaveLength(network.members.totalCount)
  expect(network.members.nodes[0]).toMatchObject({ role: 'LEAD', organization: { name: 'ASL CN2 Alba-Bra' } })
})

test('need areas are named in Italian unless asked otherwise', async () => {
  const areas = await welfare.needAreas().toArray()
  expect(areas.find(({ code }) => code === 'elderly-care')?.name).toBe('Anziani e non autosufficienza')
})

test('need areas are named in English when asked', async () => {
  const areas = await welfare.needAreas({ language: 'en' }).toArray()
  expect(areas.find(({ code }) => code === 'elderly-care')?.name).toBe('Elderly care and loss of self-sufficiency')
})

test('need areas come in the order of their tree, parents before their children', async () => {
  const seen = new Set<string>()
  for await (const { code, parent } of welfare.needAreas({ pageSize: 10 })) {
    if (parent !== null) expect(seen).toContain(parent.code)
    seen.add(code)
  }
  expect(seen.size).toBeGreaterThan(10)
})

test('what is being typed is completed, and leads to what it names', async () => {
  const [first] = await welfare.suggestions('casa po')
  expect(first).toMatchObject({ kind: 'SERVICE', text: 'Casa Ponte' })
  expect((await welfare.service(first!.id))?.name).toBe('Casa Ponte')
  expect(await welfare.suggestions('s', { size: 3 })).toEqual([])
  expect(await welfare.suggestions('sp', { size: 3 })).toHaveLength(3)
  expect((await welfare.suggestions('rare', { language: 'en' }))[0]).toMatchObject({ code: 'rare-diseases' })
})

test('services are found near a place, by age, price and language', async () => {
  const services = await welfare
    .services({ near: { municipality: 'Bra', kilometres: 5 }, age: 40, free: true, languages: ['en'] })
    .toArray()
  expect(services.length).toBeGreaterThan(0)
})

test('services are found by need, place and words', async () => {
  const services = await welfare
    .services({ needAreas: ['elderly-care'], municipality: 'Bra', words: 'anziani' })
    .toArray()
  expect(services.length).toBeGreaterThan(0)
  for (const { needAreas } of services) expect(needAreas.map(({ needArea }) => needArea.code)).toContain('elderly-care')
})

test('a filter that nothing matches gives an empty list', async () => {
  const page = await welfare.services({ words: 'sommergibile' }).first()
  expect(page).toEqual({ items: [], totalCount: 0, endCursor: null, hasNextPage: false })
})

test.each([[1], [7], [100]])('pages of %d give every service once, in one order', async (pageSize) => {
  const all = await collect(welfare.services(null, { pageSize }))
  const inOnePage = await welfare.services(null, { pageSize: 100 }).first()
  expect(all).toEqual(inOnePage.items)
  expect(new Set(all.map(({ id }) => id)).size).toBe(inOnePage.totalCount)
})

test.each([[1], [7], [100]])('pages of %d take one request each', async (pageSize) => {
  const { totalCount } = await welfare.services().first()
  const number = await requestsOf(async () => {
    const pages = await collect(welfare.services(null, { pageSize }).pages())
    expect(pages.slice(0, -1).every(({ items }) => items.length === pageSize)).toBe(true)
  })
  expect(number).toBe(Math.ceil(totalCount / pageSize))
})

test('a list asks for nothing before it is read', async () => {
  expect(await requestsOf(async () => welfare.services())).toBe(0)
})

test('leaving the loop over items ends the requests', async () => {
  const number = await requestsOf(async () => {
    let seen = 0
    for await (const _service of welfare.services(null, { pageSize: 7 })) if (++seen === 8) break
  })
  expect(number).toBe(2)
})

test('leaving the loop over pages ends the requests', async () => {
  const number = await requestsOf(async () => {
    for await (const _page of welfare.services(null, { pageSize: 7 }).pages()) break
  })
  expect(number).toBe(1)
})

test('a list that is read twice gives the same twice', async () => {
  const list = welfare.services({ municipality: 'Alba' }, { pageSize: 7 })
  expect(await collect(list)).toEqual(await collect(list))
})

test('two loops over one list do not disturb each other', async () => {
  const list = welfare.services(null, { pageSize: 7 })
  const [one, other, all] = await Promise.all([collect(list), collect(list), list.toArray()])
  expect(one).toEqual(all)
  expect(other).toEqual(all)
})

test('a page stays as it was when the next one is read', async () => {
  const pages: Page<ServiceSummary>[] = []
  const asTheyCame: string[] = []
  for await (const page of welfare.services(null, { pageSize: 7 }).pages()) {
    pages.push(page)
    asTheyCame.push(JSON.stringify(page))
  }
  expect(pages.map((page) => JSON.stringify(page))).toEqual(asTheyCame)
})

test('a list can go on where a page ended', async () => {
  const first = await welfare.services(null, { pageSize: 7 }).first()
  const rest = await welfare.services(null, { after: first.endCursor }).toArray()
  expect([...first.items, ...rest]).toEqual(await welfare.services().toArray())
})

test('a list whose signal is aborted between two pages fails with the reason', async () => {
  const caller = new AbortController()
  const reason = new Error('left the page')
  const reading = (async () => {
    for await (const _page of welfare.services(null, { pageSize: 7, signal: caller.signal }).pages())
      caller.abort(reason)
  })()
  await expect(reading).rejects.toBe(reason)
})

test('a service is found by its id, with what a person needs to use it', async () => {
  const { items } = await welfare.services({ words: 'nascita' }).first()
  const service = await welfare.service(items[0]!.id)
  expect(service).toMatchObject({ ...items[0], languages: expect.any(Array), schedules: expect.any(Array) })
})

test('there is no service with an id that no service has', async () => {
  expect(await welfare.service('service_00000000000000000000000000000000')).toBeNull()
})

test('every call is one request', async () => {
  const { items } = await welfare.services().first()
  expect(await requestsOf(() => welfare.network())).toBe(1)
  expect(await requestsOf(() => welfare.needAreas().first())).toBe(1)
  expect(await requestsOf(() => welfare.services().first())).toBe(1)
  expect(await requestsOf(() => welfare.service(items[0]!.id))).toBe(1)
  expect(await requestsOf(() => welfare.request('{ networks(first: 1) { totalCount } }'))).toBe(1)
})

test('the methods work without their client, as when they are handed on', async () => {
  const { network, services } = welfare
  expect((await network()).slug).toBe('alba-bra')
  const { pages, first } = services()
  expect((await collect(pages()))[0]).toEqual(await first())
})

test.each<[string, (client: Client) => Promise<unknown>]>([
  ['the network', (client) => client.network()],
  ['its need areas', (client) => client.needAreas().first()],
  ['its services', (client) => client.services().toArray()],
])('a network that is not there is an error that names it: %s', async (_what, call) => {
  const failing = call(connect({ network: 'alba-bar' }))
  await expect(failing).rejects.toBeInstanceOf(RequestError)
  await expect(failing).rejects.toMatchObject({
    message: expect.stringContaining(`no network "alba-bar" at ${server.endpoint}`),
    requestId: expect.stringMatching(/^[\w-]{36}$/),
    errors: [{ code: 'NOT_FOUND' }],
  })
})

test('a page size that the server refuses is an error that says so', async () => {
  const failing = welfare.services(null, { pageSize: 101 }).first()
  await expect(failing).rejects.toMatchObject({
    name: 'RequestError',
    message: expect.stringContaining('it goes from 1 to 100'),
    errors: [{ code: 'BAD_USER_INPUT', path: ['network', 'services'] }],
  })
})

test('an error carries the request id under which the server logged the request', async () => {
  const error = await welfare.request('{ nonsense }').catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(RequestError)
  expect(server.lines.join('\n')).toContain((error as RequestError).requestId)
})

test('a field that fails leaves the data of the others in the error', async () => {
  const failing = welfare.request('{ network(slug: "alba-bra") { slug } service(id: "no id") { id } }')
  await expect(failing).rejects.toMatchObject({
    data: { network: { slug: 'alba-bra' }, service: null },
    errors: [{ code: 'BAD_USER_INPUT', path: ['service'] }],
  })
})

interface Organizations {
  network: { organizations: { nodes: { name: string; kind: OrganizationKind }[] } } | null
}
const organizationsText = `query Organizations($slug: String!, $kind: OrganizationKind) {
  network(slug: $slug) { organizations(first: 5, kind: $kind) { nodes { name kind } } }
}`
type OrganizationsVariables = { slug: string; kind?: OrganizationKind | null }
const organizations = parse(organizationsText) as TypedDocumentNode<Organizations, OrganizationsVariables>

/** What graphql-codegen makes of a document in its mode "string". */
class TypedText<Result, Variables> extends String {
  declare __apiType?: (variables: Variables) => Result
}

test.each([
  ['parsed', organizations],
  ['as a text', new TypedText<Organizations, OrganizationsVariables>(organizationsText)],
])('a typed document of your own is asked with its variables: %s', async (_form, document) => {
  const { network } = await welfare.request(document, { slug: 'alba-bra', kind: 'COMPANY' })
  expect(network?.organizations.nodes.length).toBeGreaterThan(0)
  for (const { kind } of network!.organizations.nodes) expect(kind).toBe('COMPANY')
})

test.each([
  ['a text', '{ networks(first: 1) { nodes { slug } } }'],
  ['a parsed document', parse('{ networks(first: 1) { nodes { slug } } }')],
])('a document without types is asked as well: %s', async (_form, document) => {
  expect(await welfare.request(document)).toEqual({ networks: { nodes: [{ slug: 'alba-bra' }] } })
})

// The compiler checks these: the functions are never run.
test('the types of a request are those of its document', () => {
  type None = TypedDocumentNode<{ ready: boolean }, { [key: string]: never }>
  type Optional = TypedDocumentNode<{ ready: boolean }, { kind?: OrganizationKind | null | undefined }>
  const none = parse('{ ready }') as None
  const optional = parse('query($kind: OrganizationKind) { ready(kind: $kind) }') as Optional
  const { signal } = new AbortController()

  const right = () => [
    expectTypeOf(welfare.request(organizations, { slug: 'alba-bra' })).resolves.toEqualTypeOf<Organizations>(),
    expectTypeOf(
      welfare.request(organizations, { slug: 'alba-bra' }, { signal }),
    ).resolves.toEqualTypeOf<Organizations>(),
    expectTypeOf(welfare.request(none)).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request(none, {}, { timeout: 1 })).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request(optional)).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request(optional, undefined, { signal })).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request(optional, { kind: 'COMPANY' })).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request('{ ready }')).resolves.toBeUnknown(),
    expectTypeOf(welfare.request<{ ready: boolean }>('{ ready }')).resolves.toEqualTypeOf<{ ready: boolean }>(),
    expectTypeOf(welfare.request(parse('{ ready }'))).resolves.toBeUnknown(),
  ]
  const wrong = () => [
    // @ts-expect-error: the document needs a slug
    welfare.request(organizations),
    // @ts-expect-error: the document needs a slug
    welfare.request(organizations, {}),
    // @ts-expect-error: a slug is a text
    welfare.request(organizations, { slug: 1 }),
    // @ts-expect-error: there is no such kind
    welfare.request(optional, { kind: 'CASTLE' }),
    // @ts-expect-error: the document has no such variable
    welfare.request(none, { slug: 'alba-bra' }),
    // @ts-expect-error: there is no such filter
    welfare.services({ needArea: 'elderly-care' }),
  ]
  expect([right, wrong]).toHaveLength(2)
})

test('the types of the calls are those of the contract', () => {
  expectTypeOf(welfare.service).returns.resolves.toEqualTypeOf<Service | null>()
  expectTypeOf(welfare.services().toArray).returns.resolves.toEqualTypeOf<ServiceSummary[]>()
  expectTypeOf<NeedArea['parent']>().toEqualTypeOf<{ code: string } | null>()
  expectTypeOf<ServiceSummary['organization']['kind']>().toEqualTypeOf<OrganizationKind>()
  expectTypeOf<Page<NeedArea>['items']>().toEqualTypeOf<readonly NeedArea[]>()
})
