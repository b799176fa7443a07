import { once } from 'node:events'
import { connect as connectSocket } from 'node:net'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Config } from '../config.ts'
import { limits } from '../graphql/limits.ts'
import { type Answer, serve, startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer('demonstration')
})

afterAll(() => server.close())

test.each([
  ['cut off', '{"query":', 'The body is not valid JSON, from character 10 on.'],
  ['with a comma too many', '{"query":"{__typename}",}', 'The body is not valid JSON, from character 25 on.'],
  ['with a comment', '/* hello */ {"query":"{__typename}"}', 'The body is not valid JSON, from character 1 on.'],
  ['that is no JSON at all', 'query { __typename }', 'The body is not valid JSON, from character 1 on.'],
  ['that is empty', '', 'The body is not valid JSON, from character 1 on.'],
  ['without a query', '{}', 'The query is missing. Send {"query": "{ … }"} as JSON, or ?query={ … } in the address.'],
  ['whose query is no text', '{"query":5}', 'Expected "query" param to be a string, but given number.'],
  ['that is a list', '[{"query":"{__typename}"}]', 'Batching is not supported.'],
  ['that is null', 'null', 'Expected params to be an object but given null.'],
  ['that is a word', '"query"', 'Expected params to be an object but given string.'],
  [
    'whose variables are a list',
    '{"query":"{__typename}","variables":[]}',
    'Expected "variables" param to be empty or an object, but given array.',
  ],
  [
    'with a field that means nothing',
    '{"query":"{__typename}","querry":"x"}',
    'Unexpected parameter "querry" in the request body.',
  ],
])('a body %s is answered with 400 and what is wrong', async (_, body, message) => {
  const { status, answer } = await post(body)
  expect(status).toBe(400)
  expect(answer).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] })
})

test.each([
  [
    'in a variable',
    '{ "query": "query ($s: String!) { network(slug: $s) { name } }", "variables": { "s": "a\\u0000" } }',
  ],
  ['in a document', '{ "query": "{ network(slug: \\"a\\\\u0000\\") { name } }" }'],
  ['in a document, the newer way', '{ "query": "{ network(slug: \\"a\\\\u{0}\\") { name } }" }'],
])('the character that no database holds is refused %s', async (_, body) => {
  const { status, answer } = await post(body)
  expect(status).toBe(400)
  expect(answer.errors?.[0]?.message).toBe('A text has the character NUL (\\u0000). Leave it out.')
})

test('the character that no database holds is refused in an address', async () => {
  for (const query of ['query={__typename}%00', 'query={__typename}&variables={"a":"%5Cu0000"}']) {
    expect((await fetch(`${server.endpoint}?${query}`)).status).toBe(400)
  }
})

test('an address whose variables are no JSON is answered with 400 and what is wrong', async () => {
  const response = await fetch(`${server.endpoint}?query={__typename}&variables={"n":}`)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    errors: [{ message: 'variables is not valid JSON, from character 6 on.' }],
  })
})

test('an address without a query is answered with 400 and what to send', async () => {
  const response = await fetch(server.endpoint)
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.stringContaining('The query is missing') }],
  })
})

test.each([
  ['application/graphql-response+json', 400],
  // What GraphQL over HTTP asks for clients of the older media type.
  ['application/json', 200],
])('a field that the schema does not have is named; as %s the status is %i', async (accept, expected) => {
  const { status, answer } = await post('{"query":"{ networkz { name } }"}', { accept })
  expect(status).toBe(expected)
  expect(answer.errors).toMatchObject([
    {
      message: expect.stringContaining('Cannot query field "networkz" on type "Query"'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    },
  ])
})

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/jsonp',
  'application/json; charset=iso-8859-1',
  'nonsense',
])('a body of content-type %s is answered with 415 and the right one', async (type) => {
  const { status, answer } = await post('{"query":"{__typename}"}', { 'content-type': type })
  expect(status).toBe(415)
  expect(answer.errors?.[0]).toEqual({
    message: 'Send the body as content-type: application/json, in UTF-8.',
    extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' },
  })
})

