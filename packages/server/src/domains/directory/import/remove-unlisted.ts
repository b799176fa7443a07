/** Removes what the source's whole lists no longer name. */
import type { Transaction } from '../../../database/connect.ts'
import { anyLinks, type EntityName, entityNames, hsds, standAlone } from '../hsds/model.ts'
import { type Changes, changesOf } from './changes.ts'
import { sourceCell } from './check-record.ts'

// A part that the source's list no longer names is untied from its holder, and goes when nothing else holds it.
export async function removeUnlisted(tx: Transaction, changes: Partial<Record<EntityName, Changes>>): Promise<void> {
  await tx.$executeRawUnsafe(`CREATE INDEX ON import_list (parent)`)
  await tx.$executeRawUnsafe(`ANALYZE import_list`)
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
