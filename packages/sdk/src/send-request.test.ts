import { getEventListeners } from 'node:events'
import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { type PeerAnswer, startPeer, startPeerThatAnswers } from '../test/peer.ts'
import {
  ConnectionError,
  createClient,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  WelfareNetworkError,
} from './index.ts'
import type { CallOptions } from './send-request.ts'

/** What a request to this address fails with. */
async function failure(endpoint: string, options: CallOptions & { fetch?: typeof fetch } = {}): Promise<unknown> {
  const client = createClient({ endpoint, network: 'alba-bra', fetch: options.fetch })
  const query = 'query Secret($words: String) { secret(words: $words) }'
  return client.request(query, { words: 'what a person entered' }, options).then(
    (result) => expect.fail(`an answer came: ${JSON.stringify(result)}`),
    (error: unknown) => error,
  )
}

const refused = {
  message: 'first is 101; it goes from 1 to 100.',
  path: ['network'],
  extensions: { code: 'BAD_USER_INPUT' },
}
const broken = {
  message: 'Something went wrong.',
  extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'request-2' },
}
const limited = { message: 'Slow down.', extensions: { code: 'RATE_LIMITED' } }

test.each<[string, PeerAnswer, new (...given: never[]) => WelfareNetworkError]>([
  ['errors in HTTP 200', { body: { data: null, errors: [refused] } }, RequestError],
  ['errors in HTTP 400', { status: 400, body: { errors: [refused] } }, RequestError],
  ['errors without a code', { body: { errors: [{ message: 'No.' }] } }, RequestError],
  ['errors without a message', { body: { errors: [{}] } }, RequestError],
  ['HTTP 429 with errors', { status: 429, body: { errors: [limited] } }, RateLimitError],
  ['HTTP 429 of a gateway', { status: 429, body: 'Too Many Requests' }, RateLimitError],
  ['a rate limit in HTTP 200', { body: { data: null, errors: [limited] } }, RateLimitError],
  [
    'throttling in HTTP 200',
    { body: { errors: [{ message: '', extensions: { code: 'THROTTLED' } }] } },
    RateLimitError,
  ],
  ['a masked error in HTTP 200', { body: { data: null, errors: [broken] } }, ServerError],
  ['a masked error in HTTP 500', { status: 500, body: { errors: [broken] } }, ServerError],
  ['errors in HTTP 503', { status: 503, body: { errors: [{ message: 'Starting.' }] } }, ServerError],
  ['HTTP 502 of a gateway', { status: 502, body: '<h1>Bad Gateway</h1>' }, ServerError],
  ['HTTP 404 of a web site', { status: 404, body: '<h1>Not found</h1>' }, ServerError],
  ['HTTP 401 without errors', { status: 401, body: { detail: 'Who are you?' } }, ServerError],
  ['a web page in HTTP 200', { body: '<h1>Welcome</h1>' }, ServerError],
  ['JSON that is cut off', { headers: { 'content-type': 'application/json' }, body: '{"data":{"netw' }, ServerError],
  ['JSON null', { body: null }, ServerError],
  ['an answer without data', { body: {} }, ServerError],
  ['data that is null without an error', { body: { data: null } }, ServerError],
  ['a list of answers', { body: [{ data: {} }] }, ServerError],
  ['a list of errors', { body: [{ errors: [refused] }] }, ServerError],
  ['errors that are no list', { body: { errors: { message: 'No.' } } }, ServerError],
  ['errors that are no objects', { body: { errors: [null, 'No.'] } }, ServerError],
  ['no content at all', { status: 204 }, ServerError],
])('%s fails with its kind of error and the request id', async (_what, answer, kind) => {
  const error = await failure(await startPeerThatAnswers(answer))
  expect(error).toBeInstanceOf(kind)
  expect(error).toMatchObject({ name: kind.name, requestId: 'request-1' })
})

test('a refused request says why, where and with which code', async () => {
  const error = await failure(await startPeerThatAnswers({ body: { errors: [refused] } }))
  expect(error).toMatchObject({
    message: refused.message,
    errors: [{ message: refused.message, code: 'BAD_USER_INPUT', path: ['network'] }],
  })
})

test('an error without a message is told as such', async () => {
  const error = await failure(await startPeerThatAnswers({ body: { errors: [{ path: ['network'] }] } }))
  expect(error).toHaveProperty('message', 'An error without a message.')
})

test.each([[refused], [broken], [limited]])('what could be answered comes with the error %j', async (entry) => {
  const data = { network: { name: 'Alba-Bra' }, service: null }
  expect(await failure(await startPeerThatAnswers({ body: { data, errors: [entry] } }))).toHaveProperty('data', data)
})

test('data is null where nothing was answered', async () => {
  expect(await failure(await startPeerThatAnswers({ status: 502 }))).toHaveProperty('data', null)
})

test('the request id is read from the errors where the header does not come through', async () => {
  const endpoint = await startPeer((_request, response) => {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ errors: [broken] }))
  })
  expect(await failure(endpoint)).toHaveProperty('requestId', 'request-2')
})

test('a failure of the server tells its HTTP status and its address', async () => {
  const endpoint = await startPeerThatAnswers({ status: 503, body: 'Down for maintenance' })
  const error = await failure(endpoint)
  expect(error).toHaveProperty('status', 503)
  expect(error).toHaveProperty('message', expect.stringContaining(`${endpoint} answered HTTP 503`))
})

