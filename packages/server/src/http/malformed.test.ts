import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

async function refusal(query: string, variables: object = {}) {
  const { errors } = await server.ask(query, variables)
  return { message: errors?.[0]?.message, code: errors?.[0]?.extensions?.code, path: errors?.[0]?.path }
}

test.each([
  ['more than there may be', 'first: 1000', /first is 1000; it goes from 1 to 100/],
  ['none', 'first: 0', /first is 0; it goes from 1 to 100/],
  ['fewer than none', 'last: -1', /last is -1; it goes from 1 to 100/],
  ['the first and the last', 'first: 1, last: 1', /give first or last, not both/],
  ['any number', 'after: null', /say how many with first or last/],
])('a page of %s is refused, with its place', async (_, page, message) => {
  const top = await refusal(`{ networks(${page}) { nodes { id } } }`)
  expect(top).toEqual({ message: expect.stringMatching(message), code: 'BAD_USER_INPUT', path: ['networks'] })
  const nested = await refusal(`{ network(slug: "alba-bra") { organizations(${page}) { nodes { id } } } }`)
  expect(nested).toMatchObject({ message: expect.stringMatching(/first|last/), code: 'BAD_USER_INPUT' })
  expect(nested.path?.[0]).toBe('network')
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

test.each([
  ['a word', 'nonsense'],
  ['nothing', ''],
  ['base64 of something else', base64('hello')],
  ['a key that is no UUID', base64('GPC:S:nonsense')],
  ['a number where a key belongs', base64('GPC:N:17')],
  ['a date where a key belongs', base64('GPC:D:1700000000000')],
  ['a list where a key belongs', base64('GPC:J:["a","b"]')],
  ['an object where a key belongs', base64('GPC:J:{"not":{"in":[]}}')],
  ['a very long text', 'A'.repeat(50_000)],
])('a cursor that is %s is refused or finds an end, and breaks nothing', async (_, after) => {
  for (const field of ['organizations', 'members', 'needAreas', 'territory', 'events', 'services']) {
    const query = `query ($after: String) { network(slug: "alba-bra") { ${field}(first: 1, after: $after) { totalCount } } }`
    const pages = query.replace('totalCount', 'edges { cursor }')
    for (const each of [query, pages]) {
      const { code } = await refusal(each, { after })
      expect([undefined, 'BAD_USER_INPUT'], `${field} ${after.slice(0, 50)}`).toContain(code)
    }
  }
  const area = `query ($after: String) {
    needArea(network: "alba-bra", code: "parenting") { services(first: 1, after: $after) { nodes { id } } } }`
  expect([undefined, 'BAD_USER_INPUT']).toContain((await refusal(area, { after })).code)
})

test.each([
  ['of another type', 'service(id: "organization_0190f3c0a1b27c3d8e4f5a6b7c8d9e0f") { id }', 'service'],
  ['of a municipality', 'service(id: "municipality_004003") { id }', 'service'],
  ['of a type that is not there', 'node(id: "spaceship_0190f3c0a1b27c3d8e4f5a6b7c8d9e0f") { id }', 'node'],
  ['that is a word', 'node(id: "nonsense") { id }', 'node'],
  ['that is a UUID alone', 'organization(id: "0190f3c0-a1b2-7c3d-8e4f-5a6b7c8d9e0f") { id }', 'organization'],
  ['that is very long', `service(id: "${'x'.repeat(10_000)}") { id }`, 'service'],
])('an id %s is refused', async (_, field, path) => {
  expect(await refusal(`{ ${field} }`)).toMatchObject({ code: 'BAD_USER_INPUT', path: [path] })
})

test.each([
  ['missing', {}],
  ['null', { slug: null }],
  ['of another type', { slug: { name: 1 } }],
])('a required variable that is %s is named, with a code', async (_, variables) => {
  const { message, code } = await refusal('query ($slug: String!) { network(slug: $slug) { name } }', variables)
  expect(message).toContain('$slug')
  expect(code).toBe('BAD_USER_INPUT')
})

test('an operation that is not in the document is refused, with a code', async () => {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: 'query A { __typename }', operationName: 'B' }),
  })
  const { errors } = (await response.json()) as Answer<unknown>
  expect(errors?.[0]).toMatchObject({ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })
})

const search =
  'query ($filter: ServiceFilter) { network(slug: "alba-bra") { services(first: 1, filter: $filter) { nodes { id } } } }'

test('a text of 2 MB is refused before it is read', async () => {
  const { code } = await refusal(search, { filter: { words: 'x'.repeat(2_000_000) } })
  expect(code).toBe('PAYLOAD_TOO_LARGE')
})

test('10,000 need areas in a filter are refused, with their place', async () => {
  const needAreas = Array.from({ length: 10_000 }, () => 'a')
  const { message, code, path } = await refusal(search, { filter: { needAreas } })
  expect(message).toContain('at most 50 need areas')
  // What a page costs is asked of its arguments, before anything below the root is looked at.
  expect({ code, path }).toEqual({ code: 'BAD_USER_INPUT', path: ['network'] })
})

test('a tree asked for deeper than it may be is refused', async () => {
  const deep = `${'parent { '.repeat(20)} code ${'}'.repeat(20)}`
  const query = `{ needArea(network: "alba-bra", code: "parenting") { ${deep} } }`
  expect(await refusal(query)).toMatchObject({ code: 'TOO_COMPLEX', path: ['needArea'] })
})
