/** When services and places are open: asked for all of a request's at once, one statement a kind of question. */
import DataLoader from 'dataloader'
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { loadHours, type PlacedHours } from './load-hours.ts'
import { type Opener, restrictionOf } from './opener.ts'

export interface Opening {
  opensAt: Date
  closesAt: Date
}

export interface OpeningLoaders {
  /** Whether it is open at a moment; null when no schedule can be evaluated. */
  isOpen: DataLoader<{ id: string; moment: Date }, boolean | null, string>
  /** The next opening that begins after a moment; null when there is none. */
  next: DataLoader<{ id: string; moment: Date }, Opening | null, string>
  /** The schedules and exceptions that speak for it, place by place. */
  hours: DataLoader<string, PlacedHours[]>
}

/** New loaders for one request: what they remember lives no longer. */
export function openingLoaders(prisma: PrismaClient): Record<Opener, OpeningLoaders> {
  return {
    service: loadersFor(prisma, 'service'),
    serviceAtLocation: loadersFor(prisma, 'serviceAtLocation'),
    location: loadersFor(prisma, 'location'),
  }
}

function loadersFor(prisma: PrismaClient, opener: Opener): OpeningLoaders {
  const cacheKeyFn = ({ id, moment }: { id: string; moment: Date }) => `${id} ${moment.getTime()}`
  return {
    isOpen: new DataLoader((questions) => areOpen(prisma, opener, questions), { cacheKeyFn }),
    next: new DataLoader((questions) => nextOpenings(prisma, opener, questions), { cacheKeyFn }),
    hours: new DataLoader((ids) => loadHours(prisma, opener, ids)),
  }
}

type Questions = readonly { id: string; moment: Date }[]

async function areOpen(prisma: PrismaClient, opener: Opener, questions: Questions): Promise<(boolean | null)[]> {
  const { key, is } = restrictionOf(opener)
  const branches = momentsOf(questions).map(
    ([moment, ids]) => Prisma.sql`
      SELECT DISTINCT ${key} AS id, ${moment} AS moment FROM derived.open_places(${moment}::timestamptz) WHERE ${is(ids)}`,
  )
  const ids = [...new Set(questions.map(({ id }) => id))]
  const rows = await prisma.$queryRaw<{ id: string; moment: string | null }[]>`
    ${Prisma.join(branches, ' UNION ALL ')}
    UNION ALL SELECT DISTINCT ${key}, NULL FROM derived.place_opening WHERE ${is(ids)}`
  const found = new Set(rows.map(({ id, moment }) => `${id} ${moment}`))
  return questions.map(({ id, moment }) => {
    if (found.has(`${id} ${moment.toISOString()}`)) return true
    return found.has(`${id} null`) ? false : null
  })
}

async function nextOpenings(prisma: PrismaClient, opener: Opener, questions: Questions): Promise<(Opening | null)[]> {
  const { key, is } = restrictionOf(opener)
  // Of several that begin together, the one that stays open longest. Instants come back as milliseconds: as timestamps
  // they would be shown in the time zone of the session, and read as if that were UTC.
  const branches = momentsOf(questions).map(
    ([moment, ids]) => Prisma.sql`(
      SELECT DISTINCT ON (${key}) ${key} AS id, ${moment} AS moment,
        (extract(epoch FROM opens_at) * 1000)::float8 AS opens, (extract(epoch FROM closes_at) * 1000)::float8 AS closes
      FROM derived.next_openings(${moment}::timestamptz) WHERE ${is(ids)}
      ORDER BY ${key}, opens_at, closes_at DESC)`,
  )
  const rows = await prisma.$queryRaw<{ id: string; moment: string; opens: number; closes: number }[]>(
    Prisma.join(branches, ' UNION ALL '),
  )
  const found = new Map(
    rows.map((row) => [`${row.id} ${row.moment}`, { opensAt: new Date(row.opens), closesAt: new Date(row.closes) }]),
  )
  return questions.map(({ id, moment }) => found.get(`${id} ${moment.toISOString()}`) ?? null)
}

// Almost always one moment; several when a request asks several times under other names.
function momentsOf(questions: Questions): [moment: string, ids: string[]][] {
  const byMoment = Map.groupBy(questions, ({ moment }) => moment.toISOString())
  return [...byMoment].map(([moment, asked]) => [moment, asked.map(({ id }) => id)])
}
