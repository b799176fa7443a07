/**
 * Reads the folder of CSV files of HSDS 1.x in the layout of the Ohana API, and says it in the terms of HSDS 3.
 * A cell that HSDS 3 holds in other words, or not at all, is kept as it stands among the record's source cells.
 * Layout: https://github.com/codeforamerica/ohana-api/wiki/Populating-the-Ohana-API-database-with-your-own-data
 */
import { basename } from 'node:path'
import { SourceRefused } from '../../../sources/problem.ts'
import { readCsv } from '../../../sources/read-csv.ts'
import type { EntityName } from '../hsds/model.ts'
import { isDate } from './check-value.ts'
import { type Cell, type Reading, type SourceRecord, tellRefusal } from './source-record.ts'

/** Yields the records of the folder's files, which come in any order. */
export async function* readOhanaCsv(paths: string[]): AsyncGenerator<Reading> {
  const pathOf = new Map(paths.map((path) => [basename(path).toLowerCase(), path]))
  requireFiles(pathOf)
  const organizationOf = new Map<string, string>()
  for (const [name, table] of Object.entries(tables)) {
    const path = pathOf.get(name)
    pathOf.delete(name)
    if (path !== undefined) yield* tellRefusal(readFile(path, name, table, organizationOf))
  }
  for (const path of pathOf.values()) {
    const fix = 'leave it out of the folder, or give it the name that the layout gives its table'
    const at = { file: basename(path) }
    yield { kind: 'problem', problem: { at, message: 'is no table of this layout', fix, scope: 'file' } }
  }
}

async function* readFile(
  path: string,
  name: string,
  table: Table,
  organizationOf: Map<string, string>,
): AsyncGenerator<Reading> {
  const file = basename(path)
  let missing: string[] = []
  let bytes = 0
  const rows = readCsv(
    path,
    (columns) => (missing = table.columns.filter((column) => !columns.includes(column))),
    (read) => (bytes += read),
  )
  for await (const { line, cells } of rows) {
    if (missing.length > 0) break
    if (name === 'locations.csv' && cells.id && cells.organization_id)
      organizationOf.set(cells.id, cells.organization_id)
    yield* readRow(name, table, { file, line }, cells, organizationOf)
    if (bytes > 0) yield { kind: 'progress', bytes }
    bytes = 0
  }
  yield { kind: 'progress', bytes }
  if (missing.length > 0) {
    const message = `has no column ${missing.join(', ')}`
    const problem = { at: { file, line: 1 }, message, fix: 'add the column, as the Ohana layout names it' }
    yield { kind: 'problem', problem: { ...problem, scope: 'file' } }
  }
}

function requireFiles(pathOf: Map<string, string>): void {
  const problems = ['organizations.csv', 'locations.csv', 'services.csv']
    .filter((file) => !pathOf.has(file))
    .map((file) => ({
      at: { file },
      message: 'is not in the folder',
      fix: 'the Ohana layout needs it; an empty table has its header',
      scope: 'file' as const,
    }))
  if (problems.length > 0) throw new SourceRefused('The folder lacks tables; nothing was imported.', problems)
}

interface Table {
  entity: EntityName
  /** Columns without which the file can't be read. */
  columns: string[]
  /** HSDS 3 fields that take a cell as it stands, by field. */
  fields: Record<string, string>
  /** Columns that name a record, by HSDS 3 field, with the file in which it stands. */
  references: Record<string, { column: string; file: string }>
  /** HSDS 3 fields that say a cell in other words. */
  recast?: Record<string, Recast>
  /** Columns that list several things, separated by commas, each a record of its own. */
  lists?: Record<string, { entity: EntityName; field: string; by: string }>
}

interface Recast {
  column: string
  /** The words of HSDS 3; undefined when the cell makes no sense. */
  say: (text: string, cells: Record<string, string>) => string | null | undefined
  /** What is wrong with a cell that makes no sense, and what to do. */
  wrong?: { message: string; fix: string }
  /** An empty cell says something too. */
  always?: true
}

