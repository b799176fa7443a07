/** What weakens a directory, kind by kind: how the database finds it, and what to do about it. */
import { Prisma } from '../../../generated/prisma/client.ts'
import { anyLinks, type EntityName, entityNames, hsds, standAlone } from '../hsds/model.ts'

/** In the order in which they are told. */
export const findingKinds = [
  'not_verified',
  'no_need_area',
  'no_location',
  'no_schedule',
  'no_phone',
  'schedule_ended',
  'duplicate',
  'dead_reference',
  'attached_to_nothing',
] as const

export type FindingKind = (typeof findingKinds)[number]

/** A record that has a weakness, as the database finds it. */
export interface FoundRecord {
  /** Kind of record. */
  entity: EntityName
  /** Row key. */
  id: string
  /** Identifier that HSDS exchanges. */
  uuid: string
  /** By what a person knows the record; empty when nothing names it. */
  name: string
  /** Who answers for it: the name of an organization. */
  holder: string | null
  /** What the sentence has to name: a date, another record. */
  detail: string | null
}

interface Weakness {
  /** What it is, as the heading of a list. */
  title: string
  /** SQL that gives a {@link FoundRecord} for each record that has it. */
  find: (networkId: string, today: Prisma.Sql) => Prisma.Sql
  /** What is wrong and what to do, in a sentence. */
  tell: (found: FoundRecord) => string
}

/** Names are similar from here on, by their shared trigrams; 1 is the same. */
export const similarity = 0.7

