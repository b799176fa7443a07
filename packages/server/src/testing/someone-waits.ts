/** Where a test needs one transaction to wait for another. */
import type { Database } from '../database/connect.ts'

/** Returns as soon as a transaction of the database, which is on a server, waits for a lock; or as so many do. */
export async function someoneWaits({ prisma }: Pick<Database, 'prisma'>, count = 1): Promise<void> {
  for (;;) {
    const [{ waiting }] = await prisma.$queryRaw<[{ waiting: number }]>`
      SELECT count(*)::integer AS waiting FROM pg_locks l JOIN pg_database d ON d.datname = current_database()
        JOIN pg_stat_activity a ON a.pid = l.pid AND a.datid = d.oid WHERE NOT l.granted`
    if (waiting >= count) return
  }
}
