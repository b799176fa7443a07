import { expect, test } from 'vitest'
import { createLogger, currentRequest, describeError } from './log.ts'
import { startTestServer } from './testing/test-server.ts'

test('nothing that callers send, nor where they are, is in any line of the log', async () => {
  const server = await startTestServer('demonstration')
  const { endpoint, origin, lines } = server
  const post = (body: string, headers: Record<string, string> = {}, address = endpoint) =>
    fetch(address, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })
  const json = (query: string, variables: object = {}) => JSON.stringify({ query, variables })

  await post(json('query SentinelOperation { sentinelAlias: networks(first: 1) { nodes { name } } }'))
  await post(json('{ network(slug: "sentinel-slug") { name } }'))
  await post(json('query ($words: String!) { network(slug: $words) { name } }', { words: 'sentinel-variable' }))
  await post(json('query ($words: String!) { network(slug: $words) { name } }', { words: { sentinel: 1 } }))
  await post(json('{ sentinelField }'))
  await post(json('{ # sentinel comment'))
  await post('{"sentinel')
  await post(json('{ node(id: "sentinel_id") { id } }'))
  await post(json('query ($slug: String!) { network(slug: $slug) { name } }', { slug: 'sentinel\u0000byte' }))
  await post(json(`{ networks(first: 1, after: "${btoa('GPC:S:sentinel')}") { nodes { name } } }`))
  await post(json('{__typename}'), {
    authorization: 'Bearer sentinel-token',
    cookie: 'session=sentinel-cookie',
    'user-agent': 'sentinel-agent',
    'x-forwarded-for': '203.0.113.77',
    forwarded: 'for=203.0.113.77',
    referer: 'https://sentinel.example/',
    origin: 'https://sentinel.example',
    'x-request-id': 'sentinel with spaces',
  })
  await fetch(`${endpoint}?query={network(slug:"sentinel-address"){name}}&variables={"sentinel":1}`)
  await fetch(`${endpoint}?query={__typename}&variables=sentinel`)
  await fetch(`${origin}/sentinel@example.org`)
  await post('sentinel'.repeat(100_000))
  await server.database.close()
  await post(json('{ network(slug: "sentinel-failure") { name } }'), { 'x-request-id': 'the-last-one' })
  await expect
    .poll(() => lines.some((line) => /"msg":"request"/.test(line) && line.includes('the-last-one')))
    .toBe(true)
  server.server.close()

  expect(lines.length).toBeGreaterThan(20)
  expect(lines.filter((line) => /sentinel/i.test(line))).toEqual([])
  expect(lines.filter((line) => /127\.0\.0\.1|::1|203\.0\.113|localhost/.test(line))).toEqual([])
  expect(lines.some((line) => line.includes('"unexpected error"'))).toBe(true)
})

test('every line is one JSON object with a level, a time and a message', async () => {
  const server = await startTestServer('empty')
  await fetch(`${server.origin}/health/live`, { headers: { 'x-request-id': 'watch-this' } })
  await expect.poll(() => server.lines.length).toBeGreaterThan(0)
  await server.close()
  expect(server.lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 30,
      time: expect.any(Number),
      requestId: 'watch-this',
      method: 'GET',
      path: '/health/live',
      status: 200,
      milliseconds: expect.any(Number),
      msg: 'request',
    },
  ])
})

test('lines below the level are not written, and those within a request carry its id', () => {
  const lines: string[] = []
  const logger = createLogger('warn', { write: (line) => lines.push(line) })
  logger.info('not this')
  currentRequest.run({ requestId: 'of-this-request' }, () => logger.warn('this'))
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ msg: 'this', requestId: 'of-this-request' }])
})

test('what one line of a request tells is not in the next', () => {
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => void lines.push(line) })
  const request = { requestId: 'request-1' }
  currentRequest.run(request, () => {
    logger.info({ status: 503 }, 'first')
    logger.info('second')
  })
  expect(JSON.parse(lines[1]!)).toEqual({ ...request, level: 30, time: expect.anything(), msg: 'second' })
  expect(request).toEqual({ requestId: 'request-1' })
})

test('an error is logged by its kind, code and place, never by its message', () => {
  const error = Object.assign(new TypeError('personal\n    at personal (personal.ts:1:1)'), { code: 'E123' })
  const described = describeError(error)
  expect(described).toMatchObject({ error: 'TypeError', code: 'E123' })
  expect(described.at[0]).toContain('log.test.ts')
  expect(JSON.stringify(described)).not.toContain('personal')
})

test('what was thrown and is no error is logged by its type', () => {
  expect(describeError('personal')).toEqual({ error: 'string', at: [] })
})
