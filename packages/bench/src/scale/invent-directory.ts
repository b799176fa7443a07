/**
 * A directory of any size, invented: each record is made from its number alone, so that none has to be kept while the
 * others are made, and the same number always gives the same record.
 */
import { type Draw, drawFor } from './draw.ts'
import {
  accessibility,
  audiences,
  documents,
  languages,
  names,
  needTerms,
  organizationKinds,
  sentences,
  towns,
} from './words.ts'

/** An HSDS record; lists and objects hold the records that are part of it. */
export interface HsdsRecord {
  id: string
  [field: string]: string | number | null | HsdsRecord | HsdsRecord[]
}

export interface InventedDirectory {
  services: number
  organizations: number
  locations: number
  taxonomy: HsdsRecord
  terms: HsdsRecord[]
  organization(index: number): HsdsRecord
  location(index: number): HsdsRecord
  /** A service that refers to its organization, its locations and its terms. */
  service(index: number): HsdsRecord
  /** Which organization offers that service. */
  organizationOf(service: number): number
  /** At which locations, if any. */
  locationsOf(service: number): number[]
}

/** Twenty services to an organization, two to a location; each organization and location has a service. */
export function inventDirectory(services: number, seed: string): InventedDirectory {
  const locations = Math.max(1, Math.ceil(services / 2))
  const organizations = Math.max(1, Math.ceil(locations / 10))
  const draw = (kind: string, index: number) => drawFor(`${seed}/${kind}/${index}`)
  const idOf = (kind: string, index: number) => drawFor(`${seed}/${kind}/${index}/id`).uuid()
  const termOf = new Map(needTerms.map(({ code }, index) => [code, idOf('taxonomy_term', index)]))
  const taxonomy = {
    id: idOf('taxonomy', 0),
    name: 'Aree di bisogno',
    description: 'I bisogni della vita e del lavoro a cui rispondono i servizi della rete.',
    version: '1',
  }
  const organizationOf = (service: number) => (service % locations) % organizations
  // The first services take a location each, so that none is left without.
  const locationsOf = (service: number) => {
    const chance = draw('places', service)
    const own = service % locations
    if (service >= locations && chance.percent(10)) return []
    return chance.percent(15) ? [...new Set([own, chance.below(locations)])] : [own]
  }

  return {
    services,
    organizations,
    locations,
    taxonomy,
    terms: needTerms.map(({ code, parent, name }) => ({
      id: termOf.get(code)!,
      code,
      name,
      description: `Servizi per ${name.toLowerCase()}.`,
      parent_id: parent === undefined ? null : termOf.get(parent)!,
      taxonomy: taxonomy.name,
      taxonomy_id: taxonomy.id,
    })),
    organization: (index) => inventOrganization(draw('organization', index), idOf('organization', index), index),
    location: (index) =>
      inventLocation(draw('location', index), idOf('location', index), index, {
        organization: idOf('organization', organizationOf(index)),
      }),
    service: (index) =>
      inventService(draw('service', index), idOf('service', index), index, {
        organization: idOf('organization', organizationOf(index)),
        locations: locationsOf(index).map((location) => idOf('location', location)),
        termOf,
      }),
    organizationOf,
    locationsOf,
  }
}

function inventOrganization(chance: Draw, id: string, index: number): HsdsRecord {
  const [kind, title] = chance.one(organizationKinds)
  return {
    id,
    name: `${title} ${chance.one(names)} ${index + 1}`,
    alternate_name: chance.percent(20) ? `Ente ${index + 1}` : null,
    description: prose(chance, 2),
    email: `ente${index + 1}@example.org`,
    website: `https://ente${index + 1}.example.org`,
    tax_id: null,
    year_incorporated: chance.percent(50) ? 1950 + chance.below(75) : null,
    phones: [phone(chance)],
    attributes: [
      { id: chance.uuid(), link_type: 'organization_kind', link_entity: 'organization', label: 'Natura', value: kind },
    ],
  }
}

function inventLocation(chance: Draw, id: string, index: number, ties: Pick<Ties, 'organization'>): HsdsRecord {
  // Half of the places lie in the first four towns, as people do.
  const [town, latitude, longitude, postalCode] = chance.percent(50) ? chance.one(towns.slice(0, 4)) : chance.one(towns)
  const offset = () => (chance.below(4000) - 2000) / 100_000
  return {
    id,
    organization_id: ties.organization,
    location_type: 'physical',
    name: `Sede ${chance.one(names)} ${index + 1}, ${town}`,
    description: chance.percent(30) ? prose(chance, 1) : null,
    transportation: chance.percent(30) ? 'Autobus di linea, fermata a 100 metri.' : null,
    latitude: round(latitude + offset()),
    longitude: round(longitude + offset()),
    addresses: [
      {
        id: chance.uuid(),
        address_1: `Via ${chance.one(names)} ${1 + chance.below(120)}`,
        city: town,
        region: 'Piemonte',
        state_province: 'CN',
        postal_code: postalCode,
        country: 'IT',
        address_type: 'physical',
      },
    ],
    phones: chance.percent(50) ? [phone(chance)] : [],
    accessibility: chance
      .some(accessibility, chance.below(3))
      .map(([description, details]) => ({ id: chance.uuid(), description, details })),
    schedules: chance.percent(40) ? [weekly(chance)] : [],
  }
}

interface Ties {
  organization: string
  locations: string[]
  termOf: ReadonlyMap<string, string>
}

