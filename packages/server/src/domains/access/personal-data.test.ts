import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { personalTables } from '../../database/table-classes.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { personalData } from './personal-data.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

const listed = personalData.map(({ table }) => table)
const named = personalData.flatMap((data) => ('column' in data ? [{ table: data.table, column: data.column }] : []))

test('every personal table, and every table that refers to a person, says how it is exported and erased', async () => {
  const referring = await database.prisma.$queryRaw<{ table: string }[]>`
    SELECT conrelid::regclass::text AS "table" FROM pg_constraint WHERE contype = 'f' AND confrelid = 'person'::regclass`
  expect(listed).toEqual([...new Set(listed)])
  for (const table of [...personalTables, ...referring.map(({ table }) => table)]) expect(listed).toContain(table)
})

test('rows that name their person go with the row of the person', async () => {
  const cascading = await database.prisma.$queryRaw<{ table: string; column: string }[]>`
    SELECT conrelid::regclass::text AS "table", attname::text AS "column"
    FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND conkey = ARRAY[attnum]
    WHERE contype = 'f' AND confrelid = 'person'::regclass AND confdeltype = 'c'`
  for (const each of named.filter(({ table }) => table !== 'person')) expect(cascading).toContainEqual(each)
  expect(named).toContainEqual({ table: 'person', column: 'id' })
})

// The job that removes people of whom nothing is kept looks there: what it were not shown would go with them.
test('rows that name their person are shown to upkeep', async () => {
  const hidden = await database.prisma.$queryRaw`
    SELECT name FROM unnest(${named.map(({ table }) => table)}::text[]) AS name WHERE NOT EXISTS (
      SELECT FROM pg_policies WHERE tablename = name AND cmd IN ('SELECT', 'ALL') AND qual ~ 'is_upkeep')`
  expect(hidden).toEqual([])
})

// What ANALYZE samples stays when the row is gone.
test('PostgreSQL samples no value of theirs that could tell somebody', async () => {
  const sampled = await database.prisma.$queryRaw`
    SELECT attrelid::regclass::text AS "table", attname::text AS "column" FROM pg_attribute
    WHERE attrelid = ANY (${listed}::text[]::regclass[]) AND attnum > 0 AND NOT attisdropped AND attname <> 'network_id'
      AND atttypid::regtype::text IN ('uuid', 'bytea', 'text', 'character varying', 'json', 'jsonb')
      AND attstattarget IS DISTINCT FROM 0`
  expect(sampled).toEqual([])
})
