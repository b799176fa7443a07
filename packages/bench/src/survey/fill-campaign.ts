/** A campaign with many answers, made by the database itself, closed. */
import { generateKeyPairSync } from 'node:crypto'
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { takeTime } from '@welfare-network/server/src/database/take-time.ts'
import { usualThresholds } from '@welfare-network/server/src/domains/survey/disclosure/thresholds.ts'
import type { Questionnaire } from '@welfare-network/server/src/domains/survey/questionnaire/model.ts'
import { countingOf } from '@welfare-network/server/src/domains/survey/releasing/counting.ts'
import type { Plan } from '@welfare-network/server/src/domains/survey/releasing/plan.ts'
import { closeCampaign } from '@welfare-network/server/src/domains/survey/running/campaigns.ts'

export const questions = 40
const areas = 8
/** Points of the scale that each question has. */
const points = 5

const text = { en: 'text' }

/** Forty questions on one scale, the first of them a recode, each of need areas in turn. */
const document: Questionnaire = {
  name: 'bench',
  title: text,
  languages: ['en'],
  defaultLanguage: 'en',
  scales: { points: { min: 1, max: points, labels: { '1': text, [points]: text } } },
  sections: [
    {
      title: text,
      questions: Array.from({ length: questions }, (_, index) => ({
        kind: 'scale' as const,
        name: `q${index}`,
        text,
        scale: 'points',
        ...(index === 0 ? {} : { needAreas: [`area-${index % areas}`], critical: { atLeast: 4 } }),
      })),
    },
  ],
}

/** What a campaign of the real kind releases: each company, and by one recode over all of them. */
const plan: Plan = {
  recodes: [
    {
      name: 'group',
      text,
      variable: 'q0',
      categories: Array.from({ length: points }, (_, index) => ({
        name: `g${index}`,
        text,
        values: [{ from: index + 1, to: index + 1 }],
      })),
    },
  ],
  tables: [['company'], ['group']],
  companies: 'own',
}

export interface Filled {
  networkId: string
  campaignId: string
  /** Row keys. */
  organizations: string[]
  /** Seconds in which it was closed. */
  closing: number
}

/**
 * Makes the campaign with its answers, dealt out to the companies unevenly: the first has most. Answers lean to one side, each
 * question to another degree. Returns when the tables are analyzed.
 */
export async function fillCampaign(
  url: string,
  { responses, companies, status }: { responses: number; companies: number; status: 'open' | 'closed' },
): Promise<Filled & { privateKey: Buffer }> {
  const database = await connect({ url })
  const { prisma } = database
  try {
    const { id: networkId } = await prisma.network.create({ data: { slug: 'bench', name: 'Bench' } })
    const made = await prisma.$queryRaw<{ id: string }[]>`
      INSERT INTO organization (id, uuid, network_id, name, description)
      SELECT id, id, ${networkId}::uuid, 'Company ' || n, '' FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${companies}::integer) n) AS new
      RETURNING id::text`
    const organizations = made.map(({ id }) => id)
    const owner = { networkId, organizationId: organizations[0]! }
    const survey = await prisma.survey.create({ data: { ...owner, name: 'Bench' } })
    const version = await prisma.surveyVersion.create({
      data: { networkId, surveyId: survey.id, number: 1, document: document as object },
    })
    const campaign = await prisma.campaign.create({
      data: {
        ...owner,
        surveyVersionId: version.id,
        name: 'Bench',
        opensAt: new Date(Date.now() - 60_000),
        closesAt: new Date(Date.now() + 24 * 3_600_000),
        plan,
        thresholds: { ...usualThresholds },
      },
    })
    const keys = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'der' },
      privateKeyEncoding: { type: 'pkcs8', format: 'der' },
    })
    // As many people again as answered, and a share of the answers that falls from company to company.
    const share = organizations.map((_, index) => 1 / (index + 10))
    const sum = share.reduce((sum, each) => sum + each, 0)
    await prisma.campaignOrganization.createMany({
      data: organizations.map((organizationId, index) => ({
        networkId,
        campaignId: campaign.id,
        organizationId,
        headCount: Math.ceil((2 * responses * share[index]!) / sum) + 20,
        publicKey: Uint8Array.from(keys.publicKey),
      })),
    })
    const counting = countingOf(document, plan) as object
    await prisma.campaign.update({ where: { id: campaign.id }, data: { status: 'open', counting } })
    let from = 0
    for (const [index, organizationId] of organizations.entries()) {
      const to = index === organizations.length - 1 ? responses : from + Math.floor((responses * share[index]!) / sum)
      await prisma.$executeRaw`
        INSERT INTO response (network_id, campaign_id, organization_id, answers)
        SELECT ${networkId}::uuid, ${campaign.id}::uuid, ${organizationId}::uuid, ARRAY(
          SELECT 1 + floor(power(random(), 0.5 + q % 7 / 4.0) * ${points}::integer)::integer FROM generate_series(1, ${questions}::integer) q WHERE n > 0)
        FROM generate_series(1, ${to - from}::integer) n`
      from = to
    }
    const filled = performance.now()
    if (status === 'closed') await takeTime(prisma, (tx) => closeCampaign(tx, campaign.id))
    const closing = (performance.now() - filled) / 1000
    await prisma.$executeRaw`VACUUM ANALYZE`
    return { networkId, campaignId: campaign.id, organizations, privateKey: keys.privateKey, closing }
  } finally {
    await database.close()
  }
}