function inventService(chance: Draw, id: string, index: number, ties: Ties): HsdsRecord {
  const term = chance.one(needTerms)
  const terms = chance.percent(40) ? new Set([term, chance.one(needTerms)]) : new Set([term])
  const audience = chance.percent(50) ? ` ${chance.one(audiences)}` : ''
  const free = chance.percent(60)
  const ages = chance.percent(30) ? 6 * chance.below(12) : null
  return {
    id,
    organization_id: ties.organization,
    name: `${chance.one(term.services)}${audience} ${chance.one(names)}`,
    alternate_name: chance.percent(10) ? `Servizio ${index + 1}` : null,
    description: prose(chance, 1 + chance.below(4)),
    url: chance.percent(30) ? `https://servizio${index + 1}.example.org` : null,
    email: chance.percent(40) ? `servizio${index + 1}@example.org` : null,
    status: chance.percent(95) ? 'active' : chance.one(['inactive', 'defunct', 'temporarily closed']),
    application_process: chance.percent(60) ? 'Di persona o per telefono, su appuntamento.' : null,
    fees_description: free ? 'Gratuito.' : 'Contributo secondo l’ISEE.',
    eligibility_description: chance.percent(50) ? 'Residenti nel territorio del consorzio.' : null,
    minimum_age: ages,
    maximum_age: ages === null ? null : ages + 18,
    assured_date: chance.percent(85) ? day(chance, 2025, 2) : null,
    last_modified: `${day(chance, 2024, 3)}T09:30:00Z`,
    phones: Array.from({ length: chance.percent(60) ? 1 : 0 }, () => phone(chance)),
    schedules: schedules(chance),
    service_areas: chance.percent(60) ? [{ id: chance.uuid(), name: chance.one(towns)[0] }] : [],
    languages: chance
      .some(languages, chance.percent(40) ? 1 + chance.below(2) : 0)
      .map(([code, name]) => ({ id: chance.uuid(), code, name })),
    cost_options: chance.percent(50) ? [cost(chance, free)] : [],
    required_documents: chance
      .some(documents, chance.percent(20) ? 1 + chance.below(2) : 0)
      .map((document) => ({ id: chance.uuid(), document })),
    contacts: chance.percent(20)
      ? [
          {
            id: chance.uuid(),
            name: `Referente ${chance.one(names)}`,
            title: 'Assistente sociale',
            phones: [phone(chance)],
          },
        ]
      : [],
    service_at_locations: ties.locations.map((location) => ({
      id: chance.uuid(),
      location_id: location,
      description: chance.percent(10) ? 'Primo piano, suonare al citofono.' : null,
      schedules: chance.percent(20) ? [weekly(chance)] : [],
    })),
    attributes: [...terms].map(({ code }) => ({
      id: chance.uuid(),
      link_type: 'service_type',
      link_entity: 'service',
      taxonomy_term_id: ties.termOf.get(code)!,
    })),
  }
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const

function schedules(chance: Draw): HsdsRecord[] {
  const kind = chance.below(100)
  if (kind < 20) return []
  if (kind < 55) return [weekly(chance)]
  if (kind < 85) return [weekly(chance), { ...weekly(chance), opens_at: '14:30', closes_at: '18:00' }]
  if (kind < 95) return [monthly(chance)]
  return [afterMidnight(chance)]
}

function weekly(chance: Draw): HsdsRecord {
  const limited = chance.below(100)
  return {
    id: chance.uuid(),
    freq: 'WEEKLY',
    byday: chance.some(weekdays.slice(0, 6), 1 + chance.below(5)).join(','),
    opens_at: chance.one(['08:00', '08:30', '09:00', '10:00']),
    closes_at: chance.one(['12:00', '12:30', '13:00', '17:00']),
    interval: limited < 5 ? 2 : null,
    dtstart: limited < 8 ? day(chance, 2025, 1) : null,
    valid_from: limited > 90 ? day(chance, 2025, 1) : null,
    valid_to: limited > 95 ? day(chance, 2026, 2) : null,
    until: limited >= 5 && limited < 7 ? day(chance, 2026, 2) : null,
    count: limited === 7 ? 10 + chance.below(200) : null,
  }
}

function monthly(chance: Draw): HsdsRecord {
  const byDay = chance.percent(70)
  return {
    id: chance.uuid(),
    freq: 'MONTHLY',
    byday: byDay ? `${chance.one([1, 2, 3, -1])}${chance.one(weekdays)}` : null,
    bymonthday: byDay ? null : String(1 + chance.below(28)),
    opens_at: '09:00',
    closes_at: '12:00',
  }
}

function afterMidnight(chance: Draw): HsdsRecord {
  return {
    id: chance.uuid(),
    freq: 'WEEKLY',
    byday: 'FR,SA',
    opens_at: '21:00',
    closes_at: chance.one(['02:00', '06:00']),
  }
}

function phone(chance: Draw): HsdsRecord {
  const number = `+39 0173 ${String(chance.below(1_000_000)).padStart(6, '0')}`
  return { id: chance.uuid(), number, type: chance.percent(90) ? 'voice' : 'cell' }
}

function cost(chance: Draw, free: boolean): HsdsRecord {
  return {
    id: chance.uuid(),
    option: free ? 'Gratuito' : 'Tariffa',
    currency: 'EUR',
    amount: free ? 0 : 5 * (1 + chance.below(40)),
  }
}

function prose(chance: Draw, length: number): string {
  return chance.some(sentences, length).join(' ')
}

function day(chance: Draw, year: number, years: number): string {
  const two = (number: number) => String(1 + number).padStart(2, '0')
  return `${year + chance.below(years)}-${two(chance.below(12))}-${two(chance.below(28))}`
}

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}
