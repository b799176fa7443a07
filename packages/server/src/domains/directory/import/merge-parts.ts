/** Makes one staged row of each record, wherever in the source its parts stood. */
import type { Transaction } from '../../../database/connect.ts'
import { keepCells, within } from './leave-out.ts'
import { type StagedProblem, selectProblems } from './staging.ts'

/**
 * Makes one row of each record, wherever its parts stood, and returns the rows that repeat an identifier and the
 * contradictions between parts. Who goes on in spite of them has what the source said first.
 */
export async function mergeParts(tx: Transaction, networkId: string): Promise<StagedProblem[]> {
  await tx.$executeRawUnsafe(`CREATE INDEX ON import_row (id)`)
  await tx.$executeRawUnsafe(`ANALYZE import_row (entity, id, once)`)
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_many ON COMMIT DROP AS
    SELECT entity, id FROM import_row GROUP BY entity, id HAVING count(*) > 1`)
  await tx.$executeRawUnsafe(`ANALYZE import_many`)
  const repeated = await leaveOutRepeated(tx)
  // Documents repeat word for word what they share: only what differs has to be merged.
  await tx.$executeRawUnsafe(`
    CREATE TEMPORARY TABLE import_part ON COMMIT DROP AS
    SELECT *, count(*) OVER (PARTITION BY entity, id) = 1 AS is_whole
    FROM (SELECT DISTINCT ON (entity, id, once, data, cells, sources) part.*
          FROM import_row part JOIN import_many USING (entity, id)
          ORDER BY entity, id, once, data, cells, sources, ordinal) different`)
  const contradictions = await selectProblems(
    tx,
    `WITH said AS (
       SELECT part.ordinal, part.entity, part.id, each.key, each.value, each.is_cell,
         first_value(each.value) OVER (PARTITION BY part.entity, part.id, each.key, each.is_cell ORDER BY part.ordinal) AS first
       FROM (SELECT * FROM import_part WHERE NOT is_whole) part, LATERAL (
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
  await tx.$executeRawUnsafe(`
    DELETE FROM import_row row USING import_many many WHERE row.entity = many.entity AND row.id = many.id`)
  await tx.$executeRawUnsafe(`
    INSERT INTO import_row (entity, id, data, cells, sources, once, file, line, pointer)
    SELECT entity, id, data, cells, sources, once, file, line, pointer FROM import_part WHERE is_whole
    UNION ALL
    SELECT entity, id, data, coalesce(cells, '{}'), coalesce(sources, '{}'), once, file, line, pointer
    FROM (SELECT entity, id, bool_or(once) AS once, (array_agg(file ORDER BY ordinal))[1] AS file,
            (array_agg(line ORDER BY ordinal))[1] AS line, (array_agg(pointer ORDER BY ordinal))[1] AS pointer
          FROM import_part WHERE NOT is_whole GROUP BY entity, id) whole
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
          FROM import_part part, jsonb_each(part.${column}) each WHERE NOT part.is_whole
          ORDER BY part.entity, part.id, each.key, ${saysNothing}, part.ordinal) first
    GROUP BY entity, id`
}

// A table says all of a record in one row. A second row with the same identifier goes with all that was read from it.
async function leaveOutRepeated(tx: Transaction): Promise<StagedProblem[]> {
  const repeated = await selectProblems(
    tx,
    `SELECT later.*, NULL AS field, later.sources->'id'->'value' AS value, later.sources->'id'->>'column' AS "column",
       first.file AS other_file, first.line AS other_line, first.pointer AS other_pointer
     FROM (
       SELECT *, min(ordinal) OVER (PARTITION BY entity, id) AS first
       FROM import_row JOIN import_many USING (entity, id) WHERE once) later
     JOIN import_row first ON first.entity = later.entity AND first.id = later.id AND first.ordinal = later.first
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
