/** What a caller changes: in one transaction, once for the key that the caller gave it. */
import { createHash } from 'node:crypto'
import type { Actor } from '../../actor.ts'
import { asPerson } from '../../database/as-person.ts'
import type { Transaction } from '../../database/connect.ts'
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts'
import { answerOnce } from './idempotency.ts'

export interface Change<Answer, Kept> {
  /** Name of what is asked for, such as createApiKey. */
  operation: string
  /** What the caller chose for this request; without, a repeat is another request. */
  idempotencyKey: string | null | undefined
  /** What was asked, as JSON: a repeat must ask the same. */
  input: object
  act(tx: Transaction): Promise<Answer>
  /** What is kept of the answer: row keys, nothing secret and nothing personal. */
  keep(answer: Answer): Kept
  /** The answer to a repeat, from what was kept. */
  recall(tx: Transaction, kept: Kept): Promise<Answer>
  /** Milliseconds that it may take, where that is more than a transaction usually may. */
  timeout?: number
}

export function actOnce<Answer, Kept extends Prisma.InputJsonValue>(
  prisma: PrismaClient,
  actor: Actor,
  { operation, idempotencyKey, input, act, keep, recall, timeout }: Change<Answer, Kept>,
): Promise<Answer> {
  const work = async (tx: Transaction) => {
    if (idempotencyKey == null) return act(tx)
    const request = { actorKey: actorKeyOf(actor), key: idempotencyKey, operation, fingerprint: fingerprintOf(input) }
    const once = await answerOnce(tx, request, () => act(tx), keep)
    return once.repeated ? recall(tx, once.answer) : once.answer
  }
  // Of a person who was erased no answer is kept.
  return actor.kind === 'person'
    ? asPerson(prisma, actor, work)
    : prisma.$transaction(work, timeout === undefined ? {} : { timeout })
}

/** What tells the requests of a caller from those of others. */
export function actorKeyOf(actor: Actor): string {
  switch (actor.kind) {
    case 'anyone':
      throw new Error('Who is not known has no requests of their own.')
    case 'partner':
      return `partner ${actor.keyId}`
    case 'person':
      return `person ${actor.personId}`
    case 'staff':
      return `staff ${actor.issuer} ${actor.subject}`
  }
}

// The order in which a caller writes the parts of an input means nothing.
function fingerprintOf(input: object): string {
  const sorted = (_key: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  return createHash('sha256').update(JSON.stringify(input, sorted)).digest('hex')
}
