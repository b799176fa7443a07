/** A campaign that people answered and that is closed: for tests of what comes after. */
import type { Database } from '../database/connect.ts'
import { measuresOf } from '../domains/survey/questionnaire/measures.ts'
import type { Questionnaire } from '../domains/survey/questionnaire/model.ts'
import type { Recode } from '../domains/survey/questionnaire/recode.ts'
import type { Plan } from '../domains/survey/releasing/plan.ts'
import { closeCampaign } from '../domains/survey/running/campaigns.ts'
import { passingSecrets } from '../secrets.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from './build-campaign.ts'
import { asOwner } from './test-database.ts'

const secrets = passingSecrets()
const now = new Date('2026-11-23T12:00:00+01:00')

export interface Answered {
  organization: number
  values: (number | null)[]
}

export interface Given {
  document: Questionnaire
  plan: Plan
  answered: Answered[]
  headCounts: number[]
  earlier?: {
    campaignId: string
    organizations: string[]
    networkId: string
    surveyId: string
    change: { joiners: number; leavers: number }
  }
}

/** Answers lie there as they came in, without the credentials that they were given with. */
export async function makeClosedCampaign(database: Pick<Database, 'prisma'>, given: Given) {
  const { document, plan, answered, headCounts, earlier } = given
  const { prisma } = database
  const network = earlier ?? (await makeNetwork(database, headCounts.length))
  const { networkId, organizations } = network
  const codes = new Set(measuresOf(document).flatMap(({ needArea }) => needArea ?? []))
  for (const code of earlier === undefined ? codes : [])
    await prisma.needArea.create({ data: { networkId, code, nameIt: code, nameEn: code, position: 1 } })
  const { surveyId, surveyVersionId } = await makeSurveyVersion(database, network, document, earlier?.surveyId)
  const campaignId = await draftCampaign(database, {
    networkId,
    surveyVersionId,
    opensAt: new Date('2026-11-01T00:00:00+01:00'),
    closesAt: new Date('2026-12-01T00:00:00+01:00'),
    plan,
    earlierCampaignId: earlier?.campaignId ?? null,
  })
  const asked = organizations.map((organizationId, index) => ({
    organizationId,
    headCount: headCounts[index]!,
    ...(earlier && { change: earlier.change }),
  }))
  await openFor(database, secrets, campaignId, asked, now)
  const rows = answered.map(({ organization, values }) => [
    organizations[organization]!,
    `{${values.join(',').replace(/(?<=^|,)(?=,|$)/g, 'NULL')}}`,
  ])
  await asOwner(
    database,
    (tx) => tx.$executeRaw`
      INSERT INTO response (network_id, campaign_id, organization_id, answers)
      SELECT ${networkId}::uuid, ${campaignId}::uuid, (row->>0)::uuid, (row->>1)::integer[]
      FROM jsonb_array_elements(${JSON.stringify(rows)}::jsonb) AS row`,
  )
  await closeCampaign(prisma, campaignId)
  return { campaignId, networkId, organizations, surveyId }
}

export const wellbeing: Questionnaire = {
  name: 'benessere',
  title: { it: 'Benessere' },
  languages: ['it'],
  defaultLanguage: 'it',
  scales: { accordo: { min: 1, max: 5, labels: { '1': { it: 'no' }, '5': { it: 'sì' } } } },
  sections: [
    {
      title: { it: 'Lavoro' },
      questions: [
        {
          kind: 'single',
          name: 'genere',
          text: { it: 'Genere' },
          options: [{ text: { it: 'donna' } }, { text: { it: 'uomo' } }],
        },
        {
          kind: 'scale',
          name: 'stress',
          text: { it: 'Stress' },
          scale: 'accordo',
          needAreas: ['work-stress'],
          critical: { atLeast: 4 },
        },
        {
          kind: 'scale',
          name: 'cura',
          text: { it: 'Cura' },
          scale: 'accordo',
          needAreas: ['care'],
          critical: { atLeast: 4 },
        },
      ],
    },
  ],
}
export const gender: Recode = {
  name: 'gender',
  text: { it: 'Genere' },
  variable: 'genere',
  categories: [
    { name: 'women', text: { it: 'donne' }, values: [{ from: 1, to: 1 }] },
    { name: 'men', text: { it: 'uomini' }, values: [{ from: 2, to: 2 }] },
  ],
}

/** Answers of four companies in which stress is critical to most, and care to few. */
export function wellbeingAnswers(sizes: number[]): Answered[] {
  return sizes.flatMap((size, organization) =>
    Array.from({ length: size }, (_, index) => ({
      organization,
      values: [1 + (index % 2), 1 + ((index * 7 + 3) % 5 > 1 ? 3 + (index % 2) : index % 3), 1 + ((index * 3) % 5)],
    })),
  )
}
