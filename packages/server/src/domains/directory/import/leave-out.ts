/** Leaves what is at fault out of the staged rows, so that the rest can go on. */
import type { Transaction } from '../../../database/connect.ts'
import { type EntityName, entityNames, standAlone } from '../hsds/model.ts'
import { keepCell, noCells, type StagedRow } from './check-record.ts'
import type { StagedProblem } from './staging.ts'

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
export async function keepCells(tx: Transaction, problems: StagedProblem[], networkId: string): Promise<void> {
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

/** SQL: whether a staged row was read from a place, or from inside it. */
export function within(row: string, place: string): string {
  return `${row}.file = ${place}.file AND ${row}.line IS NOT DISTINCT FROM ${place}.line
    AND (${place}.pointer IS NULL OR ${row}.pointer = ${place}.pointer OR starts_with(${row}.pointer, ${place}.pointer || '/'))`
}
