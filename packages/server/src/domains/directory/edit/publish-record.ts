/** Publishes a draft, with all drafts that are parts of it. */
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import { entityNames } from '../hsds/model.ts'
import { checkTies, refuseDrafts } from './check-ties.ts'
import { answer, type Edited, type Editor, type EditTarget, openRecord, tellAct } from './editing.ts'
import type { HeldRecord } from './find-record.ts'
import { followRecords, insertRecord } from './write-record.ts'

/** Throws a Refused. From then on the same id is that of the public record. */
export async function publishRecord(tx: Transaction, editor: Editor, target: EditTarget): Promise<Edited> {
  const { entity, id } = target
  const { record, right } = await openRecord(tx, editor, target)
  if (record.isPublished) throw new Refused('ALREADY_PUBLISHED', `id: this is public already.`, ['id'])
  const going = await withParts(tx, record)
  const alongside = new Set(going.map((draft) => draft.id))
  // Who may publish it may do so with what others made of it.
  for (const draft of going) refuseDrafts(draft, await checkTies(tx, undefined, draft), alongside)
  await tx.directoryDraft.deleteMany({ where: { id: { in: [...alongside] } } })
  // The record counts on, so that nobody takes it for a version of the draft.
  for (const draft of going) await insertRecord(tx, { ...draft, recordVersion: draft.recordVersion + 1 }, right)
  await followRecords(tx, record.networkId, going)
  if (entity === 'organization') {
    await tx.$executeRaw`
      UPDATE directory_draft SET organization_id = ${id}::uuid
      WHERE network_id = ${record.networkId}::uuid AND data->>'organization_id' = ${id}`
  }
  await tellAct(tx, editor, 'publish', record, right)
  return answer(tx, entity, id)
}

/** A draft and all drafts that hang on it, each after those that it refers to. */
async function withParts(tx: Transaction, root: HeldRecord): Promise<HeldRecord[]> {
  const rows = await tx.$queryRaw<HeldRecord[]>`
    WITH RECURSIVE part AS (
      SELECT * FROM directory_draft WHERE id = ${root.id}::uuid
      UNION ALL SELECT draft.* FROM directory_draft draft JOIN part ON draft.holder_id = part.id)
    SELECT entity::text, id, network_id AS "networkId", false AS "isPublished", record_version AS "recordVersion", data
    FROM part`
  return rows.sort((a, b) => entityNames.indexOf(a.entity) - entityNames.indexOf(b.entity))
}
