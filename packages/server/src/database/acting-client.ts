/** A connection that begins a transaction in somebody's name by one message: no round trip for the settings. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { Client } from 'pg'

/** A transaction about to begin. */
interface Beginning {
  /** Statement that makes its settings. */
  settings: string
  /** Whether that was sent together with BEGIN. */
  sent: boolean
}

const beginnings = new AsyncLocalStorage<Beginning>()

/**
 * Runs `begin`, which begins one transaction, so that the settings go with its BEGIN. `begin` is told whether they did,
 * which only a connection to a server can.
 */
export function withSettings<T>(settings: string, begin: (wereSent: () => boolean) => Promise<T>): Promise<T> {
  const beginning = { settings, sent: false }
  return beginnings.run(beginning, () => begin(() => beginning.sent))
}

/** The client of PostgreSQL that {@link withSettings} speaks to. */
export class ActingClient extends Client {
  // biome-ignore lint/suspicious/noExplicitAny: a query has eight forms, all passed on as they are.
  override query(query: any, ...others: any[]): any {
    const beginning = query?.text === 'BEGIN' ? beginnings.getStore() : undefined
    if (beginning === undefined || beginning.sent) return super.query(query, ...others)
    beginning.sent = true
    return super.query({ ...query, text: `BEGIN; ${beginning.settings}` }, ...others)
  }
}
