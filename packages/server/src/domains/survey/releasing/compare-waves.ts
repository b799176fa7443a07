/** Waves side by side: what both released, where it means the same, and by how much it changed. */
import type { Actor } from '../../../actor.ts'
import type { Prisma, PrismaClient } from '../../../generated/prisma/client.ts'
import { byCompany, type GroupKey, keyText } from '../disclosure/counted-tables.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import { type Meant, meansSame } from './means-same.ts'
import type { Plan } from './plan.ts'
import { readableBy } from './readable-by.ts'
import type { ReleasedGroup } from './release-results.ts'

/** A table of a release. */
export interface ComparedTable {
  id: string
  networkId: string
  /** The organization whose people are counted; null where everybody is. */
  organizationId: string | null
  releaseId: string
  measure: string
  results: unknown
}

/** Why a group is not compared with the wave before. */
export type Obstacle = 'absent_before' | 'measure_changed' | 'organizations_differ' | 'group_changed' | 'not_shown'

/** A group in two waves, both of which show it. */
export interface Change {
  respondents: number
  earlierRespondents: number
  /** In the order of the measure's answers. */
  answers: AnswerChange[]
}

/** Per cent to a tenth, as both releases show them; null where a release shows none. */
interface AnswerChange {
  percent: number | null
  earlierPercent: number | null
  /** Percentage points from the earlier wave to this one, to a tenth. */
  change: number | null
}

/** A group beside the wave before, or why it is not. */
export type Compared = Change | { obstacle: Obstacle }

/**
 * Lays tables beside those of the wave before: for each, what its groups come to, in their order; null where there is no wave
 * before that was released. It takes what both releases show to this actor, and nothing else.
 */
export async function compareTables(
  prisma: PrismaClient,
  actor: Actor,
  tables: readonly ComparedTable[],
): Promise<(Compared[] | null)[]> {
  const waves = await readWaves(
    prisma,
    tables.map(({ releaseId }) => releaseId),
  )
  const wanted = tables.flatMap(({ releaseId, organizationId, measure }) => {
    const before = waves.get(releaseId)?.before
    return before === undefined ? [] : [{ releaseId: before.releaseId, organizationId, measure }]
  })
  const found = wanted.length === 0 ? [] : await prisma.resultTable.findMany({ where: { OR: wanted } })
  return tables.map((table) => {
    const pair = waves.get(table.releaseId)
    if (pair === undefined) return null
    const { now, before } = pair
    const earlier = found.find(
      ({ releaseId, organizationId, measure }) =>
        releaseId === before.releaseId && organizationId === table.organizationId && measure === table.measure,
    )
    const isRead = earlier !== undefined && readableBy(actor, earlier, before.plan)
    return compareTable({ ...now, table }, isRead ? { ...before, table: earlier } : undefined)
  })
}

/** A need area of everybody, or of all people of an organization, in two waves. */
export interface WaveComparison {
  needAreaCode: string
  /** Per cent for whom it is critical, to a tenth. */
  percent: number
  earlierPercent: number
  /** Percentage points from the earlier wave to this one, to a tenth. */
  change: number
}

/** The need areas among tables that can be compared with the wave before, in short. */
export async function compareNeedAreas(
  prisma: PrismaClient,
  actor: Actor,
  where: Prisma.ResultTableWhereInput,
): Promise<WaveComparison[]> {
  const prefix = 'need-area:'
  const tables = await prisma.resultTable.findMany({
    where: { ...where, measure: { startsWith: prefix } },
    orderBy: { position: 'asc' },
  })
  const compared = await compareTables(prisma, actor, tables)
  return tables.flatMap(({ measure }, index) => {
    // All people come first, and of the answers of a need area "critical".
    const all = compared[index]?.[0]
    if (all === undefined || 'obstacle' in all) return []
    const { percent, earlierPercent, change } = all.answers[0]!
    if (percent === null || earlierPercent === null || change === null) return []
    return [{ needAreaCode: measure.slice(prefix.length), percent, earlierPercent, change }]
  })
}

