/** Migrations: which are pending, apply them, write the next one, tell whether they still equal the Prisma schema. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MigrationList, SchemasContainer } from '@prisma/schema-engine-wasm'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { applicationRole, requireApplicationRole } from './application-role.ts'
import { type Database, openPGlite } from './connect.ts'
import { withSchemaEngine } from './schema-engine.ts'

const schemaFolder = join(import.meta.dirname, '../../prisma')
const migrationsFolder = join(schemaFolder, 'migrations')
const filters = { externalTables: [], externalEnums: [] }

/** The migrations of the database and those of this version don't go together; the message says what to do. */
export class MigrationsRefused extends Error {
  /** One began and did not finish, the database is ahead of this version, or doesn't tell. */
  readonly state: 'unfinished' | 'ahead' | 'unreadable'

  constructor(state: MigrationsRefused['state'], message: string) {
    super(message)
    this.state = state
  }
}

/**
 * Names of the migrations that the database has not had yet, oldest first. Throws {@link MigrationsRefused}. Reads only
 * the table of migrations, so that it can be asked often.
 */
export async function pendingMigrations({ prisma }: Pick<Database, 'prisma'>): Promise<string[]> {
  const known = (await readMigrations()).migrationDirectories.map(({ path }) => path)
  const [{ readable }] = await prisma.$queryRaw<[{ readable: boolean | null }]>`
    SELECT has_table_privilege(to_regclass('_prisma_migrations'), 'SELECT') AS readable`
  if (readable === null) return known
  if (!readable) {
    throw new MigrationsRefused(
      'unreadable',
      'This login may not read which migrations the database has had. Run `pnpm welfare-network migrate` as its owner; ' +
        `a login of the server's own needs: GRANT ${applicationRole} TO it.`,
    )
  }
  const applied = await prisma.$queryRaw<{ name: string; finished: boolean }[]>`
    SELECT migration_name AS name, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations WHERE rolled_back_at IS NULL`
  const unfinished = applied.filter(({ finished }) => !finished).map(({ name }) => name)
  if (unfinished.length > 0) {
    throw new MigrationsRefused(
      'unfinished',
      `The migration ${unfinished.join(', ')} began on this database and did not finish. ` +
        'Restore the database from the copy made before it, then run `pnpm welfare-network migrate` again.',
    )
  }
  const unknown = applied.map(({ name }) => name).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new MigrationsRefused(
      'ahead',
      `The database has migrations that this version does not know (${unknown.join(', ')}). ` +
        'Run the version of the server that applied them, or a newer one.',
    )
  }
  return known.filter((name) => !applied.some((migration) => migration.name === name))
}

/**
 * Applies all pending migrations and returns their names. Throws a DatabaseUnavailable, before the first, when the role that
 * the server works as is missing and can't be made.
 */
export async function applyMigrations(database: Database): Promise<string[]> {
  await requireApplicationRole(database)
  const migrations = await readMigrations()
  const { appliedMigrationNames } = await withSchemaEngine(database.adapters, await readSchema(), (engine) =>
    engine.applyMigrations({ migrationsList: migrations, filters }),
  )
  return appliedMigrationNames
}

/** SQL that would turn the database that the migrations make into the one that prisma/ describes; empty when equal. */
export async function schemaDifference(): Promise<string> {
  const schema = await readSchema()
  const migrations = await readMigrations()
  return inMemory(async (adapters) => {
    const { stdout } = await withSchemaEngine(adapters, schema, (engine) =>
      engine.diff({
        from: { tag: 'migrations', ...migrations },
        to: { tag: 'schemaDatamodel', ...schema },
        script: true,
        exitCode: null,
        filters,
      }),
    )
    const sql = stdout ?? ''
    return sql.startsWith('-- This is an empty migration.') ? '' : sql.trim()
  })
}

/** Writes the next migration from {@link schemaDifference}; returns its file, or undefined when there is nothing to do. */
export async function writeNextMigration(name: string, now: Date): Promise<string | undefined> {
  const sql = await schemaDifference()
  if (sql === '') return undefined
  const stamp = now.toISOString().replace(/\D/g, '').slice(0, 14)
  const folder = join(migrationsFolder, `${stamp}_${name}`)
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'migration.sql')
  await writeFile(file, `${sql}\n`)
  return file
}

async function inMemory<T>(use: (adapters: PrismaPGlite) => Promise<T>): Promise<T> {
  const pglite = await openPGlite()
  try {
    return await use(new PrismaPGlite(pglite))
  } finally {
    await pglite.close()
  }
}

async function readSchema(): Promise<SchemasContainer> {
  const names = (await readdir(schemaFolder)).filter((name) => name.endsWith('.prisma')).sort()
  const files = names.map(async (path) => ({ path, content: await readFile(join(schemaFolder, path), 'utf8') }))
  return { files: await Promise.all(files) }
}

async function readMigrations(): Promise<MigrationList> {
  const entries = await readdir(migrationsFolder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  const directories = names.sort().map(async (path) => {
    const content = await readFile(join(migrationsFolder, path, 'migration.sql'), 'utf8')
    return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: content } } }
  })
  return {
    baseDir: migrationsFolder,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(directories),
  }
}
