/** Any directory of HSDS 3, and the ways to write it down: as tables in any order, and as nested documents. */
import fc from 'fast-check'
import {
  anyLinks,
  type EntityName,
  entityNames,
  type FieldType,
  hsds,
  standAlone,
} from '../domains/directory/hsds/model.ts'
import { csvText } from './csv-text.ts'

/** A row: cells by column, as text; a column that it lacks is empty. */
export type DirectoryRow = { id: string } & Record<string, string>

export type Directory = Record<EntityName, DirectoryRow[]>

const text = fc.oneof(
  fc.lorem({ maxCount: 4 }),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
    .filter((text) => text.isWellFormed() && !text.includes('\0')),
  fc.constantFrom('Città di "Bra", Cuneo', 'due\nrighe', 'due\r\nrighe', ' spazio ', '007', "dell'Alba; -1"),
)
const two = (number: number) => String(number).padStart(2, '0')
const day = fc.tuple(
  fc.integer({ min: 1900, max: 2099 }),
  fc.integer({ min: 1, max: 12 }),
  fc.integer({ min: 1, max: 28 }),
)
const date = day.map(([year, month, date]) => `${year}-${two(month)}-${two(date)}`)
const time = fc.tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 })).map(([hour, minute]) => `${two(hour)}:${two(minute)}`)
const word = fc.stringMatching(/^[a-z]{1,8}$/)

const values: Record<Exclude<FieldType['kind'], 'code'>, fc.Arbitrary<string>> = {
  text,
  uri: word.map((word) => `https://${word}.example.org/`),
  email: word.map((word) => `${word}@example.org`),
  number: fc
    .oneof(
      fc.integer({ min: -9999, max: 9999 }).map((number) => number / 4),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    )
    .map(String),
  integer: fc.integer({ min: -9999, max: 9999 }).map(String),
  latitude: fc.integer({ min: -360, max: 360 }).map((quarters) => String(quarters / 4)),
  longitude: fc.integer({ min: -720, max: 720 }).map((quarters) => String(quarters / 4)),
  date,
  time,
  instant: fc.tuple(date, time).map(([date, time]) => `${date}T${time}:00.5Z`),
  'yes-no': fc.constantFrom('true', 'false'),
}

/** Identifiers are UUIDs or whatever the source counts with. */
const identifier = fc.oneof(fc.uuid(), fc.integer({ min: 1, max: 99 }).map(String), word)

/** Columns that HSDS does not know; some have names that an object has by itself. */
const unknownColumns = fc.dictionary(fc.constantFrom('colour', 'nota interna', 'constructor', 'toString'), text, {
  maxKeys: 2,
})

/** A row as it comes, before its references are tied: numbers that choose among the rows of the other kind. */
interface Draft {
  id: string
  cells: Record<string, string>
  choices: Record<string, number>
}

/** The fields of a record, as text; those that it must have, and any of the others. */
export function anyFields(entity: EntityName): fc.Arbitrary<Record<string, string>> {
  const arbitraries = Object.entries(hsds[entity].fields).map(([name, field]) => {
    const value = field.kind === 'code' ? fc.constantFrom(...field.values) : values[field.kind]
    return [name, field.required ? value : fc.option(value, { nil: undefined })] as const
  })
  return fc.record(Object.fromEntries(arbitraries)).map(dropUndefined)
}

function draft(entity: EntityName): fc.Arbitrary<Draft> {
  const { references } = hsds[entity]
  const names = [...Object.keys(references), 'link', 'kind']
  return fc.record({
    id: identifier,
    cells: fc.tuple(anyFields(entity), unknownColumns).map(([known, unknown]) => ({ ...unknown, ...known })),
    choices: fc.record(Object.fromEntries(names.map((name) => [name, fc.integer({ min: -3, max: 9 })]))),
  })
}

/**
 * Any directory that is right: each reference leads somewhere. Each part belongs to something, and attributes describe
 * what HSDS lists attributes of, unless the directory may be `loose`: then only tables can say it.
 */
export function anyDirectory({ loose = false } = {}): fc.Arbitrary<Directory> {
  const drafts = entityNames.map((entity) => {
    const options = { minLength: entity === 'organization' ? 1 : 0, maxLength: 3, selector: ({ id }: Draft) => id }
    return [entity, fc.uniqueArray(draft(entity), options)] as const
  })
  return fc.record(Object.fromEntries(drafts)).map((drafts) => tie(drafts as Record<EntityName, Draft[]>, loose))
}

function tie(drafts: Record<EntityName, Draft[]>, loose: boolean): Directory {
  const directory = Object.fromEntries(entityNames.map((name) => [name, [] as DirectoryRow[]])) as Directory
  for (const entity of entityNames) {
    for (const { id, cells, choices } of drafts[entity]) {
      const row: DirectoryRow = { ...cells, id }
      for (const [name, { to, required }] of Object.entries(hsds[entity].references)) {
        // A tree has no circle where each refers to one before it.
        const target = choose(directory[to], choices[name]!, required)
        if (target !== undefined) row[name] = target.id
      }
      if (entity === 'attribute' || entity === 'metadata') {
        const holders = entityNames.filter(
          (kind) => (loose || entity in namedLists(kind)) && directory[kind].length > 0,
        )
        const kind = choose(holders, choices.kind!, true)!
        const linked = choose(directory[kind], choices.link!, !loose)
        if (linked !== undefined) {
          row[anyLinks[entity].entity] = kind
          row[anyLinks[entity].id] = linked.id
        }
      }
      if (isWhole(entity, row) && (loose || isTied(entity, row))) directory[entity].push(row)
    }
  }
  return directory
}