const notDate = { message: 'is not a date', fix: 'write January 31, 2027 or 1/31/2027 or 2027-01-31' }
const notWeekday = { message: 'is not a day of the week', fix: 'write Monday, Tuesday and so on' }
const notYesNo = { message: 'is not true or false', fix: 'write true or false' }
const byLocation = { location_id: { column: 'location_id', file: 'locations.csv' } }
const byService = { service_id: { column: 'service_id', file: 'services.csv' } }
const byOrganization = { organization_id: { column: 'organization_id', file: 'organizations.csv' } }
const address = {
  entity: 'address' as const,
  columns: ['id', 'location_id', 'address_1', 'city', 'state_province', 'postal_code', 'country'],
  fields: same('attention', 'address_1', 'address_2', 'city', 'state_province', 'postal_code', 'country'),
  references: byLocation,
}

// In this order, because a service takes its organization from its location.
const tables: Record<string, Table> = {
  'organizations.csv': {
    entity: 'organization',
    columns: ['id', 'name', 'description'],
    fields: same('alternate_name', 'description', 'email', 'legal_status', 'name', 'tax_id', 'tax_status', 'website'),
    references: {},
    recast: {
      year_incorporated: { column: 'date_incorporated', say: readYear, wrong: notDate },
    },
    lists: { funding_sources: { entity: 'funding', field: 'source', by: 'organization_id' } },
  },
  'programs.csv': {
    entity: 'program',
    columns: ['id', 'organization_id', 'name'],
    fields: same('name', 'alternate_name'),
    references: byOrganization,
    // HSDS 3 asks a description of a program; this layout has none but the name.
    recast: { description: { column: 'name', say: (text) => text } },
  },
  'taxonomy.csv': {
    entity: 'taxonomy_term',
    columns: ['taxonomy_id', 'name', 'parent_id'],
    fields: { name: 'name', code: 'taxonomy_id' },
    references: { parent_id: { column: 'parent_id', file: 'taxonomy.csv' } },
    recast: { description: { column: 'name', say: (text) => text } },
  },
  'locations.csv': {
    entity: 'location',
    columns: ['id', 'organization_id', 'name'],
    fields: same('name', 'alternate_name', 'description', 'transportation', 'latitude', 'longitude'),
    references: byOrganization,
    recast: {
      location_type: {
        column: 'virtual',
        say: (text) => (isTrue(text) ? 'virtual' : /^(false)?$/i.test(text) ? 'physical' : undefined),
        wrong: notYesNo,
        always: true,
      },
      url: { column: 'website', say: (text, cells) => (isTrue(cells.virtual) ? text : null) },
    },
    lists: {
      accessibility: { entity: 'accessibility', field: 'description', by: 'location_id' },
      languages: { entity: 'language', field: 'name', by: 'location_id' },
    },
  },
  'addresses.csv': { ...address, recast: { address_type: { column: 'id', say: () => 'physical' } } },
  'mail_addresses.csv': { ...address, recast: { address_type: { column: 'id', say: () => 'postal' } } },
  'services.csv': {
    entity: 'service',
    columns: ['id', 'location_id', 'name', 'status'],
    fields: {
      ...same('name', 'alternate_name', 'description', 'email', 'status', 'interpretation_services'),
      ...same('application_process', 'wait_time'),
      eligibility_description: 'eligibility',
      fees_description: 'fees',
      url: 'website',
    },
    references: { program_id: { column: 'program_id', file: 'programs.csv' } },
    lists: {
      funding_sources: { entity: 'funding', field: 'source', by: 'service_id' },
      languages: { entity: 'language', field: 'name', by: 'service_id' },
      required_documents: { entity: 'required_document', field: 'document', by: 'service_id' },
      service_areas: { entity: 'service_area', field: 'name', by: 'service_id' },
    },
  },
  'contacts.csv': {
    entity: 'contact',
    columns: ['id', 'name'],
    fields: same('name', 'title', 'department', 'email'),
    references: { ...byLocation, ...byService, ...byOrganization },
  },
  'phones.csv': {
    entity: 'phone',
    columns: ['id', 'number'],
    fields: { ...same('number', 'extension'), type: 'number_type', description: 'department' },
    references: {
      ...byLocation,
      ...byService,
      ...byOrganization,
      contact_id: { column: 'contact_id', file: 'contacts.csv' },
    },
  },
  'regular_schedules.csv': {
    entity: 'schedule',
    columns: ['id', 'weekday', 'opens_at', 'closes_at'],
    fields: {},
    references: { ...byLocation, ...byService },
    recast: {
      freq: { column: 'weekday', say: () => 'WEEKLY' },
      byday: {
        column: 'weekday',
        say: readWeekday,
        wrong: notWeekday,
      },
      opens_at: { column: 'opens_at', say: readTime },
      closes_at: { column: 'closes_at', say: readTime },
    },
  },
  'holiday_schedules.csv': {
    entity: 'holiday_schedule',
    columns: ['id', 'start_date', 'end_date', 'closed'],
    fields: same('closed'),
    references: { ...byLocation, ...byService },
    recast: {
      start_date: { column: 'start_date', say: readDate, wrong: notDate },
      end_date: { column: 'end_date', say: readDate, wrong: notDate },
      // The layout writes the year 1 where a holiday returns every year.
      yearly: {
        column: 'start_date',
        say: (text) => String(readDate(text)?.startsWith('0001-') ?? false),
        always: true,
      },
      opens_at: { column: 'opens_at', say: readTime },
      closes_at: { column: 'closes_at', say: readTime },
    },
  },
}

