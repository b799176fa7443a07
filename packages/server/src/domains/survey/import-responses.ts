/** Answers that were given elsewhere, as a campaign of their own: made, filled from a file and closed in one transaction. */
import { randomBytes } from 'node:crypto'
import type { Transaction } from '../../database/connect.ts'
import type { Secrets } from '../../secrets.ts'
import { type Problem, refuseAll } from '../../sources/problem.ts'
import { rowId } from '../directory/import/identify.ts'
import { usualThresholds } from './disclosure/thresholds.ts'
import { type Mapping, readMapping } from './questionnaire/mapping.ts'
import type { Questionnaire } from './questionnaire/model.ts'
import { type ReadRow, readResponses } from './questionnaire/read-responses.ts'
import { refuseFlaws } from './refuse-flaws.ts'
import { askOrganization, closeCampaign, createCampaign, openCampaign } from './running/campaigns.ts'
import { type Arrival, mostTogether, storeResponses } from './running/store-responses.ts'
import { createSurvey } from './running/surveys.ts'

export interface ImportedCampaign {
  networkId: string
  /** The organization that runs the survey. */
  organizationId: string
  name: string
  questionnaire: unknown
  mapping: unknown
  plan: unknown
  /** The CSV file. */
  path: string
  /** Leave out rows that can't be taken. */
  skipInvalid: boolean
}

export interface ImportReport {
  campaignId: string
  taken: number
  organizations: { name: string; taken: number }[]
  leftOut: Problem[]
}

/**
 * Makes a campaign of the answers in a file. The file doesn't tell how many were asked, so as many as answered are taken for
 * all: a census, which disclosure control treats most strictly. Throws a SourceRefused where rows are invalid, and a Refused
 * for what is wrong with the documents.
 */
export async function importResponses(
  tx: Transaction,
  secrets: Secrets,
  given: ImportedCampaign,
  now: Date,
): Promise<ImportReport> {
  const { networkId, organizationId, name, plan, path } = given
  const survey = await createSurvey(tx, { networkId, organizationId, name, questionnaire: given.questionnaire })
  const version = await tx.surveyVersion.findFirstOrThrow({ where: { surveyId: survey.id } })
  const document = version.document as unknown as Questionnaire
  const read = readMapping(given.mapping, document)
  if ('flaws' in read) throw refuseFlaws('MAPPING_INVALID', ['mapping'], read.flaws)
  const { mapping } = read

  const counts = new Map<string, number>()
  const leftOut: Problem[] = []
  for await (const row of readResponses(path, mapping, document)) {
    if ('problems' in row) leftOut.push(...row.problems)
    else counts.set(row.company, (counts.get(row.company) ?? 0) + 1)
  }
  if (leftOut.length > 0 && !given.skipInvalid) throw refuseAll(leftOut)

  const isSynthetic = 'synthetic' in mapping.company
  const { id: campaignId } = await createCampaign(tx, {
    networkId,
    surveyVersionId: version.id,
    name,
    opensAt: now,
    closesAt: new Date(now.getTime() + 60 * 60_000),
    plan,
    thresholds: usualThresholds,
    earlierCampaignId: null,
    demonstration: isSynthetic,
  })
  const organizations = await findCompanies(tx, networkId, mapping, [...counts.keys()])
  for (const [company, headCount] of counts) {
    const asked = { organizationId: organizations.get(company)!, headCount, joiners: null, leavers: null }
    await askOrganization(tx, secrets, campaignId, asked)
  }
  await openCampaign(tx, campaignId, now)
  const taken = await storeAll(tx, readResponses(path, mapping, document), { campaignId, organizations, now })
  await closeCampaign(tx, campaignId)
  return { campaignId, taken, organizations: [...counts].map(([name, taken]) => ({ name, taken })), leftOut }
}

async function storeAll(
  tx: Transaction,
  rows: AsyncIterable<ReadRow>,
  { campaignId, organizations, now }: { campaignId: string; organizations: Map<string, string>; now: Date },
): Promise<number> {
  let taken = 0
  const arrivals: Arrival[] = []
  const store = async () => {
    const outcomes = await storeResponses(tx, campaignId, arrivals.splice(0))
    const other = outcomes.find((outcome) => outcome !== 'counted')
    if (other !== undefined) throw new Error(`An answer was ${other}, and not counted.`)
    taken += outcomes.length
  }
  for await (const row of rows) {
    if ('problems' in row) continue
    arrivals.push({
      organizationId: organizations.get(row.company)!,
      moment: now,
      hash: randomBytes(32),
      fingerprint: randomBytes(32),
      response: row.response,
    })
    if (arrivals.length === mostTogether) await store()
  }
  if (arrivals.length > 0) await store()
  return taken
}

/** Row keys by the names in the file. Companies that are made up are made; others must be there, by name or identifier. */
async function findCompanies(
  tx: Transaction,
  networkId: string,
  { company }: Mapping,
  names: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const missing: string[] = []
  for (const name of names) {
    const id = rowId(networkId, 'organization', name)
    const known = await tx.organization.findFirst({
      where: { networkId, OR: [{ id }, { name }] },
      select: { id: true },
    })
    if (known !== null) found.set(name, known.id)
    else if ('synthetic' in company) {
      const description = 'Made up, to show the software with answers that name no company.'
      await tx.organization.create({ data: { id, uuid: id, networkId, name, description, kind: 'company' } })
      found.set(name, id)
    } else missing.push(name)
  }
  if (missing.length === 0) return found
  throw refuseFlaws(
    'COMPANY_UNKNOWN',
    ['company'],
    missing.map((name) => ({
      path: [name],
      message: 'is no organization of the network',
      fix: 'import it first, or correct the file',
    })),
  )
}
