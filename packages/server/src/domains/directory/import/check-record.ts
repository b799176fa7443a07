/** Turns a record of a source into the row that is stored, value by value, and says what is wrong with it. */
import type { Problem } from '../../../sources/problem.ts'
import { checkIdentifier } from '../../network/check-identifier.ts'
import { anyLinks, type EntityName, type Field, hsds, isEntityName } from '../hsds/model.ts'
import { type Checked, checkValue, unstorable } from './check-value.ts'
import { hsdsUuid, isStorable, rowId, usableId } from './identify.ts'
import type { Cell, SourceRecord } from './source-record.ts'

/** A row as it waits in the staging table. */
export interface StagedRow {
  entity: EntityName
  id: string
  /** Columns of the table; one that is absent stays as it is. */
  data: Record<string, unknown>
  /** Source cells kept beside the row, by column. */
  cells: Record<string, StagedCell>
  /** For what a message may have to name later, the column and value that the source has. */
  sources: Record<string, { column: string; value?: unknown }>
  /** True when the source may give this record only once. */
  once: boolean
  file: string
  line: number | null
  pointer: string | null
}

/** The text of a source cell, with the identifier and row key of the attribute that keeps it. */
export type StagedCell = [text: string, uuid: string, id: string]

/** Records of that kind that are tied to this parent and not staged are gone from the source. */
export interface WholeList {
  entity: EntityName
  by: string
  parent: string
  /** Of source cells: the columns that the source speaks of, when it does not speak of all. */
  columns: string[] | null
  file: string
}

export interface CheckedRecord {
  /** Nothing when the record can't stand. */
  row: StagedRow | undefined
  wholeLists: WholeList[]
  problems: Problem[]
}

export interface ImportTarget {
  networkId: string
  /** Name of the feed: it tells apart equal identifiers, when they are not UUIDs, of different sources. */
  feed: string
  /** Everything imported is invented, and is marked so. */
  demonstration: boolean
}

/** Attributes of this kind hold the cells of a source that HSDS has no field for, or that could not be stored. */
export const sourceCell = 'source_cell'

