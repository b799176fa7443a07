/** Reads HSDS JSON: documents of any kind, single, in an array, as JSON Lines, as a page of the API or as tables. */
import { basename } from 'node:path'
import { getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser'
import type { Place, Problem } from '../../../sources/problem.ts'
import { readText } from '../../../sources/read-text.ts'
import { anyLinks, type EntityName, entityNames, hsds, type Nesting, standAlone } from '../hsds/model.ts'
import { usableId } from './identify.ts'
import { type Cell, type Reading, type SourceRecord, tellRefusal } from './source-record.ts'
import { type JsonDocument, splitJson } from './split-json.ts'

type JsonObject = Record<string, unknown>
type Path = (string | number)[]

/** Yields the records of JSON files in tabular form. */
export async function* readHsdsJson(paths: string[]): AsyncGenerator<Reading> {
  for (const path of paths) yield* tellRefusal(readFile(path))
}

async function* readFile(path: string): AsyncGenerator<Reading> {
  const file = basename(path)
  let bytes = 0
  let documents = 0
  for await (const part of splitFile(path, (read) => (bytes += read))) {
    documents += 1
    if (part.kind === 'document') yield* readDocument(file, part)
    else {
      const { message, fix, scope } = part
      yield problem({ at: { file, line: part.line, pointer: pointer(part.index, []) }, message, fix, scope })
    }
    yield { kind: 'progress', bytes }
    bytes = 0
  }
  yield { kind: 'progress', bytes }
  if (documents === 0) {
    const fix = 'give HSDS documents, or leave the file out'
    yield problem({ at: { file }, message: 'holds no document', fix, scope: 'file' })
  }
}

/** The documents of a file, cut as its name says: JSON Lines, or whatever is in it. */
export function splitFile(path: string, onBytes: (bytes: number) => void) {
  return splitJson(readText(path, onBytes), { lines: /\.(jsonl|ndjson)$/i.test(path) })
}

function* readDocument(file: string, document: JsonDocument): Generator<Reading> {
  const place = (path: Path): Place => ({ file, line: document.line, pointer: pointer(document.index, path) })
  const value = parse(document)
  if (value === undefined) {
    const fix = 'check quotes, commas and brackets just before this line'
    const at = { ...place([]), line: document.line + findBadLine(document.text) }
    yield problem({ at, message: 'is not JSON here', fix, scope: 'record' })
    return
  }
  // Of a key that is written twice the parser keeps the last value and says nothing.
  if (countKeys(value) !== document.keys) yield* findRepeatedKeys(parseTree(document.text)!, [], place)
  if (isPage(value)) {
    for (const [index, item] of value.contents.entries()) yield* readItem(item, ['contents', index], file, place)
  } else if (Object.keys(value).some((key) => key.endsWith('.csv'))) {
    yield* readTables(value, place)
  } else {
    yield* readItem(value, [], file, place)
  }
}

function* readTables(tables: JsonObject, place: (path: Path) => Place): Generator<Reading> {
  for (const [name, rows] of Object.entries(tables)) {
    const entity = entityOfFile(name)
    if (entity === undefined || !Array.isArray(rows)) {
      const [message, fix] = ['is no table of HSDS', 'leave it out, or name it as HSDS does']
      yield problem({ at: place([]), column: name, message, fix, scope: 'record' })
      continue
    }
    for (const [index, row] of rows.entries()) {
      if (isObject(row)) yield* flatten(entity, row, [name, index], place, undefined, { row: true, isShared: false })
      else yield notRecord(entity, place([name, index]), undefined, row)
    }
  }
}

function* readItem(item: unknown, path: Path, file: string, place: (path: Path) => Place): Generator<Reading> {
  const entity = isObject(item) ? kindOfDocument(item, file) : undefined
  if (entity === undefined) {
    const fix = 'give a service, organization, location or taxonomy of HSDS 3'
    yield problem({ at: place(path), message: 'is not a document of the directory', fix, scope: 'record' })
  } else {
    yield* flatten(entity, item as JsonObject, path, place, undefined, { row: false, isShared: false })
  }
}

/** The record in `value` and, before it, those nested in it. */
function* flatten(
  entity: EntityName,
  value: JsonObject,
  path: Path,
  place: (path: Path) => Place,
  holder: { entity: EntityName; id: unknown; by: string } | undefined,
  stands: Pick<SourceRecord, 'row' | 'isShared'>,
): Generator<Reading> {
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
    speaksOf: Object.keys(value),
    wholeLists: [],
    ...stands,
    at: place(path),
  }
  // Without an identifier nothing can be tied to the record: what is nested in it is left out with it.
  if (usableId(record.id?.value) === undefined) {
    yield record
    return
  }
  for (const [key, held] of Object.entries(value)) {
    const cell: Cell = { value: held, column: key }
    if (key === 'id' || key === link?.id || key === link?.entity) continue
    if (Object.hasOwn(model.lists, key) || Object.hasOwn(model.objects, key)) continue
    if (Object.hasOwn(model.references, key)) record.references[key] = cell
    else if (Object.hasOwn(model.fields, key)) record.fields[key] = cell
    else if (held !== null && held !== '') record.sourceCells.push({ column: key, text: asText(held) })
  }
  for (const [key, held] of Object.entries(value)) {
    if (held === null) continue
    if (Object.hasOwn(model.lists, key)) yield* flattenList(record, key, model.lists[key]!, held, path, place)
    if (Object.hasOwn(model.objects, key)) yield* flattenObject(record, key, model.objects[key]!, held, path, place)
  }
  if (holder !== undefined) yield* tie(record, holder)
  yield record
}

