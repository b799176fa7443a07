/**
 * The staging table: everything that was read waits there, so that what refers to what can be checked and merged by
 * the database, in any order of rows and without holding a source in memory. It ends with the transaction.
 */
import type { Transaction } from '../../../database/connect.ts'
import { anyLinks, type EntityName, entityNames, hsds, trees } from '../hsds/model.ts'
import { type CheckedRecord, sourceCell, sourceCellRow } from './check-record.ts'
import type { Problem } from '../../../sources/problem.ts'

/** A problem of a staged row: what it would take to go on without the value, or without the row. */
export interface StagedProblem extends Problem {
  entity: EntityName
  id: string
  /** The column to leave out; null when the whole row is at fault. */
  field: string | null
}

export interface Changes {
  created: number
  updated: number
  unchanged: number
  removed: number
}

export async function openStaging(tx: Transaction): Promise<void> {
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_row (
      ordinal bigint GENERATED ALWAYS AS IDENTITY, entity text, id uuid, data jsonb, sources jsonb,
      once boolean, file text, line integer, pointer text
    ) ON COMMIT DROP`)
  await tx.$executeRawUnsafe(
    `CREATE TEMPORARY TABLE import_list (entity text, tie text, parent uuid) ON COMMIT DROP`,
  )
}

export async function stage(tx: Transaction, { rows, wholeLists }: Pick<CheckedRecord, 'rows' | 'wholeLists'>) {
  await tx.$executeRawUnsafe(
    `INSERT INTO import_row (entity, id, data, sources, once, file, line, pointer)
     SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS row (entity text, id uuid, data jsonb, sources jsonb, once boolean, file text, line integer, pointer text)`,
    JSON.stringify(rows),
  )
  if (wholeLists.length === 0) return
  await tx.$executeRawUnsafe(
    `INSERT INTO import_list SELECT * FROM jsonb_to_recordset($1::jsonb) AS list (entity text, by text, parent uuid)`,
    JSON.stringify(wholeLists),
  )
}

/**
 * Makes one row of each record, wherever its parts stood, and returns the contradictions between them. Who goes on
 * in spite of them has what the source said first.
 */
export async function mergeParts(tx: Transaction): Promise<StagedProblem[]> {
  await tx.$executeRawUnsafe(`CREATE INDEX ON import_row (entity, id)`)
  await tx.$executeRawUnsafe(`ANALYZE import_row`)
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_part ON COMMIT DROP AS
    SELECT part.* FROM import_row part
    JOIN (SELECT entity, id FROM import_row GROUP BY entity, id HAVING count(*) > 1) many USING (entity, id)`)
  const twice = await select(
    tx,
    `SELECT later.*, NULL AS field, later.data->>'uuid' AS value, first.file AS other_file, first.line AS other_line
     FROM (SELECT *, min(ordinal) OVER (PARTITION BY entity, id) AS first FROM import_part WHERE once) later
     JOIN import_part first ON first.ordinal = later.first
     WHERE later.ordinal > later.first ORDER BY later.ordinal`,
    (row) => ({
      column: 'id',
      value: undefined,
      message: `is the identifier of ${row.other_file}${row.other_line ? `:${row.other_line}` : ''} too`,
      fix: 'give each row an identifier of its own, or remove one of the two',
      scope: 'record',
    }),
  )
  const contradictions = await select(
    tx,
    `SELECT DISTINCT ON (b.entity, b.id, b.key) b.*, b.key AS field, b.said AS value, a.said AS other
     FROM (SELECT part.*, each.key, each.value AS said FROM import_part part, jsonb_each(part.data) each) a
     JOIN (SELECT part.*, each.key, each.value AS said FROM import_part part, jsonb_each(part.data) each) b
       ON a.entity = b.entity AND a.id = b.id AND a.key = b.key AND a.ordinal < b.ordinal
     WHERE a.said <> b.said AND a.said <> 'null' AND b.said <> 'null' AND NOT (a.once AND b.once)
     ORDER BY b.entity, b.id, b.key, b.ordinal`,
    (row) => ({
      message: `contradicts what the source says of the same ${row.entity} elsewhere`,
      fix: 'say the same of a record wherever it is repeated, or give it an identifier of its own',
      scope: 'value',
    }),
  )
  // The first to say a thing is heard; null says nothing.
  await tx.$executeRawUnsafe(`DELETE FROM import_row row USING import_part part WHERE row.ordinal = part.ordinal`)
  await tx.$executeRawUnsafe(`
    INSERT INTO import_row (entity, id, data, sources, once, file, line, pointer)
    SELECT entity, id,
      (SELECT jsonb_object_agg(key, said) FROM (
         SELECT DISTINCT ON (each.key) each.key, each.value AS said
         FROM import_part part, jsonb_each(part.data) each
         WHERE part.entity = whole.entity AND part.id = whole.id
         ORDER BY each.key, each.value = 'null', part.ordinal) said),
      (SELECT jsonb_object_agg(key, source) FROM (
         SELECT DISTINCT ON (each.key) each.key, each.value AS source
         FROM import_part part, jsonb_each(part.sources) each
         WHERE part.entity = whole.entity AND part.id = whole.id
         ORDER BY each.key, NOT each.value ? 'value', part.ordinal) sources),
      bool_or(once), (array_agg(file ORDER BY ordinal))[1], (array_agg(line ORDER BY ordinal))[1],
      (array_agg(pointer ORDER BY ordinal))[1]
    FROM import_part whole GROUP BY entity, id`)
  return [...twice, ...contradictions]
}

