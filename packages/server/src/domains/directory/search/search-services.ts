/** Services in the order in which a person should see them, page by page. */
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { matchingFirst, type ServiceFilter } from './match-services.ts'

/** Where a service stands in the order: most relevant (or nearest) first, then by name. */
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
  const order = filter.words == null && filter.near === undefined ? byName : byRelevance
  const { candidates, condition } = matchingFirst(networkId, filter)
  // One more than asked tells whether there are more. OFFSET 0: what is left to ask is asked in order.
  const rows = await prisma.$queryRaw<ServicePosition[]>`
    SELECT found.id, found.name, found.relevance FROM (
      SELECT found.id, found.name, found.relevance FROM (${candidates}) found
      WHERE ${page.after === undefined ? Prisma.sql`true` : order.after(page.after)}
        AND ${page.before === undefined ? Prisma.sql`true` : order.before(page.before)}
      ORDER BY ${page.backward ? order.backward : order.forward} OFFSET 0) found
    WHERE ${condition}
    ORDER BY ${page.backward ? order.backward : order.forward} LIMIT ${page.size + 1}`
  const positions = rows.slice(0, page.size)
  return { positions: page.backward ? positions.reverse() : positions, hasMore: rows.length > page.size }
}

// Without words, the order is that of an index: a page is read, not the whole list.
const byName = {
  forward: Prisma.sql`found.name, found.id`,
  backward: Prisma.sql`found.name DESC, found.id DESC`,
  after: ({ name, id }: ServicePosition) => Prisma.sql`(found.name, found.id) > (${name}, ${id}::uuid)`,
  before: ({ name, id }: ServicePosition) => Prisma.sql`(found.name, found.id) < (${name}, ${id}::uuid)`,
}

// Relevance falls while name and key rise, so the three can't be compared as one row.
const byRelevance = {
  forward: Prisma.sql`found.relevance DESC, found.name, found.id`,
  backward: Prisma.sql`found.relevance, found.name DESC, found.id DESC`,
  after: (position: ServicePosition) => Prisma.sql`(found.relevance < ${position.relevance}::real
    OR found.relevance = ${position.relevance}::real AND ${byName.after(position)})`,
  before: (position: ServicePosition) => Prisma.sql`(found.relevance > ${position.relevance}::real
    OR found.relevance = ${position.relevance}::real AND ${byName.before(position)})`,
}