function isTied(entity: EntityName, row: DirectoryRow): boolean {
  const holders = Object.entries(hsds[entity].references)
    .filter(([, { to }]) => to !== 'unit' && to !== 'taxonomy_term')
    .map(([name]) => name)
  const links = entity === 'attribute' || entity === 'metadata' ? [anyLinks[entity].id] : []
  return standAlone.has(entity) || [...holders, ...links].some((name) => name in row)
}

function isWhole(entity: EntityName, row: DirectoryRow): boolean {
  return Object.entries(hsds[entity].references).every(([name, { required }]) => !required || name in row)
}

function choose<T>(from: T[], choice: number, required: boolean): T | undefined {
  return choice < 0 && !required ? undefined : from.at(Math.abs(choice) % Math.max(from.length, 1))
}

function namedLists(entity: EntityName): Partial<Record<EntityName, string>> {
  return Object.fromEntries(Object.entries(hsds[entity].lists).map(([key, list]) => [list.entity, key]))
}

/** The tables of a directory, as HSDS writes them. */
export function tablesOf(directory: Directory): Record<string, string> {
  const tables = entityNames.filter((entity) => directory[entity].length > 0)
  return Object.fromEntries(tables.map((entity) => [hsds[entity].file, tableOf(entity, directory[entity])]))
}

/** The same tables with files, rows and columns in any order, under any of their names. */
export function anyTablesOf(directory: Directory): fc.Arbitrary<Record<string, string>> {
  const tables = entityNames
    .filter((entity) => directory[entity].length > 0)
    .map((entity) =>
      fc
        .record({
          name: fc.constantFrom(hsds[entity].file, `${entity}.csv`, hsds[entity].file.toUpperCase()),
          rows: shuffled(directory[entity]),
          columns: shuffled(columnsOf(entity, directory[entity])),
        })
        .map(({ name, rows, columns }) => [name, csvText(columns, rows)]),
    )
  return fc.tuple(...tables).map((tables) => Object.fromEntries(tables))
}

function shuffled<T>(items: T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray(items, { minLength: items.length })
}

function tableOf(entity: EntityName, rows: DirectoryRow[]): string {
  return csvText(columnsOf(entity, rows), rows)
}

function columnsOf(entity: EntityName, rows: DirectoryRow[]): string[] {
  const { fields, references } = hsds[entity]
  const required = Object.entries({ ...fields, ...references }).flatMap(([name, { required }]) =>
    required ? [name] : [],
  )
  return [...new Set(['id', ...required, ...rows.flatMap((row) => Object.keys(row))])]
}

/** The documents of a directory, by file: what belongs to something is nested in it. */
export function documentsOf(directory: Directory): Record<string, object[]> {
  const documents = (entity: EntityName, isNeeded: (row: DirectoryRow) => boolean = () => true) =>
    directory[entity].filter(isNeeded).map((row) => nest(directory, entity, row, true))
  return {
    'organization.json': documents('organization'),
    'location.json': documents('location', (row) => row.organization_id === undefined),
    'taxonomy.json': documents('taxonomy'),
    'taxonomy_term.json': documents('taxonomy_term'),
    'unit.json': documents('unit'),
    'meta_table_description.json': documents('meta_table_description'),
    // HSDS 3 has no list of holidays.
    'holiday_schedule.json': documents('holiday_schedule'),
  }
}

function nest(directory: Directory, entity: EntityName, row: DirectoryRow, withLists: boolean): object {
  const { fields, references, lists, objects } = hsds[entity]
  const document: Record<string, unknown> = { id: row.id }
  for (const [name, text] of Object.entries(row)) {
    const isNested = Object.hasOwn(references, name) && !isTree(entity, name) && entity !== 'holiday_schedule'
    const isLink =
      (entity === 'attribute' || entity === 'metadata') && Object.values<string>(anyLinks[entity]).includes(name)
    if (!isNested && !isLink) document[name] = Object.hasOwn(fields, name) ? jsonValue(fields[name]!, text) : text
  }
  for (const [key, { entity: kind, by }] of Object.entries(objects)) {
    const held = directory[kind].find(({ id }) => id === row[by])
    // The service of a service at a location is the one that holds it here.
    if (held !== undefined && !(entity === 'service_at_location' && kind === 'service') && kind !== 'organization') {
      document[key] = nest(directory, kind, held, false)
    }
  }
  for (const [key, { entity: kind, by }] of Object.entries(withLists ? lists : {})) {
    const link = kind === 'attribute' || kind === 'metadata' ? anyLinks[kind] : undefined
    const held = directory[kind].filter((part) => part[by] === row.id && (!link || part[link.entity] === entity))
    if (held.length > 0) document[key] = held.map((part) => nest(directory, kind, part, true))
  }
  return document
}

function isTree(entity: EntityName, name: string): boolean {
  return hsds[entity].references[name]?.to === entity
}

function jsonValue({ kind }: FieldType, text: string): unknown {
  if (kind === 'yes-no') return text === 'true'
  return ['number', 'integer', 'latitude', 'longitude'].includes(kind) ? Number(text) : text
}

function dropUndefined(record: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<string, string>
}
