/**
 * A repeat of a request answers as the first did. The key of draft-ietf-httpapi-idempotency-key-header-07, with one
 * difference: where the draft refuses a repeat that comes while the first is under way (409), it waits here, and answers the
 * same.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Transaction } from '../../database/connect.ts'
import type { Prisma } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'

/** The key was used before, by the same caller, for something else (422 in the draft). */
export class IdempotencyConflict extends Refused {
  constructor() {
    super('IDEMPOTENCY_CONFLICT', 'This idempotency key was used for another request. Use a new key for a new request.')
  }
}

/** The key has a form that is not taken (400 in the draft). */
export class IdempotencyKeyRefused extends Refused {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_INVALID',
      'An idempotency key has 1 to 255 visible ASCII characters. Use a new UUID for each request.',
    )
  }
}

export interface OnceRequest {
  /** Who asks, so that keys of two callers never meet, such as `partner 01890…`. */
  actorKey: string
  /** What the caller chose for this request, such as a UUID. */
  key: string
  /** Name of what is asked for. */
  operation: string
  /** SHA-256 of the input, in hex. */
  fingerprint: string
}

/**
 * Runs `act` for the first request with a key and keeps its answer in the same transaction, so that both are there or
 * neither is. A repeat is answered with what was kept, also when the first caller never heard the answer; one that comes while
 * the first is under way waits for it, and acts itself where that is rolled back. Throws {@link IdempotencyConflict} and
 * {@link IdempotencyKeyRefused}.
 *
 * What is kept stays for a day (see retention.ts) and is read by whoever reads the database: row keys and refusals, nothing
 * secret and nothing personal. So `keep` says what of the answer that is: a new API key is in the first answer and in no
 * other, since the caller who lost it can't be told from one who found the request; it is revoked, and another made. Codes of
 * invitations can't be, so they are made again from what is kept, a secret of the server and the key, which has to be long.
 * An `act` that throws leaves nothing, and is tried anew by a repeat; a refusal that it returns is an answer.
 */
export async function answerOnce<Answer, Kept extends Prisma.InputJsonValue>(
  tx: Transaction,
  request: OnceRequest,
  act: () => Promise<Answer>,
  keep: (answer: Answer) => Kept,
): Promise<{ repeated: false; answer: Answer } | { repeated: true; answer: Kept }> {
  if (!/^[\x21-\x7e]{1,255}$/.test(request.key)) throw new IdempotencyKeyRefused()
  const caller = hash(request.actorKey)
  const key = hash(request.key)
  // Of the input too only a hash is kept, and one that can't be guessed at without the key.
  const fingerprint = createHmac('sha256', request.key).update(`${request.operation}\n${request.fingerprint}`).digest()
  // The index is the lock: a second transaction with the same key waits here until this one ends.
  const first = await tx.$executeRaw`
    INSERT INTO idempotent_answer (caller, key, fingerprint, answer) VALUES (${caller}, ${key}, ${fingerprint}, 'null')
    ON CONFLICT DO NOTHING`
  const where = { caller_key: { caller, key } }
  if (first === 0) {
    const kept = await tx.idempotentAnswer.findUniqueOrThrow({ where })
    if (!timingSafeEqual(kept.fingerprint, fingerprint)) throw new IdempotencyConflict()
    return { repeated: true, answer: kept.answer as Kept }
  }
  const answer = await act()
  await tx.idempotentAnswer.update({ where, data: { answer: keep(answer) } })
  return { repeated: false, answer }
}

/** All that is kept for a caller, as JSON; bytes in hexadecimal. */
export async function findAnswers(tx: Transaction, actorKey: string): Promise<object[]> {
  const rows = await tx.$queryRaw<{ row: object }[]>`
    SELECT to_jsonb(each) AS row FROM idempotent_answer AS each WHERE caller = ${hash(actorKey)}`
  return rows.map(({ row }) => row)
}

/** Forgets all that was kept for a caller: what an erasure must do. */
export async function forgetAnswers(tx: Transaction, actorKey: string): Promise<void> {
  await tx.idempotentAnswer.deleteMany({ where: { caller: hash(actorKey) } })
}

function hash(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(createHash('sha256').update(text).digest())
}