test.each(['application/json', 'application/json;charset=utf-8', 'Application/JSON; charset="UTF-8"'])(
  'a body of content-type %s is read',
  async (type) => {
    const { status, answer } = await post('{"query":"{__typename}"}', { 'content-type': type })
    expect({ status, answer }).toEqual({ status: 200, answer: { data: { __typename: 'Query' } } })
  },
)

test('a compressed body is answered with 415, as it would not be read', async () => {
  const { status, answer } = await post('{"query":"{__typename}"}', { 'content-encoding': 'gzip' })
  expect(status).toBe(415)
  expect(answer.errors?.[0]?.message).toContain('must not be compressed')
})

test('who accepts no JSON is answered with 406 and what there is', async () => {
  const { status, answer } = await post('{"query":"{__typename}"}', { accept: 'image/png' })
  expect(status).toBe(406)
  expect(answer.errors?.[0]?.message).toContain('Accept application/graphql-response+json')
})

test('who accepts application/graphql-response+json gets it', async () => {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: '{"query":"{__typename}"}',
  })
  expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8')
  expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
})

test.each(['PUT', 'DELETE', 'PATCH', 'HEAD'])('%s is answered with 405 and the methods there are', async (method) => {
  const response = await fetch(server.endpoint, { method })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, POST, OPTIONS')
  if (method !== 'HEAD') {
    expect(await response.json()).toMatchObject({ errors: [{ message: '/graphql takes GET and POST.' }] })
  }
})

test('TRACE, which browsers and libraries do not know, is answered with 405 too', async () => {
  const answer = await sendRaw('TRACE /graphql HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n')
  expect(answer).toMatch(/^HTTP\/1\.1 405 /)
})