export const weaknesses: Record<FindingKind, Weakness> = {
  not_verified: {
    title: 'Services not verified for a year',
    find: (networkId, today) =>
      services(
        networkId,
        Prisma.sql`coalesce(service.assured_date < ${today} - interval '1 year', true)`,
        Prisma.sql`service.assured_date::text`,
      ),
    tell: ({ holder, detail }) =>
      `${detail === null ? 'It was never verified' : `It was last verified on ${detail}`}: ask ${holder} whether it is right, and set its assured_date.`,
  },
  no_need_area: {
    title: 'Services that answer no need area',
    find: (networkId) =>
      services(
        networkId,
        Prisma.sql`NOT EXISTS (SELECT FROM service_need_area answered WHERE answered.service_id = service.id)`,
      ),
    tell: () =>
      'Nobody finds it by need: give it a taxonomy term that a need area is mapped to, or map the terms that it has.',
  },
  // A service may come to people instead: then it says whom it serves, and how it is reached.
  no_location: {
    title: 'Services without location',
    find: (networkId) =>
      services(
        networkId,
        Prisma.sql`
          NOT EXISTS (SELECT FROM service_at_location presence JOIN location ON location.id = presence.location_id
            WHERE presence.service_id = service.id AND location.location_type <> 'postal')
          AND NOT (
            EXISTS (SELECT FROM service_area area WHERE area.service_id = service.id)
            AND (service.url IS NOT NULL OR service.email IS NOT NULL
              OR EXISTS (SELECT FROM phone WHERE phone.service_id = service.id)))`,
      ),
    tell: () =>
      'Nobody knows where it is given: add the location, a virtual one for a service by telephone or on the web; or its service area and a phone, e-mail or web address, if it comes to people.',
  },
  no_schedule: {
    title: 'Services without schedule',
    find: (networkId) =>
      services(
        networkId,
        Prisma.sql`
          NOT EXISTS (SELECT FROM schedule WHERE schedule.service_id = service.id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN schedule ON schedule.service_at_location_id = presence.id
            WHERE presence.service_id = service.id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN schedule ON schedule.location_id = presence.location_id
            WHERE presence.service_id = service.id)`,
      ),
    tell: () => 'Nobody knows when it is open: add a schedule to it, or to its location.',
  },
  // Whatever rings there counts: the service, its locations, its contacts, or the organization's switchboard.
  no_phone: {
    title: 'Services without phone',
    find: (networkId) =>
      services(
        networkId,
        Prisma.sql`
          NOT EXISTS (SELECT FROM phone WHERE phone.service_id = service.id)
          AND NOT EXISTS (SELECT FROM phone WHERE phone.organization_id = service.organization_id)
          AND NOT EXISTS (SELECT FROM contact JOIN phone ON phone.contact_id = contact.id WHERE contact.service_id = service.id)
          AND NOT EXISTS (SELECT FROM contact JOIN phone ON phone.contact_id = contact.id
            WHERE contact.organization_id = service.organization_id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN phone ON phone.service_at_location_id = presence.id
            WHERE presence.service_id = service.id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN phone ON phone.location_id = presence.location_id
            WHERE presence.service_id = service.id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN contact ON contact.service_at_location_id = presence.id
            JOIN phone ON phone.contact_id = contact.id WHERE presence.service_id = service.id)
          AND NOT EXISTS (SELECT FROM service_at_location presence JOIN contact ON contact.location_id = presence.location_id
            JOIN phone ON phone.contact_id = contact.id WHERE presence.service_id = service.id)`,
      ),
    tell: ({ holder }) => `Nobody can call: add a phone to it, to its location or to ${holder}.`,
  },
  schedule_ended: {
    title: 'Schedules that ended',
    find: (networkId, today) => Prisma.sql`
      SELECT 'schedule' AS entity, schedule.id, schedule.uuid, organization.name AS holder,
        coalesce(service.name, location.name, schedule.description, '') AS name,
        least(schedule.valid_to, schedule.until, counted.last_day)::text AS detail
      FROM schedule
      LEFT JOIN service_at_location presence ON presence.id = schedule.service_at_location_id
      LEFT JOIN service ON service.id = coalesce(schedule.service_id, presence.service_id)
      LEFT JOIN location ON location.id = coalesce(schedule.location_id, presence.location_id)
      LEFT JOIN organization ON organization.id = coalesce(service.organization_id, location.organization_id)
      LEFT JOIN LATERAL (
        SELECT max(opening.last_day) AS last_day FROM derived.opening
        WHERE schedule.count IS NOT NULL AND opening.schedule_id = schedule.id) counted ON true
      WHERE schedule.network_id = ${networkId}::uuid AND coalesce(service.status <> 'defunct', true)
        AND least(schedule.valid_to, schedule.until, counted.last_day) < ${today}`,
    tell: ({ detail }) => `These hours ended on ${detail}: write those that hold now, or remove the schedule.`,
  },
  // Each is told once, of the one before it that it resembles most. Names that differ in a number mean to differ.
  duplicate: {
    title: 'Services that another of the same organization resembles',
    find: (networkId) => Prisma.sql`
      SELECT 'service' AS entity, service.id, service.uuid, service.name, organization.name AS holder,
        format('“%s” (%s)', other.name, other.uuid) AS detail
      FROM service JOIN organization ON organization.id = service.organization_id
      CROSS JOIN LATERAL (
        SELECT other.name, other.uuid FROM service other
        WHERE other.organization_id = service.organization_id AND plain_text(other.name) % plain_text(service.name)
          AND (other.name, other.id) < (service.name, service.id) AND other.status <> 'defunct'
          AND regexp_replace(other.name, '[^0-9]', '', 'g') = regexp_replace(service.name, '[^0-9]', '', 'g')
        ORDER BY similarity(plain_text(other.name), plain_text(service.name)) DESC, other.name, other.id LIMIT 1) other
      WHERE service.network_id = ${networkId}::uuid AND service.status <> 'defunct'`,
    tell: ({ detail }) => `It resembles ${detail}: keep one of the two, or give them names that tell them apart.`,
  },
  dead_reference: {
    title: 'References that lead nowhere',
    find: (networkId) => Prisma.sql`
      ${describesNothing('attribute', networkId)}
      UNION ALL ${describesNothing('metadata', networkId)}
      UNION ALL
      SELECT 'taxonomy_term', term.id, term.uuid, term.name, NULL, 'taxonomy “' || term.taxonomy || '”'
      FROM taxonomy_term term
      WHERE term.network_id = ${networkId}::uuid AND term.taxonomy_id IS NULL AND term.taxonomy IS NOT NULL
        AND NOT EXISTS (SELECT FROM taxonomy
          WHERE taxonomy.network_id = term.network_id AND taxonomy.name = term.taxonomy)`,
    tell: ({ detail }) =>
      `What it refers to is not there (${detail}): import that, correct the reference, or remove it.`,
  },
  attached_to_nothing: {
    title: 'Records that belong to nothing',
    find: (networkId) => Prisma.join(loose(networkId), ' UNION ALL '),
    tell: ({ entity }) =>
      `This ${entity.replaceAll('_', ' ')} is shown nowhere: tie it to what it is about, or remove it.`,
  },
}

