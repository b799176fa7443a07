/** Reads HSDS JSON: documents of any kind, single, in an array, as JSON Lines, as a page of the API or as tables. */
import { basename } from 'node:path'
import { anyLinks, type EntityName, entityNames, hsds, type Nesting } from '../hsds/model.ts'
import type { Place, Problem } from '../../../sources/problem.ts'
import { SourceRefused } from '../../../sources/problem.ts'
import type { Cell, Reading, SourceRecord } from './source-record.ts'
import { type JsonText, splitJson } from './split-json.ts'

type JsonObject = Record<string, unknown>
type Path = (string | number)[]

/** Yields the records of JSON files in tabular form. */
export async function* readHsdsJson(paths: string[]): AsyncGenerator<Reading> {
  for (const path of paths) {
    let bytes = 0
    let documents = 0
    for await (const document of splitJson(path, (read) => (bytes += read))) {
      documents += 1
      yield* readDocument(basename(path), document)
      yield { kind: 'progress', bytes }
      bytes = 0
    }
    yield { kind: 'progress', bytes }
    if (documents === 0) {
      yield problem({ file: basename(path) }, 'holds no document', 'give HSDS documents, or leave the file out', 'file')
    }
  }
}

function* readDocument(file: string, document: JsonText): Generator<Reading> {
  const value = parse(file, document)
  const place = (path: Path): Place => ({
    file,
    line: document.line,
    pointer: [...(document.index === undefined ? [] : [document.index]), ...path].map((step) => `/${step}`).join(''),
  })
  if (isPage(value)) {
    for (const [index, item] of value.contents.entries()) {
      yield* readItem(item, ['contents', index], file, place)
    }
    return
  }
  const tables = Object.entries(value).filter(([key]) => key.endsWith('.csv'))
  if (tables.length === 0) {
    yield* readItem(value, [], file, place)
    return
  }
  for (const [name, rows] of tables) {
    const entity = entityOfFile(name)
    if (entity === undefined || !Array.isArray(rows)) {
      yield problem(place([name]), 'is not a table of HSDS', 'leave it out, or name it as HSDS does', 'file')
      continue
    }
    for (const [index, row] of rows.entries()) yield* flatten(entity, row, [name, index], place, undefined, true)
  }
}

function* readItem(item: unknown, path: Path, file: string, place: (path: Path) => Place): Generator<Reading> {
  if (!isObject(item)) {
    yield problem(place(path), 'is not a document', 'a document is an object: { … }', 'record')
    return
  }
  const entity = kindOfDocument(item, file)
  if (entity === undefined) {
    const message = 'is not a document of the directory'
    yield problem(place(path), message, 'give a service, organization, location or taxonomy of HSDS 3', 'record')
    return
  }
  yield* flatten(entity, item, path, place, undefined, false)
}

/** The record in `value` and, before it, those nested in it. */
function* flatten(
  entity: EntityName,
  value: unknown,
  path: Path,
  place: (path: Path) => Place,
  holder: { entity: EntityName; id: unknown; by: string } | undefined,
  row: boolean,
): Generator<Reading> {
  if (!isObject(value)) {
    yield problem(place(path), `is not a record of ${entity}`, 'a record is an object: { … }', 'record')
    return
  }
  const model = hsds[entity]
  const link = entity === 'attribute' || entity === 'metadata' ? anyLinks[entity] : undefined
  const record: SourceRecord = {
    kind: 'record',
    entity,
    id: value.id === undefined ? null : { value: value.id, column: 'id' },
    fields: {},
    references: {},
    link: link === undefined ? null : readLink(value, link),
    sourceCells: [],
    wholeLists: [],
    row,
    at: place(path),
  }
  for (const [key, held] of Object.entries(value)) {
    const cell: Cell = { value: held, column: key }
    if (key === 'id' || key === link?.id || key === link?.entity) continue
    if (key in model.lists) yield* flattenList(record, model.lists[key]!, held, [...path, key], place)
    else if (key in model.objects) {
      const nesting = model.objects[key]!
      if (held !== null) yield* flatten(nesting.entity, held, [...path, key], place, undefined, false)
      record.references[nesting.by] = { value: isObject(held) ? held.id : null, column: key }
    } else if (key in model.references) record.references[key] ??= cell
    else if (key in model.fields) record.fields[key] = cell
    else if (held !== null && held !== '') record.sourceCells.push({ column: key, text: asText(held) })
  }
  if (holder !== undefined) tie(record, holder)
  yield record
}

