/** Which records of a directory a reader asks for, and their documents: one, a page, or all of them. */
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { matching as matchingServices } from '../search/match-services.ts'
import { readWords } from '../search/read-words.ts'
import { buildDocuments, TooManyRecords } from './build-documents.ts'
import type { Form } from './form.ts'
import { type HsdsRecord, readRecords } from './read-records.ts'

/** Kinds of records that are listed. */
export type ListedEntity = 'service' | 'service_at_location' | 'organization' | 'taxonomy' | 'taxonomy_term'

/** What the records must be; identifiers are those of HSDS. */
export interface RecordFilter {
  /** Words: of services, and services at locations, as in every search of services; of others, in name and description. */
  search?: string | undefined
  /** The record carries the term, or the service at that location, or a service of that organization. */
  taxonomyTermId?: string | undefined
  /** The same with any term of the taxonomy; of terms, those in it. */
  taxonomyId?: string | undefined
  organizationId?: string | undefined
  /** Changed at this moment (ISO 8601) or later, as the source declares it. */
  modifiedAfter?: string | undefined
  /** Of terms: the broader term. */
  parentId?: string | undefined
  /** Of terms: only those without a broader one. */
  topOnly?: boolean | undefined
  /** Of services at locations: people with this postal code are served. */
  postcode?: string | undefined
  /** With a postcode: at most so many metres from the middle of the places that have it. */
  proximity?: number | undefined
}

export interface ListingRequest {
  networkId: string
  entity: ListedEntity
  filter: RecordFilter
  form: Form
  /** The only values that are read, without anything nested. */
  names?: readonly string[] | undefined
  /** How many records the documents that are made at once may hold; {@link TooManyRecords} beyond. */
  atMost: number
}

/** What was asked for, ready to be read. */
export interface Listing extends ListingRequest {
  /** SQL: the rows that match, as `held`. */
  matching: Prisma.Sql
  /** SQL: how relevant a row is. */
  relevance: Prisma.Sql | undefined
}

/** Reads the words of the filter, as far as there are any. */
export async function openListing(prisma: PrismaClient, request: ListingRequest): Promise<Listing> {
  const { networkId, entity, filter } = request
  const search = filter.search === undefined ? undefined : await searchIn(prisma, networkId, entity, filter.search)
  const conditions = [...conditionsOf(networkId, entity, filter), ...(search?.condition ? [search.condition] : [])]
  return {
    ...request,
    matching: Prisma.sql`
      ${Prisma.raw(`"${entity}"`)} held ${search?.join ?? Prisma.empty} WHERE ${Prisma.join(conditions, ' AND ')}`,
    relevance: search?.relevance,
  }
}

export async function countRecords(prisma: PrismaClient, { matching }: Listing): Promise<number> {
  const [{ count }] = await prisma.$queryRaw<[{ count: number }]>`SELECT count(*)::integer AS count FROM ${matching}`
  return count
}

/** The document with an identifier; undefined when there is none. */
export async function findDocument(
  prisma: PrismaClient,
  request: Omit<ListingRequest, 'filter'>,
  id: string,
): Promise<HsdsRecord | undefined> {
  const { networkId, entity } = request
  const rows = await readRecords(prisma, entity, {
    where: 'held.network_id = $1::uuid AND held.uuid = $2::uuid',
    parameters: [networkId, id],
  })
  return (await buildDocuments(prisma, rows, request))[0]
}