test.each(['/', '/graphql/', '/graphql/x', '/graph', '/health', '//graphql', '/__proto__'])(
  'there is nothing at %s, and the answer says where the API is',
  async (path) => {
    const response = await fetch(`${server.origin}${path}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      errors: [
        { message: `Nothing is at ${path}. GraphQL is at /graphql, HSDS at /hsds.`, extensions: { code: 'NOT_FOUND' } },
      ],
    })
  },
)

const tooLarge = `The request is larger than ${limits.bodyBytes} bytes. Send less, values as variables.`

test('a body up to the limit is read', async () => {
  const body = JSON.stringify({ query: '{__typename}', variables: { padding: '' } })
  const { status } = await post(body.replace('""', `"${'x'.repeat(limits.bodyBytes - body.length)}"`))
  expect(status).toBe(200)
})

test.each([1, 10_000_000])('a body %i bytes over the limit is answered with 413', async (over) => {
  const { status, answer } = await post('x'.repeat(limits.bodyBytes + over))
  expect(status).toBe(413)
  expect(answer.errors).toMatchObject([{ message: tooLarge, extensions: { code: 'PAYLOAD_TOO_LARGE' } }])
})

test('a body that comes in pieces, with no length told, is answered with 413 once it is over the limit', async () => {
  const piece = new TextEncoder().encode('x'.repeat(40_000))
  let pieces = 0
  const body = new ReadableStream({
    pull: (controller) => {
      pieces += 1
      if (pieces > 50) controller.close()
      else controller.enqueue(piece)
    },
  })
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as RequestInit)
  expect(response.status).toBe(413)
  expect(await response.json()).toMatchObject({ errors: [{ message: tooLarge }] })
})

test('who sends a body that is too large to its end reads the answer, and may ask again on the same connection', async () => {
  const length = 5_000_000
  const head = (bytes: number, more = '') =>
    `POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${bytes}\r\n${more}\r\n`
  const second = '{"query":"{__typename}"}'
  const answers = await sendRaw(
    `${head(length)}${'x'.repeat(length)}${head(second.length, 'Connection: close\r\n')}${second}`,
  )
  expect(answers).toMatch(/^HTTP\/1\.1 413 /)
  expect(answers).toContain(tooLarge)
  expect(answers).toContain('HTTP/1.1 200 OK')
  expect(answers).toContain('{"data":{"__typename":"Query"}}')
})

test('who hangs up in the middle of a body leaves one line in the log, and no error', async () => {
  const own = await sameNetworkWith({ corsOrigins: '*', development: true })
  const socket = connectSocket(Number(new URL(own.origin).port), '127.0.0.1')
  socket.write('POST /graphql HTTP/1.1\r\nHost: here\r\nX-Request-Id: hung-up-1\r\nContent-Length: 100\r\n\r\n{"que')
  await once(own.server, 'request')
  socket.destroy()
  await expect.poll(() => own.lines.length).toBe(1)
  expect(JSON.parse(own.lines[0]!)).toMatchObject({ requestId: 'hung-up-1', path: '/graphql', cutOff: true })
})

test.each([
  ['more words and signs than may be', `{ ${'__typename '.repeat(limits.tokens)} }`, /more that 4000 tokens/],
  ['too deep', nested(limits.depth), /levels deep; at most 12/],
  ['of too many fields under other names', aliases(250), /has 500 fields; at most 400/],
  ['too costly', nested(7, 'children'), /costs \d+; at most 20000/],
  ['whose fragments multiply without end', multiplying(30), /at most/],
  [
    'that asks for 1000 at once',
    '{ networks(first: 1000) { nodes { name } } }',
    /first is 1000; it goes from 1 to 100/,
  ],
  [
    'that winds through the schema',
    `{ __schema { ${'types { fields { type { '.repeat(4)} name ${'} } }'.repeat(4)} } }`,
    /Maximum introspection depth exceeded/,
  ],
])('a document %s is refused', async (_, query, message) => {
  const { answer } = await post(JSON.stringify({ query }))
  expect(answer.errors?.[0]?.message).toMatch(message)
})

test('no refusal tells what goes on inside', async () => {
  const bodies = [
    '{',
    '{}',
    '[]',
    '{"query":"{"}',
    '{"query":"{nope}"}',
    '{"query":"{networks{nodes{id}}}"}',
    'x'.repeat(200_000),
  ]
  for (const body of bodies) {
    for (const type of ['application/json', 'text/plain']) {
      const { text } = await post(body, { 'content-type': type })
      expect(text).not.toMatch(/SyntaxError|originalError|node_modules|node:|\.ts:|\bat .*:\d+:\d+|stack|prisma/i)
    }
  }
})

test('a failure inside is masked; its request id is in the answer, the header and the log, and its words in none', async () => {
  const failing = await serverWhoseDatabaseIsGone()
  const response = await fetch(failing.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'failed-here-1' },
    body: JSON.stringify({ query: '{ networks(first: 1) { nodes { name } } }' }),
  })
  expect(response.status).toBe(500)
  expect(response.headers.get('x-request-id')).toBe('failed-here-1')
  expect(await response.json()).toEqual({
    data: null,
    errors: [
      {
        message: 'Something went wrong here, not in your request. Quote request failed-here-1 when you report it.',
        path: ['networks'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'failed-here-1' },
      },
    ],
  })
  const logged = failing.lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'unexpected error')
  expect(logged).toMatchObject({ level: 50, requestId: 'failed-here-1', error: expect.any(String) })
  expect(logged.at.length).toBeGreaterThan(0)
})

test('where a part of the answer failed, the rest comes with a 2xx, as GraphQL over HTTP asks', async () => {
  const failing = await serverWhoseDatabaseIsGone()
  const query = '{ __typename network(slug: "alba-bra") { name } }'
  const { data, errors } = await failing.ask<{ __typename: string; network: null }>(query)
  expect(data).toEqual({ __typename: 'Query', network: null })
  expect(errors).toMatchObject([{ path: ['network'], extensions: { code: 'INTERNAL_SERVER_ERROR' } }])
  const response = await fetch(`${failing.endpoint}?query=${encodeURIComponent(query)}`)
  expect(response.status).toBe(200)
})

test.each(['12345678', 'a.b-c_d.e', 'x'.repeat(64)])('the request id %s is taken over', async (id) => {
  const response = await fetch(server.endpoint, { headers: { 'x-request-id': id } })
  expect(response.headers.get('x-request-id')).toBe(id)
})

test.each([
  'short',
  'x'.repeat(65),
  'with space',
  '<script>alert(1)</script>',
  'tab\there-and-there',
  '"quoted-here"',
  'città-città',
])('the request id "%s" is replaced', async (id) => {
  const response = await fetch(server.endpoint, { headers: { 'x-request-id': id } })
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
})

test('a header smuggled in behind a request id comes back in no answer', async () => {
  const answer = await sendRaw(
    'GET /graphql HTTP/1.1\r\nHost: here\r\nX-Request-Id: good-enough\nSet-Cookie: a=b\r\nConnection: close\r\n\r\n',
  )
  expect(answer).not.toMatch(/set-cookie/i)
})

test('bytes that are no HTTP are answered with 400', async () => {
  expect(await sendRaw('hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /)
})

test.each(['gzip', 'br'])('a long answer comes as %s to who takes that', async (encoding) => {
  const query = '{ network(slug: "alba-bra") { services(first: 20) { nodes { name description } } } }'
  const response = await fetch(`${server.endpoint}?query=${encodeURIComponent(query)}`, {
    headers: { 'accept-encoding': encoding },
  })
  expect(response.headers.get('content-encoding')).toBe(encoding)
  expect(response.headers.get('vary')).toContain('Accept-Encoding')
  const { data } = (await response.json()) as Answer<{ network: { services: { nodes: unknown[] } } }>
  expect(data.network.services.nodes).toHaveLength(20)
})

test('who takes no compression gets none', async () => {
  const response = await fetch(`${server.endpoint}?query={__schema{types{name,description}}}`, {
    headers: { 'accept-encoding': 'identity' },
  })
  expect(response.headers.get('content-encoding')).toBeNull()
  expect(((await response.json()) as Answer<object>).data).toBeDefined()
})

test('pages of every origin may read the answers when CORS_ORIGINS is *, without credentials', async () => {
  const response = await fetch(server.endpoint, { headers: { origin: 'https://intranet.example.org' } })
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
  expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  expect(response.headers.get('access-control-expose-headers')).toBe(
    'x-request-id, retry-after, ratelimit, ratelimit-policy',
  )
})

test('a page learns why its body was too large: refusals carry the same headers', async () => {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { origin: 'https://intranet.example.org', 'content-type': 'application/json' },
    body: 'x'.repeat(limits.bodyBytes + 1),
  })
  expect(response.status).toBe(413)
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test('a preflight is told what may be sent, and for how long that holds', async () => {
  const response = await preflight(server.endpoint, 'https://intranet.example.org')
  expect(response.status).toBe(204)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, OPTIONS',
    'access-control-allow-headers': 'content-type, authorization, x-request-id',
    'access-control-max-age': '86400',
  })
})

test('with a list of origins, pages of those may read the answers and no others', async () => {
  const origins = ['https://intranet.example.org', 'http://localhost:3000']
  const listed = await sameNetworkWith({ corsOrigins: origins, development: false })
  for (const origin of origins) {
    const response = await preflight(listed.endpoint, origin)
    expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    expect(response.headers.get('vary')).toContain('Origin')
  }
  for (const origin of ['https://elsewhere.example.org', 'https://intranet.example.org.evil.example', 'null']) {
    for (const response of [
      await preflight(listed.endpoint, origin),
      await fetch(listed.endpoint, { headers: { origin } }),
    ]) {
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
      expect(response.headers.get('access-control-allow-headers')).toBeNull()
      expect(response.headers.get('vary')).toContain('Origin')
    }
  }
})

test('one origin alone is told to its own pages only', async () => {
  const one = await sameNetworkWith({ corsOrigins: ['https://one.example'], development: false })
  const response = await fetch(one.endpoint, { headers: { origin: 'https://another.example' } })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
})

test('a browser gets the explorer in development, with the example queries as tabs', async () => {
  const response = await fetch(server.endpoint, { headers: { accept: 'text/html,*/*;q=0.8' } })
  expect(response.headers.get('content-type')).toContain('text/html')
  const html = await response.text()
  expect(html).toContain('<title>Welfare Network</title>')
  for (const name of ['query Network ', 'query ServicesNearBra ', 'query ServicesByWords '])
    expect(html).toContain(name)
})

test('the explorer loads nothing from another host', async () => {
  const html = await (await fetch(server.endpoint, { headers: { accept: 'text/html' } })).text()
  expect(html).not.toMatch(/<(script|link|img|iframe)[^>]{0,200}?(src|href)\s*=\s*["']?(https?:)?\/\//i)
  expect(html).not.toMatch(
    /(\bimport\s*\(\s*|\bimport\s+|importScripts\(\s*|url\(\s*|@import\s+)["'`]?(https?:)?\/\/[a-z]/i,
  )
  expect(html).not.toMatch(/(unpkg\.com|jsdelivr\.net|cdnjs\.|esm\.sh|esm\.run|googleapis\.com|gstatic\.com)/i)
})

