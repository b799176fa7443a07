/** How organizations come to belong to a network, and cease to. */
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { expectedVersion, idempotencyKey, readId, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { coordinators, directoryWriters, rightToCoordinate, rightToWrite } from '../../access/rights.ts'
import { actOnRecord } from '../../trace/act-on-record.ts'
import { type Doer, recordAct } from '../../trace/record-act.ts'
import { acceptMembership, applyForMembership, leaveNetwork } from '../membership.ts'
import { today } from '../today.ts'
import { Membership, Role } from './network.ts'

const ApplyForMembershipInput = builder.inputType('ApplyForMembershipInput', {
  description: 'The membership to apply for.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    organization: t.id({ required: true, description: 'Global id of the organization that wants to belong.' }),
    role: t.field({ type: Role, required: true, description: 'What it wants to do in the network.' }),
  }),
})

const AcceptMembershipInput = builder.inputType('AcceptMembershipInput', {
  description: 'The application to accept.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    membership: t.id({ required: true, description: 'Global id of the membership that was applied for.' }),
    expectedVersion: t.int(expectedVersion),
    decidedBy: t.string({
      required: true,
      description:
        'Who decided, by an office or a role, in 1 to 100 characters, such as "the board" (il direttivo). Everybody reads ' +
        'it: never the name of a person.',
    }),
  }),
})

const LeaveNetworkInput = builder.inputType('LeaveNetworkInput', {
  description: 'The membership to end.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    membership: t.id({ required: true, description: 'Global id of the membership.' }),
    expectedVersion: t.int(expectedVersion),
    reason: t.string({
      description: 'Why, in at most 500 characters. Everybody reads it: never the name of a person.',
    }),
  }),
})

builder.mutationFields((t) => ({
  applyForMembership: t.prismaField({
    authScopes: directoryWriters,
    type: Membership,
    description:
      'Asks that an organization belong to its network, from today. For those who write for the organization: its ' +
      'administrators, its keys with directory:write, and coordinators.',
    args: { input: t.arg({ type: ApplyForMembershipInput, required: true, description: 'What is applied for.' }) },
    errors: refusing('ApplyForMembership', 'The membership, applied for, or why it is not.'),
    resolve: async (query, _parent, { input }, context) => {
      const { idempotencyKey, organization, role } = input
      const organizationId = readId('Organization', organization, ['organization'])
      const asked = { idempotencyKey, organizationId, role }
      const right = await findApplicant(context, organizationId)
      const act = { operation: 'applyForMembership', input: asked, action: 'membership.apply' as const, ...right }
      const id = await actOnRecord(context, act, (tx) => applyForMembership(tx, { organizationId, role, on: today() }))
      return context.prisma.membership.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  acceptMembership: t.prismaField({
    authScopes: coordinators,
    type: Membership,
    description: 'Accepts an application: the organization belongs to the network from today. For coordinators.',
    args: { input: t.arg({ type: AcceptMembershipInput, required: true, description: 'What is accepted.' }) },
    errors: refusing('AcceptMembership', 'The membership, active, or why it is not.'),
    resolve: async (query, _parent, { input }, context) => {
      const { networkId, organizationId, known } = await findMembership(context, input)
      const doer = rightToCoordinate(context.actor, networkId) ?? refuseUnknown()
      const act = { operation: 'acceptMembership', input, action: 'membership.accept' as const, networkId, doer }
      const id = await actOnRecord(context, act, async (tx) => {
        await acceptMembership(tx, { organizationId, on: today(), by: input.decidedBy, known })
        return known
      })
      return context.prisma.membership.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  leaveNetwork: t.prismaField({
    authScopes: directoryWriters,
    type: Membership,
    description:
      'Ends a membership today; an application is withdrawn or declined so. With an active membership end all API keys of ' +
      'the organization. For those who write for the organization, and coordinators.',
    args: { input: t.arg({ type: LeaveNetworkInput, required: true, description: 'What ends.' }) },
    errors: refusing('LeaveNetwork', 'The membership, ended, or why it is not.'),
    resolve: async (query, _parent, { input }, context) => {
      const { prisma, actor, requestId } = context
      const { networkId, organizationId, known } = await findMembership(context, input)
      const doer = rightToWrite(actor, { networkId, organizationId }) ?? refuseUnknown()
      const act = { operation: 'leaveNetwork', input, action: 'membership.leave' as const, networkId, doer }
      const id = await actOnRecord(context, act, async (tx) => {
        const reason = input.reason ?? null
        const { revokedKeys } = await leaveNetwork(tx, { organizationId, on: today(), reason, known })
        for (const recordKey of revokedKeys)
          await recordAct(tx, { doer, action: 'api_key.revoke', networkId, recordKey, requestId })
        return known
      })
      return prisma.membership.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
}))

// What is not there and what is another's are told alike, here and below.
async function findApplicant({ prisma, actor }: Context, id: string): Promise<{ doer: Doer; networkId: string }> {
  const found = await prisma.organization.findUnique({ where: { id }, select: { networkId: true } })
  const doer = found === null ? undefined : rightToWrite(actor, { ...found, organizationId: id })
  if (found !== null && doer !== undefined) return { doer, ...found }
  throw new Refused('ORGANIZATION_UNKNOWN', 'organization: you write for none with this id that is published.', [
    'organization',
  ])
}

async function findMembership({ prisma }: Context, input: { membership: string; expectedVersion: number }) {
  const id = readId('Membership', input.membership, ['membership'])
  const select = { networkId: true, organizationId: true }
  const found = await prisma.membership.findUnique({ where: { id }, select })
  return { ...(found ?? refuseUnknown()), known: { id, version: input.expectedVersion } }
}

function refuseUnknown(): never {
  throw new Refused('MEMBERSHIP_UNKNOWN', 'membership: you decide on none with this id.', ['membership'])
}
