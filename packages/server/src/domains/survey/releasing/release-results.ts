/**
 * The release of a campaign's results: counted where the answers lie, protected, and written down, once. What comes out
 * depends on the answers, the plan and the earlier releases alone, so it can be computed again, bit for bit.
 */
import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import { v7 as timeOrderedId } from 'uuid'
import type { Transaction } from '../../../database/connect.ts'
import { takeTime } from '../../../database/take-time.ts'
import type {
  Campaign,
  CriticalTheme,
  PrismaClient,
  Release,
  ReleaseStatus,
  ResultTable,
} from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { byCompany } from '../disclosure/counted-tables.ts'
import { protectionVersion } from '../disclosure/protect.ts'
import { protectAside } from '../disclosure/protect-aside.ts'
import type { Published } from '../disclosure/publish.ts'
import type { Thresholds } from '../disclosure/thresholds.ts'
import type { EarlierWave } from '../disclosure/waves.ts'
import { measureOfNeedArea, measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { dayOf } from '../running/campaign-days.ts'
import { changesByWave } from './changes-by-wave.ts'
import { countCampaign } from './count-campaign.ts'
import type { Plan } from './plan.ts'

/** For how many years after the end of a campaign its answers are kept, as the database's function `forget_answers` says. */
const yearsKept = 2

/** Asks for the release of a campaign that is closed; repeating it changes nothing. */
export async function requestRelease(tx: Transaction, campaignId: string, now: Date): Promise<Release> {
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${campaignId}::uuid FOR NO KEY UPDATE`
  const { status, networkId, closesAt, release } = await tx.campaign.findUniqueOrThrow({
    where: { id: campaignId },
    include: { release: true },
  })
  if (release !== null) return release
  if (status !== 'closed') {
    throw new Refused('CAMPAIGN_STATUS', `The campaign is ${status}; for this it would have to be closed.`)
  }
  if (areForgotten({ closesAt }, now))
    throw new Refused('ANSWERS_FORGOTTEN', `Its answers were kept for ${yearsKept} years, and are gone.`)
  return tx.release.create({ data: { networkId, campaignId, earlier: [] } })
}

function areForgotten({ closesAt }: Pick<Campaign, 'closesAt'>, now: Date): boolean {
  const forgotten = new Date(closesAt)
  forgotten.setUTCFullYear(forgotten.getUTCFullYear() + yearsKept)
  return forgotten <= now
}

/** Row keys of the campaigns whose releases were asked for and are not there yet, the first asked first. */
export async function releasesRequested(prisma: PrismaClient): Promise<string[]> {
  const requested = await prisma.release.findMany({
    where: { status: { not: 'released' } },
    orderBy: { id: 'asc' },
    select: { campaignId: true },
  })
  return requested.map(({ campaignId }) => campaignId)
}

/** Told in the transaction that writes a release. */
type OnMade = (tx: Transaction, campaign: { id: string; networkId: string }) => PromiseLike<unknown>

/**
 * Makes the release of a campaign for which {@link requestRelease} asked. Nothing of it is there before all of it is; of two
 * that make it at once one writes it, and the other finds it written. Tells whether this one wrote it. Meanwhile its status tells
 * how far it has come; where this throws, that it failed.
 */
export async function releaseResults(
  prisma: PrismaClient,
  campaignId: string,
  now: Date,
  onMade: OnMade = async () => {},
): Promise<boolean> {
  const { id } = await prisma.release.findUniqueOrThrow({ where: { campaignId } })
  const tell = (status: ReleaseStatus, more: { failures?: { increment: number } } = {}) =>
    prisma.release.updateMany({ where: { id, status: { not: 'released' } }, data: { status, ...more } })
  try {
    for (;;) {
      await tell('counting')
      const earlier = await findEarlier(prisma, campaignId)
      const product = await compute(prisma, campaignId, earlier, () => tell('protecting'))
      await tell('writing')
      const written = await takeTime(prisma, (tx) => writeOnce(tx, id, product, now, onMade))
      if (written !== 'outdated') return written === 'written'
    }
  } catch (error) {
    // It is made another time: nobody is to believe that it is under way.
    await tell('failed', { failures: { increment: 1 } }).catch(() => {})
    throw error
  }
}

/** Writes a release, unless it is there, or people of the same organizations were released meanwhile: then it is to be made anew. */
async function writeOnce(
  tx: Transaction,
  id: string,
  product: Product,
  now: Date,
  onMade: OnMade,
): Promise<'written' | 'there' | 'outdated'> {
  const campaignId = product.campaign
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${campaignId}::uuid FOR NO KEY UPDATE`
  const campaign = await tx.campaign.findUniqueOrThrow({ where: { id: campaignId } })
  if (campaign.status === 'released') return 'there'
  // One after the other writes, so that of two that were made side by side the second sees the first.
  await lockReleases(tx, campaign.networkId)
  if ((await findEarlier(tx, campaignId)).join() !== product.earlier.join()) return 'outdated'
  await write(tx, id, campaign.networkId, product)
  const salt = Uint8Array.from(randomBytes(32))
  await tx.release.update({
    where: { id },
    data: { status: 'released', releasedOn: dayOf(now), hash: hashOf(product, salt), salt, earlier: product.earlier },
  })
  await tx.campaign.update({ where: { id: campaignId }, data: { status: 'released' } })
  await onMade(tx, campaign)
  return 'written'
}

async function lockReleases(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`releases ${networkId}`}, 0))`
}

/**
 * What looking at a release again comes to: `same` where what is written is what was signed, and the answers give it once more;
 * `altered` where what is written is not what was signed; `other` where the answers give something else. Where what is written
 * is what was signed, and the answers are gone by their age, `forgotten`; where another version of disclosure control made it,
 * which alone could make it again, `older`.
 */
export type Verdict = 'same' | 'altered' | 'other' | 'forgotten' | 'older'

/** Computes the hash of a release from what is written of it, and the release itself anew from the answers. */
export async function verifyRelease(prisma: PrismaClient, campaignId: string, now: Date): Promise<Verdict> {
  const { hash, salt, earlier, tables, themes } = await prisma.release.findUniqueOrThrow({
    where: { campaignId },
    include: { tables: true, themes: true },
  })
  const isSigned = (product: Product) => hash !== null && Buffer.compare(hashOf(product, salt), hash) === 0
  const campaign = await findAsked(prisma, campaignId)
  const written = { ...settingsOf(campaign, earlier), ...readWritten(tables, themes) }
  const versions = Array.from({ length: protectionVersion }, (_, index) => index + 1)
  const madeBy = versions.find((protection) => isSigned({ ...written, protection }))
  if (madeBy === undefined) return 'altered'
  if (areForgotten(campaign, now)) return 'forgotten'
  if (madeBy !== protectionVersion) return 'older'
  return isSigned(await compute(prisma, campaignId, earlier)) ? 'same' : 'other'
}

/** All that is released, as it is hashed. */
interface Product {
  /** Version of disclosure control. */
  protection: number
  campaign: string
  questionnaire: Questionnaire
  plan: Plan
  thresholds: Thresholds
  organizations: { id: string; headCount: number }[]
  earlier: string[]
  tables: ReleasedTable[]
  themes: ReleasedTheme[]
}

interface ReleasedTable {
  /** Row key; null where everybody is counted. */
  organization: string | null
  position: number
  measure: string
  answers: readonly string[]
  results: ReleasedGroup[]
}

/** A group of people and how it answered one measure, as it is stored. */
export type ReleasedGroup = Omit<Published['results'][number], 'measure'>

type ReleasedTheme = Omit<Published['criticalThemes'][number], 'group'> & {
  organization: string | null
  position: number
}

type AskedCampaign = Awaited<ReturnType<typeof findAsked>>

function findAsked(prisma: PrismaClient, campaignId: string) {
  return prisma.campaign.findUniqueOrThrow({
    where: { id: campaignId },
    include: { surveyVersion: true, organizations: true },
  })
}

/** What a release depends on, beside the answers. */
function settingsOf({ id, surveyVersion, plan, thresholds, organizations }: AskedCampaign, earlier: string[]) {
  return {
    protection: protectionVersion,
    campaign: id,
    questionnaire: surveyVersion.document as unknown as Questionnaire,
    plan: plan as unknown as Plan,
    thresholds: thresholds as unknown as Thresholds,
    organizations: organizations
      .map(({ organizationId, headCount }) => ({ id: organizationId, headCount }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    earlier,
  }
}

async function compute(
  prisma: PrismaClient,
  campaignId: string,
  earlier: string[],
  onCounted: () => PromiseLike<unknown> = async () => {},
): Promise<Product> {
  const campaign = await findAsked(prisma, campaignId)
  const settings = settingsOf(campaign, earlier)
  const { questionnaire: document, plan, thresholds } = settings
  const counted = await countCampaign(prisma, { campaignId, document, plan, organizations: campaign.organizations })
  await onCounted()
  const changes = await changesByWave(prisma, campaign)
  const waves = await Promise.all(earlier.map((id) => readWave(prisma, id, changes)))
  const published = await protectAside(counted, thresholds, waves)
  return { ...settings, tables: tablesOf(published), themes: themesOf(published) }
}

/** What is written of a release, in the order in which it was made. */
function readWritten(tables: readonly ResultTable[], themes: readonly CriticalTheme[]) {
  const inOrder = (a: Written, b: Written) => compare(a.organizationId ?? '', b.organizationId ?? '')
  return {
    tables: tables
      .toSorted((a, b) => a.position - b.position || inOrder(a, b))
      .map(({ organizationId, position, measure, answers, results }) => ({
        organization: organizationId,
        ...{ position, measure, answers },
        results: results as unknown as ReleasedGroup[],
      })),
    themes: themes
      .toSorted((a, b) => inOrder(a, b) || a.position - b.position)
      .map(({ organizationId, position, needAreaCode, respondents, critical, permille, responseRate, low, high }) => ({
        organization: organizationId,
        ...{ position, critical, responseRate },
        measure: measureOfNeedArea(needAreaCode),
        n: respondents,
        percent: permille / 10,
        interval: { low, high },
      })),
  }
}

type Written = Pick<ResultTable, 'organizationId'>

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function tablesOf({ measures, results }: Published): ReleasedTable[] {
  const byMeasure = Map.groupBy(results, ({ measure }) => measure)
  return measures.flatMap(({ name, answers }, index) => {
    const ofMeasure = (byMeasure.get(name) ?? []).map(({ measure: _, ...result }) => result)
    const byOrganization = Map.groupBy(ofMeasure, ({ group }) => group[byCompany] ?? null)
    return [...byOrganization].map(([organization, results]) => ({
      organization,
      position: index + 1,
      measure: name,
      answers,
      results,
    }))
  })
}

function themesOf({ criticalThemes }: Published): ReleasedTheme[] {
  const byOrganization = Map.groupBy(criticalThemes, ({ group }) => group[byCompany] ?? null)
  return [...byOrganization].flatMap(([organization, themes]) =>
    themes.map(({ group: _, ...theme }, index) => ({ ...theme, organization, position: index + 1 })),
  )
}

/** Older releases have no salt. */
function hashOf(product: Product, salt: Uint8Array | null): Uint8Array<ArrayBuffer> {
  const hash = createHash('sha256').update(salt ?? new Uint8Array(0))
  return Uint8Array.from(hash.update(canonicalize(product)!).digest())
}

// What is sent at once: thousands of rows in one statement would be one long text.
const batch = 500

async function write(tx: Transaction, releaseId: string, networkId: string, product: Product): Promise<void> {
  const needAreas = new Map(
    (await tx.needArea.findMany({ where: { networkId } })).map(({ code, id }) => [code, id] as const),
  )
  const codes = new Map(measuresOf(product.questionnaire).map(({ name, needArea }) => [name, needArea]))
  const idOf = (code: string | undefined) => (code === undefined ? null : (needAreas.get(code) ?? null))
  const tables = product.tables.map(({ organization, measure, answers, results, position }) => ({
    id: timeOrderedId(),
    organization,
    position,
    measure,
    needArea: idOf(codes.get(measure)),
    answers,
    results,
  }))
  // Prisma makes a statement of so many rows value by value, which would take longer than protecting it.
  for (let from = 0; from < tables.length; from += batch) {
    await tx.$executeRaw`
      INSERT INTO result_table (id, network_id, release_id, organization_id, position, measure, need_area_id, answers, results)
      SELECT id, ${networkId}::uuid, ${releaseId}::uuid, organization, position, measure, "needArea", answers, results
      FROM jsonb_to_recordset(${JSON.stringify(tables.slice(from, from + batch))}::jsonb) AS made (
        id uuid, organization uuid, position integer, measure text, "needArea" uuid, answers text[], results jsonb)`
  }
  await tx.criticalTheme.createMany({
    data: product.themes.map(({ organization, position, measure, n, critical, percent, responseRate, interval }) => {
      const needAreaCode = codes.get(measure)!
      return {
        networkId,
        releaseId,
        organizationId: organization,
        position,
        needAreaId: idOf(needAreaCode),
        needAreaCode,
        respondents: n,
        critical,
        permille: Math.round(percent! * 10),
        responseRate,
        low: interval.low,
        high: interval.high,
      }
    }),
  })
}

/** Row keys of the releases that somebody could lay beside this one: all that asked people of the same organizations, the latest first. */
async function findEarlier(prisma: Transaction, campaignId: string): Promise<string[]> {
  const releases = await prisma.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT release.id::text AS id
    FROM release JOIN campaign_organization other ON other.campaign_id = release.campaign_id
      JOIN campaign_organization own ON own.organization_id = other.organization_id AND own.campaign_id = ${campaignId}::uuid
    WHERE release.status = 'released' AND release.campaign_id <> ${campaignId}::uuid ORDER BY 1 DESC`
  return releases.map(({ id }) => id)
}

async function readWave(
  prisma: PrismaClient,
  releaseId: string,
  changes: ReadonlyMap<string, EarlierWave['changes']>,
): Promise<EarlierWave> {
  const { campaignId, tables } = await prisma.release.findUniqueOrThrow({
    where: { id: releaseId },
    include: { tables: { orderBy: [{ position: 'asc' }, { organizationId: 'asc' }] } },
  })
  const measures = new Map(tables.map(({ measure, answers }) => [measure, { name: measure, answers }]))
  const results = tables.flatMap(({ measure, results }) =>
    (results as unknown as ReleasedTable['results']).map((result) => ({ ...result, measure })),
  )
  const published = { measures: [...measures.values()], results, criticalThemes: [] }
  // Of a campaign that is no wave before this one nobody told.
  return { published, changes: changes.get(campaignId) ?? {} }
}
