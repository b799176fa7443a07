/** What an import stored, in the words of its source, for a test that compares the two. */
import type { Transaction } from '../database/connect.ts'
import { type EntityName, hsds } from '../domains/directory/hsds/model.ts'

/** A row as text by column; `service_id uuid` is the HSDS identifier of the record that `service_id` refers to. */
export type StoredRow = Record<string, string | null>

/** All rows of a table that belong to the network. */
export async function readTable(tx: Transaction, networkId: string, entity: EntityName): Promise<StoredRow[]> {
  const references = Object.entries(hsds[entity].references)
  const uuids = references.map(
    ([name, { to }]) => `'${name} uuid', (SELECT uuid FROM "${to}" other WHERE other.id = held."${name}")`,
  )
  const rows = await tx.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(
    `SELECT to_jsonb(held) || jsonb_build_object(${uuids.join(', ')}) AS row FROM "${entity}" held WHERE network_id = $1::uuid`,
    networkId,
  )
  return rows.map(({ row }) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, value === null ? null : String(value)])),
  )
}

/** The source cells kept beside each row, by the row's key. */
export async function keptCells(tx: Transaction, networkId: string): Promise<Map<string, Record<string, string>>> {
  const cells = new Map<string, Record<string, string>>()
  const attributes = await tx.attribute.findMany({ where: { networkId, linkType: 'source_cell' } })
  for (const { linkId, label, value } of attributes) {
    cells.set(linkId!, { ...cells.get(linkId!), [label!]: value! })
  }
  return cells
}
