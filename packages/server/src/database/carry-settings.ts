/**
 * Carries the settings of a transaction to a PostgreSQL server without a round trip of their own. Prisma would send BEGIN,
 * the settings, a query and COMMIT one after the other, and wait for each.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils'
import { Client, type Pool, type PoolClient, type QueryConfig } from 'pg'

/** A transaction about to begin. */
interface Beginning {
  /** Statement that makes its settings. */
  settings: string
  /** Whether its statements only read, and may each see the state of its own moment. */
  reads: boolean
  /** Whether somebody has taken care of the settings. */
  carried: boolean
}

const beginnings = new AsyncLocalStorage<Beginning>()

/**
 * Runs `begin`, which begins one transaction. `begin` is told whether the settings went with its BEGIN, which only a
 * connection to a server can do; if not, they must be its first statement.
 */
export function withSettings<T>(
  { settings, reads }: Pick<Beginning, 'settings' | 'reads'>,
  begin: (wereCarried: () => boolean) => Promise<T>,
): Promise<T> {
  const beginning = { settings, reads, carried: false }
  return beginnings.run(beginning, () => begin(() => beginning.carried))
}

/** A client of PostgreSQL that sends the settings together with BEGIN, as one message. */
export class ActingClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: a query has eight forms, all passed on as they are.
  override query(query: any, ...others: any[]): any {
    const settings = query?.text === 'BEGIN' ? takeSettings(false) : undefined
    if (settings === undefined) return super.query(query, ...others)
    return super.query({ ...query, text: `BEGIN; ${settings}` }, ...others)
  }
}

/**
 * The same adapters; transactions that only read become one message for each statement, with BEGIN, settings and
 * COMMIT around it, so that reading in somebody's name takes the round trips of reading as nobody.
 */
export function carryReads<Adapters extends SqlDriverAdapterFactory>(adapters: Adapters): Adapters {
  const connect = adapters.connect.bind(adapters)
  adapters.connect = async () => {
    const adapter = await connect()
    // What comes from here is itself wrapped; a reading transaction begins with what it was before.
    const bare = Object.assign(Object.create(Object.getPrototypeOf(adapter)), adapter) as SqlDriverAdapter
    const startTransaction = adapter.startTransaction.bind(adapter)
    adapter.startTransaction = async (isolation) => {
      const settings = takeSettings(true)
      return settings === undefined ? startTransaction(isolation) : readsOf(bare, settings)
    }
    return adapter
  }
  return adapters
}

function takeSettings(reads: boolean): string | undefined {
  const beginning = beginnings.getStore()
  if (beginning === undefined || beginning.carried || beginning.reads !== reads) return undefined
  beginning.carried = true
  return beginning.settings
}

// The adapter as it is, with another way to the server.
function readsOf(adapter: SqlDriverAdapter, settings: string): Transaction {
  const { underlyingDriver } = adapter as unknown as { underlyingDriver(): Pool }
  const pool = underlyingDriver.call(adapter)
  const client = { query: (query: QueryConfig) => readOnce(pool, settings, query) }
  // The statements themselves begin and commit: there is nothing left for Prisma to send.
  const nothing = { options: { usePhantomQuery: true }, commit: async () => {}, rollback: async () => {} }
  return Object.assign(Object.create(adapter) as Transaction, { client }, nothing)
}

// The connection is in pipeline mode: all three are on their way before the first is answered. Were a transaction not to
// begin, the query would act as nobody and find nothing; were the query to fail, COMMIT would undo.
async function readOnce(pool: Pool, settings: string, query: QueryConfig): Promise<unknown> {
  const client = await pool.connect()
  let lost: Error | undefined
  const lose = (error: Error) => {
    lost = error
  }
  client.on('error', lose)
  const [begun, answer, ended] = await Promise.allSettled(
    [`BEGIN READ ONLY; ${settings}`, query, 'COMMIT'].map((each) => (client as Pick<PoolClient, 'query'>).query(each)),
  )
  client.removeListener('error', lose)
  if (begun!.status === 'rejected') lost ??= begun!.reason
  if (ended!.status === 'rejected') lost ??= ended!.reason
  client.release(lost)
  if (answer!.status === 'rejected') throw answer!.reason
  if (lost !== undefined) throw lost
  return answer!.value
}
