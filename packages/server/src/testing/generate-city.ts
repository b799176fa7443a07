/** Writes a directory as large as that of a real city, in the Ohana layout. Always the same one. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvText } from './csv-text.ts'

type Row = Record<string, string | number>

/** How many rows each file of the city has. */
export const citySize = {
  'organizations.csv': 748,
  'programs.csv': 150,
  'taxonomy.csv': 290,
  'locations.csv': 1482,
  'addresses.csv': 1482,
  'mail_addresses.csv': 1100,
  'services.csv': 1876,
  'contacts.csv': 2600,
  'phones.csv': 7157,
  'regular_schedules.csv': 7410,
  'holiday_schedules.csv': 1482,
} as const

type CityFile = keyof typeof citySize

/** Fills `folder` with the files of the city. */
export function generateCity(folder: string): void {
  mkdirSync(folder, { recursive: true })
  for (const file of Object.keys(citySize) as CityFile[]) {
    const rows = Array.from({ length: citySize[file] }, (_, index) => makeRow[file](index + 1))
    writeFileSync(join(folder, file), csvText(Object.keys(rows[0]!), rows))
  }
}

const makeRow: Record<CityFile, (id: number) => Row> = {
  'organizations.csv': (id) => ({
    id,
    accreditations: some(id, 5, 'Accreditamento regionale, Carta dei servizi'),
    alternate_name: some(id, 3, `Ente ${id}`),
    date_incorporated: some(id, 2, `${1 + (id % 12)}/${1 + (id % 28)}/${1950 + (id % 70)}`),
    description: prose(id, 3),
    email: `ente${id}@example.org`,
    funding_sources: some(id, 2, 'Comune, Regione, Donazioni'),
    legal_status: some(id, 2, 'Cooperativa sociale'),
    licenses: some(id, 7, 'Autorizzazione al funzionamento'),
    name: `${pick(kinds, id)} ${pick(names, id)} ${id}`,
    tax_id: some(id, 3, String(90_000_000_000 + id)),
    tax_status: some(id, 4, 'ONLUS'),
    website: some(id, 2, `https://ente${id}.example.org`),
  }),
  'programs.csv': (id) => ({
    id,
    organization_id: spread(id, 'organizations.csv'),
    name: `Programma ${pick(names, id)} ${id}`,
    alternate_name: some(id, 4, `Progetto ${id}`),
  }),
  'taxonomy.csv': (id) => {
    // Ten terms at the top; each of the others is under one of the first 40.
    const parent = id <= 10 ? '' : termCode(1 + (id % Math.min(id - 1, 40)))
    return {
      taxonomy_id: termCode(id),
      name: `Voce ${id}`,
      parent_id: parent,
      parent_name: parent && `Sopra ${parent}`,
    }
  },
  'locations.csv': (id) => ({
    id,
    organization_id: spread(id, 'organizations.csv'),
    accessibility: some(id, 2, 'ramp, restroom, wheelchair'),
    admin_emails: some(id, 9, `sede${id}@example.org`),
    alternate_name: some(id, 6, `Sportello ${id}`),
    description: prose(id, 4),
    email: some(id, 2, `sede${id}@example.org`),
    languages: some(id, 3, 'Italiano, Arabo, Romeno'),
    latitude: (44.5 + (id % 500) / 1000).toFixed(6),
    longitude: (7.7 + (id % 700) / 1000).toFixed(6),
    name: `Sede ${pick(names, id)} ${id}`,
    short_desc: prose(id, 1),
    transportation: some(id, 2, 'Autobus linea 1, fermata a 100 metri'),
    website: some(id, 3, `https://sede${id}.example.org`),
    virtual: id % 40 === 0 ? 'true' : 'false',
  }),
  'addresses.csv': (id) => ({ id, location_id: id, ...address(id) }),
  'mail_addresses.csv': (id) => ({ id, location_id: id, attention: some(id, 2, 'Segreteria'), ...address(id) }),
  'services.csv': (id) => ({
    id,
    location_id: spread(id, 'locations.csv'),
    program_id: some(id, 12, String(spread(id, 'programs.csv'))),
    accepted_payments: some(id, 8, 'Contanti, Bonifico'),
    alternate_name: some(id, 5, `Servizio ${id} bis`),
    application_process: 'Di persona o per telefono, su appuntamento.',
    audience: some(id, 2, 'Famiglie residenti, persone anziane, minori'),
    description: prose(id, 5),
    eligibility: 'Residenti nel territorio del consorzio',
    email: some(id, 3, `servizio${id}@example.org`),
    fees: some(id, 2, 'Gratuito, "offerta libera"'),
    funding_sources: some(id, 2, 'Comune, Regione'),
    interpretation_services: some(id, 6, 'Mediazione culturale'),
    keywords: 'ascolto, famiglia, lavoro, casa',
    languages: some(id, 4, 'Italiano, Francese'),
    name: `${pick(services, id)} ${id}`,
    required_documents: some(id, 3, 'Carta di identità, ISEE'),
    service_areas: pick(towns, id),
    status: id % 50 === 0 ? 'inactive' : 'active',
    wait_time: some(id, 3, 'Due settimane'),
    website: some(id, 4, `https://servizio${id}.example.org`),
    taxonomy_ids: [1, 2, 3].map((step) => termCode(1 + ((id * step) % citySize['taxonomy.csv']))).join(', '),
  }),
  'contacts.csv': (id) => ({
    id,
    ...oneHolder(id, ['location_id', 'organization_id', 'service_id']),
    name: `Referente ${pick(names, id)} ${id}`,
    title: some(id, 2, 'Assistente sociale'),
    email: some(id, 2, `referente${id}@example.org`),
    department: some(id, 5, 'Segretariato sociale'),
  }),
  'phones.csv': (id) => ({
    id,
    ...oneHolder(id, ['contact_id', 'location_id', 'organization_id', 'service_id']),
    country_prefix: some(id, 2, '+39'),
    department: some(id, 4, 'Centralino'),
    extension: some(id, 6, String(id % 1000)),
    number: `0173 ${String(100_000 + id)}`,
    number_type: pick(['voice', 'fax', 'cell'], id),
    vanity_number: '',
  }),
  'regular_schedules.csv': (id) => ({
    id,
    ...oneHolder(id, ['location_id', 'service_id']),
    weekday: pick(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'], id),
    opens_at: pick(['08:00', '9am', '14:30'], id),
    closes_at: pick(['12:30', '1:00 PM', '18:00'], id),
  }),
  'holiday_schedules.csv': (id) => ({
    id,
    ...oneHolder(id, ['location_id', 'service_id']),
    start_date: pick(['January 01, 0001', '12/24/2027'], id),
    end_date: pick(['January 01, 0001', '12/26/2027'], id),
    closed: pick(['true', 'false'], id),
    opens_at: pick(['', '10:00'], id),
    closes_at: pick(['', '12:00'], id),
  }),
}

const kinds = ['Cooperativa', 'Associazione', 'Fondazione', 'Comune di', 'Parrocchia', 'Consorzio']
const names = ['Langa', 'Roero', 'Tanaro', 'Belbo', 'Bormida', 'San Lorenzo', 'Santa Chiara', 'Vezza', "l'Arcobaleno"]
const services = ['Assistenza domiciliare', 'Sportello famiglia', 'Centro diurno', 'Mensa', 'Doposcuola', 'Trasporto']
const towns = ['Alba', 'Bra', 'Alba, Bra', 'Cherasco', 'Canale, Monticello d’Alba, Vezza d’Alba', 'Cortemilia']
const sentences = [
  'Accoglie le persone che chiedono aiuto e le accompagna ai servizi del territorio.',
  'Lavora con le famiglie, la scuola e il medico di base; “nessuno resta solo”.',
  'Offre ascolto, orientamento e sostegno nelle pratiche, anche a domicilio.',
  'È aperto a tutti i residenti, senza distinzione di età o provenienza.\nSu appuntamento nei mesi estivi.',
  'Collabora con i volontari delle associazioni e con il servizio sociale del consorzio.',
]

function pick<T>(list: readonly T[], id: number): T {
  return list[id % list.length]!
}

/** The text for one in every so many rows, and nothing for the others. */
function some(id: number, every: number, text: string): string {
  return id % every === 0 ? text : ''
}

/** A row of another file, so that those of it have about as many each. */
function spread(id: number, file: CityFile): number {
  return 1 + ((id * 7) % citySize[file])
}

function oneHolder(id: number, columns: readonly string[]): Row {
  const files: Record<string, CityFile> = {
    contact_id: 'contacts.csv',
    location_id: 'locations.csv',
    organization_id: 'organizations.csv',
    service_id: 'services.csv',
  }
  const holder = pick(columns, id)
  return Object.fromEntries(columns.map((column) => [column, column === holder ? spread(id, files[column]!) : '']))
}

function termCode(id: number): string {
  return `T${String(id).padStart(4, '0')}`
}

function address(id: number): Row {
  return {
    address_1: `Via ${pick(names, id)} ${1 + (id % 120)}`,
    address_2: some(id, 9, 'Scala B'),
    city: pick(['Alba', 'Bra', 'Cherasco', 'Canale'], id),
    state_province: 'CN',
    postal_code: pick(['12051', '12042', '12062', '12043'], id),
    country: 'IT',
  }
}

function prose(id: number, length: number): string {
  return Array.from({ length }, (_, index) => pick(sentences, id + index)).join(' ')
}
