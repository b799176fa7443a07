/** Answers that were given elsewhere, as a campaign of their own: made, filled from a file and closed in one transaction. */
import { randomBytes } from 'node:crypto'
import { basename } from 'node:path'
import { validate } from 'uuid'
import type { Transaction } from '../../database/connect.ts'
import type { Secrets } from '../../secrets.ts'
import { type Problem, refuseAll, SourceRefused } from '../../sources/problem.ts'
import { rowId } from '../directory/import/identify.ts'
import { usualThresholds } from './disclosure/thresholds.ts'
import type { Flaw } from './questionnaire/flaw.ts'
import { type Mapping, readMapping } from './questionnaire/mapping.ts'
import type { Questionnaire } from './questionnaire/model.ts'
import { type ReadRow, readResponses } from './questionnaire/read-responses.ts'
import { FlawsRefused } from './refuse-flaws.ts'
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
 * all: a census, which disclosure control treats most strictly. Throws a SourceRefused where rows are invalid or none can be taken, and a Refused
 * for what is wrong with the documents.
 */
export async function importResponses(
  tx: Transaction,
  secrets: Secrets,
  given: ImportedCampaign,
  now: Date,
): Promise<ImportReport> {
  const { networkId, organizationId, name, plan, path } = given
  const { questionnaire } = given
  const { versions } = await createSurvey(tx, { networkId, organizationId, name, questionnaire })
  const version = versions[0]!
  const document = version.document as unknown as Questionnaire
  const read = readMapping(given.mapping, document)
  if ('flaws' in read) throw new FlawsRefused('MAPPING_INVALID', ['mapping'], read.flaws)
  const { mapping } = read

  const counts = new Map<string, number>()
  const leftOut: Problem[] = []
  for await (const row of readResponses(path, mapping, document)) {
    if ('problems' in row) leftOut.push(...row.problems)
    else counts.set(row.company, (counts.get(row.company) ?? 0) + 1)
  }
  if (leftOut.length > 0 && !given.skipInvalid) throw refuseAll(leftOut)
  if (counts.size === 0) {
    const why = leftOut.length > 0 ? 'no row could be taken' : 'there is no row below the header'
    throw new SourceRefused(`${basename(path)}: ${why}. Nothing was imported.`, leftOut)
  }

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
  const companies = await findCompanies(tx, networkId, mapping, [...counts.keys()])
  const asked = new Map<string, { name: string; taken: number }>()
  for (const [spelling, count] of counts) {
    const { id, name } = companies.get(spelling)!
    asked.set(id, { name, taken: (asked.get(id)?.taken ?? 0) + count })
  }
  for (const [organizationId, { taken }] of asked) {
    const numbers = { organizationId, headCount: taken, joiners: null, leavers: null }
    await askOrganization(tx, secrets, campaignId, numbers)
  }
  await openCampaign(tx, campaignId, now)
  const taken = await storeAll(tx, readResponses(path, mapping, document), { campaignId, companies, now })
  await closeCampaign(tx, campaignId)
  return { campaignId, taken, organizations: [...asked.values()], leftOut }
}

async function storeAll(
  tx: Transaction,
  rows: AsyncIterable<ReadRow>,
  { campaignId, companies, now }: { campaignId: string; companies: ReadonlyMap<string, Company>; now: Date },
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
      organizationId: companies.get(row.company)!.id,
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

interface Company {
  id: string
  name: string
}

/**
 * Organizations by the spellings in the file, of which several may be of one. Companies that are made up are made; others
 * must be there, by name or identifier.
 */
async function findCompanies(
  tx: Transaction,
  networkId: string,
  { company }: Mapping,
  spellings: readonly string[],
): Promise<ReadonlyMap<string, Company>> {
  const found = new Map<string, Company>()
  const unknown: Flaw[] = []
  const ambiguous: Flaw[] = []
  for (const spelling of spellings) {
    const matches = await findMatches(tx, networkId, spelling)
    if (matches.length === 1) found.set(spelling, matches[0]!)
    else if (matches.length > 1) {
      ambiguous.push({
        path: [spelling],
        message: `is the name of ${matches.length} organizations, ${matches.map(({ uuid }) => uuid).join(' and ')}`,
        fix: 'give the UUID of the one that is meant, in the file or the mapping',
      })
    } else if ('synthetic' in company) {
      const id = rowId(networkId, 'organization', spelling)
      const description = 'Made up, to show the software with answers that name no company.'
      await tx.organization.create({
        data: { id, uuid: id, networkId, name: spelling, description, kind: 'company' },
      })
      found.set(spelling, { id, name: spelling })
    } else {
      unknown.push({
        path: [spelling],
        message: 'is no organization of the network',
        fix: 'import it first, or correct the file',
      })
    }
  }
  const flaws = [...unknown, ...ambiguous]
  if (flaws.length === 0) return found
  throw new FlawsRefused(unknown.length > 0 ? 'COMPANY_UNKNOWN' : 'COMPANY_AMBIGUOUS', ['company'], flaws)
}

// An identifier means one organization, whatever others are called.
async function findMatches(tx: Transaction, networkId: string, spelling: string) {
  const select = { id: true, uuid: true, name: true }
  const identified = await tx.organization.findFirst({
    where: { networkId, OR: [{ id: rowId(networkId, 'organization', spelling) }, ...uuidOf(spelling)] },
    select,
  })
  if (identified !== null) return [identified]
  return tx.organization.findMany({ where: { networkId, name: spelling }, select, orderBy: { uuid: 'asc' } })
}

function uuidOf(spelling: string): { uuid: string }[] {
  return validate(spelling) ? [{ uuid: spelling.toLowerCase() }] : []
}
