import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDatabase } from '../testing/test-database.ts'
import type { Database } from './connect.ts'
import { personalTables, sealedTables, tableClasses } from './table-classes.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

test('every table of the database is classed, and every class is that of a table', async () => {
  const found = await database.prisma.$queryRaw<{ name: string }[]>`
    SELECT oid::regclass::text AS name FROM pg_class
    WHERE relkind IN ('r', 'p', 'v', 'm') AND relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      AND NOT (relispartition AND relname ~ '_\\d{8}$')
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')`
  expect(found.map(({ name }) => name).sort()).toEqual([...tableClasses.keys()].sort())
})

test('row-level security is enabled and forced on every personal table, and each command has a policy', async () => {
  const found = await database.prisma.$queryRaw`
    SELECT relname::text AS name, relrowsecurity AS enabled, relforcerowsecurity AS forced,
      ARRAY(SELECT DISTINCT polcmd::text FROM pg_policy WHERE polrelid = pg_class.oid ORDER BY 1) AS commands
    FROM pg_class WHERE relname = ANY (${personalTables}) ORDER BY relname`
  expect(found).toEqual(
    personalTables.map((name) => ({ name, enabled: true, forced: true, commands: ['a', 'd', 'r', 'w'] })),
  )
})

// The log is written by the database, so that the server can neither forge nor change what was done; answers to surveys are
// taken and counted by it, so that the server can't read them.
const asTheirOwner = [
  'append_audit_entry()',
  'count_answers(uuid)',
  'count_participation(uuid[])',
  'forget_answers(integer)',
  'shorten_audit(integer)',
  'shuffle_answers()',
  'submit_responses(uuid,timestamp with time zone[],uuid[],bytea[],bytea[],text[],jsonb)',
]

test('no function but those of the log and of answers runs with the rights of its owner, and no view reads with them', async () => {
  const found = await database.prisma.$queryRaw<{ name: string }[]>`
    SELECT oid::regprocedure::text AS name FROM pg_proc
    WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'derived'::regnamespace, 'acting'::regnamespace)
    UNION ALL
    SELECT oid::regclass::text FROM pg_class
    WHERE relkind IN ('v', 'm') AND relnamespace::regnamespace::text IN ('public', 'derived', 'acting')
      AND NOT coalesce(reloptions @> ARRAY['security_invoker=true'], false)
    ORDER BY 1`
  expect(found.map(({ name }) => name)).toEqual(asTheirOwner)
})

test('the role reaches every table to read but those that are sealed, and the migrations to read alone', async () => {
  // What is told to the log can't be read back.
  const names = [...tableClasses.keys()].filter((name) => name !== 'audit_act' && !sealedTables.includes(name))
  const found = await database.prisma.$queryRaw`
    SELECT name FROM unnest(${names}::text[]) AS name
    WHERE NOT has_table_privilege(name, 'SELECT') OR has_table_privilege(name, 'TRUNCATE, TRIGGER, REFERENCES')`
  expect(found).toEqual([])
  const [rights] = await database.prisma.$queryRaw<[object]>`
    SELECT has_table_privilege('_prisma_migrations', 'INSERT, UPDATE, DELETE') AS writes`
  expect(rights).toEqual({ writes: false })
})
