/** One class a kind of failure, so that a program can tell them apart without reading messages. */

/** One error of a GraphQL answer. */
export interface GraphQLErrorEntry {
  readonly message: string
  /** Stable code, such as BAD_USER_INPUT. */
  readonly code: string | undefined
  /** Field at fault, from the root. */
  readonly path: readonly (string | number)[] | undefined
}

/** What is known of the answer that a failure came with; nothing when none came. */
export interface FailedAnswer {
  readonly requestId?: string | undefined
  readonly data?: unknown
  readonly errors?: readonly GraphQLErrorEntry[]
}

/** What every failure of a call carries. */
export class WelfareNetworkError extends Error {
  override readonly name: string = 'WelfareNetworkError'
  /** Identifier of the request, to quote when reporting a problem; undefined when no answer came. */
  readonly requestId: string | undefined
  /** What could be answered in spite of the failure, in the shape of the document; null when nothing. */
  readonly data: unknown
  /** The errors of the answer; empty when there is no GraphQL answer. */
  readonly errors: readonly GraphQLErrorEntry[]

  constructor(message: string, { requestId, data, errors = [] }: FailedAnswer = {}, options?: ErrorOptions) {
    super(message, options)
    this.requestId = requestId
    this.data = data ?? null
    this.errors = errors
  }
}

/** The server understood the request and refuses it, or a part of it. The same request would fail again. */
export class RequestError extends WelfareNetworkError {
  override readonly name = 'RequestError'
}

/** Too many requests for now. */
export class RateLimitError extends WelfareNetworkError {
  override readonly name = 'RateLimitError'
  /** Seconds to wait, when the server says. */
  readonly retryAfter: number | undefined

  constructor(message: string, retryAfter: number | undefined, answer?: FailedAnswer) {
    super(message, answer)
    this.retryAfter = retryAfter
  }
}

/** The server failed, or what answered is not the server. */
export class ServerError extends WelfareNetworkError {
  override readonly name = 'ServerError'
  /** HTTP status of the answer. */
  readonly status: number

  constructor(message: string, status: number, answer?: FailedAnswer) {
    super(message, answer)
    this.status = status
  }
}

/** No answer came, or not the whole of it: the name, the network or the connection failed. `cause` says how. */
export class ConnectionError extends WelfareNetworkError {
  override readonly name = 'ConnectionError'
}

/** No answer came in time. */
export class TimeoutError extends WelfareNetworkError {
  override readonly name = 'TimeoutError'
  /** Milliseconds that were waited. */
  readonly timeout: number

  constructor(message: string, timeout: number) {
    super(message)
    this.timeout = timeout
  }
}

/**
 * The server signed with another key than it gave, or names another campaign, organization or key than is expected, and could
 * know by it who answers.
 */
export class SignatureError extends WelfareNetworkError {
  override readonly name = 'SignatureError'
}
