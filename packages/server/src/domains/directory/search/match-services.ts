/** Which services of a network match a filter, as SQL. Every condition stands in this file. */
import { Prisma, type ServiceStatus } from '../../../generated/prisma/client.ts'
import type { OrganizationKind } from '../../../generated/prisma/enums.ts'
import { kindsOf, type Sector } from '../../network/sector.ts'
import { openPlaces, openServices } from '../opening/open-services.ts'
import { allOf, anyOf, type SearchedWords } from './read-words.ts'

export interface Vicinity {
  /** Degrees, WGS 84. */
  latitude: number
  longitude: number
  kilometres: number
}

/** Conditions are joined by and; those of a place (near, openAt, accessible) hold for one and the same place. */
export interface ServiceFilter {
  /** Codes of need areas: any of them, areas below them included. */
  needAreas?: string[] | undefined
  /** Row key of the organization that provides the service. */
  organizationId?: string | undefined
  /** Kinds of the organization: any of them. */
  organizationKinds?: OrganizationKind[] | undefined
  /** Sectors of the organization: any of them. */
  sectors?: Sector[] | undefined
  /** ISTAT code or name of a municipality: the service is given there, or serves its people. */
  municipality?: string | undefined
  /** Given at a place at most so far from a point. */
  near?: Vicinity | undefined
  /** Moment at which it is open. */
  openAt?: Date | undefined
  /** Age of a person, in years, that the service takes. */
  age?: number | undefined
  /** Whether it costs nothing. */
  free?: boolean | undefined
  /** Names or ISO 639 codes of languages: any of them is spoken. */
  languages?: string[] | undefined
  /** Whether it is given at a place that tells of arrangements for people with disabilities. */
  accessible?: boolean | undefined
  statuses?: ServiceStatus[] | undefined
  /** Words, as they were read. */
  words?: SearchedWords | null | undefined
}

/**
 * A query for the keys, names and relevances of matching services. Relevance rises with how well the words are met;
 * without words it falls with the distance; without a distance either, it is 0.
 */
export function matching(networkId: string, filter: ServiceFilter): Prisma.Sql {
  const { words, near, openAt, accessible } = filter
  if (words == null && near !== undefined && openAt === undefined && accessible !== true) {
    // Where nothing else is asked of the place, what is near and how far it is are found at once.
    return Prisma.sql`
      SELECT service.id, service.name, (- nearest.kilometres)::real AS relevance
      FROM service JOIN (${nearestPlaces(networkId, near)}) nearest ON nearest.service_id = service.id
      WHERE ${allConditions(conditionsOf(networkId, filter))}`
  }
  const { naming, met } = meeting(networkId, filter)
  if (words == null) {
    const nearness = near === undefined ? Prisma.sql`0::real` : Prisma.sql`(- ${distanceFrom(near)})::real`
    return Prisma.sql`${naming} SELECT service.id, service.name, ${nearness} AS relevance FROM service WHERE ${met}`
  }
  return ranked(words, naming, met, met)
}

/**
 * The same in two steps, for whoever reads no more than the first in order: a query such as that of {@link matching}, and a
 * condition on its `found.id` that is dear, to be asked of one after the other until enough have met it. What is searched
 * by words is ranked whole anyway; who is open or free is then found out of those who come first, not of a whole network.
 */
export function matchingFirst(
  networkId: string,
  filter: ServiceFilter,
): { candidates: Prisma.Sql; condition: Prisma.Sql } {
  const { words, openAt, free } = filter
  const dear = [
    ...(free === undefined ? [] : [costsNothing(free)]),
    ...(openAt === undefined ? [] : [isOpen(networkId, filter, openAt)]),
  ]
  if (words == null || dear.length === 0) {
    return { candidates: matching(networkId, filter), condition: Prisma.sql`true` }
  }
  const { naming, met } = meeting(networkId, { ...filter, free: undefined, openAt: undefined })
  return {
    candidates: ranked(words, naming, met, allConditions([met, ...dear])),
    condition: Prisma.sql`EXISTS (SELECT FROM service WHERE service.id = found.id AND ${allConditions(dear)})`,
  }
}