test('in production a browser gets no explorer', async () => {
  const production = await sameNetworkWith({ corsOrigins: '*', development: false })
  const response = await fetch(production.endpoint, { headers: { accept: 'text/html,*/*;q=0.8' } })
  expect(response.status).toBe(400)
  expect(response.headers.get('content-type')).toContain('json')
})

async function post(body: string, headers: Record<string, string> = {}) {
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  const text = await response.text()
  return { status: response.status, text, answer: JSON.parse(text) as Partial<Answer<unknown>> }
}

function preflight(endpoint: string, origin: string): Promise<Response> {
  const headers = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' }
  return fetch(endpoint, { method: 'OPTIONS', headers })
}

/** Sends bytes as they are and returns all that comes back until the server closes. */
function sendRaw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket(Number(new URL(server.origin).port), '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(text)
  })
}

/** Another server on the database of the first, for one test. */
async function sameNetworkWith(config: Pick<Config, 'corsOrigins' | 'development'>): Promise<TestServer> {
  return stoppedAfterTest(await serve(server.database, config))
}

async function serverWhoseDatabaseIsGone(): Promise<TestServer> {
  const failing = await startTestServer('empty')
  await failing.database.close()
  return stoppedAfterTest(failing)
}

function stoppedAfterTest(running: TestServer): TestServer {
  onTestFinished(() => {
    running.server.close()
    running.server.closeAllConnections()
  })
  return running
}

function nested(depth: number, field = 'parent'): string {
  return `{ network(slug: "alba-bra") { needAreas(first: 1) { nodes { ${`${field} { `.repeat(depth)} code ${'}'.repeat(depth)} } } } }`
}

function aliases(count: number): string {
  return `{ ${Array.from({ length: count }, (_, index) => `n${index}: network(slug: "x") { name }`).join(' ')} }`
}

function multiplying(count: number): string {
  const fragments = Array.from(
    { length: count },
    (_, index) => `fragment F${index} on NeedArea { ...F${index + 1} ... { ...F${index + 1} } }`,
  )
  const query = '{ network(slug: "alba-bra") { needAreas(first: 1) { nodes { ...F0 } } } }'
  return `${query} ${fragments.join(' ')} fragment F${count} on NeedArea { code }`
}
