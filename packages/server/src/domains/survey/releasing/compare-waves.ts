/** Waves side by side: the need areas that both released, and by how much they changed. */
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import type { readableRows } from './readable-by.ts'
import type { ReleasedGroup } from './release-results.ts'

export interface WaveComparison {
  needAreaCode: string
  /** Per cent for whom it is critical, to a tenth. */
  percent: number
  earlierPercent: number
  /** Percentage points from the earlier wave to this one, to a tenth. */
  change: number
}

const prefix = 'need-area:'

/** Compares a release with that of the wave before its campaign; empty where there is none. */
export async function compareWaves(
  prisma: PrismaClient,
  releaseId: string,
  rows: ReturnType<typeof readableRows>,
): Promise<WaveComparison[]> {
  const release = await prisma.release.findUniqueOrThrow({
    where: { id: releaseId },
    select: { campaign: { select: { earlierCampaign: { select: { release: { select: { id: true } } } } } } },
  })
  const earlierId = release.campaign.earlierCampaign?.release?.id
  if (earlierId === undefined) return []
  const tables = await prisma.resultTable.findMany({
    where: { ...rows, releaseId: { in: [releaseId, earlierId] }, measure: { startsWith: prefix } },
    orderBy: { position: 'asc' },
    select: { releaseId: true, measure: true, results: true },
  })
  const [now, before] = [releaseId, earlierId].map(
    (id) =>
      new Map(
        tables.flatMap((table) => {
          const percent = table.releaseId === id ? percentCritical(table.results) : null
          return percent === null ? [] : [[table.measure, percent] as const]
        }),
      ),
  ) as [Map<string, number>, Map<string, number>]
  return [...now].flatMap(([measure, percent]) => {
    const earlierPercent = before.get(measure)
    if (earlierPercent === undefined) return []
    const change = Math.round((percent - earlierPercent) * 10) / 10
    return [{ needAreaCode: measure.slice(prefix.length), percent, earlierPercent, change }]
  })
}

/** Of all people of the table, whatever else it divides them by; the first answer of a need area is "critical". */
function percentCritical(results: unknown): number | null {
  const groups = results as ReleasedGroup[]
  const all = groups.find(({ group }) => Object.keys(group).every((name) => name === 'company'))
  return all !== undefined && 'value' in all.distribution ? all.distribution.value.percents[0]! : null
}