function* flattenObject(
  record: SourceRecord,
  key: string,
  { entity, by }: Nesting,
  held: unknown,
  path: Path,
  place: (path: Path) => Place,
): Generator<Reading> {
  if (isObject(held)) {
    yield* flatten(entity, held, [...path, key], place, undefined, { row: false, isShared: true })
    yield* refer(record, by, { value: held.id ?? null, column: key })
  } else {
    yield notRecord(entity, record.at, key, held)
    record.sourceCells.push({ column: key, text: asText(held) })
    record.references[by] ??= { value: null, column: key }
  }
}

function* flattenList(
  record: SourceRecord,
  key: string,
  { entity, by }: Nesting,
  held: unknown,
  path: Path,
  place: (path: Path) => Place,
): Generator<Reading> {
  if (!Array.isArray(held)) {
    yield problem({
      at: record.at,
      column: key,
      value: held,
      message: 'is not a list',
      fix: 'write [ … ]',
      scope: 'value',
    })
    record.sourceCells.push({ column: key, text: asText(held) })
    return
  }
  const others = held.filter((item) => !isObject(item))
  if (others.length > 0) record.sourceCells.push({ column: key, text: asText(others) })
  const isShared = record.isShared || standAlone.has(entity)
  for (const [index, item] of held.entries()) {
    const here = [...path, key, index]
    const holder = { entity: record.entity, id: record.id?.value, by }
    if (isObject(item)) yield* flatten(entity, item, here, place, holder, { row: false, isShared })
    else yield notRecord(entity, place(here), undefined, item)
  }
  // Services, locations, programs and the log of changes live on when a document leaves them out.
  if (!standAlone.has(entity) && entity !== 'metadata') record.wholeLists.push({ entity, by })
}