// All that is asked but words. What is asked of places is named, so that what asks for it twice has it computed once.
function meeting(networkId: string, filter: ServiceFilter): { naming: Prisma.Sql; met: Prisma.Sql } {
  const conditions = conditionsOf(networkId, filter)
  const places = placesWanted(networkId, filter)
  if (places === undefined) return { naming: Prisma.empty, met: allConditions(conditions) }
  return {
    naming: Prisma.sql`WITH placed AS (${places})`,
    met: allConditions([...conditions, Prisma.sql`service.id IN (SELECT service_id FROM placed)`]),
  }
}

function ranked(words: SearchedWords, naming: Prisma.Sql, met: Prisma.Sql, wholly: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`${naming}
    SELECT service.id, service.name, ${relevance(words)} AS relevance
    FROM service JOIN derived.service_search search ON search.service_id = service.id
    WHERE ${met} AND search.document @@ ${wanted(words.groups, wholly)}`
}

// What has all words is wanted; where nothing that meets the other conditions has, what has some of them.
function wanted(groups: string[], conditions: Prisma.Sql): Prisma.Sql {
  if (groups.length === 1) return Prisma.sql`${groups[0]}::tsquery`
  return Prisma.sql`(
    SELECT CASE WHEN EXISTS (
      SELECT FROM service JOIN derived.service_search whole ON whole.service_id = service.id
      WHERE ${conditions} AND whole.document @@ ${allOf(groups)}::tsquery)
    THEN ${allOf(groups)}::tsquery ELSE ${anyOf(groups)}::tsquery END)`
}

// More of the words before fewer; then where and how often they stand; a name that reads as what was typed rises.
function relevance({ groups, plain }: SearchedWords): Prisma.Sql {
  // What is found has a single word.
  const had =
    groups.length === 1
      ? [Prisma.sql`1`]
      : groups.map((group) => Prisma.sql`(search.document @@ ${group}::tsquery)::integer`)
  return Prisma.sql`(
    ${Prisma.join(had, ' + ')}
    + ts_rank(search.document, ${anyOf(groups)}::tsquery)
    + 0.5 * similarity(${plainName}, ${plain}))::real`
}

// Similarity looks past case, and ASCII has no accents: most names need not be made plain, which costs as much as half of
// the comparison.
const plainName = Prisma.sql`
  CASE WHEN octet_length(service.name) = length(service.name) THEN service.name ELSE plain_text(service.name) END`

// All that is asked but words and places.
function conditionsOf(networkId: string, filter: ServiceFilter): Prisma.Sql[] {
  const { needAreas, organizationId, municipality, age, free, languages, accessible, statuses } = filter
  const conditions = [Prisma.sql`service.network_id = ${networkId}::uuid`]
  if (needAreas !== undefined) conditions.push(answersNeed(networkId, needAreas))
  if (organizationId !== undefined) conditions.push(Prisma.sql`service.organization_id = ${organizationId}::uuid`)
  const kinds = kindsWanted(filter)
  if (kinds !== undefined) conditions.push(isOfKind(networkId, kinds))
  if (municipality !== undefined) conditions.push(servesPlace(networkId, municipality))
  if (age !== undefined) {
    conditions.push(Prisma.sql`
      coalesce(service.minimum_age, 0) <= ${age}
      AND coalesce(service.maximum_age, 'infinity') >= ${lastOfAge(age)}`)
  }
  if (free !== undefined) conditions.push(costsNothing(free))
  if (languages !== undefined) conditions.push(speaks(networkId, languages))
  if (statuses !== undefined) {
    conditions.push(Prisma.sql`${statusOf} = ANY(${statuses}::text[])`)
  }
  if (accessible === false) conditions.push(Prisma.sql`NOT service.id IN (${givenWhere([tellsAccess])})`)
  return conditions
}

function allConditions(conditions: Prisma.Sql[]): Prisma.Sql {
  return Prisma.join(conditions, ' AND ')
}

// Up to 14 years means until the day before the fifteenth birthday; up to half a year means half a year.
function lastOfAge(age: number): Prisma.Sql {
  return Prisma.sql`CASE WHEN service.maximum_age = floor(service.maximum_age) THEN ${Math.floor(age)}::float8 ELSE ${age}::float8 END`
}

