/** Reads records from the tables in the words of HSDS: its names, its identifiers, its forms of values. */
import type { Transaction } from '../../../database/connect.ts'
import { anyLinks, type EntityName, type FieldType, hsds } from './model.ts'

/** A record as HSDS writes it; what is not known is absent. */
export type HsdsRecord = { id: string } & Record<string, unknown>

export interface StoredRecord {
  /** Key of the row. */
  key: string
  /** Keys of the rows that it refers to, by column. */
  ties: Record<string, string | null>
  record: HsdsRecord
}

/** Which rows are read. */
export interface Selection {
  /** SQL over `held`, in which $1 is the first of the parameters. */
  where: string
  parameters: readonly (string | readonly string[])[]
  /** Only the first so many by identifier. */
  first?: number
  /** Only so many, whichever they are. */
  atMost?: number
  /** The values that are read, when not all are. */
  names?: readonly string[]
}

/** The records that are selected, by identifier. */
export async function readRecords(
  tx: Transaction,
  entity: EntityName,
  { where, parameters, first, atMost, names = namesOf(entity) }: Selection,
): Promise<StoredRecord[]> {
  const ties = tiesOf(entity)
  const limit =
    first === undefined ? (atMost === undefined ? '' : `LIMIT ${atMost}`) : `ORDER BY held.uuid LIMIT ${first}`
  // One text for all rows: what a row costs on its way here is then next to nothing.
  const [{ rows }] = await tx.$queryRawUnsafe<[{ rows: string }]>(
    `SELECT coalesce(json_agg(found.row), '[]')::text AS rows
     FROM (SELECT ${rowSql(entity, names)} AS row FROM "${entity}" held WHERE ${where} ${limit}) found`,
    ...parameters,
  )
  const records = (JSON.parse(rows) as unknown[][]).map(([key, ...values]) => {
    const tied = Object.fromEntries(ties.map((name, position) => [name, values[position] as string | null]))
    const record: Record<string, unknown> = {}
    for (const [position, name] of names.entries()) {
      const value = values[ties.length + position]
      if (value !== null) record[name] = isInstant(entity, name) ? withoutZeros(value as string) : value
    }
    return { key: key as string, ties: tied, record: record as HsdsRecord }
  })
  // Sorted here, the database never reads a whole index for the sake of an order.
  return records.sort((a, b) => (a.record.id < b.record.id ? -1 : 1))
}

/** The names under which HSDS writes the values of a record, in the order of its tables. */
export function namesOf(entity: EntityName): string[] {
  const { fields, references } = hsds[entity]
  const link = entity === 'attribute' || entity === 'metadata' ? [anyLinks[entity].id, anyLinks[entity].entity] : []
  return ['id', ...link, ...Object.keys(references), ...Object.keys(fields)]
}

/** SQL: the HSDS identifier of the record that an attribute or metadata describes; null when there is none. */
export function linkedUuid(entity: keyof typeof anyLinks): string {
  const { id, entity: kind } = anyLinks[entity]
  const kinds = Object.keys(hsds).map(
    (name) => `WHEN '${name}' THEN (SELECT other.uuid FROM "${name}" other WHERE other.id = held."${id}")`,
  )
  return `CASE held."${kind}" ${kinds.join(' ')} END`
}

function tiesOf(entity: EntityName): string[] {
  const link = entity === 'attribute' || entity === 'metadata' ? [anyLinks[entity].id] : []
  return [...link, ...Object.keys(hsds[entity].references)]
}

function rowSql(entity: EntityName, names: readonly string[]): string {
  const ties = tiesOf(entity).map((name) => `held."${name}"`)
  const values = names.map((name) => valueSql(entity, name))
  return `json_build_array(${['held.id', ...ties, ...values].join(', ')})`
}

function valueSql(entity: EntityName, name: string): string {
  const { fields, references } = hsds[entity]
  if (name === 'id') return 'held.uuid'
  const reference = references[name]
  if (reference) return `(SELECT other.uuid FROM "${reference.to}" other WHERE other.id = held."${name}")`
  if ((entity === 'attribute' || entity === 'metadata') && name === anyLinks[entity].id) return linkedUuid(entity)
  return fieldSql(fields[name]?.kind ?? 'text', `held."${name}"`)
}

function fieldSql(kind: FieldType['kind'], column: string): string {
  // JSON would have a moment in the time zone of the session.
  return kind === 'instant' ? `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')` : column
}

function isInstant(entity: EntityName, name: string): boolean {
  return hsds[entity].fields[name]?.kind === 'instant'
}

function withoutZeros(instant: string): string {
  return instant.replace(/\.?0*Z$/, 'Z')
}
