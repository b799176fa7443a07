/**
 * `pnpm bench:scale`: how long a large invented directory takes to go into a PostgreSQL of its own, and how much memory,
 * in each form in which HSDS is exchanged; then the same again, which changes nothing, and out again.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entityNames } from '@welfare-network/server/src/domains/directory/hsds/model.ts'
import { Command, InvalidArgumentError } from 'commander'
import { Client } from 'pg'
import { inventDirectory } from './invent-directory.ts'
import { runCommand } from './run-command.ts'
import { writeDocuments, writeTables } from './write-package.ts'

const { services } = new Command('bench:scale')
  .description('imports and exports an invented directory in both forms of HSDS and tells seconds and memory')
  .option('--services <count>', 'how many services', readCount, 100_000)
  .parse()
  .opts<{ services: number }>()

const server = process.env.TEST_DATABASE_URL
if (server === undefined) throw new Error('TEST_DATABASE_URL is not set: run this with `pnpm bench:scale`.')

const forms = [
  { name: 'tabular CSV', database: 'scale_tables', source: 'tables', format: 'hsds-csv', write: writeTables },
  {
    name: 'JSON Lines',
    database: 'scale_documents',
    source: 'services.jsonl',
    format: 'hsds-json',
    write: writeDocuments,
  },
] as const

const folder = mkdtempSync(join(tmpdir(), 'welfare-network-scale-'))
try {
  const told = new Map<string, string>()
  console.log(`${services} services, invented:`)
  for (const { name, database, source, format, write } of forms) {
    const path = join(folder, source)
    const started = performance.now()
    await write(inventDirectory(services, 'welfare'), path)
    tell(`${name}, written (${megabytes(sizeOf(path))})`, { seconds: (performance.now() - started) / 1000 })
    const url = await createDatabase(database)
    await runCommand(url, 'migrate')
    tell(`${name}, imported`, await runCommand(url, 'import', path, '--network', 'scale', '--create'))
    tell(`${name}, imported again`, await runCommand(url, 'import', path, '--network', 'scale'))
    const out = join(folder, `${source}.out`)
    tell(`${name}, exported`, await runCommand(url, 'export', '--network', 'scale', '--format', format, '--out', out))
    const { rows, records } = await summarize(url)
    told.set(name, records)
    console.log(`  ${rows} rows`)
  }
  if (new Set(told.values()).size > 1) throw new Error('The two forms did not give the same records.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function tell(what: string, run: { seconds: number; memory?: number; computed?: number }): void {
  const memory = run.memory === undefined ? '' : `, ${megabytes(run.memory)} at most`
  const computed = run.computed === undefined ? '' : `, ${run.computed.toFixed(1)} s of them in the process`
  console.log(`  ${what}: ${run.seconds.toFixed(1)} s${computed}${memory}`)
}

async function createDatabase(name: string): Promise<string> {
  await onDatabase(server!, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${name}`)
    await client.query(`CREATE DATABASE ${name}`)
  })
  return Object.assign(new URL(server!), { pathname: `/${name}` }).href
}

/** How many rows there are, and which records, in a few letters. */
function summarize(url: string): Promise<{ rows: number; records: string }> {
  const each = entityNames.map((entity) => `SELECT '${entity}' AS entity, uuid FROM "${entity}"`)
  return onDatabase(url, async (client) => {
    const { rows } = await client.query<{ rows: number; records: string }>(
      `SELECT count(*)::integer AS rows, sum(hashtextextended(entity || uuid, 0))::text AS records
       FROM (${each.join(' UNION ALL ')}) record`,
    )
    return rows[0]!
  })
}

async function onDatabase<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  return use(client).finally(() => client.end())
}

function sizeOf(path: string): number {
  const paths = statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path]
  return paths.reduce((sum, file) => sum + statSync(file).size, 0)
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,7}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Give a whole number of services, such as 100000.')
}
