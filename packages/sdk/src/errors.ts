/** One class a kind of failure, so that a program can tell them apart without reading messages. */
import { ClientError } from 'graphql-request'

/** What every failure of a call carries. */
export class WelfareNetworkError extends Error {
  override readonly name: string = 'WelfareNetworkError'
  /** Identifier of the request, to quote when reporting a problem; absent when no answer came. */
  readonly requestId: string | undefined

  constructor(message: string, requestId?: string, options?: ErrorOptions) {
    super(message, options)
    this.requestId = requestId
  }
}

/** One error of a GraphQL answer. */
export interface GraphQLErrorEntry {
  message: string
  /** Stable code, such as BAD_USER_INPUT. */
  code: string | undefined
  /** Field at fault, from the root. */
  path: readonly (string | number)[] | undefined
}

/** The server understood the request and refuses it, or a part of it. */
export class RequestError extends WelfareNetworkError {
  override readonly name = 'RequestError'
  readonly errors: readonly GraphQLErrorEntry[]
  /** What could be answered in spite of the errors. */
  readonly data: unknown

  constructor(errors: readonly GraphQLErrorEntry[], data: unknown, requestId?: string, options?: ErrorOptions) {
    super(errors.map(({ message }) => message).join(' '), requestId, options)
    this.errors = errors
    this.data = data
  }
}

/** Too many requests for now. */
export class RateLimitError extends WelfareNetworkError {
  override readonly name = 'RateLimitError'
  /** Seconds to wait, when the server says. */
  readonly retryAfter: number | undefined

  constructor(retryAfter: number | undefined, requestId?: string, options?: ErrorOptions) {
    const wait = retryAfter === undefined ? 'Wait before the next.' : `Wait ${retryAfter} seconds before the next.`
    super(`Too many requests. ${wait}`, requestId, options)
    this.retryAfter = retryAfter
  }
}

/** The server failed, or what answered is not the server. */
export class ServerError extends WelfareNetworkError {
  override readonly name = 'ServerError'
  /** HTTP status. */
  readonly status: number

  constructor(status: number, requestId?: string, options?: ErrorOptions) {
    super(`The server answered with HTTP ${status}.`, requestId, options)
    this.status = status
  }
}

/** No answer came: the network, the name or the connection failed. */
export class ConnectionError extends WelfareNetworkError {
  override readonly name = 'ConnectionError'
}

/** No answer came in time. */
export class TimeoutError extends WelfareNetworkError {
  override readonly name = 'TimeoutError'
  /** Milliseconds that were waited. */
  readonly timeout: number

  constructor(timeout: number, options?: ErrorOptions) {
    super(`No answer within ${timeout} ms.`, undefined, options)
    this.timeout = timeout
  }
}

/**
 * The failure of a call in our terms. A call that its own caller aborted fails with the caller's reason, unchanged.
 */
export function toWelfareNetworkError(error: unknown, call: { signal?: AbortSignal | undefined; timeout: number }): unknown {
  if (call.signal?.aborted) return call.signal.reason
  const cause = { cause: error }
  if (error instanceof DOMException && error.name === 'TimeoutError') return new TimeoutError(call.timeout, cause)
  if (!(error instanceof ClientError)) return new ConnectionError('The server can not be reached.', undefined, cause)
  const { status, headers, errors, data } = error.response
  const requestId = new Headers(headers as HeadersInit).get('x-request-id') ?? undefined
  if (status === 429) return new RateLimitError(readRetryAfter(headers), requestId, cause)
  if (errors === undefined || errors.length === 0) return new ServerError(status, requestId, cause)
  if (errors.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR') && data == null) {
    return new ServerError(status, requestId, cause)
  }
  const entries = errors.map(({ message, extensions, path }) => ({
    message,
    code: typeof extensions?.code === 'string' ? extensions.code : undefined,
    path,
  }))
  return new RequestError(entries, data, requestId, cause)
}

/** Seconds, as RFC 9110 has them: a number, or a date from which they are counted. */
function readRetryAfter(headers: unknown): number | undefined {
  const text = new Headers(headers as HeadersInit).get('retry-after')
  if (text === null) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? undefined : Math.max(0, Math.ceil((moment - Date.now()) / 1000))
}
