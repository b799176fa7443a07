/** How surveys are written, and campaigns run. */
import type { Transaction } from '../../../database/connect.ts'
import { expectVersion } from '../../../database/expect-version.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { momentRule } from '../../../graphql/moment.ts'
import { expectedVersion, idempotencyKey, readId, refuseGone, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { actOnRecord } from '../../trace/act-on-record.ts'
import { actOnce } from '../../trace/act-once.ts'
import { type Action, type Doer, recordAct } from '../../trace/record-act.ts'
import { usualThresholds } from '../disclosure/thresholds.ts'
import { requestRelease } from '../releasing/release-results.ts'
import { rightToRun, surveyRunners } from '../right-to-run.ts'
import { askOrganization, changeCampaign, closeCampaign, createCampaign, openCampaign } from '../running/campaigns.ts'
import { mintInvitations, mostAtOnce } from '../running/invitations.ts'
import { addSurveyVersion, changeSurveyVersion, createSurvey } from '../running/surveys.ts'
import { Campaign, Survey, SurveyVersion } from './campaign.ts'

const stays = 'Left out, it stays as it is'
const questionnaireDescription = 'The questionnaire: a document as its JSON Schema describes it.'

const CreateSurveyInput = builder.inputType('CreateSurveyInput', {
  description: 'The survey to make, with its first version.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    organization: t.id({ required: true, description: 'Global id of the organization that runs it.' }),
    name: t.string({ required: true, description: 'What those who run it call it, in 1 to 200 characters.' }),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

const CreateSurveyVersionInput = builder.inputType('CreateSurveyVersionInput', {
  description: 'The version to add to a survey.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    survey: t.id({ required: true, description: 'Global id of the survey.' }),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

const ChangeSurveyVersionInput = builder.inputType('ChangeSurveyVersionInput', {
  description: 'What is to become of a version that no campaign uses yet.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    surveyVersion: t.id({ required: true, description: 'Global id of the version.' }),
    expectedVersion: t.int(expectedVersion),
    questionnaire: t.field({ type: 'JSONObject', required: true, description: questionnaireDescription }),
  }),
})

const CampaignThresholdsInput = builder.inputType('CampaignThresholdsInput', {
  description: 'Below which numbers of respondents nothing is shown.',
  fields: (t) => ({
    least: t.int({
      required: true,
      description: `Fewest respondents of a distribution that is shown: ${usualThresholds.least} to 1,000.`,
    }),
    leastOfHealth: t.int({
      required: true,
      description: `The same for questions about health: ${usualThresholds.leastOfHealth} to 1,000.`,
    }),
  }),
})

const planDescription =
  'The release plan: recodes, tables by `company` and at most two recodes, and who reads the results of single companies.'

const CreateCampaignInput = builder.inputType('CreateCampaignInput', {
  description: 'The campaign to make. It is a draft until it is opened.',
  fields: (t) => ({
    idempotencyKey: t.string(idempotencyKey),
    surveyVersion: t.id({ required: true, description: 'Global id of the version that is asked.' }),
    name: t.string({ required: true, description: 'Name, in 1 to 200 characters.' }),
    opensAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'First moment at which answers are taken.',
      validate: momentRule,
    }),
    closesAt: t.field({
      type: 'DateTime',
      required: true,
      description: 'Moment from which none is taken.',
      validate: momentRule,
    }),
    plan: t.field({ type: 'JSONObject', required: true, description: planDescription }),
    thresholds: t.field({
      type: CampaignThresholdsInput,
      description: `Below which numbers nothing is shown; ${usualThresholds.least} and ${usualThresholds.leastOfHealth}, unless told.`,
    }),
    earlierCampaign: t.id({ description: 'Global id of the wave before, of the same survey.' }),
    demonstration: t.boolean({
      description: 'Whether its answers are invented to show the software. No, unless told.',
    }),
  }),
})

const ChangeCampaignInput = builder.inputType('ChangeCampaignInput', {
  description: 'What is to become of a campaign that is not open yet.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    expectedVersion: t.int(expectedVersion),
    surveyVersion: t.id({ description: `Global id of the version that is asked. ${stays}.` }),
    name: t.string({ description: `Name, in 1 to 200 characters. ${stays}.` }),
    opensAt: t.field({
      type: 'DateTime',
      description: `First moment at which answers are taken. ${stays}.`,
      validate: momentRule,
    }),
    closesAt: t.field({
      type: 'DateTime',
      description: `Moment from which none is taken. ${stays}.`,
      validate: momentRule,
    }),
    plan: t.field({ type: 'JSONObject', description: `${planDescription} ${stays}.` }),
    thresholds: t.field({
      type: CampaignThresholdsInput,
      description: `Below which numbers nothing is shown. ${stays}.`,
    }),
    earlierCampaign: t.id({ description: `Global id of the wave before. ${stays}; null takes it away.` }),
  }),
})

