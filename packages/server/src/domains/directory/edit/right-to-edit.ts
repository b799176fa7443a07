/** Who may write a record: whoever may write all that it hangs on, up to the organizations. */
import type { Actor } from '../../../actor.ts'
import type { Transaction } from '../../../database/connect.ts'
import { roleOver } from '../../access/administers.ts'
import { rightToWrite } from '../../access/rights.ts'
import type { Doer } from '../../trace/record-act.ts'
import { isOfNetwork, tiesOf } from './edited-kinds.ts'
import { findRecord, type HeldRecord } from './find-record.ts'

export interface Right {
  /** Who did it, for the audit log. */
  doer: Doer
  /** Row key of the organization by whose right it is done; null for that of the network. */
  organizationId: string | null
}

/** What is asked about: a record that is there, or one that is about to be. */
export type Owned = Pick<HeldRecord, 'entity' | 'id' | 'networkId' | 'isPublished' | 'data'>

/** By what right the actor writes the record; undefined where there is none. */
export async function rightToEdit(tx: Transaction, actor: Actor, record: Owned): Promise<Right | undefined> {
  const rights = [...(await ownersOf(tx, record))].map((owner) => rightOver(actor, record.networkId, owner))
  if (rights.includes(undefined)) return undefined
  // What belongs to several is written by the right of the network, unless one organization has it all.
  const [first, ...others] = rights as Right[]
  const isOne = others.every(({ organizationId }) => organizationId === first!.organizationId)
  return isOne ? first : { ...first!, organizationId: null }
}

/** The organizations that a record belongs to; null stands for the network as a whole. */
export async function ownersOf(tx: Transaction, record: Owned): Promise<Set<string | null>> {
  const { entity, id, data } = record
  // Nobody speaks yet for an organization that is not published.
  if (entity === 'organization') return new Set([record.isPublished ? id : null])
  if (isOfNetwork(entity)) return new Set([null])
  const owners = new Set<string | null>()
  for (const { to, id } of tiesOf(entity, data).filter(({ holds }) => holds)) {
    const holder = await findRecord(tx, to, id)
    if (holder !== undefined) for (const owner of await ownersOf(tx, holder)) owners.add(owner)
  }
  return owners.size === 0 ? new Set([null]) : owners
}

/** Whether the actor does anything in the network; who doesn't must not even make others wait. */
export function actsIn(actor: Actor, networkId: string): boolean {
  if (actor.kind === 'partner') return actor.networkId === networkId
  return actor.kind === 'staff' && actor.roles.some((role) => role.networkId === networkId)
}

function rightOver(actor: Actor, networkId: string, organizationId: string | null): Right | undefined {
  const doer = rightToWrite(actor, { networkId, organizationId })
  if (doer === undefined || organizationId === null) return doer && { doer, organizationId: null }
  const asItself =
    actor.kind === 'partner'
      ? actor.organizationId === organizationId && actor.scopes.has('directory_write')
      : roleOver(actor, { networkId, organizationId })?.organizationId === organizationId
  return { doer, organizationId: asItself ? organizationId : null }
}
