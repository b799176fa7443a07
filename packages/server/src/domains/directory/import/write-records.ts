/** Writes the staged records to the tables of the directory. */
import type { Transaction } from '../../../database/connect.ts'
import { anyLinks, type EntityName, hsds } from '../hsds/model.ts'
import { type Changes, changesOf } from './changes.ts'
import { demonstrable, sourceCell } from './check-record.ts'
import { removeUnlisted } from './remove-unlisted.ts'
import { stagedEntities } from './staging.ts'

/** Writes the staged rows to their tables and removes what whole lists no longer name. */
export async function writeStaged(tx: Transaction, networkId: string): Promise<Partial<Record<EntityName, Changes>>> {
  const changes: Partial<Record<EntityName, Changes>> = {}
  for (const entity of await stagedEntities(tx)) {
    const columns = columnsOf(entity)
    const list = columns.map((name) => `"${name}"`).join(', ')
    const merged = `jsonb_populate_record(held, staged.data)`
    // New rows first: a row that is already there may come to refer to one of them. OFFSET 0 keeps the record from being
    // made again for each of its columns.
    const created = await tx.$executeRawUnsafe(
      `INSERT INTO "${entity}" (id, network_id, ${list})
       SELECT id, $1::uuid, ${columns.map(freshValue).join(', ')}
       FROM (SELECT staged.id, jsonb_populate_record(NULL::"${entity}", staged.data) AS fresh
             FROM import_row staged
             WHERE staged.entity = '${entity}' AND NOT EXISTS (SELECT FROM "${entity}" held WHERE held.id = staged.id)
             OFFSET 0) staged`,
      networkId,
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
  for (const [entity, { created }] of Object.entries(changes)) {
    if (created >= manyRows) await tx.$executeRawUnsafe(`ANALYZE "${entity}"`)
  }
  return changes
}

// What comes next in the transaction, and the first searches after it, are planned by what the tables hold now.
const manyRows = 10_000

async function writeCells(
  tx: Transaction,
  changes: Partial<Record<EntityName, Changes>>,
  networkId: string,
): Promise<void> {
  const cells = `
    SELECT (cell.value->>2)::uuid AS id, $1::uuid AS network_id, (cell.value->>1)::uuid AS uuid,
      staged.id AS link_id, staged.entity AS link_entity, '${sourceCell}' AS link_type, cell.key AS label, cell.value->>0 AS value
    FROM import_row staged, jsonb_each(staged.cells) cell WHERE staged.cells <> '{}'`
  const created = await tx.$executeRawUnsafe(
    `INSERT INTO attribute (id, network_id, uuid, link_id, link_entity, link_type, label, value)
     SELECT * FROM (${cells}) cell WHERE NOT EXISTS (SELECT FROM attribute held WHERE held.id = cell.id)`,
    networkId,
  )
  const [{ count }] = await tx.$queryRaw<[{ count: number }]>`
    SELECT coalesce(sum(cardinality(array(SELECT jsonb_object_keys(cells)))), 0)::integer AS count
    FROM import_row WHERE cells <> '{}'`
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

/** The columns that a source may fill; the others are for the database to fill, or for what comes after the import. */
function columnsOf(entity: EntityName): string[] {
  const { fields, references } = hsds[entity]
  const links = entity === 'attribute' || entity === 'metadata' ? Object.values(anyLinks[entity]) : []
  const marks = demonstrable.has(entity) ? ['demonstration'] : []
  return ['uuid', ...Object.keys(fields), ...Object.keys(references), ...links, ...marks]
}

function freshValue(column: string): string {
  return column === 'demonstration' ? 'coalesce((fresh).demonstration, false)' : `(fresh)."${column}"`
}