/**
 * The JSON form nests a program in its services without saying whose it is: where the source says it nowhere, the
 * program is of the organization whose service names it first.
 */
export async function adoptPrograms(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    UPDATE import_row program
    SET data = program.data || jsonb_build_object('organization_id', service.organization_id)
    FROM (
      SELECT DISTINCT ON (data->>'program_id') data->>'program_id' AS program_id, data->>'organization_id' AS organization_id
      FROM import_row WHERE entity = 'service' AND data->>'program_id' IS NOT NULL
      ORDER BY data->>'program_id', ordinal) service
    WHERE program.entity = 'program' AND program.id::text = service.program_id
      AND NOT program.data ? 'organization_id'
      AND NOT EXISTS (SELECT FROM program held WHERE held.id = program.id)`
}

/** Looks for references that find nothing, values that are missing, and circles. */
export async function findBroken(tx: Transaction): Promise<StagedProblem[]> {
  const present = await stagedEntities(tx)
  const problems: StagedProblem[] = []
  for (const entity of present) {
    for (const [name, { to, required }] of Object.entries(hsds[entity].references)) {
      problems.push(...(await findDangling(tx, entity, name, to, required ? 'record' : 'value')))
    }
    problems.push(...(await findMissing(tx, entity)))
    if (entity in trees) problems.push(...(await findCircles(tx, entity as keyof typeof trees)))
    if (entity in anyLinks) problems.push(...(await findDanglingLinks(tx, entity as keyof typeof anyLinks, present)))
  }
  return problems
}

/** Leaves out of the staged rows what is at fault: the value, which stays as a source cell, or the row. */
export async function leaveOut(tx: Transaction, problems: StagedProblem[], networkId: string): Promise<void> {
  const cells = problems.flatMap(({ scope, value, column, entity, id, at }) =>
    scope === 'value' && value !== undefined && column !== undefined
      ? sourceCellRow(
          { entity, id, file: at.file, line: at.line ?? null, pointer: at.pointer ?? null },
          { column, text: String(value) },
          { networkId },
        )
      : [],
  )
  await stage(tx, { rows: cells, wholeLists: [] })
  await tx.$executeRawUnsafe(
    `DELETE FROM import_row cell USING import_row same WHERE cell.entity = 'attribute' AND same.entity = 'attribute'
     AND cell.id = same.id AND cell.ordinal > same.ordinal`,
  )
  for (const { entity, id, field, scope } of problems) {
    if (scope === 'value' && field !== null) {
      const linked = Object.values(anyLinks).find((names) => names.id === field)
      const fields = linked === undefined ? [field] : [field, linked.entity]
      await tx.$executeRawUnsafe(
        `UPDATE import_row SET data = data - $3::text[] WHERE entity = $1 AND id = $2::uuid`,
        entity,
        id,
        fields,
      )
    } else {
      await tx.$executeRawUnsafe(`DELETE FROM import_row WHERE entity = $1 AND id = $2::uuid`, entity, id)
      await tx.$executeRawUnsafe(
        `DELETE FROM import_row WHERE entity = 'attribute' AND data->>'link_id' = $1 AND data->>'link_type' = $2`,
        id,
        sourceCell,
      )
    }
  }
}

/** Writes the staged rows to their tables and removes what whole lists no longer name. */
export async function writeStaged(tx: Transaction): Promise<Partial<Record<EntityName, Changes>>> {
  const changes: Partial<Record<EntityName, Changes>> = {}
  for (const entity of await stagedEntities(tx)) {
    const columns = await tableColumns(tx, entity)
    const list = columns.map((name) => `"${name}"`).join(', ')
    const merged = `jsonb_populate_record(held, staged.data)`
    // New rows first: a row that is already there may come to refer to one of them.
    const created = await tx.$executeRawUnsafe(
      `INSERT INTO "${entity}" (${list})
       SELECT ${columns.map((name) => `fresh."${name}"`).join(', ')} FROM import_row staged,
         jsonb_populate_record(NULL::"${entity}", $1::jsonb || staged.data || jsonb_build_object('id', staged.id)) fresh
       WHERE staged.entity = '${entity}' AND NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id)`,
      JSON.stringify(defaults[entity] ?? {}),
    )
    const updated = await tx.$executeRawUnsafe(
      `UPDATE "${entity}" held SET (${list}) = (SELECT ${list} FROM ${merged})
       FROM import_row staged
       WHERE staged.entity = '${entity}' AND held.id = staged.id AND held IS DISTINCT FROM ${merged}`,
    )
    const [{ count }] = (await tx.$queryRawUnsafe(
      `SELECT count(*)::integer AS count FROM import_row WHERE entity = '${entity}'`,
    )) as [{ count: number }]
    changes[entity] = { created, updated, unchanged: count - created - updated, removed: 0 }
  }
  await removeUnlisted(tx, changes)
  return changes
}

// Columns that HSDS doesn't know and that may not be null.
const defaults: Partial<Record<EntityName, Record<string, unknown>>> = {
  organization: { kind: 'other' },
  service: { demonstration: false },
  location: { demonstration: false },
  schedule: { demonstration: false },
  service_area: { whole_territory: false },
}

// A part that the source's list no longer names is untied from its holder, and goes when nothing else holds it.
async function removeUnlisted(tx: Transaction, changes: Partial<Record<EntityName, Changes>>): Promise<void> {
  const lists = await tx.$queryRaw<{ entity: EntityName; tie: string }[]>`
    SELECT DISTINCT entity, tie FROM import_list`
  for (const { entity, tie } of lists) {
    const column = entity === 'attribute' ? anyLinks.attribute.id : tie
    const kind =
      entity === 'attribute' ? `AND held.link_type IS ${tie === sourceCell ? 'NOT' : ''} DISTINCT FROM '${sourceCell}'` : ''
    const unlisted = `held."${column}" IN (SELECT parent FROM import_list WHERE entity = '${entity}' AND tie = '${tie}')
      ${kind} AND NOT EXISTS (SELECT FROM import_row staged WHERE staged.entity = '${entity}' AND staged.id = held.id
        AND staged.data->>'${column}' = held."${column}"::text)`
    const others = Object.keys(hsds[entity].references).filter((name) => name !== column && name !== 'unit_id' && name !== 'taxonomy_term_id')
    const held = others.map((name) => `held."${name}" IS NOT NULL`).join(' OR ') || 'false'
    const removed = await tx.$executeRawUnsafe(`DELETE FROM "${entity}" held WHERE ${unlisted} AND NOT (${held})`)
    const untied = others.length === 0 ? 0 : await tx.$executeRawUnsafe(`UPDATE "${entity}" held SET "${column}" = NULL WHERE ${unlisted}`)
    const sum = (changes[entity] ??= { created: 0, updated: 0, unchanged: 0, removed: 0 })
    sum.removed += removed
    sum.updated += untied
  }
}

async function stagedEntities(tx: Transaction): Promise<EntityName[]> {
  const rows = await tx.$queryRaw<{ entity: EntityName }[]>`SELECT DISTINCT entity FROM import_row`
  const present = new Set(rows.map((row) => row.entity))
  return entityNames.filter((name) => present.has(name))
}

async function tableColumns(tx: Transaction, table: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    SELECT attname::text AS name FROM pg_attribute
    WHERE attrelid = ${table}::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`
  return rows.map((row) => row.name)
}

