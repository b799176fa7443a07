/** Who works in a network, and as what. A role counts once the issuer's tokens carry it too. */
import type { Transaction } from '../../database/connect.ts'
import { StaffRole } from '../../generated/prisma/enums.ts'
import { Refused } from '../../refused.ts'
import { isIssuer } from './issuer-keys.ts'
import { isSubject } from './staff-token.ts'

export interface StaffPlace {
  networkId: string
  /** The organization that the role is about; null for a role in the whole network. */
  organizationId: string | null
  /** Claims iss and sub of the tokens. */
  issuer: string
  subject: string
  role: StaffRole
}

export interface ListedStaff {
  issuer: string
  subject: string
  role: StaffRole
  organization: { uuid: string; name: string } | null
  createdAt: Date
}

/** Gives somebody a role; returns its row key. Throws {@link Refused}. */
export async function addStaffMember(tx: Transaction, place: StaffPlace): Promise<string> {
  if (!isIssuer(place.issuer)) {
    throw new Refused(
      'ISSUER_INVALID',
      `${place.issuer} can't be an issuer: it must be an address with https, without ? and #, as tokens have it in iss.`,
      ['issuer'],
    )
  }
  if (!isSubject(place.subject)) {
    throw new Refused(
      'SUBJECT_INVALID',
      'The subject must be 1 to 255 characters of ASCII, as tokens have it in sub.',
      ['subject'],
    )
  }
  await checkOrganization(tx, place)
  // Of two who give it at once, one does.
  const [added] = await tx.staffMember.createManyAndReturn({
    data: placeOf(place),
    skipDuplicates: true,
    select: { id: true },
  })
  if (added !== undefined) return added.id
  throw new Refused('ROLE_HELD', `${place.subject} is ${place.role} there already.`)
}

/** Takes a role away; returns the row key that it had. Throws {@link Refused}. */
export async function removeStaffMember(tx: Transaction, place: StaffPlace): Promise<string> {
  await checkOrganization(tx, place)
  const held = await tx.staffMember.findFirst({ where: placeOf(place), select: { id: true } })
  const { count } = await tx.staffMember.deleteMany({ where: placeOf(place) })
  if (held !== null && count > 0) return held.id
  throw new Refused('ROLE_NOT_HELD', `${place.subject} of ${place.issuer} is not ${place.role} there.`)
}

/** The staff of a network, the coordinators first. */
export function listStaff(tx: Transaction, networkId: string): Promise<ListedStaff[]> {
  return tx.staffMember.findMany({
    where: { networkId },
    select: {
      issuer: true,
      subject: true,
      role: true,
      organization: { select: { uuid: true, name: true } },
      createdAt: true,
    },
    orderBy: [{ role: 'asc' }, { organization: { name: 'asc' } }, { issuer: 'asc' }, { subject: 'asc' }, { id: 'asc' }],
  })
}

async function checkOrganization(tx: Transaction, { networkId, organizationId, role }: StaffPlace): Promise<void> {
  const at = ['organization']
  if ((role === StaffRole.organization_admin) !== (organizationId !== null)) {
    throw role === StaffRole.organization_admin
      ? new Refused('ORGANIZATION_MISSING', `The role ${role} is about one organization: name it.`, at)
      : new Refused(
          'ORGANIZATION_UNEXPECTED',
          `The role ${role} is about the whole network: leave the organization out.`,
          at,
        )
  }
  if (organizationId === null) return
  const found = await tx.organization.findFirst({ where: { id: organizationId, networkId }, select: { id: true } })
  if (found === null)
    throw new Refused(
      'ORGANIZATION_UNKNOWN',
      'The network has no such organization. Import it first, or correct the identifier.',
      at,
    )
}

// No more than what it is found by, whatever else the caller's object has.
function placeOf({ networkId, organizationId, issuer, subject, role }: StaffPlace): StaffPlace {
  return { networkId, organizationId, issuer, subject, role }
}
