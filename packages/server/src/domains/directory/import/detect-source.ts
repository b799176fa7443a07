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
  const isFolder = statSync(path).isDirectory()
  const paths = isFolder ? readdirSync(path).sort().map((name) => join(path, name)) : [path]
  const csv = paths.filter((name) => extname(name) === '.csv')
  const documents = paths.filter((name) => json.has(extname(name)) && basename(name) !== 'datapackage.json')
  if (csv.length > 0) {
    return (await isOhana(csv))
      ? source('HSDS 1 CSV (Ohana)', csv, () => readOhanaCsv(csv))
      : source('HSDS 3 tabular CSV', csv, () => readHsdsCsv(csv))
  }
  if (documents.length > 0) return source('HSDS 3 JSON', documents, () => readHsdsJson(documents))
  throw new SourceRefused(
    `${path}: nothing here is HSDS. Give a .json or .jsonl file of HSDS 3 documents, or a folder of HSDS .csv files.`,
  )
}

function source(layout: Source['layout'], paths: string[], read: Source['read']): Source {
  return { layout, paths, bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0), read }
}

// The older layout gives a service its location and has tables of its own.
async function isOhana(paths: string[]): Promise<boolean> {
  const names = paths.map((path) => basename(path))
  if (names.some((name) => ['mail_addresses.csv', 'regular_schedules.csv', 'taxonomy.csv'].includes(name))) return true
  const services = paths[names.indexOf('services.csv')]
  if (services === undefined) return false
  let columns: string[] = []
  const rows = readCsv(
    services,
    (header) => (columns = header),
    () => {},
  )
  await rows.next()
  await rows.return(undefined)
  return columns.includes('location_id')
}