/** A wave that was released. */
interface Wave {
  releaseId: string
  document: Questionnaire
  plan: Plan
  /** Row keys of the organizations whose people were asked. */
  organizations: string[]
}

const campaignOfWave = {
  plan: true,
  surveyVersion: { select: { document: true } },
  organizations: { select: { organizationId: true } },
} satisfies Prisma.CampaignSelect

/** The waves of releases, each with the one before, by row keys; those that have none before are left out. */
async function readWaves(
  prisma: PrismaClient,
  ids: readonly string[],
): Promise<Map<string, { now: Wave; before: Wave }>> {
  const releases = await prisma.release.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: {
      id: true,
      campaign: {
        select: {
          ...campaignOfWave,
          earlierCampaign: { select: { ...campaignOfWave, release: { select: { id: true, status: true } } } },
        },
      },
    },
  })
  return new Map(
    releases.flatMap(({ id, campaign }) => {
      const { earlierCampaign: earlier } = campaign
      if (earlier?.release?.status !== 'released') return []
      return [[id, { now: toWave(id, campaign), before: toWave(earlier.release.id, earlier) }] as const]
    }),
  )
}

function toWave(
  releaseId: string,
  { plan, surveyVersion, organizations }: Prisma.CampaignGetPayload<{ select: typeof campaignOfWave }>,
): Wave {
  return {
    releaseId,
    document: surveyVersion.document as unknown as Questionnaire,
    plan: plan as unknown as Plan,
    organizations: organizations.map(({ organizationId }) => organizationId),
  }
}

interface Told extends Wave {
  table: ComparedTable
}

function compareTable(now: Told, before: Told | undefined): Compared[] {
  const groups = now.table.results as ReleasedGroup[]
  const refuse = (obstacle: Obstacle) => groups.map(() => ({ obstacle }))
  if (before === undefined) return refuse('absent_before')
  if (!meansSame(measureOf(now), measureOf(before))) return refuse('measure_changed')
  // An organization that came or left changes the total by itself, whatever anybody answered.
  const isTotal = now.table.organizationId === null
  if (isTotal && new Set(now.organizations).symmetricDifference(new Set(before.organizations)).size > 0)
    return refuse('organizations_differ')

  const earlier = new Map(
    (before.table.results as ReleasedGroup[]).map(({ group, distribution }) => [keyText(group), distribution]),
  )
  const recodes = new Set(
    now.plan.recodes.filter(({ name }) => isSameRecode(name, now, before)).map(({ name }) => name),
  )
  return groups.map(({ group, distribution }) => {
    const then = earlier.get(keyText(group))
    if (then === undefined || !dimensionsOf(group).every((name) => recodes.has(name)))
      return { obstacle: 'group_changed' }
    if ('suppressed' in then || 'suppressed' in distribution) return { obstacle: 'not_shown' }
    return {
      respondents: distribution.value.n,
      earlierRespondents: then.value.n,
      answers: distribution.value.percents.map((percent, answer) => compare(percent, then.value.percents[answer]!)),
    }
  })
}

function compare(percent: number | null, earlierPercent: number | null): AnswerChange {
  const isThere = percent !== null && earlierPercent !== null
  return { percent, earlierPercent, change: isThere ? Math.round((percent - earlierPercent) * 10) / 10 : null }
}

function measureOf({ document, table }: Told): Meant {
  return { document, answers: measuresOf(document).find(({ name }) => name === table.measure)!.answers }
}

function dimensionsOf(group: GroupKey): string[] {
  return Object.keys(group).filter((name) => name !== byCompany)
}

function isSameRecode(name: string, now: Wave, before: Wave): boolean {
  const [one, other] = [now, before].map(({ document, plan }): Meant | undefined => {
    const recode = plan.recodes.find((each) => each.name === name)
    return recode && { document, answers: categoriesOf(document, recode) }
  })
  return one !== undefined && other !== undefined && meansSame(one, other)
}
