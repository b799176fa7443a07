/** The process: configuration → database → app → signals. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from './app.ts'
import { type Config, ConfigError, readConfig } from './config.ts'
import { adviceOnLogin, applicationRole, takeApplicationRole } from './database/application-role.ts'
import { connect, type Database, DatabaseUnavailable } from './database/connect.ts'
import { FolderInUse } from './database/lock-folder.ts'
import { applyMigrations, MigrationsRefused, pendingMigrations } from './database/migrate.ts'
import { loadDemonstration } from './demonstration.ts'
import { recordAct } from './domains/trace/record-act.ts'
import { limits } from './graphql/limits.ts'
import { examples } from './http/example-tabs.ts'
import { graphqlPath } from './http/graphql-endpoint.ts'
import { shutDown } from './http/shut-down.ts'
import { startJobs } from './jobs.ts'
import { createLogger } from './log.ts'
import { createSecrets, readSecrets, SecretsUnavailable } from './secrets.ts'

/** The server can't start; the message says why and what to do. */
class StartRefused extends Error {}

try {
  await start(readConfig(process.env))
} catch (error) {
  const told = [StartRefused, ConfigError, DatabaseUnavailable, FolderInUse, MigrationsRefused, SecretsUnavailable]
  console.error(told.some((kind) => error instanceof kind) ? (error as Error).message : error)
  process.exitCode = 1
}

async function start(config: Config): Promise<void> {
  if ('folder' in config.database) console.log(`Opening the embedded database in ${config.database.folder} …`)
  const place = { ...config.database, patience: limits.statementMilliseconds, role: applicationRole }
  const database = await connect(place, applyMigrations)
  try {
    const told = await prepare(database)
    const { restrictedLogin } = await takeApplicationRole(database)
    if (!restrictedLogin && !database.embedded && !config.development) console.warn(adviceOnLogin)
    // Servers on one database share their secrets; the embedded one is a server's own.
    if (database.embedded && createSecrets(config.secrets)) {
      const unnamed = { networkId: null, recordKey: null, requestId: null }
      await recordAct(database.prisma, { doer: { kind: 'server' }, action: 'secret.create', ...unnamed })
    }
    const logger = createLogger(config.logLevel)
    const secrets = readSecrets(config.secrets, { warn: ({ message }) => logger.error(message) })
    const server = createApp({ database, secrets, config, logger })
    server.listen(config.port, config.host)
    await once(server, 'listening')
    const jobs = await startJobs(database, logger)
    stopOnSignal(server, {
      close: async () => {
        await jobs.stop()
        await database.close()
      },
    })
    console.log(greeting(config, (server.address() as AddressInfo).port, told))
  } catch (error) {
    await database.close()
    throw readable(error, config)
  }
}

// A terminal and the package manager both pass Ctrl+C on: a second signal must not end what the first began.
function stopOnSignal(server: Server, database: Pick<Database, 'close'>): void {
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping !== undefined) return
      console.log(`${signal}: finishing the requests in flight …`)
      stopping = shutDown(server, database)
    })
  }
}

/** Brings the schema up to date, or refuses where that is the operator's decision. Returns what to tell. */
async function prepare(database: Database): Promise<string> {
  const pending = await pendingMigrations(database)
  if (!database.embedded) {
    if (pending.length === 0) return 'PostgreSQL, at DATABASE_URL.'
    throw new StartRefused(
      `The database lacks ${pending.length} of this version's migrations (${pending.join(', ')}). ` +
        'Make a copy of it, then run `pnpm welfare-network migrate` and start again.',
    )
  }
  if (pending.length > 0) await applyMigrations(database)
  const networks = await database.prisma.network.count()
  if (networks > 0) return 'kept from the last time.'
  await loadDemonstration(database)
  return 'new, with the demonstration network.'
}

function greeting(config: Config, port: number, told: string): string {
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const address = `http://${host}:${port}${graphqlPath}`
  const place = 'folder' in config.database ? `${config.database.folder} (WELFARE_NETWORK_DATA moves it)` : 'PostgreSQL'
  const queries = examples.map(({ title, query }) => `  # ${title}\n${query.replaceAll(/^/gm, '  ')}`)
  return [
    '',
    `Welfare Network answers at ${address}`,
    `Data: ${told}`,
    `      ${place}`,
    '',
    `Three queries to try${config.development ? ', also as tabs at that address in a browser' : ''}:`,
    '',
    queries.join('\n\n'),
    '',
    'Stop with Ctrl+C.',
    '',
  ].join('\n')
}

function readable(error: unknown, { port, host }: Config): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error
  if (code === 'EADDRINUSE') {
    const other = port < 65_535 ? port + 1 : 4000
    return new StartRefused(
      `Port ${port} is taken by another program. Choose another, for example: PORT=${other} pnpm start`,
    )
  }
  if (code === 'EACCES') {
    return new StartRefused(`Port ${port} needs more rights. Choose one from 1024: PORT=4000 pnpm start`)
  }
  return new StartRefused(`HOST=${host}: this machine has no such address. Use localhost, 0.0.0.0 or one of its own.`)
}
