import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

const plain = { 'content-type': 'application/json' }

/** Sends a body the usual way, then as one whose document is known, and tells what came back each time. */
async function twice(body: object | string, headers: Record<string, string> = plain) {
  const answers = []
  for (let time = 0; time < 2; time += 1) {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(server.endpoint, { method: 'POST', headers, body: text })
    const { 'x-request-id': _, date: __, ...told } = Object.fromEntries(response.headers)
    const answer = (await response.text()).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'request-id')
    answers.push({ status: response.status, told, answer })
  }
  return answers
}

test.each([
  ['a query', { query: '{ network(slug: "alba-bra") { name } }' }],
  [
    'a query with variables',
    { query: 'query ($s: String!) { network(slug: $s) { name } }', variables: { s: 'alba-bra' } },
  ],
  [
    'a change that is refused',
    {
      query:
        'mutation ($i: SubmitResponseInput!) { submitResponse(input: $i) { __typename ... on Error { code path } } }',
      variables: { i: { campaign: 'x', organization: 'x', credential: { message: '', signature: '' }, answers: {} } },
    },
  ],
  [
    'a change whose input is of another type',
    { query: 'mutation ($i: SubmitResponseInput!) { submitResponse(input: $i) { __typename } }', variables: { i: {} } },
  ],
  ['variables that are null', { query: '{ __typename }', variables: null, operationName: null }],
  ['a variable that is missing', { query: 'query ($n: String!) { network(slug: $n) { name } }' }],
  [
    'a variable of another type',
    { query: 'query ($f: Int!) { networks(first: $f) { nodes { name } } }', variables: { f: 'a' } },
  ],
  [
    'one operation of two',
    { query: 'query A { __typename } query B { network(slug: "alba-bra") { name } }', operationName: 'B' },
  ],
  ['an operation that is not named', { query: 'query C { __typename } query D { __typename }' }],
  ['an operation that is not there', { query: 'query E { __typename }', operationName: 'F' }],
  ['a page without its size', { query: '{ networks { nodes { name } } }' }],
  ['an error in a part that may be null', { query: '{ __typename node(id: "nonsense") { id } }' }],
  ['a document too costly', { query: '{ network(slug: "a") { needAreas(first: 1) { nodes { name } } } __typename }' }],
  ['extensions', { query: '{ network(slug: "alba-bra") { slug } }', extensions: {} }],
])('%s is answered the same when its document is known', async (_, body) => {
  for (const accept of ['*/*', 'application/json', 'application/graphql-response+json']) {
    const [first, second] = await twice(body, { ...plain, accept })
    expect(second).toEqual(first)
  }
})

test.each([
  ['text that is no JSON after it', '{"query":"{__typename}"} x'],
  [
    'the character NUL in a variable',
    '{"query":"query($s:String!){network(slug:$s){name}}","variables":{"s":"\\u0000"}}',
  ],
  ['a parameter that means nothing', '{"query":"{__typename}","querry":1}'],
])('a known document with %s is refused all the same', async (_, body) => {
  await twice('{"query":"{__typename}"}')
  await twice('{"query":"query($s:String!){network(slug:$s){name}}","variables":{"s":"a"}}')
  const [first, second] = await twice(body)
  expect(first!.status).toBe(400)
  expect(second).toEqual(first)
})

test('a known document sent as something else than JSON is refused all the same', async () => {
  await twice('{"query":"{__typename}"}')
  const [answer] = await twice('{"query":"{__typename}"}', { 'content-type': 'text/plain' })
  expect(answer!.status).toBe(415)
})

test('every answer leaves its line in the log', async () => {
  const before = server.lines.length
  await twice({ query: '{ network(slug: "alba-bra") { id } }' })
  const added = server.lines.slice(before).map((line) => JSON.parse(line).msg)
  expect(added.filter((message) => message === 'operation')).toHaveLength(2)
})
