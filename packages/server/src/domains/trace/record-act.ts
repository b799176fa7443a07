/** The audit log: what was done, by whom, to what, when, and from which request. No value is ever in it. */
import type { Transaction } from '../../database/connect.ts'

/**
 * Everything that is recorded, as what it was done to and what was done. `personal` is what belongs to a person: the log
 * says that it was done, never to whose record.
 *
 * Answers to surveys are not here: nothing may tell when one was given. Nor are grants and sessions, which change nothing: the
 * log would be a list, kept for ten years, of the instants at which the people of a company came.
 */
const actions = {
  'network.create': {},
  'network.change': {},
  'membership.apply': {},
  'membership.accept': {},
  'membership.leave': {},
  'phase.create': {},
  'phase.change': {},
  'phase.remove': {},
  'network_event.create': {},
  'network_event.change': {},
  'network_event.remove': {},
  'need_area.import': {},
  'need_area_term.change': {},
  'service_need_area.change': {},
  'directory.import': {},
  'organization.create': {},
  'organization.change': {},
  'organization.publish': {},
  'organization.retire': {},
  'service.create': {},
  'service.change': {},
  'service.publish': {},
  'service.retire': {},
  'location.create': {},
  'location.change': {},
  'location.publish': {},
  'location.remove': {},
  'service_at_location.create': {},
  'service_at_location.change': {},
  'service_at_location.remove': {},
  'schedule.create': {},
  'schedule.change': {},
  'schedule.remove': {},
  'directory_part.create': {},
  'directory_part.change': {},
  'directory_part.publish': {},
  'directory_part.remove': {},
  'directory_draft.discard': {},
  'survey.create': {},
  'survey_version.create': {},
  'survey_version.change': {},
  'campaign.create': {},
  'campaign.change': {},
  'campaign.open': {},
  'campaign.close': {},
  'campaign_organization.change': {},
  'invitation.create': {},
  'invitation.replace': {},
  'release.request': {},
  'release.create': {},
  'api_key.create': {},
  'api_key.rotate': {},
  'api_key.revoke': {},
  'staff_member.add': {},
  'staff_member.remove': {},
  'secret.create': {},
  'secret.rotate': {},
  'person.export': { personal: true },
  'person.erase': { personal: true },
  'retention.apply': {},
} as const satisfies Record<`${string}.${string}`, { personal?: true }>

export type Action = keyof typeof actions

/**
 * Who did it, as far as the log tells. Every {@link Actor} but `anyone` is one, where staff is told by the row of the role
 * that allowed it: while somebody has a role, that row says who; when the row is gone, the entry tells no one apart.
 */
export type Doer =
  | { kind: 'partner'; keyId: string }
  | { kind: 'staff'; memberId: string }
  | { kind: 'person' }
  | { kind: 'operator' }
  | { kind: 'server' }

export interface Act {
  doer: Doer
  action: Action
  /** Row key of the network; null for what belongs to none. */
  networkId: string | null
  /** Row key of the record that it was done to. */
  recordKey: string | null
  /** The request in whose course it is done; null where there is none. */
  requestId: string | null
}

/**
 * Records what this transaction does. It counts when the transaction commits, and not at all when it doesn't, so it may be
 * called at any point of it.
 *
 * The log can't forget, and a person may ask to be forgotten. So for what a person does it keeps neither a reference (a keyed
 * hash would still tell one person's acts from another's, as long as the key lasts) nor a record nor the request, whose id
 * the caller may have chosen: employers' machines pass these requests on.
 */
export async function recordAct(tx: Transaction, act: Act): Promise<void> {
  const { doer, action, networkId } = act
  const byPerson = doer.kind === 'person'
  const recordKey = byPerson || 'personal' in actions[action] ? null : act.recordKey
  const requestId = byPerson ? null : act.requestId
  // Not by the client's create(), which reads back what it wrote: the application may not read here.
  await tx.$executeRaw`
    INSERT INTO audit_act (network_id, actor_kind, actor_reference, action, record_key, request_id)
    VALUES (${networkId}::uuid, ${doer.kind}::audit_actor_kind, ${referenceOf(doer)}::uuid, ${action}, ${recordKey}, ${requestId})`
}

function referenceOf(doer: Doer): string | null {
  if (doer.kind === 'partner') return doer.keyId
  return doer.kind === 'staff' ? doer.memberId : null
}
