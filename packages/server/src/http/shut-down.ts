/** Stops serving without cutting anyone off. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Database } from '../database/connect.ts'

/**
 * Takes no new connections, lets the requests in flight finish (for `patience` milliseconds at most), then closes the
 * database.
 */
export async function shutDown(server: Server, database: Pick<Database, 'close'>, patience = 15_000): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that is kept alive would hold the server for seconds after its last answer.
  const tidy = setInterval(() => server.closeIdleConnections(), 20)
  const hurry = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearInterval(tidy)
  clearTimeout(hurry)
  await database.close()
}
