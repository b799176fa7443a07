/** What was deleted when a campaign closed leaves the files of the database, with the transactions that had written it. */
import type { PrismaClient } from '../../../generated/prisma/client.ts'

/**
 * Vacuums the tables of answers, credentials and invitations that hold deleted rows, where the role may (PostgreSQL 17 and newer,
 * and so an embedded one, which does nothing by itself). An older server does it within minutes, as the settings of these tables
 * say. Outside a transaction only.
 */
export async function sweepAnswers(prisma: PrismaClient): Promise<void> {
  const [{ tables }] = await prisma.$queryRaw<[{ tables: string | null }]>`
    SELECT string_agg(relname, ', ') AS tables FROM pg_stat_user_tables
    WHERE relid IN ('response'::regclass, 'response_text'::regclass, 'spent_credential'::regclass, 'invitation'::regclass)
      AND n_dead_tup > 0 AND current_setting('server_version_num')::integer >= 170000`
  if (tables !== null) await prisma.$executeRawUnsafe(`VACUUM ${tables}`)
}