const AskOrganizationInput = builder.inputType('AskOrganizationInput', {
  description: 'An organization whose people a campaign asks.',
  fields: (t) => ({
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    organization: t.id({ required: true, description: 'Global id of the organization.' }),
    headCount: t.int({ required: true, description: 'How many people it has (N): 1 to 1,000,000.' }),
    joiners: t.int({ description: 'How many of them were not there in the wave before; null where nobody knows.' }),
    leavers: t.int({ description: 'How many have left since the wave before; null where nobody knows.' }),
  }),
})

const KnownCampaignInput = builder.inputType('KnownCampaignInput', {
  description: 'A campaign, as the caller knows it.',
  fields: (t) => ({
    idempotencyKey: t.string(repeatKey),
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    expectedVersion: t.int(expectedVersion),
  }),
})

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

const RequestReleaseInput = builder.inputType('ReleaseResultsInput', {
  description: 'The campaign whose results are to be released.',
  fields: (t) => ({ campaign: t.id({ required: true, description: 'Global id of the campaign.' }) }),
})

builder.mutationFields((t) => ({
  createSurvey: t.prismaField({
    authScopes: surveyRunners,
    type: Survey,
    description: 'Makes a survey, with its first version. For who runs surveys of the organization.',
    args: { input: t.arg({ type: CreateSurveyInput, required: true, description: 'The survey.' }) },
    errors: refusing('CreateSurvey', 'The survey, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const organizationId = readId('Organization', input.organization, ['organization'])
      const owner = await findOwner(context, organizationId)
      const id = await create(context, 'createSurvey', input, owner, 'survey.create', (tx) =>
        createSurvey(tx, { ...owner, name: input.name, questionnaire: input.questionnaire }),
      )
      return (await context.prisma.survey.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  createSurveyVersion: t.prismaField({
    authScopes: surveyRunners,
    type: SurveyVersion,
    description: 'Adds a version to a survey, which is its newest from now on. For who runs it.',
    args: { input: t.arg({ type: CreateSurveyVersionInput, required: true, description: 'The version.' }) },
    errors: refusing('CreateSurveyVersion', 'The version, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const survey = await context.prisma.survey.findUnique({
        where: { id: readId('Survey', input.survey, ['survey']) },
      })
      const run = owned(context, survey, ['survey'])
      const id = await create(context, 'createSurveyVersion', input, run, 'survey_version.create', (tx) =>
        addSurveyVersion(tx, run, input.questionnaire),
      )
      return (await context.prisma.surveyVersion.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  changeSurveyVersion: t.prismaField({
    authScopes: surveyRunners,
    type: SurveyVersion,
    description: 'Writes a version of a survey anew that no campaign uses yet. For who runs it.',
    args: { input: t.arg({ type: ChangeSurveyVersionInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangeSurveyVersion', 'The version as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const id = readId('SurveyVersion', input.surveyVersion, ['surveyVersion'])
      const version = await findVersion(context, id, ['surveyVersion'])
      await change(context, 'changeSurveyVersion', input, version, 'survey_version.change', (tx) =>
        changeSurveyVersion(tx, { ...version, expectedVersion: input.expectedVersion }, input.questionnaire),
      )
      return context.prisma.surveyVersion.findUniqueOrThrow({ ...query, where: { id } })
    },
  }),
  createCampaign: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description: 'Makes a campaign of a survey, as a draft. For who runs the survey.',
    args: { input: t.arg({ type: CreateCampaignInput, required: true, description: 'The campaign.' }) },
    errors: refusing('CreateCampaign', 'The campaign, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const { name, opensAt, closesAt, plan, thresholds, demonstration } = input
      const version = await findVersion(context, readId('SurveyVersion', input.surveyVersion, ['surveyVersion']), [
        'surveyVersion',
      ])
      const { least, leastOfHealth } = thresholds ?? usualThresholds
      const draft = {
        networkId: version.networkId,
        surveyVersionId: version.id,
        thresholds: { least, leastOfHealth },
        earlierCampaignId: earlierOf(input) ?? null,
        demonstration: demonstration ?? false,
        ...{ name, opensAt, closesAt, plan },
      }
      const id = await create(context, 'createCampaign', input, version, 'campaign.create', (tx) =>
        createCampaign(tx, draft),
      )
      return (await context.prisma.campaign.findUnique({ ...query, where: { id } })) ?? refuseGone()
    },
  }),
  changeCampaign: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description: 'Changes a campaign that is not open yet. For who runs it.',
    args: { input: t.arg({ type: ChangeCampaignInput, required: true, description: 'What changes.' }) },
    errors: refusing('ChangeCampaign', 'The campaign as it is now, or why it stays as it was.'),
    resolve: async (query, _parent, { input }, context) => {
      const campaign = await findCampaign(context, input.campaign)
      const surveyVersionId = input.surveyVersion && readId('SurveyVersion', input.surveyVersion, ['surveyVersion'])
      if (surveyVersionId) await findVersion(context, surveyVersionId, ['surveyVersion'])
      const { name, opensAt, closesAt, plan, thresholds } = input
      const told = { surveyVersionId, name, opensAt, closesAt, plan, thresholds }
      const earlierCampaignId = earlierOf(input)
      const changes = {
        ...Object.fromEntries(Object.entries(told).filter(([, value]) => value != null)),
        ...(earlierCampaignId === undefined ? {} : { earlierCampaignId }),
      }
      await change(context, 'changeCampaign', input, campaign, 'campaign.change', async (tx) => {
        await expectVersion(tx, 'campaign', campaign.id, input.expectedVersion)
        await changeCampaign(tx, campaign.id, changes)
      })
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
    },
  }),
  askOrganization: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description:
      'Adds an organization whose people a campaign asks, or corrects its numbers, while it is a draft. For who runs it.',
    args: { input: t.arg({ type: AskOrganizationInput, required: true, description: 'The organization.' }) },
    errors: refusing('AskOrganization', 'The campaign, or why it does not ask the organization.'),
    resolve: async (query, _parent, { input }, context) => {
      const campaign = await findCampaign(context, input.campaign)
      const asked = {
        organizationId: readId('Organization', input.organization, ['organization']),
        headCount: input.headCount,
        joiners: input.joiners ?? null,
        leavers: input.leavers ?? null,
      }
      await change(context, 'askOrganization', input, campaign, 'campaign_organization.change', (tx) =>
        askOrganization(tx, context.secrets, campaign.id, asked),
      )
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
    },
  }),
  openCampaign: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description:
      'Opens a campaign: what it asks, of whom, and what it will show stands still from now on. For who runs it.',
    args: { input: t.arg({ type: KnownCampaignInput, required: true, description: 'The campaign.' }) },
    errors: refusing('OpenCampaign', 'The campaign, or why it is not open.'),
    resolve: async (query, _parent, { input }, context) => {
      const campaign = await findCampaign(context, input.campaign)
      await change(context, 'openCampaign', input, campaign, 'campaign.open', async (tx) => {
        await expectVersion(tx, 'campaign', campaign.id, input.expectedVersion)
        await openCampaign(tx, campaign.id, new Date())
      })
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
    },
  }),
  closeCampaign: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description: 'Closes a campaign before its time is over; then it closes by itself. For who runs it.',
    args: { input: t.arg({ type: KnownCampaignInput, required: true, description: 'The campaign.' }) },
    errors: refusing('CloseCampaign', 'The campaign, or why it is not closed.'),
    resolve: async (query, _parent, { input }, context) => {
      const campaign = await findCampaign(context, input.campaign)
      await change(context, 'closeCampaign', input, campaign, 'campaign.close', async (tx) => {
        await expectVersion(tx, 'campaign', campaign.id, input.expectedVersion)
        await closeCampaign(tx, campaign.id)
      })
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
    },
  }),
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
  releaseResults: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description:
      'Asks for the release of a campaign that is closed. It is made within minutes; its status tells how far it has come. ' +
      'Repeating it changes nothing. For who runs it.',
    args: { input: t.arg({ type: RequestReleaseInput, required: true, description: 'The campaign.' }) },
    errors: refusing('ReleaseResults', 'The campaign, or why its results are not released.'),
    resolve: async (query, _parent, { input }, context) => {
      const campaign = await findCampaign(context, input.campaign)
      if ((await context.prisma.release.count({ where: { campaignId: campaign.id } })) === 0) {
        await change(context, 'releaseResults', input, campaign, 'release.request', async (tx) => {
          await requestRelease(tx, campaign.id, new Date())
        })
      }
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
    },
  }),
}))