function findDangling(tx: Transaction, entity: EntityName, name: string, to: EntityName, scope: 'record' | 'value') {
  return select(
    tx,
    `SELECT staged.*, '${name}' AS field, staged.sources->'${name}'->'value' AS value,
       staged.sources->'${name}'->>'column' AS "column"
     FROM import_row staged
     WHERE staged.entity = '${entity}' AND staged.data->>'${name}' IS NOT NULL
       AND NOT EXISTS (SELECT FROM import_row other
         WHERE other.entity = '${to}' AND other.id = (staged.data->>'${name}')::uuid)
       AND NOT EXISTS (SELECT FROM "${to}" other WHERE other.id = (staged.data->>'${name}')::uuid)
     ORDER BY staged.ordinal`,
    () => ({
      message: `no such ${to.replaceAll('_', ' ')}`,
      fix: `correct it, or import the ${to.replaceAll('_', ' ')} first or together`,
      scope,
    }),
  )
}

async function findDanglingLinks(tx: Transaction, entity: keyof typeof anyLinks, present: EntityName[]) {
  const names = anyLinks[entity]
  const problems: StagedProblem[] = []
  const kinds = await tx.$queryRawUnsafe<{ kind: EntityName }[]>(
    `SELECT DISTINCT data->>'${names.entity}' AS kind FROM import_row
     WHERE entity = '${entity}' AND data->>'${names.id}' IS NOT NULL AND data->>'${names.entity}' IS NOT NULL`,
  )
  for (const { kind } of kinds) {
    const dangling = await select(
      tx,
      `SELECT staged.*, '${names.id}' AS field, staged.sources->'${names.id}'->'value' AS value,
         staged.sources->'${names.id}'->>'column' AS "column"
       FROM import_row staged
       WHERE staged.entity = '${entity}' AND staged.data->>'${names.entity}' = '${kind}'
         AND staged.data->>'${names.id}' IS NOT NULL
         ${present.includes(kind) ? `AND NOT EXISTS (SELECT FROM import_row other WHERE other.entity = '${kind}' AND other.id = (staged.data->>'${names.id}')::uuid)` : ''}
         AND NOT EXISTS (SELECT FROM "${kind}" other WHERE other.id = (staged.data->>'${names.id}')::uuid)
       ORDER BY staged.ordinal`,
      () => ({
        message: `no such ${kind.replaceAll('_', ' ')}`,
        fix: `correct it, or import the ${kind.replaceAll('_', ' ')} first or together`,
        scope: 'value',
      }),
    )
    problems.push(...dangling)
  }
  return problems
}

