/** Changes a record, published or not. */
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import { checkTies, refuseDrafts } from './check-ties.ts'
import { checkRow, words } from './check-values.ts'
import { holderAmong, ownerOf, tiedValues } from './create-record.ts'
import { isPublishedAlone, type RowData } from './edited-kinds.ts'
import { answer, type Edited, type Editor, type EditTarget, openRecord, tellAct } from './editing.ts'
import type { HeldRecord } from './find-record.ts'
import { rightToEdit } from './right-to-edit.ts'
import { followRecords, refuseCarrier, updateRecord } from './write-record.ts'

export interface RecordChange extends EditTarget {
  /** Values by HSDS field, and row keys by referring column; what is absent stays, null clears. */
  values: Record<string, unknown>
}

/** Throws a Refused. A change that changes nothing writes nothing. */
export async function changeRecord(tx: Transaction, editor: Editor, change: RecordChange): Promise<Edited> {
  const { entity, id } = change
  const { record, right } = await openRecord(tx, editor, change)
  const changes = differences(record.data, tiedValues(entity, change.values))
  if (Object.keys(changes).length === 0) return answer(tx, entity, id)
  const changed: HeldRecord = { ...record, data: { ...record.data, ...changes } }
  checkRow(entity, changed.data)
  for (const each of [record, changed]) refuseCarrier(each)
  const ties = await checkTies(tx, editor, changed)
  // All that it hangs on is the actor's: nothing is left but a location that no organization would keep.
  if ((await rightToEdit(tx, editor.actor, changed)) === undefined) {
    const message = 'organization: a location without organization is for coordinators of the network.'
    throw new Refused('COORDINATORS_ONLY', message, ['organization'])
  }
  if (record.isPublished) {
    refuseDrafts(changed, ties, new Set())
    await updateRecord(tx, record, changes, right)
    await followRecords(tx, record.networkId, [record, changed])
  } else {
    const drafts = ties.filter(({ other }) => !other.isPublished)
    const isPart = !isPublishedAlone(entity)
    if (isPart && drafts.length === 0) {
      const advice = 'discard this draft, and create it there'
      throw new Refused('HOLDER_PUBLISHED', `What the ${words(entity)} would belong to is public: ${advice}.`)
    }
    const holderId = isPart ? holderAmong(drafts) : null
    await tx.directoryDraft.update({
      where: { id },
      data: { data: changed.data, holderId, organizationId: await ownerOf(tx, changed), changedAt: new Date() },
    })
  }
  await tellAct(tx, editor, 'change', record, right)
  return answer(tx, entity, id)
}

function differences(before: RowData, given: RowData): RowData {
  return Object.fromEntries(Object.entries(given).filter(([column, value]) => (before[column] ?? null) !== value))
}
