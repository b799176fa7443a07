/** Optimistic concurrency: who changes a record names the version that they know, and nobody writes over another's change. */
import { Prisma } from '../generated/prisma/client.ts'
import { Refused } from '../refused.ts'
import type { Transaction } from './connect.ts'

/** The record is not as the caller knows it (412 in RFC 9110). */
class VersionConflict extends Refused {
  constructor(expected: number, current: number) {
    super(
      'VERSION_CONFLICT',
      `expectedVersion: the record is at version ${current}, not ${expected}. Read it again and decide anew.`,
      ['expectedVersion'],
    )
  }
}

/**
 * Locks the row until the transaction ends, but not against rows that point at it. Throws {@link VersionConflict} where its version is another; false where there
 * is no such row.
 */
export async function expectVersion(tx: Transaction, table: string, id: string, expected: number): Promise<boolean> {
  const [held] = await tx.$queryRaw<{ version: number }[]>`
    SELECT record_version AS version FROM ${Prisma.raw(`"${table}"`)} WHERE id = ${id}::uuid FOR NO KEY UPDATE`
  if (held === undefined) return false
  if (held.version !== expected) throw new VersionConflict(expected, held.version)
  return true
}
