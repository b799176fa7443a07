/** One request, sent once; whatever goes wrong with it, said in our terms. */
import { ClientError, GraphQLClient, type RequestDocument } from 'graphql-request'
import {
  ConnectionError,
  type FailedAnswer,
  type GraphQLErrorEntry,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
} from './errors.ts'
import { readRetryAfter } from './retry-after.ts'

/** Whom to ask, and how, in every request. */
export interface Destination {
  endpoint: string
  headers: Record<string, string>
  /** Milliseconds, where a call does not say. */
  timeout: number
  /** Absent for the environment's own, as it is when the request is sent. */
  fetch?: typeof fetch | undefined
}

/** What may be said of a single call. */
export interface CallOptions {
  /** Ends the call when it is aborted; the call then fails with the signal's reason. */
  signal?: AbortSignal | undefined
  /** Milliseconds to wait for the answer of each request. */
  timeout?: number | undefined
}

export interface Answer<Data> {
  data: Data
  requestId: string | undefined
}

/** Timers of JavaScript count in 31 bits, and run at once when asked for more. */
const longestTimer = 2 ** 31 - 1

/** Codes by which servers and gateways refuse a request in an answer of HTTP 200. */
const rateLimitCodes = ['RATE_LIMITED', 'THROTTLED', 'TOO_MANY_REQUESTS']

/** Sends a document and returns its data; throws one of our errors, or the reason of the caller's signal. */
export async function sendRequest<Data extends object>(
  { endpoint, headers, ...usual }: Destination,
  document: unknown,
  variables: object | undefined,
  { signal, timeout = usual.timeout }: CallOptions,
): Promise<Answer<Data>> {
  signal?.throwIfAborted()
  // AbortSignal.any and .timeout would do this in a line, but older browsers lack them, and both leave behind what
  // they hold on to until a signal ends that may live as long as the program.
  const ending = new AbortController()
  const endWithCaller = () => ending.abort(signal?.reason)
  signal?.addEventListener('abort', endWithCaller)
  const endLate = () => ending.abort(new TimeoutError(`${endpoint} did not answer within ${timeout} ms.`, timeout))
  const timer = setTimeout(endLate, Math.min(timeout, longestTimer))

  let response: Response | undefined
  const fetchWhole: typeof fetch = async (...request) => {
    try {
      response = await (usual.fetch ?? fetch)(...request)
      // Read here, because a connection can also break in the middle of an answer.
      return new Response((await response.text()) || null, response)
    } catch (cause) {
      const requestId = response?.headers.get('x-request-id') ?? undefined
      throw new ConnectionError(`The connection to ${endpoint} failed.`, { requestId }, { cause })
    }
  }
  try {
    const client = new GraphQLClient(endpoint, { headers, signal: ending.signal, fetch: fetchWhole })
    const data = await client.request<Data>(document as RequestDocument, variables)
    if (!isRecord(data)) throw new SyntaxError('a GraphQL answer without data')
    return { data, requestId: response?.headers.get('x-request-id') ?? undefined }
  } catch (error) {
    if (ending.signal.aborted) throw ending.signal.reason
    // What fails before there is an answer is the connection, or an argument that can not be sent.
    throw response === undefined || error instanceof ConnectionError ? error : failureOf(response, error, endpoint)
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', endWithCaller)
  }
}

/**
 * The failure that an answer tells of. The error of graphql-request does not become its cause: its message holds the
 * whole request with its variables, and would carry what people entered into the log of whoever prints it.
 */
function failureOf(response: Response, error: unknown, endpoint: string): Error {
  const { status, headers } = response
  const graphql: { errors?: unknown; data?: unknown } = error instanceof ClientError ? error.response : {}
  const given: unknown[] = Array.isArray(graphql.errors) ? graphql.errors.filter(isRecord) : []
  const errors = given.map(readEntry)
  const requestId = headers.get('x-request-id') ?? given.map(readRequestId).find((id) => id !== undefined)
  const answer: FailedAnswer = { requestId, data: graphql.data, errors }
  const message = errors.map((entry) => entry.message).join(' ')

  const has = (codes: string[]) => errors.some(({ code }) => code !== undefined && codes.includes(code))
  if (status === 429 || has(rateLimitCodes)) {
    const seconds = readRetryAfter(headers.get('retry-after'), new Date())
    const wait = seconds === undefined ? 'Wait before the next.' : `Wait ${seconds} s before the next.`
    return new RateLimitError(`Too many requests to ${endpoint}. ${wait}`, seconds, answer)
  }
  if (errors.length === 0) {
    return new ServerError(`${endpoint} answered HTTP ${status}, and not as a GraphQL API does.`, status, answer)
  }
  if (status >= 500 || has(['INTERNAL_SERVER_ERROR'])) return new ServerError(message, status, answer)
  return new RequestError(message, answer)
}

function readEntry(error: unknown): GraphQLErrorEntry {
  const { message, path, extensions } = error as { message?: unknown; path?: unknown; extensions?: { code?: unknown } }
  return {
    message: typeof message === 'string' ? message : 'An error without a message.',
    code: typeof extensions?.code === 'string' ? extensions.code : undefined,
    path: Array.isArray(path) ? path : undefined,
  }
}

// Browsers hide headers that a gateway does not expose: the server's own errors carry the identifier too.
function readRequestId(error: unknown): string | undefined {
  const { extensions } = error as { extensions?: { requestId?: unknown } }
  return typeof extensions?.requestId === 'string' ? extensions.requestId : undefined
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