function kindsWanted({ organizationKinds, sectors }: ServiceFilter): OrganizationKind[] | undefined {
  if (sectors === undefined) return organizationKinds
  const kinds = sectors.flatMap(kindsOf)
  return organizationKinds === undefined ? kinds : kinds.filter((kind) => organizationKinds.includes(kind))
}

function isOfKind(networkId: string, kinds: OrganizationKind[]): Prisma.Sql {
  return Prisma.sql`service.organization_id IN (
    SELECT id FROM organization WHERE network_id = ${networkId}::uuid AND kind::text = ANY(${kinds}::text[]))`
}

function answersNeed(networkId: string, codes: string[]): Prisma.Sql {
  return Prisma.sql`service.id IN (
    WITH RECURSIVE area AS (
      SELECT id FROM need_area WHERE network_id = ${networkId}::uuid AND code = ANY(${codes}::text[])
      UNION
      SELECT below.id FROM need_area below JOIN area ON below.parent_id = area.id)
    SELECT answered.service_id FROM service_need_area answered JOIN area ON area.id = answered.need_area_id)`
}

function servesPlace(networkId: string, place: string): Prisma.Sql {
  const codes = Prisma.sql`
    SELECT istat_code FROM network_municipality territory JOIN municipality USING (istat_code)
    WHERE territory.network_id = ${networkId}::uuid
      AND (istat_code = ${place} OR plain_text(municipality.name) = plain_text(${place}))`
  return Prisma.sql`service.id IN (
    SELECT presence.service_id FROM location JOIN service_at_location presence ON presence.location_id = location.id
    WHERE location.network_id = ${networkId}::uuid AND location.municipality_code IN (${codes})
    UNION ALL
    SELECT area.service_id FROM service_area area
    WHERE area.network_id = ${networkId}::uuid AND area.municipality_code IN (${codes})
    UNION ALL
    SELECT area.service_id FROM service_area area
    WHERE area.network_id = ${networkId}::uuid AND area.whole_territory AND EXISTS (${codes}))`
}

/** SQL: whether `service` costs nothing: all its prices of today are 0; without prices, its fees say so in words. */
export const isFree = Prisma.sql`coalesce(
  (SELECT bool_and(price.amount = 0) FROM cost_option price
   WHERE price.service_id = service.id AND price.amount IS NOT NULL
     AND (now() AT TIME ZONE 'Europe/Rome')::date
       BETWEEN coalesce(price.valid_from, '-infinity') AND coalesce(price.valid_to, 'infinity')),
  coalesce(service.fees_description, service.fees, '') ~* '^\\s*(gratis|gratuit[oaie]|senza spese|nessun (costo|pagamento)|free( of charge)?|no (fee|charge|cost))\\M')`

function costsNothing(free: boolean): Prisma.Sql {
  return free ? isFree : Prisma.sql`NOT ${isFree}`
}

/** SQL: the status of `service`, named as in the client: the database has the label of HSDS, "temporarily closed". */
export const statusOf = Prisma.sql`replace(service.status::text, ' ', '_')`