/** A page: the most relevant first where there are words to search, else by identifier. */
export async function readPage(
  prisma: PrismaClient,
  listing: Listing,
  { offset, size }: { offset: number; size: number },
): Promise<HsdsRecord[]> {
  const { matching, relevance } = listing
  const order = relevance === undefined ? Prisma.empty : Prisma.sql`${relevance} DESC,`
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT held.id FROM ${matching} ORDER BY ${order} held.uuid LIMIT ${size} OFFSET ${offset}`
  return documentsOf(
    prisma,
    listing,
    rows.map(({ id }) => id),
  )
}

/**
 * All that match, by identifier, some at a time. Each reading is by itself: no transaction waits for whoever reads
 * slowly, so what changes meanwhile may be seen as it was or as it is.
 */
export async function* readAll(prisma: PrismaClient, listing: Listing): AsyncGenerator<HsdsRecord[]> {
  const { matching, names } = listing
  // Finding them is the same work each time, so many are found at once, and few made at a time.
  const size = 5000
  const atOnce = names === undefined ? 50 : size
  let after = Prisma.sql`true`
  for (;;) {
    const rows = await prisma.$queryRaw<{ id: string; uuid: string }[]>`
      SELECT held.id, held.uuid FROM ${matching} AND ${after}
      ORDER BY held.uuid LIMIT ${size}`
    const keys = rows.map(({ id }) => id)
    for (let from = 0; from < keys.length; from += atOnce) {
      yield* inParts(prisma, listing, keys.slice(from, from + atOnce))
    }
    if (rows.length < size) return
    after = Prisma.sql`held.uuid > ${rows.at(-1)!.uuid}::uuid`
  }
}

// Records that are too much together may well do one by one.
async function* inParts(prisma: PrismaClient, listing: Listing, keys: string[]): AsyncGenerator<HsdsRecord[]> {
  try {
    yield await documentsOf(prisma, listing, keys)
  } catch (error) {
    if (!(error instanceof TooManyRecords) || keys.length === 1) throw error
    for (const key of keys) yield await documentsOf(prisma, listing, [key])
  }
}

async function documentsOf(prisma: PrismaClient, listing: Listing, keys: string[]): Promise<HsdsRecord[]> {
  const { entity, names } = listing
  const selection = { where: 'held.id = ANY ($1::uuid[])', parameters: [keys], ...(names && { names }) }
  const rows = new Map((await readRecords(prisma, entity, selection)).map((row) => [row.key, row]))
  const inOrder = keys.flatMap((key) => rows.get(key) ?? [])
  return names === undefined ? buildDocuments(prisma, inOrder, listing) : inOrder.map(({ record }) => record)
}

function conditionsOf(networkId: string, entity: ListedEntity, filter: RecordFilter): Prisma.Sql[] {
  const { taxonomyTermId, taxonomyId, organizationId, modifiedAfter, parentId, topOnly, postcode } = filter
  const inNetwork = Prisma.sql`network_id = ${networkId}::uuid`
  const conditions = [Prisma.sql`held.${inNetwork}`]
  if (taxonomyTermId !== undefined) {
    conditions.push(carries(entity, Prisma.sql`term.${inNetwork} AND term.uuid = ${taxonomyTermId}::uuid`))
  }
  if (taxonomyId !== undefined) {
    const taxonomy = Prisma.sql`(SELECT id FROM taxonomy WHERE ${inNetwork} AND uuid = ${taxonomyId}::uuid)`
    conditions.push(
      entity === 'taxonomy_term'
        ? Prisma.sql`held.taxonomy_id = ${taxonomy}`
        : carries(entity, Prisma.sql`term.taxonomy_id = ${taxonomy}`),
    )
  }
  if (organizationId !== undefined) {
    conditions.push(
      ofService(
        entity,
        Prisma.sql`service.organization_id =
          (SELECT id FROM organization WHERE ${inNetwork} AND uuid = ${organizationId}::uuid)`,
      ),
    )
  }
  if (modifiedAfter !== undefined) {
    conditions.push(ofService(entity, Prisma.sql`service.last_modified >= ${modifiedAfter}::timestamptz`))
  }
  if (parentId !== undefined) {
    conditions.push(
      Prisma.sql`held.parent_id = (SELECT id FROM taxonomy_term WHERE ${inNetwork} AND uuid = ${parentId}::uuid)`,
    )
  }
  if (topOnly === true) conditions.push(Prisma.sql`held.parent_id IS NULL`)
  if (postcode !== undefined) conditions.push(serves(networkId, postcode, filter.proximity))
  return conditions
}

/** What is said of the service itself, or of the service that is given at the location. */
function ofService(entity: ListedEntity, condition: Prisma.Sql): Prisma.Sql {
  const key = entity === 'service' ? Prisma.sql`held.id` : Prisma.sql`held.service_id`
  return Prisma.sql`EXISTS (SELECT FROM service WHERE service.id = ${key} AND ${condition})`
}

function carries(entity: ListedEntity, ofTerm: Prisma.Sql): Prisma.Sql {
  const tagged = (kind: ListedEntity) => Prisma.sql`(
    SELECT attribute.link_id FROM attribute JOIN taxonomy_term term ON term.id = attribute.taxonomy_term_id
    WHERE attribute.link_entity = ${kind} AND ${ofTerm})`
  const itself = Prisma.sql`held.id IN ${tagged(entity)}`
  if (entity === 'service_at_location') return Prisma.sql`(${itself} OR held.service_id IN ${tagged('service')})`
  if (entity === 'organization') {
    return Prisma.sql`(${itself} OR held.id IN
      (SELECT organization_id FROM service WHERE service.id IN ${tagged('service')}))`
  }
  return itself
}

/** How a search narrows and orders the rows; undefined when nothing is searched for. */
interface Search {
  join?: Prisma.Sql
  condition?: Prisma.Sql
  relevance: Prisma.Sql
}

async function searchIn(
  prisma: PrismaClient,
  networkId: string,
  entity: ListedEntity,
  typed: string,
): Promise<Search | undefined> {
  if (entity === 'service' || entity === 'service_at_location') {
    const words = await readWords(prisma, networkId, typed)
    // Without a word nothing is found, as in the other collections.
    if (words === null) return { condition: Prisma.sql`false`, relevance: Prisma.sql`0` }
    const service = Prisma.raw(entity === 'service' ? 'held.id' : 'held.service_id')
    return {
      join: Prisma.sql`JOIN (${matchingServices(networkId, { words })}) found ON found.id = ${service}`,
      relevance: Prisma.sql`found.relevance`,
    }
  }
  const query = Prisma.sql`websearch_to_tsquery('public.italian_plain', ${typed})`
  const document = Prisma.raw(entity === 'organization' ? `held.name, held.alternate_name` : `held.name`)
  const words = Prisma.sql`(
    setweight(to_tsvector('public.italian_plain', left(concat_ws(' ', ${document}), 50000)), 'A')
    || setweight(to_tsvector('public.italian_plain', left(held.description, 50000)), 'B'))`
  return { condition: Prisma.sql`${words} @@ ${query}`, relevance: Prisma.sql`ts_rank(${words}, ${query})` }
}

/**
 * HSDS asks whether the postal code lies in a service area. What lies where is known from the addresses of the
 * directory: a postal code is the places that have it. A service without areas serves where it is given.
 */
function serves(networkId: string, postcode: string, proximity: number | undefined): Prisma.Sql {
  const places = Prisma.sql`
    FROM address JOIN location ON location.id = address.location_id
    WHERE address.network_id = ${networkId}::uuid
      AND upper(replace(address.postal_code, ' ', '')) = upper(replace(${postcode}, ' ', ''))`
  const areas = Prisma.sql`
    FROM service_area area WHERE (area.service_id = held.service_id OR area.service_at_location_id = held.id)`
  const covers = Prisma.sql`EXISTS (SELECT ${areas} AND (
    area.municipality_code IN (SELECT location.municipality_code ${places})
    OR area.whole_territory AND EXISTS (SELECT ${places} AND location.municipality_code IS NOT NULL)))`
  const near =
    proximity === undefined
      ? Prisma.sql`held.location_id IN (SELECT location.id ${places})`
      : Prisma.sql`EXISTS (
          SELECT FROM location place, (
            SELECT avg(location.latitude) AS latitude, avg(location.longitude) AS longitude ${places}
              AND location.latitude IS NOT NULL AND location.longitude IS NOT NULL) middle
          WHERE place.id = held.location_id AND derived.kilometres(
            place.latitude, place.longitude, middle.latitude, middle.longitude) * 1000 <= ${proximity}::float8)`
  const unbounded = Prisma.sql`NOT EXISTS (SELECT ${areas})`
  return proximity === undefined
    ? Prisma.sql`(${covers} OR ${unbounded} AND ${near})`
    : Prisma.sql`(${covers} OR ${unbounded}) AND ${near}`
}
