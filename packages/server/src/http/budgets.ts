/**
 * What each caller may spend in a minute. It is counted in the memory of this process: several servers each give a budget, and
 * a restart gives new ones. Libraries for this wait for a store that may be elsewhere, and keep a timer for every caller; here
 * nothing waits, and memory is bounded.
 */
import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Actor } from '../actor.ts'
import { actorKeyOf } from '../domains/trace/act-once.ts'
import type { Budget } from '../graphql/context.ts'
import { callerAddress } from './caller-address.ts'
import { refuse } from './refuse.ts'

/** Cost that each kind of caller may spend in a minute. */
export type BudgetSettings = Record<Actor['kind'], number>

/** Far above what people and their pages ask for: made to stop what runs away. */
export const budgetDefaults: BudgetSettings = {
  anyone: 1_000_000,
  partner: 5_000_000,
  person: 500_000,
  staff: 1_000_000,
}

/** Milliseconds for which a budget lasts, from its first spending. */
const lasts = 60_000

/** Callers remembered at most; the one whose budget ends first is forgotten first. */
const most = 100_000

interface Spending {
  spent: number
  /** Moment of the monotonic clock, in milliseconds. */
  until: number
}

export interface Budgets {
  /** The budget of who asks, for this request. */
  of(actor: Actor, request: IncomingMessage): Purse
}

export function openBudgets(
  settings: BudgetSettings,
  trustedProxies: number,
  elapsed = () => performance.now(),
): Budgets {
  const spendings = new Map<string, Spending>()
  // An address is kept as a hash whose key ends with the process. Of a connection it is made once.
  const secret = randomBytes(32)
  const known = new WeakMap<object, string>()

  function hashAddress(request: IncomingMessage): string {
    const remembered = trustedProxies === 0 ? known.get(request.socket) : undefined
    if (remembered !== undefined) return remembered
    const hash = createHmac('sha256', secret).update(callerAddress(request, trustedProxies)).digest('base64')
    if (trustedProxies === 0) known.set(request.socket, hash)
    return hash
  }

  function nameOf(actor: Actor, request: IncomingMessage): string {
    return actor.kind === 'anyone' ? `anyone ${hashAddress(request)}` : actorKeyOf(actor)
  }

  function open(name: string): Spending {
    const now = elapsed()
    const current = spendings.get(name)
    if (current !== undefined && current.until > now) return current
    spendings.delete(name)
    // In the order in which they end: all last equally long.
    for (const [old, { until }] of spendings) {
      if (until > now && spendings.size < most) break
      spendings.delete(old)
    }
    const opened = { spent: 0, until: now + lasts }
    spendings.set(name, opened)
    return opened
  }

  return { of: (actor, request) => new Purse(settings[actor.kind], open(nameOf(actor, request)), elapsed) }
}

/** The budget of a caller, in the hands of one request. */
export class Purse implements Budget {
  readonly limit: number
  /** What the request cost; undefined before that is known. */
  cost: number | undefined
  /** The request cost more than was left, so it must not be answered. */
  overspent = false
  readonly #spending: Spending
  readonly #elapsed: () => number

  constructor(limit: number, spending: Spending, elapsed: () => number) {
    this.limit = limit
    this.#spending = spending
    this.#elapsed = elapsed
  }

  get remaining(): number {
    return Math.max(0, this.limit - this.#spending.spent)
  }

  get resetsAt(): Date {
    return new Date(Date.now() + Math.max(0, this.#spending.until - this.#elapsed()))
  }

  /** Pays for the request, once; false, and nothing is paid, where more is asked than is left. */
  pay(cost: number): boolean {
    if (this.cost !== undefined) return !this.overspent
    this.cost = cost
    this.overspent = cost > this.remaining
    if (!this.overspent) this.spend(cost)
    return !this.overspent
  }

  /** Pays for what is under way, however little is left. */
  spend(cost: number): void {
    this.#spending.spent += cost
  }

  /** What `extensions.cost` says. */
  get told(): { requested: number; limit: number; remaining: number } {
    return { requested: this.cost ?? 0, limit: this.limit, remaining: this.remaining }
  }

  /** Sets the header fields of draft-ietf-httpapi-ratelimit-headers-10. */
  tell(response: ServerResponse): void {
    response.setHeader('ratelimit-policy', `"cost";q=${this.limit};w=${lasts / 1_000};qu="cost"`)
    response.setHeader('ratelimit', `"cost";r=${this.remaining};t=${this.#seconds}`)
  }

  /** Answers that the whole request is refused, and when to ask again. */
  refuse(response: ServerResponse, requestId: string): void {
    this.tell(response)
    const seconds = Math.max(1, this.#seconds)
    response.setHeader('retry-after', String(seconds))
    const cost = this.cost === undefined ? '' : `This costs ${this.cost}. `
    const left = `${this.remaining} of ${this.limit} a minute are left`
    refuse(response, 429, `${cost}${left}: ask again in ${seconds} seconds.`, 'RATE_LIMITED', requestId)
  }

  get #seconds(): number {
    return Math.ceil(Math.max(0, this.#spending.until - this.#elapsed()) / 1_000)
  }
}
