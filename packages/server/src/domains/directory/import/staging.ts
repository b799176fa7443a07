/**
 * The staging table: everything that was read waits there, so that what refers to what can be checked and merged by
 * the database, in any order of rows and without holding a source in memory. It ends with the import, or with the
 * transaction.
 */
import type { Transaction } from '../../../database/connect.ts'
import type { Problem } from '../../../sources/problem.ts'
import { anyLinks, type EntityName, entityNames, hsds, standAlone, trees } from '../hsds/model.ts'
import { keepCell, noCells, type StagedRow, sourceCell, type WholeList } from './check-record.ts'

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
      ordinal bigint GENERATED ALWAYS AS IDENTITY, entity text, id uuid, data jsonb, cells jsonb, sources jsonb,
      once boolean, file text, line integer, pointer text
    ) ON COMMIT DROP`)
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_list (entity text, tie text, parent uuid, columns text[], file text) ON COMMIT DROP`)
}

export async function closeStaging(tx: Transaction): Promise<void> {
  await tx.$executeRawUnsafe(`DROP TABLE import_row, import_list, import_part`)
}

/** What waits to be written. */
export interface Staged {
  rows: StagedRow[]
  wholeLists: WholeList[]
}

export async function stage(tx: Transaction, { rows, wholeLists }: Staged): Promise<void> {
  await tx.$executeRawUnsafe(
    `INSERT INTO import_row (entity, id, data, cells, sources, once, file, line, pointer)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (entity text, id uuid, data jsonb, cells jsonb, sources jsonb,
       once boolean, file text, line integer, pointer text)`,
    JSON.stringify(rows),
  )
  await tx.$executeRawUnsafe(
    `INSERT INTO import_list SELECT * FROM jsonb_to_recordset($1::jsonb)
       AS list (entity text, by text, parent uuid, columns text[], file text)`,
    JSON.stringify(wholeLists),
  )
}

/** Takes back what was staged from a file that can't be read to its end. */
export async function leaveOutFile(tx: Transaction, file: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM import_row WHERE file = ${file}`
  await tx.$executeRaw`DELETE FROM import_list WHERE file = ${file}`
}

/**
 * Makes one row of each record, wherever its parts stood, and returns the rows that repeat an identifier and the
 * contradictions between parts. Who goes on in spite of them has what the source said first.
 */
export async function mergeParts(tx: Transaction, networkId: string): Promise<StagedProblem[]> {
  await tx.$executeRawUnsafe(`CREATE INDEX ON import_row (entity, id)`)
  await tx.$executeRawUnsafe(`CREATE INDEX ON import_list (entity, tie, parent)`)
  await tx.$executeRawUnsafe(`ANALYZE import_row (entity, id, once, file, line), import_list`)
  const repeated = await leaveOutRepeated(tx)
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_part ON COMMIT DROP AS
    SELECT part.* FROM import_row part
    JOIN (SELECT entity, id FROM import_row GROUP BY entity, id HAVING count(*) > 1) many USING (entity, id)`)
  const contradictions = await select(
    tx,
    `WITH said AS (
       SELECT part.ordinal, part.entity, part.id, each.key, each.value, each.is_cell,
         first_value(each.value) OVER (PARTITION BY part.entity, part.id, each.key, each.is_cell ORDER BY part.ordinal) AS first
       FROM import_part part, LATERAL (
         SELECT key, value, false AS is_cell FROM jsonb_each(part.data) WHERE value <> 'null'
         UNION ALL SELECT key, value->0, true FROM jsonb_each(part.cells)) each)
     SELECT DISTINCT ON (said.entity, said.id, said.is_cell, said.key, said.value) part.*,
       CASE WHEN said.is_cell THEN NULL ELSE said.key END AS field,
       CASE WHEN said.is_cell THEN said.value ELSE coalesce(part.sources->said.key->'value', said.value) END AS value,
       CASE WHEN said.is_cell THEN said.key ELSE coalesce(part.sources->said.key->>'column', said.key) END AS "column"
     FROM said JOIN import_part part USING (ordinal) WHERE said.value <> said.first
     ORDER BY said.entity, said.id, said.is_cell, said.key, said.value, said.ordinal`,
    (row) => ({
      message: `contradicts what the source says of the same ${row.entity.replaceAll('_', ' ')} elsewhere`,
      fix: 'say the same of a record wherever it is repeated, or give it an identifier of its own',
      scope: 'value',
    }),
  )
  // The first to say a thing is heard; null says nothing.
  await tx.$executeRawUnsafe(`DELETE FROM import_row row USING import_part part WHERE row.ordinal = part.ordinal`)
  await tx.$executeRawUnsafe(`
    INSERT INTO import_row (entity, id, data, cells, sources, once, file, line, pointer)
    SELECT entity, id, data, coalesce(cells, '{}'), coalesce(sources, '{}'), once, file, line, pointer
    FROM (SELECT entity, id, bool_or(once) AS once, (array_agg(file ORDER BY ordinal))[1] AS file,
            (array_agg(line ORDER BY ordinal))[1] AS line, (array_agg(pointer ORDER BY ordinal))[1] AS pointer
          FROM import_part GROUP BY entity, id) whole
    JOIN (${heard('data', `each.value = 'null'`)}) said USING (entity, id)
    LEFT JOIN (${heard('cells', 'each.value IS NULL')}) kept USING (entity, id)
    LEFT JOIN (${heard('sources', `NOT each.value ? 'value'`)}) shown USING (entity, id)`)
  await keepCells(tx, contradictions, networkId)
  return [...repeated, ...contradictions]
}

