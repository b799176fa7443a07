/** The life of a campaign: draft → open → closed → released. The database holds what was decided at the opening as it was. */
import type { Transaction } from '../../../database/connect.ts'
import type { Campaign, CampaignStatus, Prisma } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import type { Secrets } from '../../../secrets.ts'
import { makeSigningKey } from './blind-signature.ts'
import { keyContext } from './invitations.ts'
import { sealKey } from './seal-key.ts'

export interface CampaignDraft {
  networkId: string
  surveyVersionId: string
  name: string
  opensAt: Date
  closesAt: Date
  plan: Prisma.InputJsonObject
  thresholds: Thresholds
  earlierCampaignId: string | null
  demonstration: boolean
}

/** Below which numbers of respondents nothing is shown. */
export type Thresholds = {
  respondents: number
  /** The same for questions about health. */
  health: number
}

/** The least that thresholds may be (DESIGN, section 4): a campaign may ask for more, never for less. */
export const leastThresholds: Thresholds = { respondents: 5, health: 10 }

export async function createCampaign(tx: Transaction, draft: CampaignDraft): Promise<Campaign> {
  checkDraft(draft)
  return tx.campaign.create({ data: draft })
}

/** Changes what is given; only while the campaign is a draft. */
export async function changeCampaign(
  tx: Transaction,
  id: string,
  changes: Partial<Omit<CampaignDraft, 'networkId'>>,
): Promise<Campaign> {
  const campaign = await lockCampaign(tx, id)
  if (campaign.status !== 'draft') throw frozen()
  const { plan, thresholds, ...rest } = campaign
  checkDraft({
    ...rest,
    plan: plan as Prisma.InputJsonObject,
    thresholds: thresholds as Thresholds,
    ...changes,
  })
  return tx.campaign.update({ where: { id }, data: changes })
}

export interface Asked {
  organizationId: string
  /** How many people it has (N). */
  headCount: number
  /** How many of them were not there in the wave before, and how many have left since; null where nobody knows. */
  joiners: number | null
  leavers: number | null
}

/** Adds an organization whose people are asked, or corrects its numbers; only while the campaign is a draft. */
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

/** Nobody can change from now on what is asked, of whom, and what will be shown. */
export async function openCampaign(tx: Transaction, id: string, now: Date): Promise<Campaign> {
  const campaign = await lockCampaign(tx, id)
  requireStatus(campaign, 'draft')
  if (campaign.closesAt <= now) {
    throw new Refused('CLOSING_PASSED', 'closesAt: this moment has passed. Give one to come, then open.', ['closesAt'])
  }
  const asked = await tx.campaignOrganization.count({ where: { campaignId: id } })
  if (asked === 0) throw new Refused('NOBODY_ASKED', 'The campaign asks no organization yet. Add one, then open.')
  return tx.campaign.update({ where: { id }, data: { status: 'open' } })
}

/** No answer is taken from now on. The database puts those that came into an order that tells nothing. */
export async function closeCampaign(tx: Transaction, id: string): Promise<Campaign> {
  requireStatus(await lockCampaign(tx, id), 'open')
  return tx.campaign.update({ where: { id }, data: { status: 'closed' } })
}

/** Closes the campaigns whose time is over; returns their row keys. */
export async function closeCampaignsDue(tx: Transaction, now: Date): Promise<string[]> {
  const due = await tx.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM campaign WHERE status = 'open' AND closes_at <= ${now} ORDER BY id FOR UPDATE`
  for (const { id } of due) await closeCampaign(tx, id)
  return due.map(({ id }) => id)
}

async function lockCampaign(tx: Transaction, id: string): Promise<Campaign> {
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${id}::uuid FOR UPDATE`
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

function checkDraft({ name, opensAt, closesAt, thresholds }: Omit<CampaignDraft, 'networkId'>): void {
  if (name.trim() === '' || name.length > 200) {
    throw new Refused('NAME_INVALID', 'name: give the campaign a name of 1 to 200 characters.', ['name'])
  }
  if (closesAt <= opensAt) {
    throw new Refused('CLOSES_BEFORE_OPENING', 'closesAt: it must come after opensAt.', ['closesAt'])
  }
  for (const [which, least] of Object.entries(leastThresholds) as [keyof Thresholds, number][]) {
    const given = thresholds[which]
    if (!Number.isInteger(given) || given < least || given > 1_000) {
      throw new Refused('THRESHOLD_INVALID', `thresholds.${which}: give ${least} to 1000 respondents.`, [
        'thresholds',
        which,
      ])
    }
  }
}
