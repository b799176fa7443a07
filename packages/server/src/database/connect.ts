/** Opens the database: PostgreSQL when there is an address, an embedded PostgreSQL in a folder when there is none. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { ConstructorOptions } from 'pg-boss'
import { PrismaPGlite } from 'pglite-prisma-adapter'
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { ActingClient, carryReads, noteCarrier } from './carry-settings.ts'
import { FolderInUse, lockFolder } from './lock-folder.ts'
import { nameStatements } from './name-statements.ts'
import { rewriteReads } from './rewrite-reads.ts'

/** Either the address of a PostgreSQL server, or the folder of an embedded one. */
export type DatabasePlace = ServerPlace | { folder: string }

interface ServerPlace {
  url: string
  /** Milliseconds that a statement may take; as long as it needs when absent. */
  patience?: number
  /** The role that connections work as; that of the address when absent, or behind a pooler (see the README). */
  role?: string
}

export interface Database {
  /** True when PostgreSQL runs inside this process, with one connection. */
  embedded: boolean
  /** True when this call made the database's folder. */
  isNew: boolean
  /** Typed access to the tables. */
  prisma: PrismaClient
  /** How the migration engine reaches the same database. */
  adapters: SqlMigrationAwareDriverAdapterFactory
  /** How the job queue reaches the same database, in the same role. */
  queue: QueueConnection
  /** Ends all connections and, when embedded, lets go of the folder. */
  close(): Promise<void>
}

export type QueueConnection = Pick<ConstructorOptions, 'connectionString' | 'options' | 'db' | 'backend'>

/** The client inside `prisma.$transaction(async (tx) => …)`, and the client itself. */
export type Transaction = Prisma.TransactionClient

/**
 * Opens the database at `place`; an embedded one is created when its folder is new, and counts only once `prepareNew`
 * is done with it. Throws a {@link DatabaseUnavailable} that says what to do when it can't be opened.
 */
export async function connect(
  place: DatabasePlace,
  prepareNew: (database: Database) => Promise<unknown> = async () => {},
): Promise<Database> {
  return 'url' in place ? connectToServer(place) : connectToFolder(place.folder, prepareNew)
}

/** The database can't be opened; the message says why and what to do. */
export class DatabaseUnavailable extends Error {}

async function connectToServer({ url, patience = 0, role }: ServerPlace): Promise<Database> {
  const config = { connectionString: url, Client: ActingClient, pipeline: true }
  // Prisma writes and reads moments without their offset, as if every server were in UTC. Compiling a plan (jit) takes
  // longer than any of our queries.
  const options = `-c TimeZone=UTC -c jit=off -c statement_timeout=${patience}${role === undefined ? '' : ` -c role=${role}`}`
  const pooled = isPooled(url)
  const direct = pooled
    ? new PrismaPg(config)
    : new PrismaPg({ ...config, options }, { statementNameGenerator: nameStatements() })
  const adapters = rewriteReads(carryReads(direct))
  const prisma = openClient(adapters)
  noteCarrier(prisma)
  try {
    await prisma.$queryRaw`SELECT 1`
  } catch (error) {
    await prisma.$disconnect()
    throw new DatabaseUnavailable(`DATABASE_URL: ${refusalOf(error, role)}`)
  }
  const queue = { connectionString: url, ...(!pooled && { options }) }
  return { embedded: false, isNew: false, prisma, adapters, queue, close: () => prisma.$disconnect() }
}

// An error that names the line of ours it came from costs every query a stack, and quotes what the query asked.
function openClient(adapter: SqlMigrationAwareDriverAdapterFactory): PrismaClient {
  return new PrismaClient({ adapter, errorFormat: 'minimal' })
}

function refusalOf(error: unknown, role: string | undefined): string {
  const why = reason(error)
  if (why.includes(`role "${role}" does not exist`)) {
    return `the database has no role ${role}. Run \`pnpm welfare-network migrate\` as its owner, then start again.`
  }
  if (why.includes(`permission denied to set role "${role}"`)) {
    return `its login may not work as ${role}. Let an administrator run: GRANT ${role} TO that login, or to one of its own.`
  }
  return (
    `no PostgreSQL answers there (${why}). ` +
    'Start the server or correct the address; unset DATABASE_URL to use the embedded database.'
  )
}

// A prepared statement belongs to one connection of PostgreSQL, and so do settings. A pooler that hands connections out
// transaction by transaction may not know that; ?pgbouncer=true in the address, the name that Prisma gave it, tells that
// there is one. The database itself must have the settings then (see the README).
function isPooled(url: string): boolean {
  return URL.canParse(url) && new URL(url).searchParams.get('pgbouncer') === 'true'
}

async function connectToFolder(
  folder: string,
  prepareNew: (database: Database) => Promise<unknown>,
): Promise<Database> {
  const unlock = takeFolder(folder)
  try {
    const data = join(folder, 'postgres')
    const isNew = !existsSync(data)
    if (isNew) await createDataFolder(data, prepareNew)
    return await openFolder(data, isNew, unlock)
  } catch (error) {
    unlock()
    throw new DatabaseUnavailable(
      `${folder}: the embedded database does not open (${reason(error)}). ` +
        'Move the folder away to begin with a new one, or restore it from a copy.',
    )
  }
}

function takeFolder(folder: string): () => void {
  try {
    mkdirSync(folder, { recursive: true })
    return lockFolder(folder)
  } catch (error) {
    if (error instanceof FolderInUse) throw error
    throw new DatabaseUnavailable(
      `${folder}: the folder of the embedded database can't be used (${reason(error)}). ` +
        'Let this user write there, or choose another with WELFARE_NETWORK_DATA.',
    )
  }
}

// A folder counts only once it is whole: a process killed while PostgreSQL or the migrations lay it out leaves no
// half-made database.
async function createDataFolder(data: string, prepareNew: (database: Database) => Promise<unknown>): Promise<void> {
  const partial = `${data}.partial`
  rmSync(partial, { recursive: true, force: true })
  const database = await openFolder(partial, true, () => {})
  await prepareNew(database).finally(() => database.close())
  renameSync(partial, data)
}

async function openFolder(data: string, isNew: boolean, unlock: () => void): Promise<Database> {
  const pglite = await openPGlite(data)
  const adapters = rewriteReads(new PrismaPGlite(pglite))
  const prisma = openClient(adapters)
  return {
    embedded: true,
    isNew,
    prisma,
    adapters,
    queue: { backend: 'pglite', db: { executeSql: (text, values) => runForQueue(pglite, text, values) } },
    close: async () => {
      await prisma.$disconnect()
      await pglite.close()
      unlock()
    },
  }
}

// The queue sends scripts that begin and commit a transaction of their own. The adapter of the library leaves one that failed
// open until it comes round to it, and whoever uses the one connection in between fails too; here it ends at once.
async function runForQueue(pglite: PGlite, text: string, values: unknown[] = []) {
  if (values.length > 0) return pglite.query(text, values)
  const results = await pglite.transaction((tx) => tx.exec(text))
  return { rows: results.flatMap(({ rows }) => rows) }
}

/** An embedded PostgreSQL with the extensions that the migrations ask for; in memory without `dataDir`. */
export async function openPGlite(dataDir?: string): Promise<PGlite> {
  return PGlite.create({ ...(dataDir === undefined ? {} : { dataDir }), extensions: { btree_gist, pg_trgm, unaccent } })
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.trim().split('\n').at(-1)! : String(error)
}
