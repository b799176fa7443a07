/** Turns a record of a source into the row that is stored, value by value, and says what is wrong with it. */
import { anyLinks, type EntityName, hsds, isEntityName } from '../hsds/model.ts'
import { checkValue } from './check-value.ts'
import { hsdsUuid, rowId } from './identify.ts'
import { checkIdentifier } from '../../network/check-identifier.ts'
import type { Problem } from '../../../sources/problem.ts'
import type { Cell, SourceRecord } from './source-record.ts'

/** A row as it waits in the staging table. */
export interface StagedRow {
  entity: EntityName
  id: string
  /** Columns of the table; one that is absent stays as it is. */
  data: Record<string, unknown>
  /** For each referring column, the column and value that the source has. */
  sources: Record<string, { column: string; value: unknown }>
  /** True when the source may give this record only once. */
  once: boolean
  file: string
  line: number | null
  pointer: string | null
}

export interface CheckedRecord {
  rows: StagedRow[]
  /** Records of that kind that are tied to this parent and not staged are gone from the source. */
  wholeLists: { entity: EntityName; by: string; parent: string }[]
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
  const kept = [...record.sourceCells]
  const report = (cell: Cell | null, column: string, message: string, fix: string, scope: Problem['scope']) =>
    problems.push({ at, column: cell?.column ?? column, value: shown(cell), message, fix, scope })

  const id = checkId(record.id)
  if (id === undefined) {
    const message = record.id?.value ? 'is not an identifier' : 'is missing'
    report(record.id, 'id', message, 'give every record an identifier of its own', 'record')
    return { rows: [], wholeLists: [], problems }
  }
  const uuid = hsdsUuid(target.feed, entity, id)
  const row: StagedRow = {
    entity,
    id: rowId(target.networkId, entity, uuid),
    data: { uuid, network_id: target.networkId },
    sources: {},
    once: record.row,
    file: at.file,
    line: at.line ?? null,
    pointer: at.pointer ?? null,
  }
  if (target.demonstration && demonstrable.has(entity)) row.data.demonstration = true

  for (const [name, cell] of Object.entries(record.fields)) {
    const checked = checkValue(hsds[entity].fields[name]!, cell.value)
    if (checked.ok) {
      row.data[name] = checked.value
      if (rewritten(cell, checked.value)) kept.push({ column: cell.column, text: cell.value as string })
    } else {
      report(cell, name, checked.message, checked.fix, 'value')
      kept.push({ column: cell.column, text: asText(cell.value) })
    }
  }
  if (entity === 'organization_identifier') {
    const wrong = checkIdentifier(String(row.data.identifier_scheme ?? ''), String(row.data.identifier ?? ''))
    if (wrong !== undefined) {
      report(record.fields.identifier ?? null, 'identifier', wrong.message, wrong.fix, 'record')
      return { rows: [], wholeLists: [], problems }
    }
  }
  for (const [name, cell] of Object.entries(record.references)) {
    row.sources[name] = { column: cell.column, value: shown(cell) }
    const to = hsds[entity].references[name]!.to
    if (cell.value === null) row.data[name] = null
    else point(name, to, cell)
  }
  if (record.link !== null) checkLink(record.link)
  return {
    rows: [row, ...kept.map((cell) => sourceCellRow(row, cell, target))],
    wholeLists: [
      { entity: 'attribute', by: sourceCell, parent: row.id },
      ...record.wholeLists.map((list) => ({ ...list, parent: row.id })),
    ],
    problems,
  }

  function point(name: string, to: EntityName, cell: Cell): void {
    const other = checkId(cell)
    if (other === undefined) {
      report(cell, name, 'is not an identifier', `give the id of the ${words(to)}`, 'value')
      kept.push({ column: cell.column, text: asText(cell.value) })
    } else {
      row.data[name] = rowId(target.networkId, to, hsdsUuid(target.feed, to, other))
    }
  }

  function checkLink(link: NonNullable<SourceRecord['link']>): void {
    const names = anyLinks[entity as keyof typeof anyLinks]
    const kind = String(link.entity?.value ?? '')
    if (link.id === null) return
    if (!isEntityName(kind)) {
      report(link.entity, names.entity, 'is no kind of record', `give the HSDS name, such as service`, 'value')
      for (const cell of [link.entity, link.id]) if (cell) kept.push({ column: cell.column, text: asText(cell.value) })
      return
    }
    row.data[names.entity] = kind
    row.sources[names.id] = { column: link.id.column, value: shown(link.id) }
    point(names.id, kind, link.id)
  }
}

/** The attribute that keeps a cell of the source beside the record it belongs to. */
export function sourceCellRow(
  of: Pick<StagedRow, 'entity' | 'id' | 'file' | 'line' | 'pointer'>,
  cell: { column: string; text: string },
  { networkId }: Pick<ImportTarget, 'networkId'>,
): StagedRow {
  const uuid = hsdsUuid(of.id, 'attribute', cell.column)
  return {
    entity: 'attribute',
    id: rowId(networkId, 'attribute', uuid),
    data: {
      uuid,
      network_id: networkId,
      link_id: of.id,
      link_entity: of.entity,
      link_type: sourceCell,
      label: cell.column,
      value: cell.text.replaceAll('\0', '\uFFFD'),
    },
    sources: {},
    once: false,
    file: of.file,
    line: of.line,
    pointer: of.pointer,
  }
}

const demonstrable: ReadonlySet<EntityName> = new Set(['service', 'location', 'schedule'])

function checkId(cell: Cell | null): string | undefined {
  const value = cell?.value
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' && !/[\0\uD800-\uDFFF]/u.test(value) ? value.trim() : undefined
}

// 007 is stored as the number 7: whoever wrote it may have meant the zeros.
function rewritten(cell: Cell, stored: unknown): boolean {
  return typeof cell.value === 'string' && typeof stored === 'number' && String(stored) !== cell.value
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
