import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sharedData } from '../../../testing/shared-data.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { anyLinks, type Entity, type EntityName, entityNames, type Field, hsds } from './model.ts'

interface Schema {
  name: EntityName
  path: string
  properties: Record<string, Property>
  required?: string[]
  tabular_required?: string[]
}

interface Property {
  type?: string
  format?: string
  datapackage_type?: string
  enum?: string[]
  items?: { $ref?: string }
  $ref?: string
}

const { path: folder, isAbsent } = sharedData('hsds-3.1/schema')

const schemas: Schema[] = isAbsent
  ? []
  : readdirSync(folder)
      .filter((name) => name.endsWith('.json') && name !== 'openapi.json')
      .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Schema)

/** What the model says that the published schemas do not, each for its reason. */
const additions: Partial<Record<EntityName, string[]>> = {
  // The API gives the services of an organization with it: openapi.json, /organizations/{id}.
  organization: ['services'],
  // The API gives the service of a service at a location with it: openapi.json, /service_at_locations/{id}.
  service_at_location: ['service'],
}

/** What the published schemas require and the model does not, each for its reason. */
const leniences: Partial<Record<EntityName, string[]>> = {
  // The published tables themselves name a unit and a service that are not there.
  service_capacity: ['unit', 'unit_id', 'service_id'],
  // The published attribute describes a "link_entity"; and an attribute may carry a value instead of a term.
  attribute: ['link_id', 'link_entity', 'taxonomy_term_id'],
  // The published metadata describe a location that is not there; and documents leave their own record out.
  metadata: ['resource_id', 'resource_type'],
}

describe.skipIf(isAbsent)('the model and the published schemas of HSDS 3.1', () => {
  test('know the same kinds of records', () => {
    // Holidays were in HSDS 1 and are needed to tell whether a service is open.
    const ours = entityNames.filter((name) => name !== 'holiday_schedule')
    expect(schemas.map(({ name }) => name).sort()).toEqual([...ours].sort())
  })

  test('name the same file for each table', () => {
    for (const { name, path } of schemas) expect(hsds[name].file).toBe(path)
  })

  test.for(schemas)('give $name the same properties', ({ name, properties }) => {
    const ours = [...propertiesOf(name)].filter((property) => !additions[name]?.includes(property))
    expect(ours.sort()).toEqual(Object.keys(properties).sort())
  })

  test.for(schemas)('nest the same kinds of records in $name', ({ name, properties }) => {
    const { lists, objects } = hsds[name]
    const kindOf = (ref: string) => ref.replace('.json', '')
    const published = Object.entries(properties).flatMap(([key, { items, $ref }]) =>
      items?.$ref ? [[key, 'list', kindOf(items.$ref)]] : $ref ? [[key, 'object', kindOf($ref)]] : [],
    )
    const ours = [
      ...Object.entries(lists).map(([key, { entity }]) => [key, 'list', entity]),
      ...Object.entries(objects).map(([key, { entity }]) => [key, 'object', entity]),
    ].filter(([key]) => !additions[name]?.includes(key!))
    expect(ours.sort()).toEqual(published.sort())
  })

  test.for(schemas)('expect the same form of values in $name', ({ name, properties }) => {
    for (const [key, property] of Object.entries(properties)) {
      const field = hsds[name].fields[key]
      if (field === undefined) continue
      expect(formsOf(property), `${name}.${key}`).toContain(field.kind)
      if (property.enum) expect(field).toMatchObject({ kind: 'code', values: property.enum })
    }
  })

  test.for(schemas)('refer from $name by a UUID', ({ name, properties }) => {
    for (const key of Object.keys(hsds[name].references)) {
      expect(properties[key], `${name}.${key}`).toMatchObject({ type: 'string', format: 'uuid' })
    }
  })

  test.for(schemas)('require the same of $name', ({ name, properties, required = [], tabular_required = [] }) => {
    // What documents leave out because it is nested, the tables require: in the database all is in tables.
    const published = [...required, ...tabular_required].filter((key) => key !== 'id' && key in properties)
    const { fields, references } = hsds[name]
    const ours = Object.entries({ ...fields, ...references }).flatMap(([key, { required }]) => (required ? [key] : []))
    expect([...ours, ...(leniences[name] ?? [])].sort()).toEqual(published.sort())
  })
})

describe('the model and the database', () => {
  test('agree on the columns: each field and reference has one', async () => {
    const { prisma } = await databaseForTest('empty')
    const columns = await prisma.$queryRaw<{ table: string; column: string }[]>`
      SELECT table_name::text AS table, column_name::text AS column FROM information_schema.columns`
    const known = new Set(columns.map(({ table, column }) => `${table}.${column}`))
    const missing = entityNames.flatMap((name) => {
      const { fields, references } = hsds[name]
      const links = name === 'attribute' || name === 'metadata' ? Object.values(anyLinks[name]) : []
      return ['id', 'uuid', ...Object.keys(fields), ...Object.keys(references), ...links]
        .map((column) => `${name}.${column}`)
        .filter((column) => !known.has(column))
    })
    expect(missing).toEqual([])
  })

  test('agree on what a row needs: no column is required that a source may leave out', async () => {
    const { prisma } = await databaseForTest('empty')
    const columns = await prisma.$queryRaw<{ table: EntityName; column: string }[]>`
      SELECT table_name::text AS table, column_name::text AS column FROM information_schema.columns
      WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_default IS NULL`
    const required = columns.filter(({ table, column }) => {
      const { fields, references } = hsds[table] ?? { fields: {}, references: {} }
      return fields[column]?.required === false || references[column]?.required === false
    })
    expect(required).toEqual([])
  })

  test('agree on the order: a kind of record comes after those that it refers to', () => {
    const isLater = entityNames.flatMap((name, position) =>
      Object.values(hsds[name].references)
        .filter(({ to }) => to !== name && entityNames.indexOf(to) > position)
        .map(({ to }) => `${name} → ${to}`),
    )
    expect(isLater).toEqual([])
  })
})

function propertiesOf(name: EntityName): Set<string> {
  const { fields, references, lists, objects }: Entity = hsds[name]
  const links = name === 'attribute' || name === 'metadata' ? Object.values(anyLinks[name]) : []
  return new Set(['id', ...links, ...[fields, references, lists, objects].flatMap((part) => Object.keys(part))])
}

/** The kinds of field that can hold what a property is said to hold. */
function formsOf({ type, format, datapackage_type: tabular, enum: words }: Property): Field['kind'][] {
  if (words) return ['code']
  if (type === 'number') return ['number', 'integer', 'latitude', 'longitude']
  if (format === 'uri') return ['uri']
  if (format === 'email') return ['email']
  if (format === 'date-time') return ['instant']
  if (tabular === 'date' || format === 'date') return ['date']
  // Times of day are described as texts.
  return ['text', 'date', 'time']
}
