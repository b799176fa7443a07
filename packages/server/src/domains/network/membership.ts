/** The life of a membership: applied → active → left, each step with its day and who decided. */
import type { Transaction } from '../../database/connect.ts'
import type { Membership, MembershipRole, MembershipStatus } from '../../generated/prisma/client.ts'

/** A step that can't be taken; the message says why and what could be. */
export class MembershipRefused extends Error {}

type Step = 'accept' | 'leave'

const steps: Record<Step, { from: MembershipStatus[]; to: MembershipStatus; told: string }> = {
  accept: { from: ['applied'], to: 'active', told: 'be accepted' },
  // An application may be withdrawn or declined: it ends as a membership ends.
  leave: { from: ['applied', 'active'], to: 'left', told: 'end' },
}

/** Which status a step leads to. Throws {@link MembershipRefused} where the step can't be taken. */
export function nextStatus(status: MembershipStatus, step: Step): MembershipStatus {
  const { from, to, told } = steps[step]
  if (from.includes(status)) return to
  throw new MembershipRefused(`A membership that is ${status} can't ${told}; it would have to be ${from.join(' or ')}.`)
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
    throw new MembershipRefused(`${organization.name} has a membership that is ${last.status}; it must leave first.`)
  }
  if (last?.leftOn) refuseEarlier(on, last.leftOn, 'applied for', 'left')
  return tx.membership.create({
    data: { networkId: organization.networkId, organizationId, role, status: 'applied', appliedOn: on },
  })
}

/** The network accepts an application. */
export async function acceptMembership(
  tx: Transaction,
  request: { organizationId: string; on: Date; by: string },
): Promise<Membership> {
  const membership = await currentMembership(tx, request.organizationId)
  const status = nextStatus(membership.status, 'accept')
  refuseEarlier(request.on, membership.appliedOn, 'decided', 'applied for')
  return tx.membership.update({
    where: { id: membership.id },
    data: { status, decidedOn: request.on, decidedBy: request.by },
  })
}

/** An organization leaves the network, or its application ends. */
export async function leaveNetwork(
  tx: Transaction,
  request: { organizationId: string; on: Date; reason: string | null },
): Promise<Membership> {
  const membership = await currentMembership(tx, request.organizationId)
  const status = nextStatus(membership.status, 'leave')
  refuseEarlier(request.on, membership.decidedOn ?? membership.appliedOn, 'left', 'in force')
  return tx.membership.update({
    where: { id: membership.id },
    data: { status, leftOn: request.on, leftReason: request.reason },
  })
}

/** Whether the organization belongs to its network today. */
export async function isMember(tx: Transaction, organizationId: string): Promise<boolean> {
  return (await lastMembership(tx, organizationId))?.status === 'active'
}

async function currentMembership(tx: Transaction, organizationId: string): Promise<Membership> {
  const membership = await lastMembership(tx, organizationId)
  if (membership === null) throw new MembershipRefused('This organization never applied for membership; apply first.')
  return membership
}

// The row of the organization is locked: of two steps at the same moment, the second sees what the first did.
async function lastMembership(tx: Transaction, organizationId: string): Promise<Membership | null> {
  await tx.$queryRaw`SELECT id FROM organization WHERE id = ${organizationId}::uuid FOR UPDATE`
  // The one that has not ended comes first: statuses sort as they follow each other.
  return tx.membership.findFirst({ where: { organizationId }, orderBy: [{ status: 'asc' }, { leftOn: 'desc' }] })
}

function refuseEarlier(day: Date, earlier: Date, what: string, than: string): void {
  if (day >= earlier) return
  const iso = (date: Date) => date.toISOString().slice(0, 10)
  throw new MembershipRefused(`It can't be ${what} on ${iso(day)}, before it was ${than} on ${iso(earlier)}.`)
}
