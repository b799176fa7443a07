import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { databaseForTest } from '../testing/test-database.ts'
import { connect, type Database } from './connect.ts'
import { applyMigrations, pendingMigrations, schemaDifference } from './migrate.ts'

test('the migrations, applied to an empty database, make what the Prisma schema describes', async () => {
  expect(await schemaDifference()).toBe('')
})

test('a new database has every migration pending, and none after they were applied', async () => {
  const database = await embedded()
  const pending = await pendingMigrations(database)
  expect(pending.length).toBeGreaterThan(0)
  expect(pending).toEqual([...pending].sort())
  expect(await applyMigrations(database)).toEqual(pending)
  expect(await pendingMigrations(database)).toEqual([])
  expect(await applyMigrations(database)).toEqual([])
})

test('a database that is ahead of this version is refused by name', async () => {
  const database = await databaseForTest('empty', 'owner')
  await database.prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29991231_later', now())`
  await expect(pendingMigrations(database)).rejects.toThrow(/does not know \(29991231_later\).*newer/)
})

test('a migration that did not finish is refused by name, with what to do', async () => {
  const database = await databaseForTest('empty', 'owner')
  await database.prisma
    .$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%foundation'`
  await expect(pendingMigrations(database)).rejects.toThrow(/foundation began .* did not finish.*Restore/)
})

const server = inject('templates').server
if (server === null)
  console.warn('skipped: no TEST_DATABASE_URL, so the two databases can not be compared (pnpm test:postgres does)')

test.skipIf(server === null)('the embedded database and a PostgreSQL server end up the same', async () => {
  const one = await embedded()
  await applyMigrations(one)
  const other = await databaseForTest('empty', 'owner')
  expect(await describeSchema(one)).toEqual(await describeSchema(other))
})

async function embedded(): Promise<Database> {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-migrate-'))
  const database = await connect({ folder })
  onTestFinished(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return database
}

// Everything that the migrations can make, in words that do not depend on the version of PostgreSQL.
async function describeSchema({ prisma }: Database): Promise<unknown> {
  return {
    columns: await prisma.$queryRaw`
      SELECT table_name, column_name, udt_name, is_nullable, column_default, character_maximum_length
      FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name`,
    indexes: await prisma.$queryRaw`
      SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname`,
    constraints: await prisma.$queryRaw`
      SELECT conname, conrelid::regclass::text AS table, pg_get_constraintdef(oid) AS definition FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'f', 'u', 'c') ORDER BY 2, 1`,
    enums: await prisma.$queryRaw`
      SELECT typname, enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid ORDER BY typname, enumsortorder`,
    functions: await prisma.$queryRaw`
      SELECT proname, pg_get_function_identity_arguments(oid) AS arguments, provolatile::text, proisstrict
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('plain_text', 'service_words')
      ORDER BY proname`,
    extensions: await prisma.$queryRaw`
      SELECT extname FROM pg_extension WHERE extname IN ('unaccent', 'pg_trgm') ORDER BY extname`,
  }
}
