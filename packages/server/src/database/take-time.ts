/** Transactions for work that grows with what is stored, such as closing a campaign of a million answers. */
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Transaction } from './connect.ts'

/** Milliseconds that such a transaction may take, and each statement in it: ten minutes. */
export const longTime = 10 * 60_000

/** Runs `work` in a transaction that may take {@link longTime}. */
export function takeTime<T>(prisma: PrismaClient, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return prisma.$transaction(
    async (tx) => {
      await allowTime(tx)
      return work(tx)
    },
    { timeout: longTime },
  )
}

/** Lets the statements of a transaction take {@link longTime}, whatever others of the connection may. */
export async function allowTime(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT set_config('statement_timeout', ${String(longTime)}, true)`
}