/** Checks each value of a record; what can't be stored becomes a problem and, beside it, a source cell. */
export function checkRecord(record: SourceRecord, target: ImportTarget): CheckedRecord {
  const problems: Problem[] = []
  const { entity, at } = record
  const { fields, references } = hsds[entity]
  const report = (cell: Cell | null, column: string, message: string, fix: string, scope: Problem['scope']) =>
    problems.push({ at, column: cell?.column ?? column, value: shown(cell), message, fix, scope })
  const keep = ({ column, value }: Cell) => keepCell(row, column, asText(value), target.networkId)

  const id = usableId(record.id?.value)
  if (id === undefined) {
    const isEmpty = String(record.id?.value ?? '').trim() === ''
    const message = isEmpty ? 'is missing' : 'is not an identifier'
    report(isEmpty ? null : record.id, 'id', message, 'give every record an identifier of its own', 'record')
    return { row: undefined, wholeLists: [], problems }
  }
  const uuid = hsdsUuid(target.feed, entity, id)
  const row: StagedRow = {
    entity,
    id: rowId(target.networkId, entity, uuid),
    data: { uuid },
    cells: noCells(),
    sources: record.row ? { id: { column: record.id!.column, value: shown(record.id) } } : {},
    once: record.row,
    file: at.file,
    line: at.line ?? null,
    pointer: at.pointer ?? null,
  }
  if (target.demonstration && demonstrable.has(entity)) row.data.demonstration = true

  for (const cell of record.sourceCells) {
    const { column, text } = cell
    if (![column, text].every(isStorable)) report({ column, value: text }, column, ...unstorable, 'value')
    keepCell(row, column, text, target.networkId)
  }
  // Where a UUID had to be made, the source's own identifier must be found again.
  if (uuid !== record.id!.value && record.id!.shown === undefined && record.speaksOf.length > 0) keep(record.id!)
  for (const [name, cell] of Object.entries(record.fields)) {
    const field = fields[name]!
    const checked = cell.wrong ? { ok: false as const, ...cell.wrong } : checkField(name, field, cell.value)
    if (field.required && cell.column !== name) row.sources[name] = { column: cell.column }
    if (checked.ok) {
      row.data[name] = checked.value
      if (isRewritten(field, cell, checked.value)) keep(cell)
    } else {
      report(cell, name, checked.message, checked.fix, field.required ? 'record' : 'value')
      keep(cell)
    }
  }
  if (entity === 'organization_identifier') {
    const wrong = checkIdentifier(String(row.data.identifier_scheme ?? ''), String(row.data.identifier ?? ''))
    if (wrong !== undefined) {
      report(record.fields.identifier ?? null, 'identifier', wrong.message, wrong.fix, 'record')
      return { row: undefined, wholeLists: [], problems }
    }
  }
  for (const [name, cell] of Object.entries(record.references)) {
    row.sources[name] = { column: cell.column, value: shown(cell) }
    if (cell.value === null) row.data[name] = null
    else point(name, references[name]!.to, cell, references[name]!.required ? 'record' : 'value')
  }
  if (record.link !== null) checkLink(record.link)
  return {
    row,
    wholeLists: [...listCells(), ...record.wholeLists.map((list) => wholeList(list.entity, list.by, null))],
    problems,
  }

  function point(name: string, to: EntityName, cell: Cell, scope: Problem['scope']): void {
    const other = usableId(cell.value)
    if (other === undefined) {
      report(cell, name, 'is not an identifier', `give the id of the ${words(to)}`, scope)
      row.sources[name] = { column: cell.column }
      keep(cell)
    } else {
      row.data[name] = rowId(target.networkId, to, hsdsUuid(target.feed, to, other))
    }
  }

  function checkLink(link: NonNullable<SourceRecord['link']>): void {
    const names = anyLinks[entity as keyof typeof anyLinks]
    const kind = String(link.entity?.value ?? '')
    if (link.id === null && link.entity === null) return
    if (!isEntityName(kind)) {
      report(link.entity, names.entity, 'is no kind of record', `give the HSDS name, such as service`, 'value')
      for (const cell of [link.entity, link.id]) if (cell) keep(cell)
      return
    }
    row.data[names.entity] = kind
    if (link.id === null) return
    row.sources[names.id] = { column: link.id.column, value: shown(link.id) }
    point(names.id, kind, link.id, 'value')
  }

  function listCells(): WholeList[] {
    if (record.speaksOf === 'every column') return [wholeList('attribute', sourceCell, null)]
    return record.speaksOf.length === 0 ? [] : [wholeList('attribute', sourceCell, record.speaksOf.map(labelOf))]
  }

  function wholeList(entity: EntityName, by: string, columns: string[] | null): WholeList {
    return { entity, by, parent: row.id, columns, file: at.file }
  }
}

// Names stand in indexes, which hold no more than a page of text.
const longestName = 1_000

export function checkField(name: string, field: Field, value: unknown): Checked {
  const checked = checkValue(field, value)
  if (name !== 'name' || !checked.ok || String(checked.value ?? '').length <= longestName) return checked
  return {
    ok: false,
    message: `is longer than ${longestName} characters`,
    fix: 'shorten it; what it tells belongs in the description',
  }
}

/** Columns may have names that every object has, so this one has none. */
export function noCells(): StagedRow['cells'] {
  return Object.create(null)
}

/** Keeps the text of a cell beside the row, unless one of that column is kept already. */
export function keepCell(row: Pick<StagedRow, 'id' | 'cells'>, column: string, text: string, networkId: string): void {
  const label = labelOf(column)
  const uuid = hsdsUuid(row.id, 'attribute', `cell ${label}`)
  row.cells[label] ??= [storable(text), uuid, rowId(networkId, 'attribute', uuid)]
}

/** Kinds of records that are marked when they are invented. */
export const demonstrable: ReadonlySet<EntityName> = new Set(['service', 'location', 'schedule'])

/** Whether what is stored says less than what was written. */
function isRewritten(field: Field, cell: Cell, stored: unknown): boolean {
  if (typeof cell.value !== 'string' || stored === null) return false
  // 007 is stored as the number 7, and a moment without the offset in which somebody told it.
  return String(stored) !== cell.value || (field.kind === 'instant' && !/:\d\d(\.\d{1,6})?Z$/.test(cell.value))
}

/** The label of a column's cells; empty text would be no label. */
function labelOf(column: string): string {
  return storable(column) || '""'
}

/** The text with what PostgreSQL can't hold replaced. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

function shown(cell: Cell | null): unknown {
  return cell?.shown ?? cell?.value ?? undefined
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function words(entity: EntityName): string {
  return entity.replaceAll('_', ' ')
}
