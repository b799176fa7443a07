import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { keptCells, readTable } from '../../../testing/read-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { folderForTest } from '../../../testing/write-files.ts'
import { type EntityName, entityNames } from '../hsds/model.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

/** The only row of a table after an import, with the source cells kept beside it. */
async function importOne(files: Record<string, string>, entity: EntityName) {
  const networkId = await makeNetwork(database)
  await importSource(database, networkId, folderForTest(files))
  const rows = await readTable(database.prisma, networkId, entity)
  expect(rows).toHaveLength(1)
  return { row: rows[0]!, kept: (await keptCells(database.prisma, networkId)).get(rows[0]!.id!) ?? {} }
}

const uuid = '3a19ff88-4620-4d17-9830-ac1d859eb5d5'
const organization = { id: uuid, name: 'Consorzio', description: 'Servizi sociali' }

test('an identifier that is a UUID is the identifier', async () => {
  const { row, kept } = await importOne({ 'a.json': JSON.stringify(organization) }, 'organization')
  expect(row.uuid).toBe(uuid)
  expect(kept).toEqual({})
})

test('an identifier that is none is kept beside the UUID that is made for it', async () => {
  const csv = await importOne({ 'organizations.csv': 'id,name,description\nente-7,a,b\n' }, 'organization')
  expect(csv.kept).toEqual({ id: 'ente-7' })
  const json = await importOne({ 'a.json': JSON.stringify({ ...organization, id: 7 }) }, 'organization')
  expect(json.kept).toEqual({ id: '7' })
})

test('the UUID that is made depends on the feed and the identifier, not on the network', async () => {
  const files = { 'organizations.csv': 'id,name,description\nente-7,a,b\n' }
  const [first, second] = [await importOne(files, 'organization'), await importOne(files, 'organization')]
  expect(first.row.uuid).toBe(second.row.uuid)
  expect(first.row.id).not.toBe(second.row.id)
})

test('a number written in another way than the database tells it is kept as it was written', async () => {
  const { row, kept } = await importOne({ 'phones.csv': 'id,number,extension\np1,0173 1,007\n' }, 'phone')
  expect(row.extension).toBe('7')
  expect(kept).toMatchObject({ extension: '007' })
})

test('a number of more digits than a computer counts is kept with all of them', async () => {
  const json = `{"id": "${uuid}", "location_type": "physical", "external_identifier": 12345678901234567890, "latitude": 44.70012345678901234}`
  const { row, kept } = await importOne({ 'location.json': json }, 'location')
  expect(row.external_identifier).toBe('12345678901234567890')
  expect(kept).toEqual({ latitude: '44.70012345678901234' })
})

test('a moment is stored as such, and its offset kept', async () => {
  const services = (moment: string) => ({
    'organizations.csv': `id,name,description\n${uuid},a,b\n`,
    'services.csv': `id,organization_id,name,status,last_modified\n${uuid},${uuid},c,active,${moment}\n`,
  })
  const rome = await importOne(services('2026-09-25T14:23:06+02:00'), 'service')
  expect(Date.parse(rome.row.last_modified!)).toBe(Date.parse('2026-09-25T12:23:06Z'))
  expect(rome.kept).toEqual({ last_modified: '2026-09-25T14:23:06+02:00' })
  const utc = await importOne(services('2026-09-25T12:23:06Z'), 'service')
  expect(utc.kept).toEqual({})
})

test('what HSDS has no field for is kept by its name, whatever it is', async () => {
  const more = { colour: 'red', hours: { mon: ['9', '12'] }, floors: 3, open: false, empty: '', none: null }
  const { kept } = await importOne({ 'a.json': JSON.stringify({ ...organization, ...more }) }, 'organization')
  expect(kept).toEqual({ colour: 'red', hours: '{"mon":["9","12"]}', floors: '3', open: 'false' })
})

