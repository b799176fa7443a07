/** By what right somebody changes the network and its directory. The right is also who did it, for the audit log. */
import type { Actor } from '../../actor.ts'
import type { ApiKeyScope, StaffRole } from '../../generated/prisma/enums.ts'
import type { Doer } from '../trace/record-act.ts'
import { roleOver } from './administers.ts'

interface Permission {
  $any: { partner: ApiKeyScope[]; staff: StaffRole[] }
}

/** Permission of a mutation that writes what organizations own; of which, {@link rightToWrite} says. */
export const directoryWriters: Permission = {
  $any: {
    partner: ['directory_write', 'network_coordinate'],
    staff: ['network_coordinator', 'organization_admin'],
  },
}

/** Permission of a mutation that coordinates; in which network, {@link rightToCoordinate} says. */
export const coordinators: Permission = {
  $any: { partner: ['network_coordinate'], staff: ['network_coordinator'] },
}

/** The right to write what belongs to a network as a whole. */
export function rightToCoordinate(actor: Actor, networkId: string): Doer | undefined {
  if (actor.kind === 'partner') {
    const may = actor.networkId === networkId && actor.scopes.has('network_coordinate')
    return may ? { kind: 'partner', keyId: actor.keyId } : undefined
  }
  if (actor.kind !== 'staff') return undefined
  const role = actor.roles.find((role) => role.networkId === networkId && role.role === 'network_coordinator')
  return role && { kind: 'staff', memberId: role.id }
}

/** The right to write what an organization owns: as itself, or by coordinating its network. */
export function rightToWrite(
  actor: Actor,
  owned: { networkId: string; organizationId: string | null },
): Doer | undefined {
  const { networkId, organizationId } = owned
  if (organizationId === null) return rightToCoordinate(actor, networkId)
  if (actor.kind === 'partner') {
    const own = actor.networkId === networkId && actor.organizationId === organizationId
    if (own && actor.scopes.has('directory_write')) return { kind: 'partner', keyId: actor.keyId }
    return rightToCoordinate(actor, networkId)
  }
  const role = roleOver(actor, { networkId, organizationId })
  return role && { kind: 'staff', memberId: role.id }
}