function same(...columns: string[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, column]))
}

function* readRow(
  name: string,
  table: Table,
  at: SourceRecord['at'],
  cells: Record<string, string>,
  organizationOf: Map<string, string>,
): Generator<Reading> {
  const id = table.entity === 'taxonomy_term' ? cells.taxonomy_id : cells.id
  const record = blank(table.entity, id?.trim() ? refer(name, id, 'id') : null, at)
  // Nothing can be tied to a row without an identifier: the lists in it are left out with it.
  if (record.id === null) {
    yield record
    return
  }
  const inOtherWords = new Set(Object.keys(cells))
  for (const [field, column] of Object.entries(table.fields)) {
    if (!(column in cells)) continue
    record.fields[field] = { value: cells[column] || null, column }
    inOtherWords.delete(column)
  }
  for (const [field, { column, say, wrong, always }] of Object.entries(table.recast ?? {})) {
    const text = cells[column] ?? ''
    const said = text === '' && !always ? null : say(text, cells)
    record.fields[field] = said === undefined ? { value: text, column, wrong: wrong! } : { value: said, column }
    if (said === text || said === undefined) inOtherWords.delete(column)
  }
  for (const [field, { column, file: target }] of Object.entries(table.references)) {
    if (column in cells) {
      record.references[field] = cells[column] ? refer(target, cells[column], column) : { value: null, column }
    }
  }
  if (name === 'services.csv') yield* placeService(record, cells, organizationOf)
  if (name === 'services.csv') yield* classify(record, cells)
  if (name === 'taxonomy.csv') yield belongToTaxonomy(record)
  for (const [column, list] of Object.entries(table.lists ?? {})) {
    if (!(column in cells)) continue
    for (const [position, item] of splitList(cells[column]!).entries()) {
      const part = blank(list.entity, { value: key(name, `${id}/${column}/${position + 1}`), column }, at)
      part.fields[list.field] = { value: item, column }
      part.references[list.by] = { value: record.id.value, column: 'id' }
      yield part
    }
    record.wholeLists.push({ entity: list.entity, by: list.by })
  }
  record.sourceCells = [...inOtherWords]
    .filter((column) => cells[column] !== '')
    .map((column) => ({ column: `${name}:${column}`, text: cells[column]! }))
  yield { ...record, speaksOf: 'every column', row: true }
}

// In this layout a service stands at one location and belongs to whoever the location belongs to.
function* placeService(
  service: SourceRecord,
  cells: Record<string, string>,
  organizationOf: Map<string, string>,
): Generator<SourceRecord> {
  const location = cells.location_id ?? ''
  const organization = organizationOf.get(location)
  service.references.organization_id = {
    value: organization === undefined ? null : key('organizations.csv', organization),
    column: 'location_id',
    ...(location === '' ? {} : { shown: location }),
  }
  service.wholeLists.push({ entity: 'service_at_location', by: 'service_id' })
  if (location === '') return
  const id = { value: key('services.csv', `${cells.id}/location`), column: 'location_id' }
  const presence = blank('service_at_location', id, service.at)
  presence.references.service_id = { value: service.id?.value, column: 'id' }
  presence.references.location_id = refer('locations.csv', location, 'location_id')
  yield presence
}

