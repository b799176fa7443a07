/** One writer of a network's directory at a time. */
import { Refused } from '../refused.ts'
import type { Transaction } from './connect.ts'

/** Another writes the network, and goes on writing it (an import takes minutes). */
class NetworkBusy extends Refused {
  constructor() {
    super('NETWORK_BUSY', 'The directory is being written by somebody else, such as an import. Try again in a minute.')
  }
}

/**
 * Waits until no other transaction writes the network, and keeps others waiting until this one ends. Documents of the
 * search are made of several tables, so two writers at once could each miss what the other has written.
 */
export async function lockNetwork(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`network ${networkId}`}, 0))`
}

/** Milliseconds that a request waits for another writer: less than a transaction may last. */
const patience = 3_000

/** The same for who waits for an answer: throws {@link NetworkBusy} where that takes too long, and the transaction must end. */
export async function lockNetworkPatiently(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`SELECT set_config('lock_timeout', ${String(patience)}, true)`
  try {
    await lockNetwork(tx, networkId)
  } catch (error) {
    const { meta } = error as { meta?: { driverAdapterError?: { cause?: { originalCode?: string } } } }
    throw meta?.driverAdapterError?.cause?.originalCode === '55P03' ? new NetworkBusy() : error
  }
  await tx.$executeRaw`SELECT set_config('lock_timeout', '0', true)`
}