// A record may be given in parts, or be known already: only the whole tells whether a required value is missing.
async function findMissing(tx: Transaction, entity: EntityName): Promise<StagedProblem[]> {
  const { fields, references } = hsds[entity]
  const required = [...Object.entries(fields), ...Object.entries(references)].filter(([, { required }]) => required)
  const problems: StagedProblem[] = []
  for (const [name] of required) {
    const missing = await select(
      tx,
      `SELECT staged.*, '${name}' AS field, staged.sources->'${name}'->'value' AS value,
         staged.sources->'${name}'->>'column' AS "column"
       FROM import_row staged
       WHERE staged.entity = '${entity}' AND staged.data->>'${name}' IS NULL
         AND (staged.data ? '${name}' OR NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id))
       ORDER BY staged.ordinal`,
      (row) => ({
        message: row.value == null ? 'is missing' : `leads to no ${name.replace(/_id$/, '')}`,
        fix: `HSDS requires ${name} of every ${entity.replaceAll('_', ' ')}`,
        scope: 'record',
      }),
    )
    problems.push(...missing)
  }
  return problems
}

function findCircles(tx: Transaction, entity: keyof typeof trees): Promise<StagedProblem[]> {
  const parent = trees[entity]
  return select(
    tx,
    `WITH RECURSIVE
       link AS (
         SELECT id, (data->>'${parent}')::uuid AS parent FROM import_row
           WHERE entity = '${entity}' AND data->>'${parent}' IS NOT NULL
         UNION ALL
         SELECT id, "${parent}" FROM "${entity}" held WHERE "${parent}" IS NOT NULL AND NOT EXISTS
           (SELECT FROM import_row staged WHERE staged.entity = '${entity}' AND staged.id = held.id AND staged.data ? '${parent}')),
       walk AS (
         SELECT id AS start, parent AS at FROM link
         UNION -- not ALL: a place that was reached is not left again, so the walk ends even in a circle
         SELECT walk.start, link.parent FROM walk JOIN link ON link.id = walk.at)
     SELECT staged.*, '${parent}' AS field, staged.sources->'${parent}'->'value' AS value,
       staged.sources->'${parent}'->>'column' AS "column"
     FROM import_row staged
     WHERE staged.entity = '${entity}' AND staged.id IN (SELECT start FROM walk WHERE at = start)
     ORDER BY staged.ordinal`,
    () => ({
      message: `leads in a circle back to the same ${entity.replaceAll('_', ' ')}`,
      fix: 'a tree has a top: leave the parent of one of them empty',
      scope: 'value',
    }),
  )
}

interface FoundRow {
  entity: EntityName
  id: string
  field: string | null
  value: unknown
  column?: string | null
  file: string
  line: number | null
  pointer: string | null
  other_file?: string
  other_line?: number | null
}

async function select(
  tx: Transaction,
  sql: string,
  tell: (row: FoundRow) => Pick<Problem, 'message' | 'fix' | 'scope'> & Partial<Pick<Problem, 'column' | 'value'>>,
): Promise<StagedProblem[]> {
  const rows = await tx.$queryRawUnsafe<FoundRow[]>(sql)
  return rows.map((row) => ({
    entity: row.entity,
    id: row.id,
    field: row.field,
    at: { file: row.file, line: row.line ?? undefined, pointer: row.pointer || undefined },
    column: row.column ?? row.field ?? undefined,
    value: row.value ?? undefined,
    ...tell(row),
  }))
}
