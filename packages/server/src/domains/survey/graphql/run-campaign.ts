/** How campaigns are run: planned, opened, closed and released. */
import { z } from 'zod'
import type { Transaction } from '../../../database/connect.ts'
import { expectVersion } from '../../../database/expect-version.ts'
import { longTime } from '../../../database/take-time.ts'
import { builder } from '../../../graphql/builder.ts'
import { expectedVersion, idempotencyKey, readId, refuseGone, repeatKey } from '../../../graphql/mutation-input.ts'
import { refusing } from '../../../graphql/problems.ts'
import { usualThresholds } from '../disclosure/thresholds.ts'
import { requestRelease } from '../releasing/release-results.ts'
import { surveyRunners } from '../right-to-run.ts'
import { midnightAfter, midnightBefore } from '../running/campaign-days.ts'
import { askOrganization, changeCampaign, closeCampaign, createCampaign, openCampaign } from '../running/campaigns.ts'
import { Campaign } from './campaign.ts'
import { change, create, findCampaign, findVersion } from './run-by-right.ts'

const stays = 'Left out, it stays as it is'

const firstDayDescription = 'First day on which answers are taken, from its midnight in Europe/Rome.'
const lastDayDescription =
  'Last day on which answers are taken: the campaign closes at the midnight that ends it, in Europe/Rome.'

const dayRange = 'in the years 2000 to 9998'
const dayRule = z.date().min(new Date('2000-01-01'), dayRange).max(new Date('9998-12-31'), dayRange)

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
    opensOn: t.field({ type: 'Date', required: true, description: firstDayDescription, validate: dayRule }),
    closesOn: t.field({ type: 'Date', required: true, description: lastDayDescription, validate: dayRule }),
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
    opensOn: t.field({ type: 'Date', description: `${firstDayDescription} ${stays}.`, validate: dayRule }),
    closesOn: t.field({ type: 'Date', description: `${lastDayDescription} ${stays}.`, validate: dayRule }),
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

const RequestReleaseInput = builder.inputType('ReleaseResultsInput', {
  description: 'The campaign whose results are to be released.',
  fields: (t) => ({ campaign: t.id({ required: true, description: 'Global id of the campaign.' }) }),
})

builder.mutationFields((t) => ({
  createCampaign: t.prismaField({
    authScopes: surveyRunners,
    type: Campaign,
    description: 'Makes a campaign of a survey, as a draft. For who runs the survey.',
    args: { input: t.arg({ type: CreateCampaignInput, required: true, description: 'The campaign.' }) },
    errors: refusing('CreateCampaign', 'The campaign, or why there is none.'),
    resolve: async (query, _parent, { input }, context) => {
      const { name, opensOn, closesOn, plan, thresholds, demonstration } = input
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
        ...{ name, opensAt: midnightBefore(opensOn), closesAt: midnightAfter(closesOn), plan },
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
      const { name, opensOn, closesOn, plan, thresholds } = input
      const opensAt = opensOn && midnightBefore(opensOn)
      const closesAt = closesOn && midnightAfter(closesOn)
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
      const close = async (tx: Transaction) => {
        await expectVersion(tx, 'campaign', campaign.id, input.expectedVersion)
        await closeCampaign(tx, campaign.id)
      }
      await change(context, 'closeCampaign', input, campaign, 'campaign.close', close, longTime)
      return context.prisma.campaign.findUniqueOrThrow({ ...query, where: { id: campaign.id } })
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

function earlierOf({ earlierCampaign }: { earlierCampaign?: string | null | undefined }): string | null | undefined {
  return earlierCampaign == null ? earlierCampaign : readId('Campaign', earlierCampaign, ['earlierCampaign'])
}
