/** Stops serving without cutting anyone off. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { Database } from '../database/connect.ts'

const patience = 15_000

/** Takes no new connections, lets the requests in flight finish (for 15 s at most), then closes the database. */
export async function shutDown(server: Server, database: Pick<Database, 'close'>): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  const hurry = setTimeout(() => server.closeAllConnections(), patience)
  await closed
  clearTimeout(hurry)
  await database.close()
}
