/** What a use-case refuses, in words for whoever asked: what is wrong, where, and what to do. */
export class Refused extends Error {
  /** For programs: capitals and underscores. */
  readonly code: string
  /** The way through the input to what is wrong; empty where it is no single part. */
  readonly path: readonly string[]
  /** Seconds after which the same may be done; null where waiting changes nothing. */
  readonly retryAfter: number | null

  constructor(code: string, message: string, path: readonly string[] = [], retryAfter: number | null = null) {
    super(message)
    this.code = code
    this.path = path
    this.retryAfter = retryAfter
  }
}