function* classify(service: SourceRecord, cells: Record<string, string>): Generator<SourceRecord> {
  for (const term of splitList(cells.taxonomy_ids ?? '')) {
    const id = { value: key('services.csv', `${cells.id}/taxonomy_ids/${term}`), column: 'taxonomy_ids' }
    const attribute = blank('attribute', id, service.at)
    attribute.references.taxonomy_term_id = refer('taxonomy.csv', term, 'taxonomy_ids')
    attribute.fields.link_type = { value: 'service_type', column: 'taxonomy_ids' }
    attribute.link = {
      entity: { value: 'service', column: 'taxonomy_ids' },
      id: { value: service.id?.value, column: 'id' },
    }
    yield attribute
  }
  service.wholeLists.push({ entity: 'attribute', by: 'link_id' })
}

// The layout has one taxonomy and does not name it.
function belongToTaxonomy(term: SourceRecord): SourceRecord {
  const id = { value: key('taxonomy.csv', 'taxonomy'), column: 'taxonomy_id' }
  term.references.taxonomy_id = id
  const taxonomy = blank('taxonomy', id, { file: term.at.file })
  taxonomy.fields.name = { value: 'taxonomy.csv', column: 'taxonomy_id' }
  taxonomy.fields.description = { value: 'The terms of taxonomy.csv', column: 'taxonomy_id' }
  return taxonomy
}

function blank(entity: EntityName, id: Cell | null, at: SourceRecord['at']): SourceRecord {
  const link = entity === 'attribute' ? { entity: null, id: null } : null
  return {
    kind: 'record',
    entity,
    id,
    fields: {},
    references: {},
    link,
    sourceCells: [],
    speaksOf: [],
    wholeLists: [],
    row: false,
    isShared: false,
    at,
  }
}

// Two files can hold the same kind of record, each with identifiers of its own.
function key(file: string, id: string): string {
  return `${file.replace('.csv', '')} ${id}`
}

function refer(file: string, id: string, column: string): Cell {
  return { value: key(file, id), column, shown: id }
}

function splitList(text: string): string[] {
  return text.split(',').flatMap((item) => item.trim() || [])
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** `Monday`, `Mon` and `mon` as MO. */
function readWeekday(text: string): string | undefined {
  const short = text.trim().toLowerCase()
  return weekdays
    .find((day) => short.length > 2 && day.startsWith(short))
    ?.slice(0, 2)
    .toUpperCase()
}

/** `9am`, `4:00 PM` and `17:00` as HH:MM; anything else as it stands, for the check to refuse. */
function readTime(text: string): string {
  const match = /^(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\.?$/i.exec(text.trim())
  if (match === null) return text.trim().replace(/^(\d):/, '0$1:')
  const hour = (Number(match[1]) % 12) + (match[3]!.toLowerCase() === 'p' ? 12 : 0)
  return `${String(hour).padStart(2, '0')}:${match[2] ?? '00'}`
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** `January 01, 1970`, `12/24/2015`, `12/24/15` and `2015-12-24` as YYYY-MM-DD; undefined when it is none of them. */
function readDate(text: string): string | undefined {
  const spelled = /^([a-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})$/i.exec(text.trim())
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})$/.exec(text.trim())
  const date = spelled
    ? joinDate(spelled[3]!, months.indexOf(spelled[1]!.toLowerCase()) + 1, spelled[2]!)
    : american
      ? joinDate(american[3]!.padStart(4, '20'), Number(american[1]), american[2]!)
      : text.trim()
  return isDate(date) ? date : undefined
}

function readYear(text: string): string | undefined {
  return /^\d{4}$/.test(text.trim()) ? text.trim() : readDate(text)?.slice(0, 4)
}

function joinDate(year: string, month: number, day: string): string {
  return `${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}`
}

function isTrue(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true'
}
