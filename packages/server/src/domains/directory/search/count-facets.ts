/** How many services are found, and how they divide: for each value that a filter can ask for, how many have it. */
import { Prisma, type PrismaClient, type ServiceStatus } from '../../../generated/prisma/client.ts'
import type { OrganizationKind } from '../../../generated/prisma/enums.ts'
import { type Sector, sectors } from '../../network/sector.ts'
import { isFree, languagesSpoken, matching, type ServiceFilter, statusOf, tellsAccess } from './match-services.ts'

export interface Count<Value> {
  value: Value
  count: number
}

/** What can be counted of services found: how many they are, and how they divide. */
export interface Counts {
  total: number
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

export type Counted = keyof Counts

/** Values listed in a facet that has many, the most frequent first. */
export const facetLength = 100

/**
 * Counts the services that match `filter`, in all the ways asked for at once: they are found once. Adding a value of a
 * facet to the filter finds as many as its count says. A need area counts what answers it or an area below it; a
 * municipality what is given there or serves its people.
 */
export async function countFound<Name extends Counted>(
  prisma: PrismaClient,
  networkId: string,
  filter: ServiceFilter,
  names: readonly Name[],
): Promise<Pick<Counts, Name>> {
  const counts = names.map((name) => {
    const each = Prisma.sql`SELECT ${name}::text AS name, value, count(*)::integer AS count FROM`
    return Prisma.sql`(
      ${each} (${values[name](networkId)}) AS had (value, id)
      GROUP BY value ORDER BY count DESC, value LIMIT ${facetLength})`
  })
  const rows = await prisma.$queryRaw<(Count<string> & { name: Name })[]>`
    WITH found AS (SELECT id FROM (${matching(networkId, filter)}) matched)
    SELECT name, value, count FROM (${Prisma.join(counts, ' UNION ALL ')}) AS counted
    ORDER BY count DESC, value`
  const byName = Map.groupBy(rows, ({ name }) => name)
  return Object.fromEntries(
    names.map((name) => {
      const divided = (byName.get(name) ?? []).map(({ value, count }) => ({ value, count }))
      return [name, shapes[name](divided)]
    }),
  ) as Pick<Counts, Name>
}

// The pairs of a value and a service found that has it, each once.
const values: Record<Counted, (networkId: string) => Prisma.Sql> = {
  total: () => Prisma.sql`SELECT 'total', id FROM found`,
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
const only = (rows: Count<string>[]) => rows[0]?.count ?? 0

const shapes: Record<Counted, (rows: Count<string>[]) => unknown> = {
  total: only,
  needAreas: asCounted,
  organizations: asCounted,
  organizationKinds: asCounted,
  sectors: bySector,
  municipalities: asCounted,
  languages: asCounted,
  statuses: asCounted,
  free: only,
  accessible: only,
}

function bySector(rows: Count<string>[]): Count<Sector>[] {
  const counts = new Map<Sector, number>()
  for (const { value, count } of rows) {
    const sector = sectors[value as OrganizationKind]
    if (sector !== null) counts.set(sector, (counts.get(sector) ?? 0) + count)
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
}
