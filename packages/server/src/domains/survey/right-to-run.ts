/** By what right somebody runs surveys, and reads what companies alone may read of them. */
import type { Actor } from '../../actor.ts'
import type { ApiKeyScope, StaffRole } from '../../generated/prisma/enums.ts'
import { type Owned, roleOver } from '../access/administers.ts'
import { rightToCoordinate } from '../access/rights.ts'
import type { Doer } from '../trace/record-act.ts'

/** Permission of what those do who run surveys; of which organization, {@link rightToRun} says. */
export const surveyRunners: { $any: { partner: ApiKeyScope[]; staff: StaffRole[] } } = {
  $any: { partner: ['survey_run', 'network_coordinate'], staff: ['network_coordinator', 'organization_admin'] },
}

/** The right to run the surveys of an organization: as itself, or by coordinating its network. */
export function rightToRun(actor: Actor, owned: Owned): Doer | undefined {
  if (actor.kind === 'partner') {
    const own = actor.networkId === owned.networkId && actor.organizationId === owned.organizationId
    if (own && actor.scopes.has('survey_run')) return { kind: 'partner', keyId: actor.keyId }
    return rightToCoordinate(actor, owned.networkId)
  }
  const role = roleOver(actor, owned)
  return role && { kind: 'staff', memberId: role.id }
}

/**
 * Whether somebody reads the results of one organization, where a campaign did not publish them: its own machines and
 * administrators do. Coordinators don't: what they may know of a company is what all may know.
 */
export function readsOwnResults(actor: Actor, owned: Owned): boolean {
  if (actor.kind === 'partner') {
    return actor.networkId === owned.networkId && actor.organizationId === owned.organizationId
  }
  if (actor.kind !== 'staff') return false
  return actor.roles.some(
    ({ role, networkId, organizationId }) =>
      role === 'organization_admin' && networkId === owned.networkId && organizationId === owned.organizationId,
  )
}
