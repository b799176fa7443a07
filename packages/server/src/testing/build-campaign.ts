/** A network, a survey and its campaign, step by step: for tests of what is done with them. */
import { randomUUID } from 'node:crypto'
import type { Database } from '../database/connect.ts'
import { byCompany } from '../domains/survey/disclosure/counted-tables.ts'
import type { Questionnaire } from '../domains/survey/questionnaire/model.ts'
import type { Plan } from '../domains/survey/releasing/plan.ts'
import { askOrganization, createCampaign, openCampaign } from '../domains/survey/running/campaigns.ts'
import type { Secrets } from '../secrets.ts'

type Where = Pick<Database, 'prisma'>

export interface Network {
  networkId: string
  organizations: string[]
}

export const byCompanyAlone: Plan = { recodes: [], tables: [[byCompany]], companies: 'own' }

/** A network of its own, with so many organizations. */
export async function makeNetwork({ prisma }: Where, count: number): Promise<Network> {
  const { id: networkId } = await prisma.network.create({ data: { slug: randomUUID(), name: 'Rete' } })
  const organizations = Array.from({ length: count }, () => randomUUID())
  for (const id of organizations)
    await prisma.organization.create({ data: { id, uuid: id, networkId, name: id, description: '' } })
  return { networkId, organizations }
}

/** The first version of a survey of the first organization, or the next of one that is there. */
export async function makeSurveyVersion(
  { prisma }: Where,
  { networkId, organizations }: Network,
  document: Questionnaire,
  known?: string,
) {
  const organizationId = organizations[0]!
  const surveyId = known ?? (await prisma.survey.create({ data: { networkId, organizationId, name: 'Benessere' } })).id
  const number = 1 + (await prisma.surveyVersion.count({ where: { surveyId } }))
  const data = { networkId, surveyId, number, document: document as object }
  const { id: surveyVersionId } = await prisma.surveyVersion.create({ data })
  return { networkId, surveyId, surveyVersionId }
}

export interface Drafted {
  networkId: string
  surveyVersionId: string
  opensAt: Date
  closesAt: Date
  plan?: Plan
  earlierCampaignId?: string | null
}

/** A campaign that is not open yet. */
export async function draftCampaign({ prisma }: Where, drafted: Drafted): Promise<string> {
  const { networkId, surveyVersionId, opensAt, closesAt, plan = byCompanyAlone, earlierCampaignId = null } = drafted
  const { id } = await createCampaign(prisma, {
    ...{ networkId, surveyVersionId, name: 'Autunno', opensAt, closesAt, plan, earlierCampaignId },
    ...{ thresholds: { least: 5, leastOfHealth: 10 }, demonstration: true },
  })
  return id
}

export interface Asked {
  organizationId: string
  headCount: number
  /** Since the earlier wave. */
  change?: { joiners: number; leavers: number }
}

/** Opens a draft for the people of organizations. */
export async function openFor(
  { prisma }: Where,
  secrets: Secrets,
  campaignId: string,
  asked: readonly Asked[],
  now: Date,
): Promise<void> {
  for (const { organizationId, headCount, change = { joiners: null, leavers: null } } of asked)
    await askOrganization(prisma, secrets, campaignId, { organizationId, headCount, ...change })
  await openCampaign(prisma, campaignId, now)
}
