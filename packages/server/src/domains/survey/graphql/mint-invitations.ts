/** How people come to a campaign: invitations that an organization hands out. */
import { builder } from '../../../graphql/builder.ts'
import { idempotencyKey, readId } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { actOnce } from '../../trace/act-once.ts'
import { recordAct } from '../../trace/record-act.ts'
import { rightToRun, surveyRunners } from '../right-to-run.ts'
import { mintInvitations, mostAtOnce } from '../running/invitations.ts'
import { Campaign } from './campaign.ts'
import { unknown } from './run-by-right.ts'

const MintInvitationsInput = builder.inputType('MintInvitationsInput', {
  description: 'The invitations to make.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    organization: t.id({ required: true, description: 'Global id of the organization whose people are invited.' }),
    count: t.int({ required: true, description: `How many: 1 to ${mostAtOnce}, and at most two for each head.` }),
  }),
})

const MintedInvitations = builder
  .objectRef<{ campaignId: string; codes: string[] | null }>('MintedInvitations')
  .implement({
    authScopes: surveyRunners,
    description: 'Invitations that were made.',
    fields: (t) => ({
      codes: t.stringList({
        nullable: true,
        description:
          'Their codes, to be handed out: one to each person, so that nobody notes who was given which. They are told once: ' +
          'null in the answer to a repeat; make others then.',
        resolve: ({ codes }) => codes,
      }),
      campaign: t.prismaField({
        type: Campaign,
        description: 'The campaign.',
        resolve: (query, { campaignId }, _args, { prisma }) =>
          prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaignId } }),
      }),
    }),
  })

builder.mutationFields((t) => ({
  mintInvitations: t.field({
    authScopes: surveyRunners,
    type: MintedInvitations,
    description:
      'Makes invitations for the people of an organization. For who runs the survey, and for who runs surveys of the ' +
      'organization.',
    args: { input: t.arg({ type: MintInvitationsInput, required: true, description: 'The invitations.' }) },
    complexity: 100,
    errors: refusing('MintInvitations', 'The invitations, or why there are none.'),
    resolve: async (_parent, { input }, context) => {
      const campaignId = readId('Campaign', input.campaign, ['campaign'])
      const organizationId = readId('Organization', input.organization, ['organization'])
      const invited = await context.prisma.campaignOrganization.findUnique({
        where: { campaignId_organizationId: { campaignId, organizationId } },
        include: { campaign: true },
      })
      const doer = invited && (rightToRun(context.actor, invited) ?? rightToRun(context.actor, invited.campaign))
      if (!doer) throw unknown(['campaign'])
      const { networkId } = invited
      const { idempotencyKey, ...asked } = input
      const codes = await actOnce(context.prisma, context.actor, {
        operation: 'mintInvitations',
        idempotencyKey,
        input: asked,
        act: async (tx): Promise<string[] | null> => {
          const made = await mintInvitations(tx, { campaignId, organizationId, count: input.count })
          const act = { doer, networkId, recordKey: campaignId, requestId: context.requestId }
          await recordAct(tx, { ...act, action: 'invitation.create' })
          return made
        },
        keep: () => ({}),
        recall: async () => null,
      })
      return { campaignId, codes }
    },
  }),
}))
