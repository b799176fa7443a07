/** What the servers that are measured have in common: where the database is, and telling where they listen. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export const databaseUrl = process.env.DATABASE_URL!

/** Listens on a free port of this machine and tells the benchmark which. */
export async function announce(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  process.send!({ port: (server.address() as AddressInfo).port })
}
