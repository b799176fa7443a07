/** How the services found divide: for each value that a filter can ask for, how many of them have it. */
import { Prisma, type PrismaClient, type ServiceStatus } from '../../../generated/prisma/client.ts'
import type { OrganizationKind } from '../../../generated/prisma/enums.ts'
import { type Sector, sectors } from '../../network/sector.ts'
import { isFree, languagesSpoken, matching, type ServiceFilter, statusOf, tellsAccess } from './match-services.ts'

export interface Count<Value> {
  value: Value
  count: number
}

export interface Facets {
  needAreas: Count<string>[]
  organizations: Count<string>[]
  organizationKinds: Count<OrganizationKind>[]
  sectors: Count<Sector>[]
  municipalities: Count<string>[]
  languages: Count<string>[]
  statuses: Count<ServiceStatus>[]
  free: number
  accessible: number
}

export type Facet = keyof Facets

/** Values listed in a facet that has many, the most frequent first. */
export const facetLength = 100

/**
 * Counts of the services that match `filter`, by one facet: adding the value to the filter finds that many. A need area
 * counts what answers it or an area below it; a municipality what is given there or serves its people.
 */
export async function countFacet<Name extends Facet>(
  prisma: PrismaClient,
  networkId: string,
  filter: ServiceFilter,
  name: Name,
): Promise<Facets[Name]> {
  const rows = await prisma.$queryRaw<Count<string>[]>`
    WITH found AS MATERIALIZED (SELECT id FROM (${matching(networkId, filter)}) matched)
    SELECT value, count(*)::integer AS count FROM (${values[name](networkId)}) AS had (value, id)
    GROUP BY value ORDER BY count DESC, value LIMIT ${facetLength}`
  return shapes[name](rows) as Facets[Name]
}

// For each facet, the pairs of a value and a service that has it, each once.
const values: Record<Facet, (networkId: string) => Prisma.Sql> = {
  needAreas: (networkId) => Prisma.sql`
    SELECT DISTINCT area.code, found.id FROM found
    JOIN service_need_area answered ON answered.service_id = found.id
    JOIN (
      WITH RECURSIVE lineage AS (
        SELECT id, id AS above FROM need_area WHERE network_id = ${networkId}::uuid
        UNION
        SELECT lineage.id, area.parent_id FROM lineage JOIN need_area area ON area.id = lineage.above
        WHERE area.parent_id IS NOT NULL)
      SELECT * FROM lineage) lineage ON lineage.id = answered.need_area_id
    JOIN need_area area ON area.id = lineage.above`,
  organizations: () => ofService(Prisma.sql`service.organization_id::text`),
  organizationKinds: () => ofOrganization,
  sectors: () => ofOrganization,
  municipalities: (networkId) => Prisma.sql`
    WITH everywhere AS (
      SELECT found.id FROM found JOIN service_area area ON area.service_id = found.id AND area.whole_territory)
    SELECT territory.istat_code, served.id
    FROM network_municipality territory
    JOIN (
      SELECT location.municipality_code AS istat_code, found.id FROM found
      JOIN service_at_location presence ON presence.service_id = found.id
      JOIN location ON location.id = presence.location_id
      UNION
      SELECT area.municipality_code, found.id FROM found JOIN service_area area ON area.service_id = found.id
    ) AS served USING (istat_code)
    WHERE territory.network_id = ${networkId}::uuid AND served.id NOT IN (SELECT id FROM everywhere)
    UNION ALL
    SELECT territory.istat_code, whole.id
    FROM network_municipality territory CROSS JOIN (SELECT DISTINCT id FROM everywhere) AS whole
    WHERE territory.network_id = ${networkId}::uuid`,
  languages: (networkId) => Prisma.sql`
    WITH spoken AS (SELECT known.* FROM found JOIN (${languagesSpoken(networkId)}) AS known ON known.service_id = found.id)
    SELECT DISTINCT label, spoken.service_id
    FROM spoken CROSS JOIN LATERAL (VALUES (spoken.code), (spoken.name)) AS called(label)
    JOIN (SELECT DISTINCT coalesce(code, name) AS label FROM spoken) AS labels USING (label)`,
  statuses: () => ofService(statusOf),
  free: () => Prisma.sql`
    SELECT 'free', found.id FROM found JOIN service ON service.id = found.id WHERE ${isFree}`,
  accessible: () => Prisma.sql`
    SELECT DISTINCT 'accessible', found.id FROM found
    JOIN service_at_location presence ON presence.service_id = found.id
    JOIN location ON location.id = presence.location_id WHERE ${tellsAccess}`,
}

const ofOrganization = Prisma.sql`
  SELECT organization.kind::text, found.id FROM found
  JOIN service ON service.id = found.id JOIN organization ON organization.id = service.organization_id`

function ofService(value: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT ${value}, found.id FROM found JOIN service ON service.id = found.id`
}

const asCounted = (rows: Count<string>[]) => rows
const total = (rows: Count<string>[]) => rows[0]?.count ?? 0

const shapes: Record<Facet, (rows: Count<string>[]) => unknown> = {
  needAreas: asCounted,
  organizations: asCounted,
  organizationKinds: asCounted,
  sectors: bySector,
  municipalities: asCounted,
  languages: asCounted,
  statuses: asCounted,
  free: total,
  accessible: total,
}

function bySector(rows: Count<string>[]): Count<Sector>[] {
  const counts = new Map<Sector, number>()
  for (const { value, count } of rows) {
    const sector = sectors[value as OrganizationKind]
    if (sector !== null) counts.set(sector, (counts.get(sector) ?? 0) + count)
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}
