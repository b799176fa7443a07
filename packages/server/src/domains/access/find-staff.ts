/** Who of the staff a token speaks for: the roles that both its issuer and a network gave. */
import type { Staff } from '../../actor.ts'
import type { Transaction } from '../../database/connect.ts'
import type { StaffClaims } from './staff-token.ts'

/** The actor, with the rows of its issuer and subject whose role the token carries too; `not_staff` without any. */
export async function findStaff(
  tx: Transaction,
  { issuer, subject, roles }: StaffClaims,
): Promise<Staff | 'not_staff'> {
  if (roles.length === 0) return 'not_staff'
  const confirmed = await tx.staffMember.findMany({
    where: { issuer, subject, role: { in: roles } },
    select: { id: true, networkId: true, organizationId: true, role: true },
    orderBy: { id: 'asc' },
  })
  return confirmed.length === 0 ? 'not_staff' : { kind: 'staff', issuer, subject, roles: confirmed }
}
