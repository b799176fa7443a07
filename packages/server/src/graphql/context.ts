/** What a resolver may use: made once for each request. */
import type { Actor } from '../actor.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Secrets } from '../secrets.ts'

export interface Context {
  prisma: PrismaClient
  secrets: Secrets
  /** Who asks. */
  actor: Actor
  /** Identifier of the request, in the response's header and in every line logged for it. */
  requestId: string
  /** What the operation costs, where that was found to be within the limits. */
  cost?: number
  /** What the caller may still spend; none where nobody's spending is counted. */
  budget?: Budget
  /** True where no two fields of the request can ask the same relation of a row differently. */
  plain?: true
}

/** What a caller may spend on requests. */
export interface Budget {
  /** Cost that may be spent in a minute. */
  readonly limit: number
  /** Cost that may still be spent. */
  readonly remaining: number
  /** When all of it may be spent again. */
  readonly resetsAt: Date
}

/** What is made at most once for a request, and lasts as long: loaders that gather what its fields ask for. */
export function perRequest<T>(make: (context: Context) => T): (context: Context) => T {
  const made = new WeakMap<Context, T>()
  return (context) => {
    const known = made.get(context)
    if (known !== undefined) return known
    const value = make(context)
    made.set(context, value)
    return value
  }
}
