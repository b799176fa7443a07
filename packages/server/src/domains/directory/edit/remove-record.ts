/** Removes a record with the parts that hang on it alone, and lets go of those that hang on something else too. */
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import { countMeanings } from '../../need/map-terms.ts'
import { words } from './check-values.ts'
import { describedKinds, type EditedKind, editedKinds, referencesOf } from './edited-kinds.ts'
import { type Editor, type EditTarget, openRecord, tellAct } from './editing.ts'
import { findRecord, type HeldRecord } from './find-record.ts'
import type { Right } from './right-to-edit.ts'
import { tellRemoval } from './write-metadata.ts'
import { followRecords, refuseCarrier, removeRows, updateRecord } from './write-record.ts'

/** Throws a Refused. Removing a draft discards it. */
export async function removeRecord(tx: Transaction, editor: Editor, target: EditTarget): Promise<void> {
  const { record, right } = await openRecord(tx, editor, target)
  refuseCarrier(record)
  if (record.isPublished) {
    await refuseUsed(tx, record)
    await removePublic(tx, record, right)
  } else {
    await tx.directoryDraft.delete({ where: { id: record.id } })
  }
  await tellAct(tx, editor, record.isPublished ? 'remove' : 'discard', record, right)
}

/** Discards a draft with all its parts. Throws a Refused. */
export async function discardDraft(tx: Transaction, editor: Editor, target: EditTarget): Promise<void> {
  const { record, right } = await openRecord(tx, editor, target)
  if (record.isPublished) throw new Refused('NOT_A_DRAFT', 'draft: this is public; retire it or remove it.', ['draft'])
  await tx.directoryDraft.delete({ where: { id: record.id } })
  await tellAct(tx, editor, 'discard', record, right)
}

async function removePublic(tx: Transaction, root: HeldRecord, right: Right): Promise<void> {
  await tellRemoval(tx, root, right)
  const going = new Map([[root.id, root]])
  const left: { part: HeldRecord; column: string }[] = []
  // What is found is looked through as well, for what hangs on it in turn.
  for (const record of going.values()) {
    for (const { part, column } of await partsOf(tx, record)) {
      if (going.has(part.id)) continue
      if (hangsOnAlone(part, going)) going.set(part.id, part)
      else left.push({ part, column })
    }
  }
  for (const { part, column } of left) {
    if (!going.has(part.id))
      await updateRecord(tx, (await findRecord(tx, part.entity, part.id))!, { [column]: null }, right)
  }
  for (const [entity, records] of Map.groupBy([...going.values()].reverse(), (record) => record.entity)) {
    await removeRows(
      tx,
      entity,
      records.map(({ id }) => id),
    )
  }
  await followRecords(tx, root.networkId, [...going.values()])
}

/** What refers to the record as something that it hangs on. */
async function partsOf(tx: Transaction, { entity, id }: HeldRecord): Promise<{ part: HeldRecord; column: string }[]> {
  const parts: { part: HeldRecord; column: string }[] = []
  for (const kind of editedKinds) {
    for (const { column, to, holds } of referencesOf(kind)) {
      const describes = to === 'any' && describedKinds.includes(entity)
      if (!holds || !(to === entity || describes)) continue
      for (const key of await keysOf(tx, kind, column, id)) {
        parts.push({ part: (await findRecord(tx, kind, key))!, column })
      }
    }
  }
  return parts
}

function hangsOnAlone({ entity, data }: HeldRecord, going: ReadonlyMap<string, unknown>): boolean {
  return referencesOf(entity).every(({ column, holds }) => {
    const id = data[column]
    return !holds || typeof id !== 'string' || going.has(id)
  })
}

async function keysOf(tx: Transaction, kind: EditedKind, column: string, id: string): Promise<string[]> {
  const rows = await tx.$queryRawUnsafe<{ id: string }[]>(`SELECT id FROM "${kind}" WHERE "${column}" = $1::uuid`, id)
  return rows.map((row) => row.id)
}

/** Refuses to remove what others refer to without hanging on it. */
async function refuseUsed(tx: Transaction, { entity, id }: HeldRecord): Promise<void> {
  const uses = entity === 'taxonomy_term' ? [{ count: await countMeanings(tx, id), what: 'need areas' }] : []
  for (const kind of editedKinds) {
    for (const { column, to, holds } of referencesOf(kind)) {
      if (holds || to !== entity) continue
      uses.push({ count: (await keysOf(tx, kind, column, id)).length, what: `records of kind ${words(kind)}` })
    }
  }
  const used = uses.filter(({ count }) => count > 0).map(({ count, what }) => `${count} ${what}`)
  if (used.length === 0) return
  throw new Refused(
    'IN_USE',
    `id: ${used.join(' and ')} refer to this ${words(entity)}; they must let go of it first.`,
    ['id'],
  )
}
