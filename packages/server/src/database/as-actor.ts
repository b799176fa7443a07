/** Transactions in somebody's name: what row-level security asks, set for as long as the transaction lasts. */
import { escapeLiteral } from 'pg'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { withSettings } from './carry-settings.ts'
import type { Transaction } from './connect.ts'

/** In whose name a transaction acts. What is absent is nobody, and gives nothing. */
export interface ActingAs {
  /** Row key of the person. */
  personId?: string
  /** Row key of the network. */
  networkId?: string
  /** Row key of the organization. */
  organizationId?: string
  /** Hashes of the key that a person has shown, one for each secret of the server. */
  personKeyHashes?: Uint8Array[]
  /** What no person asks for: erasing what was kept long enough, and whether a secret of the server is still needed. */
  upkeep?: true
}

/** Milliseconds for which a transaction may last, and wait for a connection. */
interface Bounds {
  timeout?: number
  maxWait?: number
}

/**
 * Runs `work` in a transaction that acts as told. Within it, only `tx` acts: another client would act as nobody and,
 * on the embedded database, wait for this transaction for ever. Throws a TypeError when a key has not the form of one.
 */
export function asActor<T>(
  prisma: PrismaClient,
  acting: ActingAs,
  work: (tx: Transaction) => Promise<T>,
  bounds: Bounds = {},
): Promise<T> {
  return act(prisma, settingsOf(acting), false, work, bounds)
}

/**
 * The same for work that only reads: on a server it takes as many round trips as reading as nobody, and PostgreSQL refuses
 * to write. Each statement sees the state of its own moment, as without a transaction.
 */
export function readAsActor<T>(
  prisma: PrismaClient,
  acting: ActingAs,
  work: (tx: Transaction) => Promise<T>,
  bounds: Bounds = {},
): Promise<T> {
  return act(prisma, settingsOf(acting), true, work, bounds)
}

function act<T>(
  prisma: PrismaClient,
  settings: string,
  reads: boolean,
  work: (tx: Transaction) => Promise<T>,
  bounds: Bounds,
): Promise<T> {
  return withSettings({ settings, reads }, (wereCarried) =>
    prisma.$transaction(async (tx) => {
      if (!wereCarried())
        await tx.$executeRawUnsafe(reads ? `${settings}, set_config('transaction_read_only', 'on', true)` : settings)
      return work(tx)
    }, bounds),
  )
}

// All of them each time, so that nothing that the connection has from elsewhere counts.
function settingsOf({ personId, networkId, organizationId, personKeyHashes = [], upkeep }: ActingAs): string {
  const hashes = personKeyHashes.map((hash) => Buffer.from(hash).toString('hex')).join()
  const values: [name: string, value: string][] = [
    ['person_id', key(personId)],
    ['network_id', key(networkId)],
    ['organization_id', key(organizationId)],
    ['person_key_hashes', hashes],
    ['upkeep', upkeep === true ? 'on' : ''],
  ]
  const calls = values.map(([name, value]) => `set_config('welfare.${name}', ${escapeLiteral(value)}, true)`)
  return `SELECT ${calls.join(', ')}`
}

function key(value = ''): string {
  if (value === '' || uuid.test(value)) return value
  throw new TypeError('A transaction acts by row keys, which are UUIDs.')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
