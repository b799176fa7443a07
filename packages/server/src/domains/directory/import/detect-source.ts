/** Which layout a path holds, told by its files and their columns. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { SourceRefused } from '../../../sources/problem.ts'
import { readCsv } from '../../../sources/read-csv.ts'
import { readHsdsCsv } from './read-hsds-csv.ts'
import { readHsdsJson } from './read-hsds-json.ts'
import { readOhanaCsv } from './read-ohana-csv.ts'
import type { Reading } from './source-record.ts'

export interface Source {
  /** Layout, in words. */
  layout: 'HSDS 3 JSON' | 'HSDS 3 tabular CSV' | 'HSDS 1 CSV (Ohana)'
  /** Files that are read. */
  paths: string[]
  /** Sum of their sizes. */
  bytes: number
  read(): AsyncGenerator<Reading>
}

const json = new Set(['.json', '.jsonl', '.ndjson'])

/** Throws {@link SourceRefused} when there is nothing there that can be read. */
export async function detectSource(path: string): Promise<Source> {
  if (!existsSync(path)) throw new SourceRefused(`${path}: no such file or folder. Check the path.`)
  const paths = statSync(path).isDirectory() ? filesOf(path) : [path]
  const csv = paths.filter((name) => extension(name) === '.csv')
  const documents = paths.filter((name) => json.has(extension(name)) && basename(name) !== 'datapackage.json')
  if (csv.length > 0) {
    const read = (await isOhana(csv)) ? readOhanaCsv : readHsdsCsv
    return source(read === readOhanaCsv ? 'HSDS 1 CSV (Ohana)' : 'HSDS 3 tabular CSV', [...csv, ...documents], () =>
      refuseBeside(read(csv), documents),
    )
  }
  if (documents.length > 0) return source('HSDS 3 JSON', documents, () => readHsdsJson(documents))
  throw new SourceRefused(
    `${path}: nothing here is HSDS. Give a .json or .jsonl file of HSDS 3 documents, or a folder of HSDS .csv files.`,
  )
}

function filesOf(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

function source(layout: Source['layout'], paths: string[], read: Source['read']): Source {
  return { layout, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0), read }
}

// Whoever puts documents beside tables means them to be imported: passing over them would lose them.
async function* refuseBeside(tables: AsyncGenerator<Reading>, documents: string[]): AsyncGenerator<Reading> {
  yield* tables
  for (const path of documents) {
    const problem = {
      at: { file: basename(path) },
      message: 'is JSON in a folder of CSV tables',
      fix: 'import it by itself, or leave it out of the folder',
      scope: 'file' as const,
    }
    yield { kind: 'problem', problem }
  }
}

// The older layout has tables of its own, gives a service its location and a term its code.
async function isOhana(paths: string[]): Promise<boolean> {
  const names = paths.map((path) => basename(path).toLowerCase())
  if (names.includes('mail_addresses.csv') || names.includes('regular_schedules.csv')) return true
  const isOlder = async (file: string, column: string) => {
    const path = paths[names.indexOf(file)]
    return path !== undefined && (await columnsOf(path)).includes(column)
  }
  return (await isOlder('services.csv', 'location_id')) || (await isOlder('taxonomy.csv', 'taxonomy_id'))
}

async function columnsOf(path: string): Promise<string[]> {
  let columns: string[] = []
  const rows = readCsv(
    path,
    (header) => (columns = header),
    () => {},
  )
  try {
    await rows.next()
  } catch (error) {
    // Whoever reads the whole file says what is wrong with it.
    if (!(error instanceof SourceRefused)) throw error
  } finally {
    await rows.return(undefined)
  }
  return columns
}

function extension(path: string): string {
  return extname(path).toLowerCase()
}