/** Services that fulfil the condition. One that has ended for good needs nothing any more. */
function services(networkId: string, condition: Prisma.Sql, detail = Prisma.sql`NULL`): Prisma.Sql {
  return Prisma.sql`
    SELECT 'service' AS entity, service.id, service.uuid, service.name, organization.name AS holder, ${detail} AS detail
    FROM service JOIN organization ON organization.id = service.organization_id
    WHERE service.network_id = ${networkId}::uuid AND service.status <> 'defunct' AND ${condition}`
}

/** Attributes or metadata of a record that is gone, or of no kind of record. */
function describesNothing(entity: keyof typeof anyLinks, networkId: string): Prisma.Sql {
  const id = Prisma.raw(anyLinks[entity].id)
  const kind = Prisma.raw(anyLinks[entity].entity)
  const isThere = entityNames.map((name) => {
    const table = Prisma.raw(`"${name}"`)
    return Prisma.sql`WHEN ${name} THEN EXISTS (SELECT FROM ${table} held WHERE held.id = record.${id})`
  })
  return Prisma.sql`
    SELECT ${entity} AS entity, record.id, record.uuid, ${nameOf(entity)} AS name, NULL AS holder,
      coalesce(replace(record.${kind}, '_', ' '), 'record') AS detail
    FROM ${Prisma.raw(entity)} record
    WHERE record.network_id = ${networkId}::uuid AND record.${id} IS NOT NULL
      AND NOT CASE record.${kind} ${Prisma.join(isThere, ' ')} ELSE false END`
}

/** Parts that are tied to no holder, and places without organization where nothing is given. */
function loose(networkId: string): Prisma.Sql[] {
  const select = (entity: EntityName, condition: Prisma.Sql) => Prisma.sql`
    SELECT ${entity} AS entity, record.id, record.uuid, ${nameOf(entity)} AS name, NULL AS holder, NULL AS detail
    FROM ${Prisma.raw(`"${entity}"`)} record WHERE record.network_id = ${networkId}::uuid AND ${condition}`
  const parts = entityNames.flatMap((entity) => {
    if (standAlone.has(entity)) return []
    const holders = holdersOf(entity)
    if (holders.length === 0) return []
    return [
      select(
        entity,
        Prisma.join(
          holders.map((column) => Prisma.sql`${Prisma.raw(`record."${column}"`)} IS NULL`),
          ' AND ',
        ),
      ),
    ]
  })
  const unused = Prisma.sql`record.organization_id IS NULL
    AND NOT EXISTS (SELECT FROM service_at_location presence WHERE presence.location_id = record.id)`
  return [...parts, select('location', unused)]
}

/** The columns of which one must tell what the part belongs to; none where the database asks for it. */
function holdersOf(entity: EntityName): string[] {
  if (entity === 'attribute' || entity === 'metadata') return [anyLinks[entity].id]
  const holders = Object.entries(hsds[entity].references).filter(
    ([, { to }]) => to !== 'taxonomy_term' && to !== 'unit',
  )
  return holders.some(([, { required }]) => required) ? [] : holders.map(([column]) => column)
}

function nameOf(entity: EntityName): Prisma.Sql {
  return Prisma.raw(
    `coalesce(${(names[entity] ?? [])
      .map((column) => `record."${column}"::text`)
      .concat(`''`)
      .join(', ')})`,
  )
}

/** What names a record, the first that there is. */
const names: Partial<Record<EntityName, string[]>> = {
  location: ['name', 'alternate_name'],
  contact: ['name', 'title', 'department', 'email'],
  phone: ['number'],
  url: ['label', 'url'],
  address: ['address_1'],
  accessibility: ['description', 'details'],
  schedule: ['description', 'byday', 'bymonthday'],
  holiday_schedule: ['start_date'],
  language: ['name', 'code'],
  funding: ['source'],
  service_area: ['name', 'description'],
  required_document: ['document'],
  service_capacity: ['description'],
  attribute: ['label', 'value', 'link_type'],
  metadata: ['field_name'],
}