// A nested record belongs to what holds it. What it says of its holder itself is kept when it says something else.
function* tie(record: SourceRecord, holder: { entity: EntityName; id: unknown; by: string }): Generator<Reading> {
  if (record.link === null) {
    yield* refer(record, holder.by, { value: holder.id, column: holder.by })
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

function* refer(record: SourceRecord, by: string, cell: Cell): Generator<Reading> {
  const said = record.references[by]
  record.references[by] = cell
  if (said?.value == null || cell.value == null || said.value === cell.value) return
  const { column, value } = said
  const fix = 'say the same in both places, or leave one of them out'
  yield problem({ at: record.at, column, value, message: 'contradicts what is nested in what', fix, scope: 'value' })
  record.sourceCells.push({ column, text: asText(value) })
}

function readLink(value: JsonObject, names: { id: string; entity: string }): { entity: Cell | null; id: Cell | null } {
  const cell = (column: string): Cell | null => (value[column] == null ? null : { value: value[column], column })
  return { entity: cell(names.entity), id: cell(names.id) }
}

/**
 * The kind of a document, told by its keys: the kind that knows most of them; between equals the one that the file is
 * named for, then one whose required fields are all there, and then the one that HSDS gives documents of.
 */
function kindOfDocument(document: JsonObject, file: string): EntityName | undefined {
  const keys = Object.keys(document)
  const kinds = [...new Set([...documentKinds, ...entityNames])].map((entity) => {
    const { file: table, fields, references, lists, objects } = hsds[entity]
    const link: string[] = entity === 'attribute' || entity === 'metadata' ? Object.values(anyLinks[entity]) : []
    const knows = (key: string) =>
      link.includes(key) || [fields, references, lists, objects].some((part) => Object.hasOwn(part, key))
    const names = [entity, table.replace('.csv', '')].filter((name) => file.startsWith(name))
    return {
      entity,
      known: keys.filter((key) => key === 'id' || knows(key)).length,
      named: Math.max(0, ...names.map((name) => name.length)),
      complete: Number(
        Object.entries(fields).every(([name, field]) => !field.required || Object.hasOwn(document, name)),
      ),
    }
  })
  const [best] = kinds.sort((a, b) => b.known - a.known || b.named - a.named || b.complete - a.complete)
  // A single key in common tells nothing, unless the file tells the kind.
  return best!.known < (best!.named > 0 ? 1 : 2) ? undefined : best!.entity
}

const documentKinds = ['service', 'organization', 'location', 'service_at_location', 'taxonomy'] as const

/** The entity whose table has that file name; singular and plural are both in use. */
export function entityOfFile(name: string): EntityName | undefined {
  const stem = name.toLowerCase().replace(/\.csv$/, '')
  const spellings = (entity: EntityName) => {
    const file = hsds[entity].file.replace(/\.csv$/, '')
    return [entity, file, `${file}s`, file.replace(/s$/, '')]
  }
  return (
    entityNames.find((entity) => hsds[entity].file === `${stem}.csv`) ??
    entityNames.find((entity) => spellings(entity).includes(stem))
  )
}

function parse({ text }: JsonDocument): JsonObject | undefined {
  try {
    const manyDigits = /\d[\d.]{15}/.test(text)
    return JSON.parse(text, manyDigits ? (keepDigits as Parameters<typeof JSON.parse>[1]) : undefined) as JsonObject
  } catch {
    return undefined
  }
}

// A number in JavaScript has some 15 digits: one with more stays as it is written.
function keepDigits(_key: string, value: unknown, { source }: { source: string }): unknown {
  return typeof value === 'number' && source.replaceAll(/\D/g, '').length > 15 ? source : value
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const held = Object.values(value)
  return held.reduce((count: number, one) => count + countKeys(one), Array.isArray(value) ? 0 : held.length)
}

function* findRepeatedKeys(node: Node, path: Path, place: (path: Path) => Place): Generator<Reading> {
  const seen = new Map<string, Node>()
  for (const [index, part] of (node.children ?? []).entries()) {
    if (node.type === 'array') yield* findRepeatedKeys(part, [...path, index], place)
    if (node.type !== 'object') continue
    const [{ value: key }, held] = part.children as [Node, Node]
    const earlier = seen.get(key)
    if (earlier !== undefined) {
      const fix = 'keep one of the two'
      const value = getNodeValue(earlier)
      yield problem({ at: place(path), column: key, value, message: 'is written twice', fix, scope: 'value' })
    }
    seen.set(key, held)
    yield* findRepeatedKeys(held, [...path, key], place)
  }
}

function findBadLine(text: string): number {
  const errors: ParseError[] = []
  parseTree(text, errors, { disallowComments: true, allowTrailingComma: false })
  return text.slice(0, errors[0]?.offset ?? 0).split('\n').length - 1
}

function pointer(index: number | undefined, path: Path): string {
  return [...(index === undefined ? [] : [index]), ...path].map((step) => `/${step}`).join('')
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

function notRecord(entity: EntityName, at: Place, column: string | undefined, value: unknown): Reading {
  const message = `is not a record of ${entity}`
  return problem({ at, column, value, message, fix: 'a record is an object: { … }', scope: 'record' })
}

function problem(problem: Problem): Reading {
  return { kind: 'problem', problem }
}
