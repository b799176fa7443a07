/** One writer of a network's phases and events at a time. */
import type { Transaction } from '../../database/connect.ts'

/**
 * Waits for others who write them: of two who want the same place in the sequence, the second sees what the first did. What
 * merely belongs to the network, such as a directory that is being imported, is not waited for.
 */
export async function lockTimeline(tx: Transaction, networkId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM network WHERE id = ${networkId}::uuid FOR NO KEY UPDATE`
}
