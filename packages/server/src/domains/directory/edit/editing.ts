/** How every edit begins and ends: the network locked, the record found, the right looked up; the act recorded. */
import type { Actor } from '../../../actor.ts'
import type { Transaction } from '../../../database/connect.ts'
import { expectVersion } from '../../../database/expect-version.ts'
import { lockNetworkPatiently } from '../../../database/lock-network.ts'
import { type Action, recordAct } from '../../trace/record-act.ts'
import type { EditedKind } from './edited-kinds.ts'
import { findRecord, type HeldRecord } from './find-record.ts'
import { unknown } from './refuse-edit.ts'
import { actsIn, type Right, rightToEdit } from './right-to-edit.ts'

/** Who edits, in the course of which request. */
export interface Editor {
  actor: Actor
  requestId: string | null
}

/** What every edit answers. */
export interface Edited {
  entity: EditedKind
  id: string
  recordVersion: number
  isPublished: boolean
}

/** Which record is edited, and what the caller knows of it. */
export interface EditTarget {
  entity: EditedKind
  id: string
  expectedVersion: number
  /** The name of the id in the input; "id" without. */
  path?: string
}

/** Enters the network as its only writer. Throws `refusal` where the actor does nothing there. */
export async function enterNetwork(
  tx: Transaction,
  { actor }: Editor,
  networkId: string | undefined,
  refusal: Error,
): Promise<string> {
  if (networkId === undefined || !actsIn(actor, networkId)) throw refusal
  await lockNetworkPatiently(tx, networkId)
  return networkId
}

/** The record, and the right to edit it. Throws a Refused, alike for what isn't there and what isn't the actor's. */
export async function openRecord(
  tx: Transaction,
  editor: Editor,
  { entity, id, expectedVersion, path = 'id' }: EditTarget,
): Promise<{ record: HeldRecord; right: Right }> {
  const refusal = unknown(entity, path)
  await enterNetwork(tx, editor, (await findRecord(tx, entity, id))?.networkId, refusal)
  // Whoever wrote before the network was locked may have changed it, or moved it.
  const record = await findRecord(tx, entity, id)
  const right = record && (await rightToEdit(tx, editor.actor, record))
  if (record === undefined || right === undefined) throw refusal
  await expectVersion(tx, record.isPublished ? entity : 'directory_draft', id, expectedVersion)
  return { record, right }
}

export type Verb = 'create' | 'change' | 'publish' | 'retire' | 'remove' | 'discard'

export async function tellAct(
  tx: Transaction,
  { requestId }: Editor,
  verb: Verb,
  { entity, id, networkId }: Pick<HeldRecord, 'entity' | 'id' | 'networkId'>,
  { doer }: Right,
): Promise<void> {
  await recordAct(tx, { doer, action: actionOf(entity, verb), networkId, recordKey: id, requestId })
}

/** The record as it is now. */
export async function answer(tx: Transaction, entity: EditedKind, id: string): Promise<Edited> {
  const { recordVersion, isPublished } = (await findRecord(tx, entity, id))!
  return { entity, id, recordVersion, isPublished }
}

const named: readonly EditedKind[] = ['organization', 'service', 'location', 'service_at_location', 'schedule']

function actionOf(entity: EditedKind, verb: Verb): Action {
  if (verb === 'discard') return 'directory_draft.discard'
  return `${named.includes(entity) ? entity : 'directory_part'}.${verb}` as Action
}
