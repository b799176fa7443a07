/** Which services of a network a person looks for, in which order, page by page. */
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts'

export interface ServiceFilter {
  /** Codes of need areas: any of them, areas below them included. */
  needAreas?: string[] | undefined
  /** Row key of the organization that provides the service. */
  organizationId?: string | undefined
  /** ISTAT code or name of a municipality: the service is given there, or serves its people. */
  municipality?: string | undefined
  /** Words in Italian: all of them, in any form, with or without accents. */
  words?: string | undefined
}

/** Where a service stands in the order: most relevant first, then by name. */
export interface ServicePosition {
  relevance: number
  name: string
  id: string
}

export interface ServicePage {
  positions: ServicePosition[]
  /** True when there are more in the direction in which the page was read. */
  hasMore: boolean
}

export interface PageRequest {
  size: number
  /** True for the last items before a position instead of the first after it. */
  backward: boolean
  after?: ServicePosition | undefined
  before?: ServicePosition | undefined
}

/** One page of matching services, in order. */
export async function searchServices(
  prisma: PrismaClient,
  networkId: string,
  filter: ServiceFilter,
  page: PageRequest,
): Promise<ServicePage> {
  // One more than asked tells whether there are more.
  const rows = await prisma.$queryRaw<ServicePosition[]>`
    SELECT found.id, found.name, found.relevance FROM (${matching(networkId, filter)}) found
    WHERE ${beyond(page.after, 'after')} AND ${beyond(page.before, 'before')}
    ORDER BY ${page.backward ? backward : forward} LIMIT ${page.size + 1}`
  const positions = rows.slice(0, page.size)
  return { positions: page.backward ? positions.reverse() : positions, hasMore: rows.length > page.size }
}

/** How many services match. */
export async function countServices(prisma: PrismaClient, networkId: string, filter: ServiceFilter): Promise<number> {
  const [row] = await prisma.$queryRaw<[{ count: number }]>`
    SELECT count(*)::integer AS count FROM (${matching(networkId, filter)}) found`
  return row.count
}

const forward = Prisma.sql`found.relevance DESC, found.name, found.id`
const backward = Prisma.sql`found.relevance, found.name DESC, found.id DESC`

// Relevance falls while name and key rise, so the three can't be compared as one row.
function beyond(position: ServicePosition | undefined, side: 'after' | 'before'): Prisma.Sql {
  if (position === undefined) return Prisma.sql`true`
  const { relevance, name, id } = position
  return side === 'after'
    ? Prisma.sql`(found.relevance < ${relevance}::real
        OR found.relevance = ${relevance}::real AND (found.name, found.id) > (${name}, ${id}::uuid))`
    : Prisma.sql`(found.relevance > ${relevance}::real
        OR found.relevance = ${relevance}::real AND (found.name, found.id) < (${name}, ${id}::uuid))`
}

function matching(networkId: string, { needAreas, organizationId, municipality, words }: ServiceFilter): Prisma.Sql {
  const document = Prisma.sql`
    service_words(service.name, service.alternate_name, service.description, service.eligibility_description)`
  const query = Prisma.sql`websearch_to_tsquery('pg_catalog.italian', plain_text(${words ?? ''}))`
  const searched = words !== undefined && words.trim() !== ''
  const conditions = [Prisma.sql`service.network_id = ${networkId}::uuid`]
  if (searched) conditions.push(Prisma.sql`${document} @@ ${query}`)
  if (organizationId !== undefined) conditions.push(Prisma.sql`service.organization_id = ${organizationId}::uuid`)
  if (needAreas !== undefined) conditions.push(answersNeed(networkId, needAreas))
  if (municipality !== undefined) conditions.push(servesPlace(networkId, municipality))
  return Prisma.sql`
    SELECT service.id, service.name, ${searched ? Prisma.sql`ts_rank(${document}, ${query})` : Prisma.sql`0::real`} AS relevance
    FROM service WHERE ${Prisma.join(conditions, ' AND ')}`
}

function answersNeed(networkId: string, codes: string[]): Prisma.Sql {
  return Prisma.sql`EXISTS (
    WITH RECURSIVE area AS (
      SELECT id FROM need_area WHERE network_id = ${networkId}::uuid AND code = ANY(${codes})
      UNION
      SELECT below.id FROM need_area below JOIN area ON below.parent_id = area.id)
    SELECT FROM service_need_area answered JOIN area ON area.id = answered.need_area_id
    WHERE answered.service_id = service.id)`
}

function servesPlace(networkId: string, place: string): Prisma.Sql {
  const codes = Prisma.sql`
    SELECT istat_code FROM network_municipality territory JOIN municipality USING (istat_code)
    WHERE territory.network_id = ${networkId}::uuid
      AND (istat_code = ${place} OR plain_text(municipality.name) = plain_text(${place}))`
  return Prisma.sql`(
    EXISTS (SELECT FROM service_at_location presence JOIN location ON location.id = presence.location_id
      WHERE presence.service_id = service.id AND location.municipality_code IN (${codes}))
    OR EXISTS (SELECT FROM service_area area
      WHERE area.service_id = service.id
        AND (area.municipality_code IN (${codes}) OR area.whole_territory AND EXISTS (${codes}))))`
}
