/** A directory of a size, straight into the tables: the same rows each time, made by the database itself. */
import type { Database } from '@welfare-network/server/src/database/connect.ts'

export const slug = 'bench'

export const organizationKinds = [
  'health_authority',
  'social_care_consortium',
  'municipality',
  'social_cooperative',
  'volunteer_association',
  'company',
  'university',
  'foundation',
  'other',
]

/** Organizations, locations and need areas that go with so many services. */
export function sizesFor(services: number) {
  return { services, organizations: Math.max(40, services / 40), locations: Math.max(80, services / 5), needAreas: 60 }
}

/** The need areas that can be asked for; those above, from `group-1` on, only hold them together. */
export function needAreaCode(number: number): string {
  return `area-${number}`
}

/**
 * Fills an empty database. Every service answers one to three need areas and has one or two locations and two
 * schedules; about `services / 30` answer each area.
 */
export async function fillDirectory({ prisma }: Database, services: number): Promise<void> {
  const { organizations, locations, needAreas } = sizesFor(services)
  for (const statement of statements) {
    await prisma.$executeRawUnsafe(
      statement
        .replaceAll(':services', String(services))
        .replaceAll(':organizations', String(organizations))
        .replaceAll(':locations', String(locations))
        .replaceAll(':areas', String(needAreas)),
    )
  }
}

// A key is the hash of what it is the key of, so that all rows can be made at once and point at each other.
const key = (text: string) => `md5(${text})::uuid`
const network = key("'network'")
const identity = (kind: string) => `${key(`'${kind}' || n`)}, ${network}, ${key(`'${kind} uuid' || n`)}`
const many = (count: string) => `FROM generate_series(1, ${count}) AS n`
const pick = (n: string, ...words: string[]) => `(ARRAY[${words.map((word) => `'${word}'`).join(', ')}])[1 + ${n}]`

// Multiplying by a prime scatters the order of names over that of keys, as in a directory that people wrote.
const scattered = 'lpad((n * 7919 % 100003)::text, 6, $$0$$)'

const statements = [
  `INSERT INTO network (id, slug, name) VALUES (${network}, '${slug}', 'Rete di prova')`,
  `INSERT INTO organization (id, network_id, uuid, kind, name, description, email, website)
    SELECT ${identity('organization')}, (${pick('n % 9', ...organizationKinds)})::organization_kind, 'Cooperativa ' || ${scattered},
      'Cooperativa sociale che accompagna famiglie, anziani e persone con disabilità del territorio.',
      'info' || n || '@example.org', 'https://cooperativa-' || n || '.example.org/'
    ${many(':organizations')}`,
  `INSERT INTO need_area (id, network_id, code, position, name_it, name_en)
    SELECT ${key("'group' || n")}, ${network}, 'group-' || n, n, 'Gruppo ' || n, 'Group ' || n ${many(':areas / 6')}`,
  `INSERT INTO need_area (id, network_id, code, parent_id, position, name_it, name_en)
    SELECT ${key("'area' || n")}, ${network}, 'area-' || n, ${key("'group' || (1 + (n - 1) / 6)")}, 1 + (n - 1) % 6,
      'Area di bisogno ' || n, 'Need area ' || n
    ${many(':areas')}`,
  `INSERT INTO location (id, network_id, uuid, location_type, organization_id, name, latitude, longitude)
    SELECT ${identity('location')}, 'physical', ${key("'organization' || (1 + n % :organizations)")},
      'Sede ' || ${scattered}, 44.4 + (n % 1000) / 1000.0, 7.6 + (n % 777) / 777.0
    ${many(':locations')}`,
  `INSERT INTO service (id, network_id, uuid, organization_id, name, description, url, email, status, minimum_age,
      fees_description, last_modified)
    SELECT ${identity('service')}, ${key("'organization' || (1 + n % :organizations)")},
      ${pick('n % 5', 'Assistenza domiciliare', 'Centro diurno', 'Doposcuola', 'Sportello', 'Trasporto sociale')}
        || ' ' || ${scattered},
      'Un servizio per chi vive nel territorio: ascolto, orientamento e accompagnamento. Si accede con un colloquio, '
        || 'su appuntamento, anche a domicilio quando serve; gli operatori parlano italiano e inglese. Numero ' || n,
      'https://servizi.example.org/' || n, 'servizio' || n || '@example.org',
      (${pick('n % 7 / 6', 'active', 'temporarily closed')})::service_status, n % 80, 'Gratuito',
      '2026-01-01T08:00:00Z'::timestamptz + n * interval '1 minute'
    ${many(':services')}`,
  `INSERT INTO service_need_area (network_id, service_id, need_area_id, origin)
    SELECT ${network}, ${key("'service' || n")}, ${key("'area' || (1 + (n / 7 + step * 23) % :areas)")}, 'stated'
    ${many(':services')}, LATERAL generate_series(0, n % 3) AS step`,
  `INSERT INTO service_at_location (id, network_id, uuid, service_id, location_id)
    SELECT ${key("'presence' || n || ' ' || step")}, ${network}, ${key("'presence uuid' || n || ' ' || step")},
      ${key("'service' || n")}, ${key("'location' || (1 + (n * 31 + step * 7) % :locations)")}
    ${many(':services')}, LATERAL generate_series(0, n % 2) AS step`,
  `INSERT INTO schedule (id, network_id, uuid, service_id, freq, byday, opens_at, closes_at, valid_from)
    SELECT ${key("'schedule' || n || ' ' || step")}, ${network}, ${key("'schedule uuid' || n || ' ' || step")},
      ${key("'service' || n")}, 'WEEKLY', ${pick('step', 'MO,WE,FR', 'TU,TH')},
      ${pick('step', '08:30', '14:00')}, ${pick('step', '12:30', '18:00')}, '2026-01-01'
    ${many(':services')}, LATERAL generate_series(0, 1) AS step`,
  'ANALYZE',
]
