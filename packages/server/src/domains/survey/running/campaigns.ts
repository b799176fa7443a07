/** The life of a campaign: draft → open → closed → released. The database holds what was decided at the opening as it was. */
import type { Transaction } from '../../../database/connect.ts'
import { allowTime } from '../../../database/take-time.ts'
import type { Campaign, CampaignStatus, Prisma, PrismaClient } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import type { Secrets } from '../../../secrets.ts'
import { type Thresholds, usualThresholds } from '../disclosure/thresholds.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { FlawsRefused } from '../refuse-flaws.ts'
import { countingOf } from '../releasing/counting.ts'
import { type Plan, readPlan } from '../releasing/plan.ts'
import { makeSigningKey } from './blind-signature.ts'
import { keyContext } from './invitations.ts'
import { sealKey } from './seal-key.ts'

/** What a campaign is to be: what it asks, when, and what it will show. */
export interface CampaignDraft {
  /** Row key of the network (tenant). */
  networkId: string
  /** Row key of what is asked: a version of a survey of the network. */
  surveyVersionId: string
  /** In 1 to 200 characters. */
  name: string
  /** First moment at which answers are taken. */
  opensAt: Date
  /** Moment from which none is taken. */
  closesAt: Date
  /** The release plan, as {@link readPlan} reads it. */
  plan: unknown
  thresholds: AskedThresholds
  /** Row key of the wave before, of the same survey; null where there is none. */
  earlierCampaignId: string | null
  /** Whether its answers are invented, to show the software. */
  demonstration: boolean
}

/** Below which numbers of respondents nothing is shown: a campaign may ask for more than the usual, never for less. */
export type AskedThresholds = Pick<Thresholds, 'least' | 'leastOfHealth'>

/** Makes a draft. Throws a {@link Refused} for what is wrong with it. */
export async function createCampaign(tx: Transaction, draft: CampaignDraft): Promise<Campaign> {
  return tx.campaign.create({ data: { ...draft, ...(await checkDraft(tx, draft)) } })
}

/** Changes what is given; only while the campaign is a draft. Throws a {@link Refused} for what is wrong with it. */
export async function changeCampaign(
  tx: Transaction,
  id: string,
  changes: Partial<Omit<CampaignDraft, 'networkId'>>,
): Promise<Campaign> {
  const campaign = await lockCampaign(tx, id)
  if (campaign.status !== 'draft') throw frozen()
  const { thresholds, ...rest } = campaign
  const checked = await checkDraft(tx, { ...rest, thresholds: thresholds as unknown as Thresholds, ...changes })
  return tx.campaign.update({ where: { id }, data: { ...changes, ...checked } })
}

/** An organization whose people are asked. */
export interface Asked {
  /** Row key: an organization of the network. */
  organizationId: string
  /** How many people it has (N). */
  headCount: number
  /** How many of them were not there in the wave before, and how many have left since; null where nobody knows. */
  joiners: number | null
  leavers: number | null
}

/**
 * Adds an organization whose people are asked, with a key pair for its blind signatures, or corrects its numbers; only while the
 * campaign is a draft. Throws a {@link Refused}.
 */
export async function askOrganization(
  tx: Transaction,
  secrets: Secrets,
  id: string,
  { organizationId, ...numbers }: Asked,
): Promise<void> {
  const campaign = await lockCampaign(tx, id)
  if (campaign.status !== 'draft') throw frozen()
  for (const [name, value] of Object.entries(numbers)) {
    const least = name === 'headCount' ? 1 : 0
    if (value !== null && !(Number.isInteger(value) && value >= least && value <= mostPeople)) {
      throw new Refused('NUMBER_INVALID', `${name}: give a whole number from ${least} to ${mostPeople}.`, [name])
    }
  }
  const organization = await tx.organization.findFirst({
    where: { id: organizationId, networkId: campaign.networkId },
    select: { id: true },
  })
  if (organization === null) {
    throw new Refused('ORGANIZATION_UNKNOWN', 'organization: there is none with this id in the network.', [
      'organization',
    ])
  }
  const where = { campaignId_organizationId: { campaignId: id, organizationId } }
  const { count } = await tx.campaignOrganization.updateMany({
    where: { campaignId: id, organizationId },
    data: numbers,
  })
  if (count === 1) return
  const { publicKey, privateKey } = await makeSigningKey()
  const { sealed, sealedWith } = sealKey(secrets, keyContext(id, organizationId), privateKey)
  const made = { publicKey: Uint8Array.from(publicKey), privateKey: sealed, sealedWith }
  const { networkId } = campaign
  await tx.campaignOrganization.upsert({
    where,
    create: { networkId, campaignId: id, organizationId, ...numbers, ...made },
    update: numbers,
  })
}

const mostPeople = 1_000_000

