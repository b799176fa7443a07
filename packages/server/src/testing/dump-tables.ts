/** What is in the database, for a test that compares it before and after. */
import type { Transaction } from '../database/connect.ts'
import { entityNames } from '../domains/directory/hsds/model.ts'

// Migrations are not data; what is told to the log is read by the database alone, and gone when a transaction ends.
const unread = ['_prisma_migrations', 'audit_act']

/** Every row of every table that the role may read, as one text; equal texts mean equal databases. */
export async function dumpTables(tx: Transaction): Promise<string> {
  const tables = await tx.$queryRaw<{ name: string }[]>`
    SELECT tablename::text AS name FROM pg_tables
    WHERE schemaname = 'public' AND tablename <> ALL (${unread})
      AND has_table_privilege(format('%I.%I', schemaname, tablename), 'SELECT')
    ORDER BY 1`
  const dumps = tables.map(
    ({ name }) => `SELECT '${name}' AS name, string_agg(r::text, E'\\n' ORDER BY r::text) AS rows FROM "${name}" r`,
  )
  const rows = await tx.$queryRawUnsafe<{ name: string; rows: string | null }[]>(dumps.join(' UNION ALL '))
  return rows.map((table) => `${table.name}\n${table.rows ?? ''}`).join('\n')
}

/** How many rows each table of the directory has of a network; tables without any are left out. */
export async function countRows(tx: Transaction, networkId: string): Promise<Record<string, number>> {
  const counts = entityNames.map(
    (name) => `SELECT '${name}' AS name, count(*)::integer AS count FROM "${name}" WHERE network_id = $1::uuid`,
  )
  const rows = await tx.$queryRawUnsafe<{ name: string; count: number }[]>(counts.join(' UNION ALL '), networkId)
  return Object.fromEntries(rows.filter(({ count }) => count > 0).map(({ name, count }) => [name, count]))
}
