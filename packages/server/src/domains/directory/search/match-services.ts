/** Which services of a network match a filter, as SQL. Every condition stands in this file. */
import { Prisma, type ServiceStatus } from '../../../generated/prisma/client.ts'
import type { OrganizationKind } from '../../../generated/prisma/enums.ts'
import { kindsOf, type Sector } from '../../network/sector.ts'
import { openServices } from '../opening/open-services.ts'
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
  const meeting = (asked: ServiceFilter) =>
    Prisma.join([Prisma.sql`service.network_id = ${networkId}::uuid`, ...conditionsOf(networkId, asked)], ' AND ')
  if (words == null && near !== undefined && openAt === undefined && accessible !== true) {
    // Where nothing else is asked of the place, what is near and how far it is are found at once.
    return Prisma.sql`
      SELECT service.id, service.name, (- nearest.kilometres)::real AS relevance
      FROM service JOIN (${nearestPlaces(near)}) nearest ON nearest.service_id = service.id
      WHERE ${meeting({ ...filter, near: undefined })}`
  }
  const met = meeting(filter)
  if (words == null) {
    const nearness = near === undefined ? Prisma.sql`0::real` : Prisma.sql`(- ${distanceFrom(near)})::real`
    return Prisma.sql`SELECT service.id, service.name, ${nearness} AS relevance FROM service WHERE ${met}`
  }
  const { groups } = words
  return Prisma.sql`
    SELECT service.id, service.name, ${relevance(words)} AS relevance
    FROM service JOIN derived.service_search search ON search.service_id = service.id
    WHERE ${met} AND search.document @@ ${wanted(groups, met)}`
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
  const had = groups.map((group) => Prisma.sql`(search.document @@ ${group}::tsquery)::integer`)
  return Prisma.sql`(
    ${Prisma.join(had, ' + ')}
    + ts_rank(search.document, ${anyOf(groups)}::tsquery)
    + 0.5 * similarity(plain_text(service.name), ${plain}))::real`
}

function conditionsOf(networkId: string, filter: ServiceFilter): Prisma.Sql[] {
  const { needAreas, organizationId, municipality, age, free, languages, statuses } = filter
  const conditions: Prisma.Sql[] = []
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
  if (free !== undefined) conditions.push(free ? isFree : Prisma.sql`NOT ${isFree}`)
  if (languages !== undefined) conditions.push(speaks(networkId, languages))
  if (statuses !== undefined) {
    conditions.push(Prisma.sql`${statusOf} = ANY(${statuses}::text[])`)
  }
  return [...conditions, ...placeConditions(networkId, filter)]
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

// One place must meet all that is asked of a place. What is open may also be no place: a telephone line.
function placeConditions(networkId: string, { near, accessible, openAt }: ServiceFilter): Prisma.Sql[] {
  const ofPlace: Prisma.Sql[] = []
  if (near !== undefined) ofPlace.push(isNear(near))
  if (accessible === true) ofPlace.push(tellsAccess)
  const conditions = accessible === false ? [Prisma.sql`NOT ${givenWhere([tellsAccess])}`] : []
  if (openAt !== undefined) {
    const open = openServices(networkId, openAt)
    if (ofPlace.length === 0) conditions.push(Prisma.sql`service.id IN (SELECT service_id FROM (${open}) AS open)`)
    else {
      ofPlace.push(Prisma.sql`
        (presence.service_id, presence.location_id) IN (SELECT service_id, location_id FROM (${open}) AS open)`)
    }
  }
  if (ofPlace.length > 0) conditions.push(givenWhere(ofPlace))
  return conditions
}

function givenWhere(conditions: Prisma.Sql[]): Prisma.Sql {
  return Prisma.sql`service.id IN (
    SELECT presence.service_id FROM location JOIN service_at_location presence ON presence.location_id = location.id
    WHERE ${Prisma.join(conditions, ' AND ')})`
}

/** SQL: whether `location` tells of arrangements for people with disabilities. */
export const tellsAccess = Prisma.sql`EXISTS (SELECT FROM accessibility told WHERE told.location_id = location.id)`

// The box is what the index answers; the distance is then measured. Near a pole, or across the date line, the box is
// the whole band.
function isNear(near: Vicinity): Prisma.Sql {
  const { latitude, longitude, kilometres } = near
  const degrees = kilometres / 111.19492664455873
  const [south, north] = [Math.max(-90, latitude - degrees), Math.min(90, latitude + degrees)]
  const widest = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180)
  const spread = widest > 0.001 ? degrees / widest : 360
  const [west, east] = [longitude - spread, longitude + spread]
  const [left, right] = west < -180 || east > 180 ? [-180, 180] : [west, east]
  return Prisma.sql`(
    location.latitude IS NOT NULL AND location.longitude IS NOT NULL
    AND point(location.longitude, location.latitude) <@ box(point(${left}, ${south}), point(${right}, ${north}))
    AND ${kilometresTo(near)} <= ${kilometres})`
}

// How far each service is that has a place in the vicinity, measured for all of them at once.
function nearestPlaces(near: Vicinity): Prisma.Sql {
  return Prisma.sql`
    SELECT presence.service_id, min(${kilometresTo(near)}) AS kilometres
    FROM location JOIN service_at_location presence ON presence.location_id = location.id
    WHERE ${isNear(near)} GROUP BY presence.service_id`
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
