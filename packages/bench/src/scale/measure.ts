/**
 * `pnpm bench:scale`: how long a large invented directory takes to go into a PostgreSQL of its own, and how much memory,
 * in each form in which HSDS is exchanged; then the same again, which changes nothing, out again, and how long searches
 * of it take.
 */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { entityNames } from '@welfare-network/server/src/domains/directory/hsds/model.ts'
import { Command, InvalidArgumentError, Option } from 'commander'
import { Client } from 'pg'
import { inventDirectory } from './invent-directory.ts'
import { type Run, runCommand } from './run-command.ts'
import { timeSearches } from './time-searches.ts'
import { needTerms } from './words.ts'
import { writeDocuments, writeTables } from './write-package.ts'

const { services, form } = new Command('bench:scale')
  .description('imports, searches and exports an invented directory in both forms of HSDS; tells seconds and memory')
  .option('--services <count>', 'how many services', readCount, 100_000)
  .addOption(new Option('--form <form>', 'one of the two forms alone').choices(['tables', 'documents']))
  .parse()
  .opts<{ services: number; form?: 'tables' | 'documents' }>()

const server = process.env.TEST_DATABASE_URL
if (server === undefined) throw new Error('TEST_DATABASE_URL is not set: run this with `pnpm bench:scale`.')

/** What a hundred thousand services may take. */
const bars = { import: 5 * 60, export: 2 * 60, memory: 1024 ** 3 }

const forms = [
  {
    key: 'tables',
    name: 'tabular CSV',
    database: 'scale_tables',
    source: 'tables',
    format: 'hsds-csv',
    write: writeTables,
  },
  {
    key: 'documents',
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
  for (const { key, name, database, source, format, write } of forms) {
    if (form !== undefined && form !== key) continue
    const path = join(folder, source)
    const started = performance.now()
    await write(inventDirectory(services, 'welfare'), path)
    tell(`${name}, written (${megabytes(sizeOf(path))})`, { seconds: (performance.now() - started) / 1000 })
    const url = await createDatabase(database)
    await runCommand(url, 'migrate')
    const imported = await runCommand(url, 'import', path, '--network', 'scale', '--create')
    tell(`${name}, imported`, imported)
    judge(`${name}, imported`, imported, bars.import)
    tell(`${name}, imported again`, await runCommand(url, 'import', path, '--network', 'scale'))
    const out = join(folder, `${source}.out`)
    const exported = await runCommand(url, 'export', '--network', 'scale', '--format', format, '--out', out)
    tell(`${name}, exported`, exported)
    judge(`${name}, exported`, exported, bars.export)
    const { rows, records } = await summarize(url)
    told.set(name, records)
    console.log(`  ${rows} rows`)
    if (key === 'tables') await tellSearches(url)
  }
  if (new Set(told.values()).size > 1) throw new Error('The two forms did not give the same records.')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

// What is searched by need and by municipality has to be tied to them first, as an operator does.
async function tellSearches(url: string): Promise<void> {
  const files = join(import.meta.dirname, '../../../server/demonstration')
  await runCommand(url, 'municipalities', join(files, 'municipalities.csv'), '--network', 'scale')
  await runCommand(url, 'needs', join(files, 'need-areas.csv'), '--network', 'scale')
  const mapping = join(folder, 'terms.csv')
  writeFileSync(
    mapping,
    ['taxonomy_term_code,need_area_code', ...needTerms.map(({ code }) => `${code},${code}`)].join('\n'),
  )
  await runCommand(url, 'terms', mapping, '--network', 'scale')
  for (const { name, found, milliseconds } of await timeSearches(url, 'scale')) {
    console.log(`  ${name}: ${milliseconds.toFixed(1)} ms, ${found} found`)
  }
}

function judge(what: string, { seconds, memory }: Run, most: number): void {
  if (services !== 100_000 || (seconds <= most && memory <= bars.memory)) return
  console.log(`  MISSED: ${what} may take ${most} s and ${megabytes(bars.memory)}`)
  process.exitCode = 1
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
