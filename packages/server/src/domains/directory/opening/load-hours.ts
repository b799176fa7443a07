/** The schedules and exceptions that are told in words: those that speak, place by place. */
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import type { HoursException, HoursSchedule } from './describe-hours.ts'
import { type Opener, restrictionOf } from './opener.ts'

/** What speaks for a service at one place, for a service by itself, or for a building. */
export interface PlacedHours {
  /** Name of the place; null when there is none or it has no name. */
  place: string | null
  schedules: HoursSchedule[]
  exceptions: HoursException[]
}

interface Row {
  id: string
  service_id: string | null
  location_id: string | null
  place: string | null
  by_building: boolean
  schedule_id: string
  /** The day after which it never opens, known to the database where count sets it; null when there is none. */
  last_day: Date | null
}

/** The hours of each opener, in three statements however many there are. */
export async function loadHours(
  prisma: PrismaClient,
  opener: Opener,
  ids: readonly string[],
): Promise<PlacedHours[][]> {
  const rows = await prisma.$queryRaw<Row[]>(speakingFor(opener, ids))
  const distinct = (values: (string | null)[]) => [...new Set(values.filter((value) => value !== null))]
  const [schedules, exceptions] = await Promise.all([
    prisma.schedule.findMany({ where: { id: { in: distinct(rows.map((row) => row.schedule_id)) } } }),
    prisma.holidaySchedule.findMany({
      where: {
        OR: [
          { serviceId: { in: distinct(rows.map((row) => row.service_id)) } },
          { locationId: { in: distinct(rows.map((row) => row.location_id)) }, serviceId: null },
        ],
      },
      orderBy: { id: 'asc' },
    }),
  ])
  const scheduleOf = new Map(schedules.map((schedule) => [schedule.id, schedule]))
  const byOpener = Map.groupBy(rows, ({ id }) => id)
  return ids.map((id) => {
    const places = Map.groupBy(byOpener.get(id) ?? [], ({ location_id }) => location_id)
    return [...places.values()].map((rows) => ({
      place: rows[0]!.place,
      schedules: rows.flatMap(({ schedule_id, last_day }) => {
        const schedule = scheduleOf.get(schedule_id)
        return schedule === undefined ? [] : { ...schedule, until: last_day ?? schedule.until }
      }),
      exceptions: exceptions.filter((exception) => rows.some((row) => holdsFor(exception, row))),
    }))
  })
}

/** SQL whose rows are the schedules that speak for openers. What is read grows with these, not with the directory. */
export function speakingFor(opener: Opener, ids: readonly string[]): Prisma.Sql {
  const { key, is } = restrictionOf(opener)
  return Prisma.sql`
    SELECT spoken.${key} AS id, spoken.service_id, spoken.location_id, location.name AS place,
      spoken.by_building, spoken.schedule_id, spoken.last_day
    FROM (
      SELECT service_id, location_id, service_at_location_id, by_building, (opening).schedule_id,
        nullif(max((opening).last_day), 'infinity') AS last_day
      FROM derived.place_opening WHERE ${is(ids)} GROUP BY 1, 2, 3, 4, 5
      UNION ALL
      SELECT service_id, location_id, service_at_location_id, false, schedule_id, NULL FROM (${inOwnWords}) described WHERE ${is(ids)}
    ) spoken LEFT JOIN location ON location.id = spoken.location_id
    ORDER BY location.name NULLS FIRST, spoken.location_id, spoken.schedule_id`
}

// As cancelling does in the database: a building closes for all, but has other hours only for who keeps its hours.
function holdsFor(
  exception: HoursException & { serviceId: string | null; locationId: string | null },
  { service_id, location_id, by_building }: Row,
): boolean {
  if (exception.serviceId !== null) {
    return exception.serviceId === service_id && [null, location_id].includes(exception.locationId)
  }
  return exception.locationId === location_id && (exception.closed || by_building)
}

const described = Prisma.sql`s.description IS NOT NULL AND NOT EXISTS (SELECT FROM derived.opening o WHERE o.schedule_id = s.id)`

// Schedules that can't be evaluated but say something in words, for whom they say it. Joins in the open, one a branch,
// so that the ids asked for reach the indexes.
const inOwnWords = Prisma.sql`
  SELECT place.service_id, place.location_id, place.id AS service_at_location_id, s.id AS schedule_id
  FROM service_at_location place JOIN schedule s ON s.service_at_location_id = place.id WHERE ${described}
  UNION ALL
  SELECT place.service_id, place.location_id, place.id, s.id
  FROM service_at_location place JOIN schedule s ON s.service_id = place.service_id
  WHERE s.service_at_location_id IS NULL AND ${described}
  UNION ALL
  SELECT s.service_id, NULL::uuid, NULL::uuid, s.id FROM schedule s
  WHERE s.service_id IS NOT NULL AND s.service_at_location_id IS NULL
    AND NOT EXISTS (SELECT FROM service_at_location place WHERE place.service_id = s.service_id) AND ${described}
  UNION ALL
  SELECT NULL::uuid, s.location_id, NULL::uuid, s.id FROM schedule s
  WHERE s.location_id IS NOT NULL AND s.service_id IS NULL AND s.service_at_location_id IS NULL AND ${described}`
