/** Who administers an organization: what it owns, and who may act for it. */
import type { Actor, Staff } from '../../actor.ts'

export interface Owned {
  networkId: string
  organizationId: string
}

/** The role by which somebody does: as administrator of the organization, or as coordinator of its network. */
export function roleOver(actor: Actor, owned: Owned): Staff['roles'][number] | undefined {
  if (actor.kind !== 'staff') return undefined
  return actor.roles.find(
    ({ networkId, organizationId, role }) =>
      networkId === owned.networkId &&
      (role === 'network_coordinator' || (role === 'organization_admin' && organizationId === owned.organizationId)),
  )
}

export function administers(actor: Actor, owned: Owned): boolean {
  return roleOver(actor, owned) !== undefined
}
