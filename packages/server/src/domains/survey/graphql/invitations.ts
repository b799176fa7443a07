/** How people come to a campaign: invitations that an organization hands out. */
import type { Transaction } from '../../../database/connect.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { idempotencyKey, readId } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { actOnce } from '../../trace/act-once.ts'
import { type Action, recordAct } from '../../trace/record-act.ts'
import { rightToRun, surveyRunners } from '../right-to-run.ts'
import { drawSeed, makeInvitationCodes, type Seed, seedOf } from '../running/invitation-code.ts'
import { type Invited, mintInvitations, mostAtOnce, mostReplaced, replaceInvitations } from '../running/invitations.ts'
import { Campaign } from './campaign.ts'
import { unknown } from './run-by-right.ts'

const campaign = { required: true, description: 'Global id of the campaign, which is open.' } as const

const MintInvitationsInput = builder.inputType('MintInvitationsInput', {
  description: 'The invitations to make.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    campaign: t.id(campaign),
    organization: t.id({ required: true, description: 'Global id of the organization whose people are invited.' }),
    count: t.int({
      required: true,
      description: `How many: 1 to ${mostAtOnce}, and with those that were made one for each head at most.`,
    }),
  }),
})

const ReplaceInvitationsInput = builder.inputType('ReplaceInvitationsInput', {
  description: 'The codes to replace.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    campaign: t.id(campaign),
    organization: t.id({ required: true, description: 'Global id of the organization whose people are invited.' }),
    codes: t.stringList({
      required: true,
      description: `The codes that were lost, such as 7QF2-M9XK-…: 1 to ${mostReplaced}.`,
    }),
  }),
})

interface Told extends Invited {
  codes: string[]
}

const MintedInvitations = builder.objectRef<Told>('MintedInvitations').implement({
  authScopes: surveyRunners,
  description: 'Invitations that were made, or whose codes were replaced.',
  fields: (t) => ({
    codes: t.stringList({
      description:
        'Their codes, to be handed out: one to each person, so that nobody notes who was given which. They are stored nowhere: ' +
        'who repeats the request within a day is told the same again, and nobody else is.',
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
      'Makes invitations for the people of an organization, as many as it has people at most. For who runs the survey, and ' +
      'for who runs surveys of the organization.',
    args: { input: t.arg({ type: MintInvitationsInput, required: true, description: 'The invitations.' }) },
    complexity: 100,
    errors: refusing('MintInvitations', 'The invitations, or why there are none.'),
    resolve: (_parent, { input }, context) => {
      const { count } = input
      return tellCodes(context, 'mintInvitations', 'invitation.create', input, count, (tx, invited, seed) =>
        mintInvitations(tx, { ...invited, count }, seed),
      )
    },
  }),
  replaceInvitations: t.field({
    authScopes: surveyRunners,
    type: MintedInvitations,
    description:
      'Gives new codes for codes that were lost, in their order; the lost ones end. Where one was used, the new one buys ' +
      'nothing either, and whether it was is not told. For who runs the survey, and for who runs surveys of the organization.',
    args: { input: t.arg({ type: ReplaceInvitationsInput, required: true, description: 'The codes.' }) },
    complexity: 100,
    errors: refusing('ReplaceInvitations', 'The new codes, or why there are none.'),
    resolve: (_parent, { input }, context) => {
      const { codes } = input
      return tellCodes(context, 'replaceInvitations', 'invitation.replace', input, codes.length, (tx, invited, seed) =>
        replaceInvitations(tx, { ...invited, codes }, seed),
      )
    },
  }),
}))

interface Asked {
  idempotencyKey: string
  campaign: string
  organization: string
}

/** Whoever guesses the key of a request can have its codes made again: it has to be as long as 128 random bits are in base64. */
const shortestKey = 22

/** Does what makes codes, by right and on the record. A repeat is told them again: nothing is stored of which they could be made. */
async function tellCodes(
  { prisma, secrets, actor, requestId }: Context,
  operation: string,
  action: Action,
  { idempotencyKey, ...input }: Asked,
  count: number,
  make: (tx: Transaction, invited: Invited, seed: Seed) => Promise<string[]>,
): Promise<Told> {
  const campaignId = readId('Campaign', input.campaign, ['campaign'])
  const organizationId = readId('Organization', input.organization, ['organization'])
  const asked = { campaignId, organizationId }
  const invited = await prisma.campaignOrganization.findUnique({
    where: { campaignId_organizationId: asked },
    include: { campaign: true },
  })
  const doer = invited && (rightToRun(actor, invited) ?? rightToRun(actor, invited.campaign))
  if (!doer) throw unknown(['campaign'])
  if (idempotencyKey.length < shortestKey) {
    throw new Refused(
      'IDEMPOTENCY_KEY_TOO_SHORT',
      `idempotencyKey: by it codes are told again, so nobody may guess it. Give a random one of ${shortestKey} characters or more, such as a UUID.`,
      ['idempotencyKey'],
    )
  }
  const { networkId } = invited
  const { codes } = await actOnce(prisma, actor, {
    operation,
    idempotencyKey,
    input,
    act: async (tx) => {
      const kept = drawSeed(secrets)
      const codes = await make(tx, asked, seedOf(secrets, kept, idempotencyKey)!)
      await recordAct(tx, { doer, action, networkId, recordKey: campaignId, requestId })
      return { kept, codes }
    },
    keep: ({ kept }) => kept,
    recall: async (_tx, kept) => {
      const seed = seedOf(secrets, kept, idempotencyKey)
      if (seed !== null) return { kept, codes: makeInvitationCodes(seed, count) }
      throw new Refused(
        'CODES_FORGOTTEN',
        'These codes can not be told again: the secret of the server with which they were made is gone, or an older server made them.',
        ['idempotencyKey'],
      )
    },
  })
  return { ...asked, codes }
}
