/** Who administers an organization: what it owns, and who may act for it. */
import type { Actor } from '../../actor.ts'

/** Its own administrators, and the coordinators of its network. */
export function administers(actor: Actor, owned: { networkId: string; organizationId: string }): boolean {
  if (actor.kind !== 'staff') return false
  return actor.roles.some(
    ({ networkId, organizationId, role }) =>
      networkId === owned.networkId &&
      (role === 'network_coordinator' || (role === 'organization_admin' && organizationId === owned.organizationId)),
  )
}