/** Nobody can change from now on what is asked, of whom, and what will be shown. Throws a {@link Refused} where it can't open. */
export async function openCampaign(tx: Transaction, id: string, now: Date): Promise<Campaign> {
  const campaign = await lockCampaign(tx, id)
  requireStatus(campaign, 'draft')
  if (campaign.closesAt <= now) {
    throw new Refused('CLOSING_PASSED', 'closesOn: this day is over. Give a later one, then open.', ['closesOn'])
  }
  const asked = await tx.campaignOrganization.count({ where: { campaignId: id } })
  if (asked === 0) throw new Refused('NOBODY_ASKED', 'The campaign asks no organization yet. Add one, then open.')
  if (campaign.earlierCampaignId !== null) {
    const earlier = await tx.campaign.findUniqueOrThrow({ where: { id: campaign.earlierCampaignId } })
    if (earlier.status === 'draft') {
      throw new Refused('EARLIER_NOT_OPENED', 'The wave before was not opened. Open it first, or name another.')
    }
  }
  const { document } = await tx.surveyVersion.findUniqueOrThrow({ where: { id: campaign.surveyVersionId } })
  const counting = countingOf(document as unknown as Questionnaire, campaign.plan as unknown as Plan)
  return tx.campaign.update({
    where: { id },
    data: { status: 'open', counting: counting as unknown as Prisma.InputJsonObject },
  })
}

/**
 * No answer is taken from now on. The database puts those that came into an order that tells nothing: half a minute for a
 * million, so that the transaction must be one that may take time. Throws a {@link Refused} where it is not open.
 */
export async function closeCampaign(tx: Transaction, id: string): Promise<Campaign> {
  requireStatus(await lockCampaign(tx, id), 'open')
  await allowTime(tx)
  return tx.campaign.update({ where: { id }, data: { status: 'closed' } })
}

/** Row keys of the campaigns whose time is over and that are still open, with their networks. */
export function campaignsDue(prisma: PrismaClient, now: Date): Promise<{ id: string; networkId: string }[]> {
  return prisma.campaign.findMany({
    where: { status: 'open', closesAt: { lte: now } },
    orderBy: { id: 'asc' },
    select: { id: true, networkId: true },
  })
}

/** Closes a campaign whose time is over; false where somebody else has closed it. */
export async function closeCampaignDue(tx: Transaction, id: string, now: Date): Promise<boolean> {
  const { status, closesAt } = await lockCampaign(tx, id)
  if (status !== 'open' || closesAt > now) return false
  await closeCampaign(tx, id)
  return true
}

async function lockCampaign(tx: Transaction, id: string): Promise<Campaign> {
  // Not FOR UPDATE: answers under way, for which closing waits, point at the campaign.
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${id}::uuid FOR NO KEY UPDATE`
  return tx.campaign.findUniqueOrThrow({ where: { id } })
}

function requireStatus({ status }: Campaign, needed: CampaignStatus): void {
  if (status === needed) return
  throw new Refused('CAMPAIGN_STATUS', `The campaign is ${status}; for this it would have to be ${needed}.`)
}

function frozen(): Refused {
  return new Refused(
    'CAMPAIGN_FROZEN',
    'What a campaign asks, of whom, and what it will show stands still from its opening on. Make another campaign.',
  )
}

/** What is stored of the plan and the thresholds, or why the draft can't be. */
async function checkDraft(tx: Transaction, draft: CampaignDraft) {
  const { name, opensAt, closesAt, thresholds } = draft
  // Whoever changes the version at this moment is waited for, or sees that a campaign uses it.
  await tx.$queryRaw`SELECT FROM survey_version WHERE id = ${draft.surveyVersionId}::uuid FOR SHARE`
  const version = await tx.surveyVersion.findFirst({
    where: { id: draft.surveyVersionId, networkId: draft.networkId },
    include: { survey: true },
  })
  if (version === null) {
    throw new Refused('VERSION_UNKNOWN', 'surveyVersion: there is none with this id in the network.', ['surveyVersion'])
  }
  await checkEarlier(tx, draft, version.surveyId)
  if (name.trim() === '' || name.length > 200) {
    throw new Refused('NAME_INVALID', 'name: give the campaign a name of 1 to 200 characters.', ['name'])
  }
  if (closesAt <= opensAt) {
    throw new Refused('CLOSES_BEFORE_OPENING', 'closesOn: it is before opensOn. Give a later day.', ['closesOn'])
  }
  const { least, leastOfHealth } = thresholds
  for (const [which, given] of Object.entries({ least, leastOfHealth })) {
    const usual = usualThresholds[which as keyof AskedThresholds]
    if (!Number.isInteger(given) || given < usual || given > 1_000) {
      throw new Refused('THRESHOLD_INVALID', `thresholds.${which}: give ${usual} to 1000 respondents.`, [
        'thresholds',
        which,
      ])
    }
  }
  const read = readPlan(draft.plan, version.document as unknown as Questionnaire)
  if ('flaws' in read) throw new FlawsRefused('PLAN_INVALID', ['plan'], read.flaws)
  const { organizationId } = version.survey
  return { organizationId, plan: read.plan, thresholds: { ...usualThresholds, least, leastOfHealth } }
}

async function checkEarlier(
  tx: Transaction,
  { id, earlierCampaignId }: CampaignDraft & { id?: string },
  surveyId: string,
): Promise<void> {
  if (earlierCampaignId === null) return
  if (earlierCampaignId === id) {
    throw new Refused('EARLIER_ITSELF', 'earlierCampaign: a campaign comes not before itself.', ['earlierCampaign'])
  }
  const earlier = await tx.campaign.findFirst({ where: { id: earlierCampaignId, surveyVersion: { surveyId } } })
  if (earlier !== null) return
  throw new Refused('EARLIER_UNKNOWN', 'earlierCampaign: there is none with this id of the same survey.', [
    'earlierCampaign',
  ])
}
