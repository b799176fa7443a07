/** Rows in every table, whatever tables there are: for tests of what grows with them. */
import { createHash } from 'node:crypto'
import type { Database } from '../database/connect.ts'
import { asOwner } from './test-database.ts'

/** Tables that no query of the API reads, and whose rows are checked for what they say. */
const unread = ['_prisma_migrations', 'audit_act', 'audit_entry', 'idempotent_answer']

const text = { it: 'text' }

/** What columns of documents hold, for those that are read as more than an object. */
const documents: Record<string, unknown> = {
  'survey_version.document': {
    name: 'survey',
    title: text,
    languages: ['it'],
    defaultLanguage: 'it',
    sections: [
      {
        title: text,
        questions: [
          {
            kind: 'single',
            name: 'asked',
            text,
            options: [{ text }, { text }],
            needAreas: ['area'],
            critical: { anyOf: [1] },
          },
        ],
      },
    ],
  },
  'campaign.plan': { recodes: [], tables: [['company']], companies: 'own' },
  'campaign.thresholds': { least: 5, leastOfHealth: 10 },
  'result_table.results': [
    { group: {}, population: 50, distribution: { value: { n: 40, counts: [30, 10], percents: [75, 25] } } },
    { group: { gender: 'women' }, population: null, distribution: { suppressed: true } },
  ],
}

/** Columns whose rows are not all alike: results of row 0 are of an organization, all others of everybody. */
const only0 = new Set(['result_table.organization_id', 'critical_theme.organization_id'])

interface Column {
  table: string
  name: string
  type: string
  /** Values of an enumeration; null for other types. */
  first: string | null
  nullable: boolean
  inKey: boolean
  /** No two rows have the same value. */
  unique: boolean
  /** Table that the column refers to, or null. */
  refers: string | null
}

/**
 * Makes rows 0 to `count - 1` of each table; calling again with a larger count adds the rest. All references lead to
 * row 0, which so has `count` of everything that a record can have; a table of links ties row 0 on each side to all rows
 * on the other. Texts say their table and row, such as `service 3`; so do keys, as a hash. With a `mark` of their own, such
 * as `abroad `, which comes before each name, they are other rows, of another network: only municipalities are shared.
 */
export async function fillEveryTable(database: Pick<Database, 'prisma'>, count: number, mark = ''): Promise<void> {
  const columns = await database.prisma.$queryRaw<Column[]>`
    SELECT c.relname::text AS "table", a.attname::text AS name, format_type(a.atttypid, NULL) AS type,
      (SELECT quote_literal(min(enumlabel)) FROM pg_enum WHERE enumtypid = a.atttypid) AS first,
      NOT a.attnotnull AS nullable,
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY(i.indkey)) AS "inKey",
      EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnatts = 1 AND i.indkey[0] = a.attnum)
        AS unique,
      (SELECT f.confrelid::regclass::text FROM pg_constraint f
        WHERE f.contype = 'f' AND f.conrelid = c.oid AND a.attnum = ANY(f.conkey) LIMIT 1) AS refers
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> ALL(${[...unread]})
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity = ''
    ORDER BY c.relname, a.attnum`
  const tables = Map.groupBy(columns, ({ table }) => table)
  await asOwner(database, async (tx) => {
    // Rows refer to rows of tables that come later.
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`
    for (const [table, columns] of tables) {
      const known = columns.flatMap((column) => (expressionOf(column, mark) === undefined ? [] : [column]))
      const links = known.filter(({ inKey, refers }) => inKey && refers !== null)
      const spread = links.length > 1 ? links : [undefined]
      for (const many of spread) {
        const values = known.map((column) => (column === many ? keyOf(column, 'n', mark) : expressionOf(column, mark)))
        await tx.$executeRawUnsafe(`
          INSERT INTO "${table}" (${known.map(({ name }) => `"${name}"`).join(', ')})
          SELECT ${values.join(', ')} FROM generate_series(0, ${count - 1}) AS n ON CONFLICT DO NOTHING`)
      }
    }
    // What annotates records of any kind annotates a service.
    const [network, service] = [keyOfRow('network', 0, mark), keyOfRow('service', 0, mark)]
    await tx.$executeRaw`UPDATE attribute SET link_id = ${service}::uuid WHERE network_id = ${network}::uuid`
    await tx.$executeRaw`UPDATE metadata SET resource_id = ${service}::uuid WHERE network_id = ${network}::uuid`
  })
}

/** Key of a row, as the database writes it. */
export function uuidOfRow(table: string, row: number, mark = ''): string {
  return keyOfRow(table, row, mark).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** Key of a row, as global ids write it. */
export function keyOfRow(table: string, row: number, mark = ''): string {
  return table === 'municipality'
    ? String(row).padStart(6, '0')
    : createHash('md5').update(`${mark}${table} ${row}`).digest('hex')
}

function keyOf({ table, refers, type }: Column, row: string, mark: string): string {
  const owner = refers ?? table
  const hash = `md5('${mark}${owner} ' || ${row})`
  if (type === 'bytea') return `decode(${hash}, 'hex')`
  return type === 'uuid' ? `${hash}::uuid` : `lpad(${row}::text, 6, '0')`
}

/** The value of a column in row `n`; undefined where the column may be empty and nothing is known of its type. */
function expressionOf(column: Column, mark: string): string | undefined {
  const { table, name, type, first, nullable, inKey, unique, refers } = column
  // A tree has its root in row 0; a chain leads there.
  if (refers === table && !inKey) return `CASE WHEN n > 0 THEN ${keyOf(column, unique ? '(n - 1)' : '0', mark)} END`
  if (only0.has(`${table}.${name}`)) return `CASE WHEN n = 0 THEN ${keyOf(column, '0', mark)} END`
  if (refers !== null) return keyOf(column, '0', mark)
  if (first !== null) return first
  if (inKey) return keyOf(column, 'n', mark)
  const document = documents[`${table}.${name}`]
  if (document !== undefined) return `'${JSON.stringify(document)}'`
  const value = values[type]
  if (value !== undefined) return value(mark + table)
  if (nullable) return undefined
  throw new Error(`${table}.${name}: say in fill-every-table.ts what a value of type ${type} looks like.`)
}

const values: Record<string, (table: string) => string> = {
  uuid: (table) => `md5('${table} ' || n)::uuid`,
  text: (table) => `'${table} ' || n`,
  'text[]': () => `'{1,2}'`,
  character: () => `lpad(n::text, 2, '0')`,
  boolean: () => 'false',
  smallint: () => 'n + 1',
  integer: () => 'n + 1',
  bigint: () => 'n + 1',
  real: () => 'n + 1',
  'double precision': () => 'n + 1',
  numeric: () => 'n + 1',
  date: () => `'2026-01-01'::date + n`,
  'timestamp with time zone': () => `'2026-01-01T08:00:00Z'::timestamptz + n * interval '1 day'`,
  jsonb: () => `'{}'`,
  bytea: (table) => `decode(md5('${table} ' || n), 'hex')`,
}