function* flattenList(
  record: SourceRecord,
  nesting: Nesting,
  held: unknown,
  path: Path,
  place: (path: Path) => Place,
): Generator<Reading> {
  if (held === null) return
  if (!Array.isArray(held)) {
    yield problem(place(path), 'is not a list', 'write [ … ]', 'value')
    return
  }
  for (const [index, item] of held.entries()) {
    const holder = { entity: record.entity, id: record.id?.value, by: nesting.by }
    yield* flatten(nesting.entity, item, [...path, index], place, holder, false)
  }
  if (ownedLists.has(nesting.entity)) record.wholeLists.push({ entity: nesting.entity, by: nesting.by })
}

// What a record owns. Services, locations, programs and the log of changes live on when a document leaves them out.
const ownedLists: ReadonlySet<EntityName> = new Set(
  entityNames.filter(
    (name) => !['service', 'location', 'program', 'organization', 'metadata', 'taxonomy_term'].includes(name),
  ),
)

// A nested record belongs to what holds it. What it says of its holder itself is kept when it says something else.
function tie(record: SourceRecord, holder: { entity: EntityName; id: unknown; by: string }): void {
  if (record.link === null) {
    record.references[holder.by] ??= { value: holder.id, column: holder.by }
    return
  }
  const { entity, id } = record.link
  const names = anyLinks[record.entity as keyof typeof anyLinks]
  if (entity?.value && entity.value !== holder.entity) {
    record.sourceCells.push({ column: names.entity, text: asText(entity.value) })
  }
  if (id?.value && id.value !== holder.id) record.sourceCells.push({ column: names.id, text: asText(id.value) })
  record.link = {
    entity: { value: holder.entity, column: names.entity },
    id: { value: holder.id, column: names.id },
  }
}

function readLink(value: JsonObject, names: { id: string; entity: string }): { entity: Cell | null; id: Cell | null } {
  const cell = (column: string): Cell | null => (value[column] == null ? null : { value: value[column], column })
  return { entity: cell(names.entity), id: cell(names.id) }
}

/**
 * The kind of a document, told by its keys: the kind that knows most of them; between equals the one that the file is
 * named for, and then the one that HSDS gives documents of.
 */
function kindOfDocument(document: JsonObject, file: string): EntityName | undefined {
  const keys = Object.keys(document)
  const kinds = [...documentKinds, ...entityNames].flatMap((entity) => {
    const { fields, references, lists, objects } = hsds[entity]
    const known = keys.filter((key) => key === 'id' || key in fields || key in references || key in lists || key in objects)
    const complete = Object.entries(fields).every(([name, field]) => !field.required || name in document)
    if (!complete || !('id' in document)) return []
    return [{ entity, known: known.length, named: file.startsWith(entity) ? entity.length : 0 }]
  })
  return kinds.sort((a, b) => b.known - a.known || b.named - a.named)[0]?.entity
}

const documentKinds = ['service', 'organization', 'location', 'service_at_location', 'taxonomy'] as const

/** The entity whose table has that file name; singular and plural are both in use. */
export function entityOfFile(name: string): EntityName | undefined {
  const stem = name.replace(/\.csv$/, '').toLowerCase()
  const spellings = (entity: EntityName) => {
    const file = hsds[entity].file.replace(/\.csv$/, '')
    return [entity, file, `${file}s`, file.replace(/s$/, '')]
  }
  return entityNames.find((entity) => hsds[entity].file === `${stem}.csv`) ?? entityNames.find((entity) => spellings(entity).includes(stem))
}

function parse(file: string, { text, line, index }: JsonText): JsonObject {
  try {
    return JSON.parse(text) as JsonObject
  } catch (error) {
    const position = Number(/position (\d+)/.exec((error as Error).message)?.[1] ?? 0)
    const at = { file, line: line + countLines(text, position), pointer: index === undefined ? undefined : `/${index}` }
    throw new SourceRefused(`${file} is not JSON; nothing was imported.`, [
      { at, message: 'is not JSON here', fix: 'check quotes, commas and brackets just before this line', scope: 'file' },
    ])
  }
}

function countLines(text: string, end: number): number {
  return text.slice(0, end).split('\n').length - 1
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPage(value: JsonObject): value is { contents: unknown[] } {
  return Array.isArray(value.contents) && 'total_items' in value
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function problem(at: Place, message: string, fix: string, scope: Problem['scope']): Reading {
  return { kind: 'problem', problem: { at, message, fix, scope } }
}
