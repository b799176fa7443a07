/**
 * The staging table: everything that was read waits there, so that what refers to what can be checked and merged by
 * the database, in any order of rows and without holding a source in memory. It ends with the import, or with the
 * transaction.
 */
import type { Transaction } from '../../../database/connect.ts'
import type { Problem } from '../../../sources/problem.ts'
import { type EntityName, entityNames } from '../hsds/model.ts'
import type { StagedRow, WholeList } from './check-record.ts'

/** A problem of a staged row: what it would take to go on without the value, or without the row. */
export interface StagedProblem extends Problem {
  entity: EntityName
  id: string
  /** The column to leave out; null when the whole row is at fault. */
  field: string | null
}

/** The kinds of records that the staging table has room for. */
export type Staging = Set<EntityName>

/** Makes the table, which is in parts by kind of record: most statements ask for one kind, and read no other row then. */
export async function openStaging(tx: Transaction): Promise<Staging> {
  // The statements go through millions of rows. With little memory they would sort on disk; compiling costs more than it saves.
  await tx.$executeRaw`SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)`
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_row (
      ordinal bigint GENERATED ALWAYS AS IDENTITY, entity text, id uuid, data jsonb, cells jsonb, sources jsonb,
      once boolean, file text, line integer, pointer text
    ) PARTITION BY LIST (entity) ON COMMIT DROP`)
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_list (entity text, tie text, parent uuid, columns text[], file text) ON COMMIT DROP`)
  return new Set()
}

export async function closeStaging(tx: Transaction): Promise<void> {
  await tx.$executeRawUnsafe(`DROP TABLE import_row, import_list, import_many, import_part`)
}

/**
 * What is on its way to the staging table: as text, for the many small objects of rows that wait would grow old, and not
 * too much of it, for the collector leaves large texts lying about.
 */
export class Batch {
  readonly kinds: Set<EntityName> = new Set()
  readonly rows: string[] = []
  readonly wholeLists: string[] = []
  #length = 0

  get isFull(): boolean {
    return this.#length > 24_000
  }

  add(row: StagedRow | undefined, wholeLists: WholeList[]): void {
    if (row !== undefined) {
      this.kinds.add(row.entity)
      this.#keep(this.rows, row)
    }
    for (const list of wholeLists) this.#keep(this.wholeLists, list)
  }

  #keep(texts: string[], said: object): void {
    const text = JSON.stringify(said)
    texts.push(text)
    this.#length += text.length
  }
}

export async function stage(tx: Transaction, staging: Staging, { kinds, rows, wholeLists }: Batch): Promise<void> {
  for (const entity of kinds) {
    if (staging.has(entity)) continue
    staging.add(entity)
    await tx.$executeRawUnsafe(`
      CREATE TEMPORARY TABLE import_${entity} PARTITION OF import_row FOR VALUES IN ('${entity}') ON COMMIT DROP`)
  }
  await tx.$executeRawUnsafe(
    `INSERT INTO import_row (entity, id, data, cells, sources, once, file, line, pointer)
     SELECT * FROM json_to_recordset($1::json) AS row (entity text, id uuid, data jsonb, cells jsonb, sources jsonb,
       once boolean, file text, line integer, pointer text)`,
    `[${rows.join()}]`,
  )
  if (wholeLists.length === 0) return
  await tx.$executeRawUnsafe(
    `INSERT INTO import_list SELECT * FROM json_to_recordset($1::json)
       AS list (entity text, by text, parent uuid, columns text[], file text)`,
    `[${wholeLists.join()}]`,
  )
}

/** Whether the network's directory holds anything yet. */
export async function hasRecords(tx: Transaction, networkId: string): Promise<boolean> {
  const each = entityNames.map((entity) => `SELECT FROM "${entity}" WHERE network_id = $1::uuid`)
  const [{ found }] = await tx.$queryRawUnsafe<[{ found: boolean }]>(
    `SELECT EXISTS (${each.join(' UNION ALL ')}) AS found`,
    networkId,
  )
  return found
}

/** Takes back what was staged from a file that can't be read to its end. */
export async function leaveOutFile(tx: Transaction, file: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM import_row WHERE file = ${file}`
  await tx.$executeRaw`DELETE FROM import_list WHERE file = ${file}`
}

/** The kinds of records that are staged, each after those that it refers to. */
export async function stagedEntities(tx: Transaction): Promise<EntityName[]> {
  const rows = await tx.$queryRaw<{ entity: EntityName }[]>`SELECT DISTINCT entity FROM import_row`
  const present = new Set(rows.map((row) => row.entity))
  return entityNames.filter((name) => present.has(name))
}

interface FoundRow {
  entity: EntityName
  id: string
  field: string | null
  value: unknown
  column?: string | null
  /** The kind of record that is referred to. */
  kind?: EntityName
  file: string
  line: number | null
  pointer: string | null
  other_file?: string
  other_line?: number | null
  other_pointer?: string | null
}

/** The staged rows that a query finds, each as the problem that `tell` makes of it. */
export async function selectProblems(
  tx: Transaction,
  sql: string,
  tell: (row: FoundRow) => Pick<Problem, 'message' | 'fix' | 'scope'>,
  ...parameters: unknown[]
): Promise<StagedProblem[]> {
  const rows = await tx.$queryRawUnsafe<FoundRow[]>(sql, ...parameters)
  return rows.map((row) => ({
    entity: row.entity,
    id: row.id,
    field: row.field,
    at: { file: row.file, line: row.line ?? undefined, pointer: row.pointer ?? undefined },
    column: row.column ?? row.field ?? undefined,
    value: row.value ?? undefined,
    ...tell(row),
  }))
}