test.each([
  [{ status: 429, headers: { 'retry-after': '7' } }, 7],
  [{ status: 200, headers: { 'retry-after': '7' }, body: { errors: [limited] } }, 7],
  [{ status: 429 }, undefined],
])('a rate limit tells the seconds to wait: %j', async (answer, seconds) => {
  expect(await failure(await startPeerThatAnswers(answer))).toHaveProperty('retryAfter', seconds)
})

test('what was sent is not in the error, so that it does not get into logs', async () => {
  const error = await failure(await startPeerThatAnswers({ body: { errors: [refused] } }))
  expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('what a person entered')
})

test('a server that is not there fails with a connection error and its cause', async () => {
  const closed = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => closed.once('listening', resolve))
  const { port } = closed.address() as { port: number }
  await new Promise((resolve) => closed.close(resolve))
  const error = await failure(`http://127.0.0.1:${port}/graphql`)
  expect(error).toBeInstanceOf(ConnectionError)
  expect(error).toMatchObject({ requestId: undefined, cause: { cause: { code: 'ECONNREFUSED' } } })
})

test('a name that leads nowhere fails with a connection error', async () => {
  expect(await failure('http://nowhere.invalid/graphql')).toBeInstanceOf(ConnectionError)
})

test('a connection that breaks in the middle of an answer fails with a connection error and the request id', async () => {
  const endpoint = await startPeer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100, 'x-request-id': 'request-1' })
    response.write('{"data":', () => response.destroy())
  })
  const error = await failure(endpoint)
  expect(error).toBeInstanceOf(ConnectionError)
  expect(error).toHaveProperty('requestId', 'request-1')
})

test('every kind of error is a WelfareNetworkError', () => {
  for (const kind of [RequestError, RateLimitError, ServerError, ConnectionError, TimeoutError]) {
    expect(kind.prototype).toBeInstanceOf(WelfareNetworkError)
  }
})

test('a call that was aborted before it began sends nothing', async () => {
  let requests = 0
  const endpoint = await startPeer(() => {
    requests += 1
  })
  const reason = new Error('changed my mind')
  expect(await failure(endpoint, { signal: AbortSignal.abort(reason) })).toBe(reason)
  expect(requests).toBe(0)
})

test('a call that is aborted while it waits fails with the reason of the abort, unchanged', async () => {
  const reason = new Error('changed my mind')
  const caller = new AbortController()
  const endpoint = await startPeer(() => caller.abort(reason))
  expect(await failure(endpoint, { signal: caller.signal })).toBe(reason)
})

test('a call that is aborted in the middle of its answer fails with the reason of the abort', async () => {
  const caller = new AbortController()
  const endpoint = await startPeer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"data":')
  })
  const abortOnHeaders: typeof fetch = async (...request) => {
    const response = await fetch(...request)
    caller.abort()
    return response
  }
  expect(await failure(endpoint, { signal: caller.signal, fetch: abortOnHeaders })).toBe(caller.signal.reason)
})

test('an abort without a reason is the AbortError that programs know from fetch', async () => {
  const caller = new AbortController()
  const endpoint = await startPeer(() => caller.abort())
  expect(await failure(endpoint, { signal: caller.signal })).toMatchObject({ name: 'AbortError' })
})

test('a server that does not answer fails with a timeout error', async () => {
  const error = await failure(await startPeer(() => {}), { timeout: 20 })
  expect(error).toBeInstanceOf(TimeoutError)
  expect(error).toMatchObject({ timeout: 20, requestId: undefined })
})

test('a server that does not finish its answer fails with a timeout error', async () => {
  const endpoint = await startPeer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"data":')
  })
  expect(await failure(endpoint, { timeout: 100 })).toBeInstanceOf(TimeoutError)
})

test('the timeout of the client holds for calls that name none', async () => {
  const client = createClient({ endpoint: await startPeer(() => {}), network: 'alba-bra', timeout: 20 })
  await expect(client.network()).rejects.toMatchObject({ name: 'TimeoutError', timeout: 20 })
})

test.each([[Number.POSITIVE_INFINITY], [2 ** 40]])(
  'a timeout of %d ms is longer than the answer takes',
  async (timeout) => {
    const endpoint = await startPeerThatAnswers({ body: { data: { answer: 42 } } })
    const client = createClient({ endpoint, network: 'alba-bra', timeout })
    expect(await client.request('{ answer }')).toEqual({ answer: 42 })
  },
)

test('a call leaves no listener on the signal of its caller', async () => {
  const { signal } = new AbortController()
  await failure(await startPeerThatAnswers({ body: { errors: [refused] } }), { signal })
  expect(getEventListeners(signal, 'abort')).toEqual([])
})

test('variables that can not be written as JSON fail as they do anywhere in JavaScript', async () => {
  const client = createClient({ endpoint: await startPeerThatAnswers({}), network: 'alba-bra' })
  await expect(client.request('{ answer }', { amount: 1n })).rejects.toThrow(/BigInt/)
})

test('the headers of the client go with every request', async () => {
  const endpoint = await startPeer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ data: { said: request.headers['x-purpose'] } }))
  })
  const client = createClient({ endpoint, network: 'alba-bra', headers: { 'x-purpose': 'intranet' } })
  expect(await client.request('{ said }')).toEqual({ said: 'intranet' })
})

test('an endpoint that is no address is refused when the client is made', () => {
  expect(() => createClient({ endpoint: '/graphql', network: 'alba-bra' })).toThrow(/^endpoint: "\/graphql" is not an/)
})
