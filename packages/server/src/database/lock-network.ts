/** One writer of a network's directory at a time. */
import type { Transaction } from './connect.ts'

/**
 * Waits until no other transaction writes the network, and keeps others waiting until this one ends. Documents of the
 * search are made of several tables, so two writers at once could each miss what the other has written.
 */
export async function lockNetwork(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`network ${networkId}`}, 0))`
}