interface Run {
  /** Row key. */
  id: string
  networkId: string
  /** By what right the caller runs it. */
  doer: Doer
}

/** What is told of a record that isn't there, or that the caller has no right over: one thing. */
function unknown(path: readonly string[]): Refused {
  return new Refused('UNKNOWN', `${path.join('.')}: there is none with this id that you run.`, path)
}

function owned(
  { actor }: Context,
  found: { id: string; networkId: string; organizationId: string } | null,
  path: readonly string[],
): Run {
  const doer = found && rightToRun(actor, found)
  if (!doer) throw unknown(path)
  return { id: found.id, networkId: found.networkId, doer }
}

async function findOwner({ prisma, actor }: Context, organizationId: string) {
  const found = await prisma.organization.findUnique({ where: { id: organizationId }, select: { networkId: true } })
  const owner = found && { networkId: found.networkId, organizationId }
  const doer = owner && rightToRun(actor, owner)
  if (!doer) throw unknown(['organization'])
  return { ...owner, doer }
}

async function findVersion(context: Context, id: string, path: readonly string[]): Promise<Run> {
  const version = await context.prisma.surveyVersion.findUnique({ where: { id }, include: { survey: true } })
  return owned(context, version && { ...version.survey, id }, path)
}

async function findCampaign(context: Context, globalId: string): Promise<Run> {
  const id = readId('Campaign', globalId, ['campaign'])
  return owned(context, await context.prisma.campaign.findUnique({ where: { id } }), ['campaign'])
}

function earlierOf({ earlierCampaign }: { earlierCampaign?: string | null | undefined }): string | null | undefined {
  return earlierCampaign == null ? earlierCampaign : readId('Campaign', earlierCampaign, ['earlierCampaign'])
}

function create(
  context: Context,
  operation: string,
  input: Asked,
  { networkId, doer }: Pick<Run, 'networkId' | 'doer'>,
  action: Action,
  make: (tx: Transaction) => Promise<{ id: string }>,
): Promise<string> {
  return actOnRecord(context, { operation, input, action, networkId, doer }, make)
}

function change(
  context: Context,
  operation: string,
  input: Asked,
  run: Run,
  action: Action,
  work: (tx: Transaction) => Promise<void>,
): Promise<string> {
  return create(context, operation, input, run, action, async (tx) => {
    await work(tx)
    return run
  })
}

type Asked = Parameters<typeof actOnRecord>[1]['input']
