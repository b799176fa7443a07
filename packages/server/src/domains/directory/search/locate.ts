/** Where the places of a directory are. */
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { distanceFrom, type Vicinity } from './match-services.ts'

/** The middle of a municipality's locations, by its name or ISTAT code; null when none of them has coordinates. */
export async function middleOf(
  prisma: PrismaClient,
  networkId: string,
  municipality: string,
): Promise<{ latitude: number; longitude: number } | null> {
  const [middle] = await prisma.$queryRaw<{ latitude: number; longitude: number }[]>`
    SELECT avg(latitude) AS latitude, avg(longitude) AS longitude
    FROM location
    JOIN municipality ON istat_code = municipality_code
    JOIN network_municipality territory USING (network_id, istat_code)
    WHERE network_id = ${networkId}::uuid AND latitude IS NOT NULL AND longitude IS NOT NULL
      AND (istat_code = ${municipality} OR plain_text(municipality.name) = plain_text(${municipality}))
    GROUP BY istat_code ORDER BY istat_code LIMIT 1`
  return middle ?? null
}

/** Kilometres from a point to the nearest place of each service, by row key; none for a service without a place. */
export async function measureDistances(
  prisma: PrismaClient,
  ids: readonly string[],
  point: Omit<Vicinity, 'kilometres'>,
): Promise<Map<string, number>> {
  const rows = await prisma.$queryRaw<{ id: string; distance: number | null }[]>`
    SELECT service.id, ${distanceFrom(point)} AS distance FROM service WHERE service.id = ANY(${[...ids]}::uuid[])`
  return new Map(rows.flatMap(({ id, distance }) => (distance === null ? [] : [[id, distance]])))
}
