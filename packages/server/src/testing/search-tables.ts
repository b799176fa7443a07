/** Looks for texts in everything that a database keeps: for tests that nothing of somebody is left. */
import type { Database } from '../database/connect.ts'
import { asOwner } from './test-database.ts'

/**
 * The tables of every schema in which one of the texts occurs, as far as the rows written as text have it (bytes in
 * hexadecimal); also what PostgreSQL has learned of values (`pg_stats`). Letters count as the same, large or small.
 */
export function tablesWith(database: Pick<Database, 'prisma'>, texts: string[]): Promise<string[]> {
  const patterns = texts.map((text) => `%${text.replaceAll(/[%_\\]/g, '\\$&')}%`)
  return asOwner(database, async (tx) => {
    await tx.$executeRaw`SET LOCAL welfare.upkeep = 'on'`
    const tables = await tx.$queryRaw<{ name: string }[]>`
      SELECT oid::regclass::text AS name FROM pg_class
      WHERE relkind IN ('r', 'm') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      ORDER BY name`
    const found: string[] = []
    for (const name of [...tables.map(({ name }) => name), 'pg_stats']) {
      const rows = await tx.$queryRawUnsafe<unknown[]>(
        `SELECT 1 AS found FROM ${name} AS each WHERE each::text ILIKE ANY ($1::text[]) LIMIT 1`,
        patterns,
      )
      if (rows.length > 0) found.push(name)
    }
    return found
  })
}
