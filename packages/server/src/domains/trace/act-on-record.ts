/** What is done to one record: once for the caller's key, and on the record, in one transaction. */
import type { Actor } from '../../actor.ts'
import type { Transaction } from '../../database/connect.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { actOnce } from './act-once.ts'
import { type Action, type Doer, recordAct } from './record-act.ts'

interface Asked {
  operation: string
  /** What was asked, with what the caller chose for this request. */
  input: object & { idempotencyKey?: string | null | undefined }
  action: Action
  networkId: string
  doer: Doer
  /** Milliseconds that it may take, where that is more than a transaction usually may. */
  timeout?: number | undefined
}

/** Returns the row key of the record, to a repeat as well. */
export function actOnRecord(
  { prisma, actor, requestId }: { prisma: PrismaClient; actor: Actor; requestId: string },
  { operation, input: { idempotencyKey, ...input }, action, networkId, doer, timeout }: Asked,
  work: (tx: Transaction) => Promise<{ id: string }>,
): Promise<string> {
  return actOnce(prisma, actor, {
    operation,
    idempotencyKey,
    input,
    act: async (tx) => {
      const { id } = await work(tx)
      await recordAct(tx, { doer, action, networkId, recordKey: id, requestId })
      return id
    },
    keep: (id) => id,
    recall: async (_tx, id) => id,
    ...(timeout === undefined ? {} : { timeout }),
  })
}
