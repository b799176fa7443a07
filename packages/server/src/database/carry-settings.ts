/**
 * Carries settings that last for one transaction to a PostgreSQL server without a round trip of their own. Prisma would send
 * BEGIN, the settings, a query and COMMIT one after the other, and wait for each.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { SqlDriverAdapter, SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { Client, type Connection, escapeLiteral, type Pool, Query, type QueryConfig } from 'pg'

/** Settings by their names; each transaction makes all of them, so that nothing that the connection has from elsewhere counts. */
export type Settings = readonly (readonly [name: string, value: string])[]

/** The statement that makes settings until the transaction ends. */
export function settingStatement(settings: Settings): string {
  const calls = settings.map(([name, value]) => `set_config(${escapeLiteral(name)}, ${escapeLiteral(value)}, true)`)
  return `SELECT ${calls.join(', ')}`
}

/** The same settings, and that PostgreSQL refuses to write. */
export function readOnly(settings: Settings): Settings {
  return [...settings, ['transaction_read_only', 'on']]
}

/** A transaction about to begin. */
interface Beginning {
  settings: Settings
  /** Whether the settings went with its BEGIN. */
  carried: boolean
}

const beginnings = new AsyncLocalStorage<Beginning>()

/**
 * Runs `begin`, which begins one transaction. `begin` is told whether the settings went with its BEGIN, which only a
 * connection to a server can do; if not, they must be its first statement.
 */
export function beginWith<T>(settings: Settings, begin: (wereCarried: () => boolean) => Promise<T>): Promise<T> {
  const beginning = { settings, carried: false }
  return beginnings.run(beginning, () => begin(() => beginning.carried))
}

const reads = new AsyncLocalStorage<Settings>()

/**
 * Runs `read`, which asks one thing of a client whose adapters are those of {@link carryReads}: each statement of it is a
 * transaction that makes the settings, reads and is over. `read` must not be what Prisma gathers with what others ask at the
 * same moment, which is what it looks up by a unique key.
 */
export function readWith<T>(settings: Settings, read: () => PromiseLike<T>): Promise<T> {
  return reads.run(settings, async () => await read())
}

/** A client of PostgreSQL that sends the settings of a transaction together with BEGIN, or with the one query of it. */
export class ActingClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: a query has eight forms, all passed on as they are.
  override query(query: any, ...others: any[]): any {
    if (query instanceof ActingQuery) {
      // From here on the connection has that statement; what it sets is over with it.
      const { setting } = query
      if (setting.name !== '' && !isPrepared(this, setting.name)) super.query(setting).catch(() => {})
    } else if (query?.text === 'BEGIN') {
      const beginning = beginnings.getStore()
      if (beginning !== undefined && !beginning.carried) {
        beginning.carried = true
        return super.query({ ...query, text: `BEGIN; ${settingStatement(beginning.settings)}` }, ...others)
      }
    }
    return super.query(query, ...others)
  }
}

// What node-postgres knows of its connection, and does not declare.
type Knowing = Record<'parsedStatements' | 'submittedNamedStatements', Record<string, string | undefined>>

function isPrepared(client: Client, name: string): boolean {
  const { parsedStatements, submittedNamedStatements } = (client as unknown as { connection: Knowing }).connection
  return (parsedStatements[name] ?? submittedNamedStatements[name]) !== undefined
}

// A name means one statement: values bound to another would set other things.
const names = new Map<string, string>()

function nameOf(text: string): string {
  const name = names.get(text) ?? `settings_${names.size}`
  names.set(text, name)
  return name
}

// What node-postgres does in a query of its own, and does not declare.
interface Spoken {
  prepare(connection: Connection): void
  handleDataRow(message: unknown): void
  handleCommandComplete(message: unknown, connection: Connection): void
}
const spoken = Query.prototype as unknown as Spoken

/**
 * A query in a transaction of its own, which begins with settings and only reads. It takes one message: what PostgreSQL is told
 * before it is told to synchronize is one transaction. Were the settings not made, the query would not be run.
 */
class ActingQuery extends Query implements Spoken {
  /** The statement that makes the settings, whose name is empty where connections can't keep any. */
  readonly setting: { name: string; text: string; values: string[] }
  #isActing = false

  constructor(settings: Settings, query: QueryConfig) {
    super(query)
    const all = readOnly(settings)
    const text = `SELECT ${all.map(([name], index) => `set_config('${name}', $${index + 1}, true)`).join(', ')}`
    this.setting = { name: query.name ? nameOf(text) : '', text, values: all.map(([, value]) => value) }
  }

  /** The settings are values, so it is never one plain text. */
  requiresPreparation(): boolean {
    return true
  }

  prepare(connection: Connection): void {
    const { name, text, values } = this.setting
    if (name === '') connection.parse({ text, name, types: [] }, false)
    connection.bind({ portal: '', statement: name, values }, false)
    connection.execute({ portal: '', rows: '' }, false)
    spoken.prepare.call(this, connection)
  }

  // What comes first is the answer to the settings.
  handleDataRow(message: unknown): void {
    if (this.#isActing) spoken.handleDataRow.call(this, message)
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    if (this.#isActing) spoken.handleCommandComplete.call(this, message, connection)
    else this.#isActing = true
  }
}

const carriers = new WeakSet<object>()

/** Notes that the adapters of a client are those of {@link carryReads}. */
export function noteCarrier(client: object): void {
  carriers.add(client)
}

/** Whether {@link readWith} can be used with what is asked of a client. */
export function carriesReads(client: object): boolean {
  return carriers.has(client)
}

/** The same adapters, which know of {@link readWith}. */
export function carryReads<Adapters extends SqlDriverAdapterFactory>(adapters: Adapters): Adapters {
  const connect = adapters.connect.bind(adapters)
  adapters.connect = async () => {
    const adapter = await connect()
    // What comes from here is itself wrapped; who reads asks what it was before.
    const bare = Object.assign(Object.create(Object.getPrototypeOf(adapter)), adapter) as SqlDriverAdapter
    const acting = () => {
      const settings = reads.getStore()
      return settings === undefined ? bare : actingAdapter(bare, settings)
    }
    adapter.queryRaw = (query) => acting().queryRaw(query)
    adapter.executeRaw = (query) => acting().executeRaw(query)
    adapter.startTransaction = async (isolation) => {
      if (reads.getStore() !== undefined)
        throw new TypeError('What reads in the name of somebody begins no transaction.')
      return bare.startTransaction(isolation)
    }
    return adapter
  }
  return adapters
}

// The adapter as it is, with another way to the server.
function actingAdapter(adapter: SqlDriverAdapter, settings: Settings): SqlDriverAdapter {
  const { underlyingDriver } = adapter as unknown as { underlyingDriver(): Pool }
  const pool = underlyingDriver.call(adapter)
  const client = { query: (query: QueryConfig) => pool.query(new ActingQuery(settings, query) as never) }
  return Object.assign(Object.create(adapter) as SqlDriverAdapter, { client })
}