test('a value may have no name at all', async () => {
  const { kept } = await importOne({ 'a.json': JSON.stringify({ ...organization, '': 'red' }) }, 'organization')
  expect(kept).toEqual({ '""': 'red' })
})

test('the kind of record that is described is kept when the record is not told', async () => {
  const { row } = await importOne(
    { 'attributes.csv': `id,link_entity,link_id,value\n${uuid},service,,a\n` },
    'attribute',
  )
  expect(row).toMatchObject({ link_entity: 'service', link_id: null, value: 'a' })
})

test('a document of an identifier alone is what its file is named for', async () => {
  const { row } = await importOne({ 'contacts.jsonl': `{"id":"${uuid}"}\n` }, 'contact')
  expect(row.uuid).toBe(uuid)
})

test('a column may have a name that every object has', async () => {
  const names = 'constructor,toString,__proto__,hasOwnProperty'
  const csv = `id,name,description,${names}\n${uuid},a,b,1,2,3,4\n`
  const { kept } = await importOne({ 'organizations.csv': csv }, 'organization')
  expect(Object.entries(kept).sort()).toEqual([
    ['__proto__', '3'],
    ['constructor', '1'],
    ['hasOwnProperty', '4'],
    ['toString', '2'],
  ])
  const json = `{"id": "${uuid}", "name": "a", "description": "b", "constructor": 1, "__proto__": 3}`
  const document = await importOne({ 'a.json': json }, 'organization')
  expect(Object.entries(document.kept).sort()).toEqual([
    ['__proto__', '3'],
    ['constructor', '1'],
  ])
})

test('a cell beyond the last column is kept under its place', async () => {
  const { kept } = await importOne({ 'organizations.csv': `id,name,description\n${uuid},a,b,,c\n` }, 'organization')
  expect(kept).toEqual({ 'column 5': 'c' })
})

test('text keeps every letter, break and space', async () => {
  const description = ' “Città”\r\n\t😀 \n'
  const csv = await importOne(
    { 'organizations.csv': `id,name,description\n${uuid},a,"${description}"\n` },
    'organization',
  )
  expect(csv.row.description).toBe(description)
  const json = await importOne({ 'a.json': JSON.stringify({ ...organization, description }) }, 'organization')
  expect(json.row.description).toBe(description)
})

const documents: [file: string, document: object, entity: EntityName][] = [
  ['services.json', { id: 'x', name: 'a', status: 'active', organization }, 'service'],
  ['data.json', { id: 'x', name: 'a', description: 'b', email: 'a@b.it' }, 'organization'],
  ['locations-2027.json', { id: 'x', location_type: 'virtual', name: 'a' }, 'location'],
  [
    'data.json',
    {
      id: 'x',
      service: { id: 's', name: 'a', status: 'active', organization },
      location: { id: 'l', location_type: 'virtual' },
    },
    'service_at_location',
  ],
  ['taxonomies.json', { id: 'x', name: 'a', description: 'b' }, 'taxonomy'],
  ['taxonomy_terms.json', { id: 'x', name: 'a', description: 'b' }, 'taxonomy_term'],
  ['data.json', { id: 'x', name: 'a', description: 'b', code: 'c' }, 'taxonomy_term'],
  ['unit.json', { id: 'x', name: 'a' }, 'unit'],
]

test.for(documents)(
  'a document tells its kind by its keys, or by the name of its file: %s %o',
  async ([file, document, entity]) => {
    const networkId = await makeNetwork(database)
    const { changes } = await importSource(database, networkId, folderForTest({ [file]: JSON.stringify(document) }))
    const kinds = entityNames.filter((name) => changes[name]?.created)
    const held = {
      service: ['organization', 'service'],
      service_at_location: ['organization', 'location', 'service', 'service_at_location'],
    }
    expect(kinds.filter((name) => name !== 'attribute')).toEqual(held[entity as keyof typeof held] ?? [entity])
  },
)
