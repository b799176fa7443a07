/** Reads the tabular form of HSDS 3: one CSV file a kind of record. */
import { basename } from 'node:path'
import { type CsvRow, readCsv } from '../../../sources/read-csv.ts'
import { anyLinks, type EntityName, hsds } from '../hsds/model.ts'
import { entityOfFile } from './read-hsds-json.ts'
import { type Cell, type Reading, type SourceRecord, tellRefusal } from './source-record.ts'

/** Yields the records of the CSV files. */
export async function* readHsdsCsv(paths: string[]): AsyncGenerator<Reading> {
  for (const path of paths) yield* tellRefusal(readFile(path))
}

async function* readFile(path: string): AsyncGenerator<Reading> {
  const file = basename(path)
  const entity = entityOfFile(file)
  if (entity === undefined) {
    const fix = 'leave it out of the folder, or give it the name that HSDS gives its table'
    yield { kind: 'problem', problem: { at: { file }, message: 'is no table of HSDS', fix, scope: 'file' } }
    return
  }
  let missing: string[] = []
  let bytes = 0
  const rows = readCsv(
    path,
    (columns) => (missing = missingColumns(entity, columns)),
    (read) => (bytes += read),
  )
  for await (const row of rows) {
    if (missing.length > 0) break
    yield readRow(entity, file, row)
    if (bytes > 0) yield { kind: 'progress', bytes }
    bytes = 0
  }
  yield { kind: 'progress', bytes }
  if (missing.length > 0) {
    const message = `has no column ${missing.join(', ')}, which ${entity} requires`
    const fix = 'add the column; names are those of HSDS 3, in small letters'
    yield { kind: 'problem', problem: { at: { file, line: 1 }, message, fix, scope: 'file' } }
  }
}

function missingColumns(entity: EntityName, columns: string[]): string[] {
  const { fields, references } = hsds[entity]
  const required = [...Object.entries(fields), ...Object.entries(references)].filter(([, { required }]) => required)
  return ['id', ...required.map(([name]) => name)].filter((name) => !columns.includes(name))
}

function readRow(entity: EntityName, file: string, { line, cells }: CsvRow): SourceRecord {
  const { fields, references } = hsds[entity]
  const link = entity === 'attribute' || entity === 'metadata' ? anyLinks[entity] : undefined
  const cell = (column: string): Cell | null => (cells[column] ? { value: cells[column], column } : null)
  const known = (column: string) =>
    column === 'id' ||
    Object.hasOwn(fields, column) ||
    Object.hasOwn(references, column) ||
    column === link?.id ||
    column === link?.entity
  const pick = (names: Record<string, unknown>): Record<string, Cell> =>
    Object.fromEntries(
      Object.entries(cells)
        .filter(([column]) => Object.hasOwn(names, column))
        .map(([column, value]) => [column, { value: value === '' ? null : value, column }]),
    )
  return {
    kind: 'record',
    entity,
    id: cell('id'),
    fields: pick(fields),
    references: pick(references),
    link: link === undefined ? null : { entity: cell(link.entity), id: cell(link.id) },
    sourceCells: Object.entries(cells)
      .filter(([column, text]) => text !== '' && !known(column))
      .map(([column, text]) => ({ column, text })),
    speaksOf: 'every column',
    wholeLists: [],
    row: true,
    isShared: false,
    at: { file, line },
  }
}