/** SQL: the languages of services (service_id, code, name): spoken by them, at their places, on their telephones. */
export function languagesSpoken(networkId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT service_id, lower(code) AS code, lower(name) AS name FROM language
    WHERE network_id = ${networkId}::uuid AND service_id IS NOT NULL
    UNION ALL
    SELECT presence.service_id, lower(code), lower(name)
    FROM language JOIN service_at_location presence USING (location_id) WHERE language.network_id = ${networkId}::uuid
    UNION ALL
    SELECT phone.service_id, lower(code), lower(name) FROM language JOIN phone ON phone.id = language.phone_id
    WHERE language.network_id = ${networkId}::uuid AND phone.service_id IS NOT NULL`
}

function speaks(networkId: string, languages: string[]): Prisma.Sql {
  const asked = languages.map((language) => language.toLowerCase())
  return Prisma.sql`service.id IN (
    SELECT service_id FROM (${languagesSpoken(networkId)}) AS spoken
    WHERE code = ANY(${asked}::text[]) OR name = ANY(${asked}::text[]))`
}

// The services with a place that meets all that is asked of one; undefined when nothing is. What is open may also be no
// place: a telephone line.
function placesWanted(networkId: string, filter: ServiceFilter): Prisma.Sql | undefined {
  const conditions = placeConditions(networkId, filter)
  if (filter.openAt === undefined) return conditions.length === 0 ? undefined : givenWhere(conditions)
  const open = openServices(networkId, filter.openAt)
  if (conditions.length === 0) return open
  return givenWhere([
    ...conditions,
    Prisma.sql`(presence.service_id, presence.location_id) IN (SELECT service_id, location_id FROM (${open}) AS open)`,
  ])
}

// Whether `service` is open, at a place that meets the rest that is asked of one.
function isOpen(networkId: string, filter: ServiceFilter, openAt: Date): Prisma.Sql {
  const conditions = placeConditions(networkId, filter)
  const there =
    conditions.length === 0
      ? Prisma.sql`true`
      : Prisma.sql`
    location_id IN (SELECT location.id FROM location WHERE location.id = location_id AND ${allConditions(conditions)})`
  return Prisma.sql`EXISTS (
    SELECT FROM ${openPlaces(openAt)} WHERE service_id = service.id AND ${there} OFFSET 0)`
}

function placeConditions(networkId: string, { near, accessible }: ServiceFilter): Prisma.Sql[] {
  return [...(near === undefined ? [] : [isNear(networkId, near)]), ...(accessible === true ? [tellsAccess] : [])]
}

function givenWhere(conditions: Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`
    SELECT presence.service_id FROM location JOIN service_at_location presence ON presence.location_id = location.id
    WHERE ${allConditions(conditions)}`
}

/** SQL: whether `location` tells of arrangements for people with disabilities. */
export const tellsAccess = Prisma.sql`EXISTS (SELECT FROM accessibility told WHERE told.location_id = location.id)`

// A CASE, for the planner takes a comparison with a distance for rare: most that is in the box is near.
function isNear(networkId: string, near: Vicinity): Prisma.Sql {
  return Prisma.sql`(${isAround(networkId, near)} AND CASE WHEN ${kilometresTo(near)} <= ${near.kilometres} THEN true ELSE false END)`
}

// The box around a vicinity is what the index answers, and what tells the planner how many places to expect; the distance
// is then measured. Near a pole, or across the date line, the box is the whole band.
function isAround(networkId: string, { latitude, longitude, kilometres }: Vicinity): Prisma.Sql {
  const degrees = kilometres / 111.19492664455873
  const [south, north] = [Math.max(-90, latitude - degrees), Math.min(90, latitude + degrees)]
  const widest = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180)
  const spread = widest > 0.001 ? degrees / widest : 360
  const [west, east] = [longitude - spread, longitude + spread]
  const [left, right] = west < -180 || east > 180 ? [-180, 180] : [west, east]
  return Prisma.sql`(
    location.network_id = ${networkId}::uuid
    AND location.latitude BETWEEN ${south} AND ${north} AND location.longitude BETWEEN ${left} AND ${right})`
}

// How far each service is that has a place in the vicinity, measured for all of them at once. OFFSET 0: once a place.
function nearestPlaces(networkId: string, near: Vicinity): Prisma.Sql {
  return Prisma.sql`
    SELECT presence.service_id, min(place.kilometres) AS kilometres
    FROM (SELECT id, ${kilometresTo(near)} AS kilometres FROM location WHERE ${isAround(networkId, near)} OFFSET 0) place
    JOIN service_at_location presence ON presence.location_id = place.id
    WHERE place.kilometres <= ${near.kilometres} GROUP BY presence.service_id`
}

function kilometresTo({ latitude, longitude }: Omit<Vicinity, 'kilometres'>): Prisma.Sql {
  return Prisma.sql`derived.kilometres(location.latitude, location.longitude, ${latitude}, ${longitude})`
}

/** SQL: how far from a point the nearest place of `service` is, in kilometres as the crow flies. */
export function distanceFrom(point: Omit<Vicinity, 'kilometres'>): Prisma.Sql {
  return Prisma.sql`(
    SELECT min(${kilometresTo(point)})
    FROM service_at_location presence JOIN location ON location.id = presence.location_id
    WHERE presence.service_id = service.id)`
}
