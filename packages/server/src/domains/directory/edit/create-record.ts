/** Makes a record: a draft, or a part of something public, which is public at once. */
import type { Transaction } from '../../../database/connect.ts'
import { entityNames } from '../hsds/model.ts'
import { checkTies } from './check-ties.ts'
import { checkFields, checkRow } from './check-values.ts'
import {
  type EditedKind,
  inputNameOf,
  isPublishedAlone,
  namesNetwork,
  type RowData,
  referencesOf,
  type Tie,
  tiesOf,
} from './edited-kinds.ts'
import { answer, type Edited, type Editor, enterNetwork, tellAct } from './editing.ts'
import { findRecord, type HeldRecord } from './find-record.ts'
import { unknown } from './refuse-edit.ts'
import { type Owned, ownersOf, rightToEdit } from './right-to-edit.ts'
import { followRecords, insertRecord, newKeys, refuseCarrier } from './write-record.ts'

export interface Creation {
  entity: EditedKind
  /** Of kinds that need not refer to anything: the network. */
  networkId?: string
  /** Values by HSDS field, and row keys by referring column. */
  values: Record<string, unknown>
}

/** Throws a Refused. */
export async function createRecord(tx: Transaction, editor: Editor, creation: Creation): Promise<Edited> {
  const { entity } = creation
  const ties = tiedValues(entity, creation.values)
  checkRow(entity, ties)
  const networkId = await findNetwork(tx, editor, creation, ties)
  const { id, uuid } = newKeys(networkId, entity)
  const data: RowData = { uuid, ...ties }
  const made: Owned = { entity, id, networkId, isPublished: false, data }
  refuseCarrier(made)
  const found = await checkTies(tx, editor, made)
  const right = await rightToEdit(tx, editor.actor, made)
  // What nobody owns is for who coordinates.
  if (right === undefined) throw unknown('network', 'network')
  const drafts = found.filter(({ other }) => !other.isPublished)
  if (isPublishedAlone(entity) || drafts.length > 0) {
    await insertDraft(tx, made, isPublishedAlone(entity) ? null : holderAmong(drafts))
  } else {
    const record = { entity, id, networkId, recordVersion: 1, data }
    await insertRecord(tx, record, right)
    await followRecords(tx, networkId, [record])
  }
  await tellAct(tx, editor, 'create', made, right)
  return answer(tx, entity, id)
}

/** The columns that somebody gave, as they are stored. Throws a Refused. */
export function tiedValues(entity: EditedKind, values: Record<string, unknown>): RowData {
  const data = checkFields(entity, values)
  const columns = [...referencesOf(entity).map(({ column }) => column), 'link_entity', 'kind']
  for (const column of columns) if (values[column] !== undefined) data[column] = values[column] as string | null
  return data
}

/** Of the drafts that a part refers to, the one that it is published with: the last that can be. */
export function holderAmong(drafts: { tie: Tie; other: HeldRecord }[]): string | null {
  const order = ({ tie, other }: { tie: Tie; other: HeldRecord }) =>
    (tie.holds ? entityNames.length : 0) + entityNames.indexOf(other.entity)
  return drafts.toSorted((a, b) => order(b) - order(a))[0]?.other.id ?? null
}

/** The published organization that a draft belongs to; null for several, or the network. */
export async function ownerOf(tx: Transaction, record: Owned): Promise<string | null> {
  const [owner, ...others] = await ownersOf(tx, record)
  return others.length > 0 ? null : (owner ?? null)
}

async function insertDraft(tx: Transaction, record: Owned, holderId: string | null): Promise<void> {
  const { entity, id, networkId, data } = record
  await tx.directoryDraft.create({
    data: { id, networkId, entity, organizationId: await ownerOf(tx, record), holderId, data },
  })
}

async function findNetwork(tx: Transaction, editor: Editor, creation: Creation, data: RowData): Promise<string> {
  const { entity, networkId } = creation
  if (namesNetwork(entity)) {
    const isThere = networkId !== undefined && (await tx.network.count({ where: { id: networkId } })) > 0
    return enterNetwork(tx, editor, isThere ? networkId : undefined, unknown('network', 'network'))
  }
  const tie = tiesOf(entity, data).find(({ holds }) => holds)
  if (tie === undefined) throw new Error(`A ${entity} without holder has no network.`)
  const holder = await findRecord(tx, tie.to, tie.id)
  return enterNetwork(tx, editor, holder?.networkId, unknown(tie.to, inputNameOf(entity, tie.column)))
}