/** What is said first of each key, by record; what says nothing comes last. */
function heard(column: 'data' | 'cells' | 'sources', saysNothing: string): string {
  return `
    SELECT entity, id, jsonb_object_agg(key, value) AS ${column}
    FROM (SELECT DISTINCT ON (part.entity, part.id, each.key) part.entity, part.id, each.key, each.value
          FROM import_part part, jsonb_each(part.${column}) each
          ORDER BY part.entity, part.id, each.key, ${saysNothing}, part.ordinal) first
    GROUP BY entity, id`
}

// A table says all of a record in one row. A second row with the same identifier goes with all that was read from it.
async function leaveOutRepeated(tx: Transaction): Promise<StagedProblem[]> {
  const repeated = await select(
    tx,
    `SELECT later.*, NULL AS field, later.sources->'id'->'value' AS value, later.sources->'id'->>'column' AS "column",
       first.file AS other_file, first.line AS other_line, first.pointer AS other_pointer
     FROM (SELECT *, min(ordinal) OVER (PARTITION BY entity, id) AS first FROM import_row WHERE once) later
     JOIN import_row first ON first.ordinal = later.first
     WHERE later.ordinal > later.first ORDER BY later.ordinal`,
    (row) => ({
      message: `is the identifier of ${row.other_file}${row.other_pointer ? ` ${row.other_pointer}` : `:${row.other_line}`} too`,
      fix: 'give each row an identifier of its own, or remove one of the two',
      scope: 'record',
    }),
  )
  const places = repeated.map(({ at }) => ({ file: at.file, line: at.line ?? null, pointer: at.pointer ?? null }))
  if (places.length > 0) {
    await tx.$executeRawUnsafe(
      `DELETE FROM import_row row
       USING jsonb_to_recordset($1::jsonb) AS place (file text, line integer, pointer text) WHERE ${within('row', 'place')}`,
      JSON.stringify(places),
    )
  }
  return repeated
}

/** SQL: whether a staged row was read from a place, or from inside it. */
function within(row: string, place: string): string {
  return `${row}.file = ${place}.file AND ${row}.line IS NOT DISTINCT FROM ${place}.line
    AND (${place}.pointer IS NULL OR ${row}.pointer = ${place}.pointer OR starts_with(${row}.pointer, ${place}.pointer || '/'))`
}

/**
 * The JSON form nests a program in its services without saying whose it is: where the source says it nowhere, the
 * program is of the organization whose service names it. Of several, it is always the same, in any order of documents.
 */
