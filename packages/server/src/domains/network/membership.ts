/** The life of a membership: applied → active → left, each step with its day and who decided. */
import type { Transaction } from '../../database/connect.ts'
import { expectVersion } from '../../database/expect-version.ts'
import type { Membership, MembershipRole, MembershipStatus } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'
import { revokeKeysOf } from '../access/api-keys.ts'
import { readWords, requireWords } from './words.ts'

/** A membership that the caller names, with the version that they know; without one the current is meant. */
interface KnownMembership {
  id: string
  version: number
}

/** Characters of the longest text that says who decided, or why somebody left. */
const longest = { decidedBy: 100, reason: 500 }

type Step = 'accept' | 'leave'

const steps: Record<Step, { from: MembershipStatus[]; to: MembershipStatus; told: string }> = {
  accept: { from: ['applied'], to: 'active', told: 'be accepted' },
  // An application may be withdrawn or declined: it ends as a membership ends.
  leave: { from: ['applied', 'active'], to: 'left', told: 'end' },
}

/** Which status a step leads to. Throws {@link Refused} where the step can't be taken. */
export function nextStatus(status: MembershipStatus, step: Step): MembershipStatus {
  const { from, to, told } = steps[step]
  if (from.includes(status)) return to
  throw new Refused(
    'MEMBERSHIP_STATUS',
    `A membership that is ${status} can't ${told}; it would have to be ${from.join(' or ')}.`,
  )
}

/** An organization asks to belong to its network. It may have left before, but can't belong twice. */
export async function applyForMembership(
  tx: Transaction,
  request: { organizationId: string; role: MembershipRole; on: Date },
): Promise<Membership> {
  const { organizationId, role, on } = request
  const last = await lastMembership(tx, organizationId)
  const organization = await tx.organization.findUniqueOrThrow({ where: { id: organizationId } })
  if (last !== null && last.status !== 'left') {
    throw new Refused(
      'MEMBERSHIP_CURRENT',
      `${organization.name} has a membership that is ${last.status}; it must leave first.`,
      ['organization'],
    )
  }
  if (last?.leftOn) refuseEarlier(on, last.leftOn, 'applied for', 'left')
  return tx.membership.create({
    data: { networkId: organization.networkId, organizationId, role, status: 'applied', appliedOn: on },
  })
}

/** The network accepts an application. `by` is an office or a role, never the name of a person: the world reads it. */
export async function acceptMembership(
  tx: Transaction,
  request: { organizationId: string; on: Date; by: string; known?: KnownMembership },
): Promise<Membership> {
  const by = requireWords('decidedBy', request.by, longest.decidedBy)
  const membership = await currentMembership(tx, request)
  const status = nextStatus(membership.status, 'accept')
  refuseEarlier(request.on, membership.appliedOn, 'decided', 'applied for')
  return tx.membership.update({
    where: { id: membership.id },
    data: { status, decidedOn: request.on, decidedBy: by },
  })
}

/** What leaving did: the membership that ended, and the keys that ended with it. */
export interface Left {
  membership: Membership
  /** Row keys of the API keys that are no longer taken. */
  revokedKeys: string[]
}

/**
 * An organization leaves the network, or its application ends. With a membership that was active end the organization's API
 * keys: what its machines were trusted with, they were trusted with as those of a member. An application that is withdrawn
 * or declined ends none, for the keys were there before it.
 */
export async function leaveNetwork(
  tx: Transaction,
  request: { organizationId: string; on: Date; reason: string | null; known?: KnownMembership },
): Promise<Left> {
  const reason = readWords('reason', request.reason, longest.reason)
  const before = await currentMembership(tx, request)
  const status = nextStatus(before.status, 'leave')
  refuseEarlier(request.on, before.decidedOn ?? before.appliedOn, 'left', 'in force')
  const membership = await tx.membership.update({
    where: { id: before.id },
    data: { status, leftOn: request.on, leftReason: reason },
  })
  const revokedKeys = before.status === 'active' ? await revokeKeysOf(tx, before.organizationId) : []
  return { membership, revokedKeys }
}

/** Whether the organization belongs to its network today. Who holds its row (see {@link lastMembership}) knows that it stays so. */
export async function isMember(tx: Transaction, organizationId: string): Promise<boolean> {
  return (await tx.membership.findFirst({ where: { organizationId, status: 'active' }, select: { id: true } })) !== null
}

async function currentMembership(
  tx: Transaction,
  { organizationId, known }: { organizationId: string; known?: KnownMembership },
): Promise<Membership> {
  const last = await lastMembership(tx, organizationId)
  if (known !== undefined) await expectVersion(tx, 'membership', known.id, known.version)
  const membership =
    known === undefined ? last : await tx.membership.findUnique({ where: { id: known.id, organizationId } })
  if (membership !== null) return membership
  throw new Refused('MEMBERSHIP_NONE', 'This organization never applied for membership; apply first.')
}

// The row of the organization is locked: of two steps at the same moment, the second sees what the first did. It is not
// locked against what merely refers to it, such as a key that is being replaced.
async function lastMembership(tx: Transaction, organizationId: string): Promise<Membership | null> {
  await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR NO KEY UPDATE`
  // The one that has not ended comes first: statuses sort as they follow each other.
  return tx.membership.findFirst({ where: { organizationId }, orderBy: [{ status: 'asc' }, { leftOn: 'desc' }] })
}

function refuseEarlier(day: Date, earlier: Date, what: string, than: string): void {
  if (day >= earlier) return
  const iso = (date: Date) => date.toISOString().slice(0, 10)
  throw new Refused('DAY_TOO_EARLY', `It can't be ${what} on ${iso(day)}, before it was ${than} on ${iso(earlier)}.`)
}