export async function adoptPrograms(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    UPDATE import_row program
    SET data = program.data || jsonb_build_object('organization_id', service.organization_id)
    FROM (
      SELECT DISTINCT ON (data->>'program_id') data->>'program_id' AS program_id, data->>'organization_id' AS organization_id
      FROM import_row WHERE entity = 'service' AND data->>'program_id' IS NOT NULL
      ORDER BY data->>'program_id', data->>'organization_id') service
    WHERE program.entity = 'program' AND program.id::text = service.program_id
      AND NOT program.data ? 'organization_id'
      AND NOT EXISTS (SELECT FROM program held WHERE held.id = program.id)`
}

/** Looks for references that find nothing, values that are missing, and circles. */
export async function findBroken(tx: Transaction, networkId: string): Promise<StagedProblem[]> {
  const present = await stagedEntities(tx)
  const problems: StagedProblem[] = []
  for (const entity of present) {
    problems.push(...(await findDangling(tx, entity)))
    if (entity in anyLinks) problems.push(...(await findDanglingLinks(tx, entity as keyof typeof anyLinks)))
    if (entity in trees) problems.push(...(await findCircles(tx, entity as keyof typeof trees, networkId)))
  }
  // Last: what is missing may be so because of one of the others, and is then no problem of its own.
  for (const entity of present) problems.push(...(await findMissing(tx, entity)))
  return problems
}

/** Leaves out of the staged rows what is at fault: the value, which stays as a source cell, or the row. */
export async function leaveOut(tx: Transaction, problems: StagedProblem[], networkId: string): Promise<void> {
  await keepCells(tx, problems, networkId)
  const values = problems.filter(({ scope, field }) => scope === 'value' && field !== null)
  if (values.length > 0) {
    await tx.$executeRawUnsafe(
      `UPDATE import_row row SET data = data - fault.fields
       FROM (SELECT entity, id, array_agg(field) AS fields
             FROM jsonb_to_recordset($1::jsonb) AS fault (entity text, id uuid, field text) GROUP BY entity, id) fault
       WHERE row.entity = fault.entity AND row.id = fault.id`,
      JSON.stringify(values.map(({ entity, id, field }) => ({ entity, id, field }))),
    )
  }
  const records = problems.filter(({ scope }) => scope !== 'value').map(({ entity, id }) => ({ entity, id }))
  if (records.length > 0) await leaveOutRecords(tx, records)
}

// A record goes with its parts: what was read from inside it, says nothing of anything else, and is no record by itself.
async function leaveOutRecords(tx: Transaction, records: { entity: EntityName; id: string }[]): Promise<void> {
  const parts = entityNames.filter((name) => !standAlone.has(name)).map((name) => `'${name}'`)
  const vocabulary = `('taxonomy_term_id', 'unit_id')`
  await tx.$executeRawUnsafe(
    `WITH RECURSIVE gone AS (
       SELECT row.ordinal, row.id, row.file, row.line, row.pointer
       FROM import_row row JOIN jsonb_to_recordset($1::jsonb) AS fault (entity text, id uuid) USING (entity, id)
       UNION
       SELECT part.ordinal, part.id, part.file, part.line, part.pointer
       FROM gone JOIN import_row part ON ${within('part', 'gone')}
       WHERE NOT part.once AND part.entity IN (${parts.join(', ')})
         AND gone.id::text IN (SELECT value FROM jsonb_each_text(part.data))
         AND NOT EXISTS (SELECT FROM jsonb_each(part.sources) other
           WHERE other.value ? 'value' AND other.key NOT IN ${vocabulary}
             AND part.data->>other.key <> gone.id::text)),
     lists AS (DELETE FROM import_list list USING gone WHERE list.parent = gone.id)
     DELETE FROM import_row row USING gone WHERE row.ordinal = gone.ordinal`,
    JSON.stringify(records),
  )
}

// What is left out of a row stays beside it; a cell that is kept already is not kept twice.
async function keepCells(tx: Transaction, problems: StagedProblem[], networkId: string): Promise<void> {
  const rows = new Map<string, Pick<StagedRow, 'entity' | 'id' | 'cells'>>()
  for (const { scope, value, column, entity, id } of problems) {
    if (scope !== 'value' || value === undefined || column === undefined) continue
    const row = rows.get(`${entity} ${id}`) ?? { entity, id, cells: noCells() }
    keepCell(row, column, typeof value === 'string' ? value : JSON.stringify(value), networkId)
    rows.set(`${entity} ${id}`, row)
  }
  if (rows.size === 0) return
  await tx.$executeRawUnsafe(
    `UPDATE import_row row SET cells = kept.cells || row.cells
     FROM jsonb_to_recordset($1::jsonb) AS kept (entity text, id uuid, cells jsonb)
     WHERE row.entity = kept.entity AND row.id = kept.id`,
    JSON.stringify([...rows.values()]),
  )
}

/** Writes the staged rows to their tables and removes what whole lists no longer name. */
export async function writeStaged(tx: Transaction, networkId: string): Promise<Partial<Record<EntityName, Changes>>> {
  const changes: Partial<Record<EntityName, Changes>> = {}
  for (const entity of await stagedEntities(tx)) {
    const columns = await tableColumns(tx, entity)
    const list = columns.map((name) => `"${name}"`).join(', ')
    const merged = `jsonb_populate_record(held, staged.data)`
    // New rows first: a row that is already there may come to refer to one of them.
    const fresh = columns.map((name) => (name === 'id' ? 'staged.id' : `fresh."${name}"`)).join(', ')
    const created = await tx.$executeRawUnsafe(
      `INSERT INTO "${entity}" (${list})
       SELECT ${fresh}
       FROM import_row staged, jsonb_populate_record(jsonb_populate_record(NULL::"${entity}", $1::jsonb), staged.data) fresh
       WHERE staged.entity = '${entity}' AND NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id)`,
      JSON.stringify({ ...defaults[entity], network_id: networkId }),
    )
    const [{ count }] = (await tx.$queryRawUnsafe(
      `SELECT count(*)::integer AS count FROM import_row WHERE entity = '${entity}'`,
    )) as [{ count: number }]
    const updated =
      count === created
        ? 0
        : await tx.$executeRawUnsafe(
            `UPDATE "${entity}" held SET (${list}) = (SELECT ${list} FROM ${merged})
             FROM import_row staged
             WHERE staged.entity = '${entity}' AND held.id = staged.id AND held IS DISTINCT FROM ${merged}`,
          )
    changes[entity] = { created, updated, unchanged: count - created - updated, removed: 0 }
  }
  await writeCells(tx, changes, networkId)
  // Nothing can be gone from records that are all new.
  const isNew = Object.values(changes).every(({ updated, unchanged }) => updated + unchanged === 0)
  if (!isNew) await removeUnlisted(tx, changes)
  return changes
}

async function writeCells(
  tx: Transaction,
  changes: Partial<Record<EntityName, Changes>>,
  networkId: string,
): Promise<void> {
  const cells = `
    SELECT (cell.value->>2)::uuid AS id, $1::uuid AS network_id, (cell.value->>1)::uuid AS uuid,
      staged.id AS link_id, staged.entity AS link_entity, '${sourceCell}' AS link_type, cell.key AS label, cell.value->>0 AS value
    FROM import_row staged, jsonb_each(staged.cells) cell`
  const created = await tx.$executeRawUnsafe(
    `INSERT INTO attribute (id, network_id, uuid, link_id, link_entity, link_type, label, value)
     SELECT * FROM (${cells}) cell WHERE NOT EXISTS (SELECT FROM attribute held WHERE held.id = cell.id)`,
    networkId,
  )
  const [{ count }] = await tx.$queryRaw<[{ count: number }]>`
    SELECT coalesce(sum(cardinality(array(SELECT jsonb_object_keys(cells)))), 0)::integer AS count FROM import_row`
  if (count === 0) return
  const updated =
    count === created
      ? 0
      : await tx.$executeRawUnsafe(
          `UPDATE attribute held SET value = cell.value FROM (${cells}) cell
           WHERE held.id = cell.id AND held.network_id = cell.network_id AND held.value <> cell.value`,
          networkId,
        )
  const sum = changesOf(changes, 'attribute')
  sum.created += created
  sum.updated += updated
  sum.unchanged += count - created - updated
}

function changesOf(changes: Partial<Record<EntityName, Changes>>, entity: EntityName): Changes {
  changes[entity] ??= { created: 0, updated: 0, unchanged: 0, removed: 0 }
  return changes[entity]
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
  const gone: { entity: EntityName; id: string }[] = []
  // A holder comes before its parts: when it goes, its own lists are empty.
  for (const entity of entityNames.filter((name) => !standAlone.has(name))) {
    const ties = await tx.$queryRaw<{ tie: string }[]>`SELECT DISTINCT tie FROM import_list WHERE entity = ${entity}`
    for (const { tie } of ties) {
      const { removed, untied } = await untie(tx, entity, tie)
      gone.push(...removed.map((id) => ({ entity, id })))
      if (removed.length + untied === 0) continue
      const sum = changesOf(changes, entity)
      sum.removed += removed.length
      sum.updated += untied
    }
  }
  for (const [entity, rows] of Map.groupBy(gone, (row) => row.entity)) {
    await tx.$executeRawUnsafe(
      `DELETE FROM "${entity}" WHERE id = ANY ($1::uuid[])`,
      rows.map((row) => row.id),
    )
  }
}

async function untie(tx: Transaction, entity: EntityName, tie: string): Promise<{ removed: string[]; untied: number }> {
  const column = entity === 'attribute' ? anyLinks.attribute.id : tie
  const references = Object.entries(hsds[entity].references)
  const isRequired = references.some(([name, { required }]) => name === column && required)
  const others = references
    .filter(([name, { to }]) => name !== column && to !== 'taxonomy_term' && to !== 'unit')
    .map(([name]) => `held."${name}" IS NOT NULL`)
  const staged = `EXISTS (SELECT FROM import_row staged WHERE staged.entity = '${entity}' AND staged.id = held.id)`
  const stays = isRequired || tie === sourceCell ? staged : [...others, staged].join(' OR ')
  const unlisted = `
    EXISTS (SELECT FROM import_list list WHERE list.entity = '${entity}' AND list.tie = '${tie}'
      AND list.parent = held."${column}" ${tie === sourceCell ? 'AND (list.columns IS NULL OR held.label = ANY (list.columns))' : ''})
    AND NOT EXISTS (SELECT FROM import_row staged WHERE staged.entity = '${entity}' AND staged.id = held.id
      AND staged.data->>'${column}' = held."${column}"::text)
    ${entity === 'attribute' ? ofKind(tie) : ''}`
  const removed = await tx.$queryRawUnsafe<{ id: string }[]>(
    `SELECT held.id FROM "${entity}" held WHERE ${unlisted} AND NOT (${stays})`,
  )
  const ids = removed.map(({ id }) => id)
  if (ids.length > 0) await listNothing(tx, entity, ids)
  const untied = isRequired
    ? 0
    : await tx.$executeRawUnsafe(`UPDATE "${entity}" held SET "${column}" = NULL WHERE ${unlisted} AND (${stays})`)
  return { removed: ids, untied }
}

// Source cells are attributes too, but no list names them: they wait with the row beside which they are kept.
function ofKind(tie: string): string {
  return tie === sourceCell
    ? `AND held.link_type = '${sourceCell}' AND NOT EXISTS (SELECT FROM import_row staged
        WHERE staged.entity = held.link_entity AND staged.id = held.link_id AND staged.cells ? held.label)`
    : `AND held.link_type IS DISTINCT FROM '${sourceCell}'`
}

// The parts of what goes are named by no list any more.
async function listNothing(tx: Transaction, entity: EntityName, parents: string[]): Promise<void> {
  const lists = Object.values(hsds[entity].lists)
    .filter((list) => list.entity !== 'metadata')
    .map((list) => ({ entity: list.entity, tie: list.by }))
  await tx.$executeRawUnsafe(
    `INSERT INTO import_list (entity, tie, parent)
     SELECT list.entity, list.tie, parent FROM jsonb_to_recordset($1::jsonb) AS list (entity text, tie text),
       unnest($2::uuid[]) parent`,
    JSON.stringify([...lists, { entity: 'attribute', tie: sourceCell }]),
    parents,
  )
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

async function findDangling(tx: Transaction, entity: EntityName): Promise<StagedProblem[]> {
  const { references } = hsds[entity]
  const each = Object.entries(references).map(
    ([name, { to }]) => `
      SELECT staged.*, '${name}' AS field, '${to}' AS kind FROM import_row staged
      WHERE staged.entity = '${entity}' AND staged.data->>'${name}' IS NOT NULL
        AND NOT EXISTS (SELECT FROM import_row other
          WHERE other.entity = '${to}' AND other.id = (staged.data->>'${name}')::uuid)
        AND NOT EXISTS (SELECT FROM "${to}" other WHERE other.id = (staged.data->>'${name}')::uuid)`,
  )
  if (each.length === 0) return []
  return select(
    tx,
    `SELECT broken.*, broken.sources->field->'value' AS value, broken.sources->field->>'column' AS "column"
     FROM (${each.join(' UNION ALL ')}) broken ORDER BY ordinal`,
    (row) => ({ ...nothingThere(row.kind!), scope: references[row.field!]!.required ? 'record' : 'value' }),
  )
}

function nothingThere(kind: EntityName): Pick<Problem, 'message' | 'fix'> {
  const words = kind.replaceAll('_', ' ')
  return { message: `no such ${words}`, fix: `correct it, or import the ${words} first or together` }
}

async function findDanglingLinks(tx: Transaction, entity: keyof typeof anyLinks) {
  const names = anyLinks[entity]
  const linked = entityNames.map(
    (kind) => `SELECT '${kind}' AS kind, id FROM "${kind}" WHERE id IN (SELECT link FROM loose WHERE kind = '${kind}')`,
  )
  return select(
    tx,
    `WITH loose AS (
       SELECT ordinal, data->>'${names.entity}' AS kind, (data->>'${names.id}')::uuid AS link FROM import_row staged
       WHERE staged.entity = '${entity}' AND staged.data->>'${names.id}' IS NOT NULL
         AND NOT EXISTS (SELECT FROM import_row other
           WHERE other.entity = staged.data->>'${names.entity}' AND other.id = (staged.data->>'${names.id}')::uuid))
     SELECT staged.*, '${names.id}' AS field, staged.sources->'${names.id}'->'value' AS value,
       staged.sources->'${names.id}'->>'column' AS "column", loose.kind
     FROM loose JOIN import_row staged USING (ordinal) LEFT JOIN (${linked.join(' UNION ALL ')}) held
       ON held.kind = loose.kind AND held.id = loose.link
     WHERE held.id IS NULL ORDER BY staged.ordinal`,
    (row) => ({ ...nothingThere(row.kind!), scope: 'value' }),
  )
}

// A record may be given in parts, or be known already: only the whole tells whether a required value is missing.
async function findMissing(tx: Transaction, entity: EntityName): Promise<StagedProblem[]> {
  const { fields, references } = hsds[entity]
  const required = Object.entries({ ...fields, ...references }).flatMap(([name, { required }]) =>
    required ? [name] : [],
  )
  if (required.length === 0) return []
  return select(
    tx,
    `SELECT staged.*, field, staged.sources->field->'value' AS value, staged.sources->field->>'column' AS "column"
     FROM import_row staged, unnest($1::text[]) WITH ORDINALITY AS needed (field, position)
     WHERE staged.entity = '${entity}' AND staged.data->>field IS NULL
       AND (staged.data ? field OR NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id))
     ORDER BY staged.ordinal, needed.position`,
    ({ field, value }) => ({
      message: value == null ? 'is missing' : `leads to no ${field!.replace(/_id$/, '')}`,
      fix: `HSDS requires ${field} of every ${entity.replaceAll('_', ' ')}`,
      scope: 'record',
    }),
    required,
  )
}

function findCircles(tx: Transaction, entity: keyof typeof trees, networkId: string): Promise<StagedProblem[]> {
  const parent = trees[entity]
  return select(
    tx,
    `WITH RECURSIVE
       link AS (
         SELECT id, (data->>'${parent}')::uuid AS parent, true AS is_staged FROM import_row
           WHERE entity = '${entity}' AND data->>'${parent}' IS NOT NULL
         UNION ALL
         SELECT id, "${parent}", false FROM "${entity}" held
           WHERE "${parent}" IS NOT NULL AND network_id = $1::uuid
             AND NOT EXISTS (SELECT FROM import_row staged
               WHERE staged.entity = '${entity}' AND staged.id = held.id AND staged.data ? '${parent}')),
       walk AS (
         SELECT id AS start, parent AS at FROM link WHERE is_staged
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
    networkId,
  )
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

async function select(
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
