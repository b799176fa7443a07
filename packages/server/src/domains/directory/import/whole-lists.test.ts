import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { readTable } from '../../../testing/read-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { folderForTest } from '../../../testing/write-files.ts'
import type { EntityName } from '../hsds/model.ts'
import type { ImportOptions } from './import-directory.ts'

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
beforeEach(async () => {
  networkId = await makeNetwork(database)
})
afterAll(() => database.close())

const organization = { id: 'o1', name: 'Consorzio', description: 'Servizi sociali' }
const service = { id: 's1', name: 'Sportello', status: 'active', organization }
const phone = { id: 'p1', number: '0173 1' }

async function importDocuments(documents: object[], options: Partial<ImportOptions> = {}) {
  const folder = folderForTest({ 'documents.json': JSON.stringify(documents) })
  return importSource(database, networkId, folder, options)
}

/** One column of a table, in order. */
async function column(entity: EntityName, name: string): Promise<(string | null)[]> {
  return (await readTable(database.prisma, networkId, entity)).map((row) => row[name]!).sort()
}

describe('a list in a document is the whole list', () => {
  test('so what it no longer names goes', async () => {
    await importDocuments([{ ...service, phones: [phone, { id: 'p2', number: '0173 2' }] }])
    const { changes } = await importDocuments([{ ...service, phones: [phone] }])
    expect(changes.phone).toEqual({ created: 0, updated: 0, unchanged: 1, removed: 1 })
    expect(await column('phone', 'number')).toEqual(['0173 1'])
  })

  test('so all goes when it is empty', async () => {
    await importDocuments([{ ...service, phones: [phone], languages: [{ id: 'g1', code: 'it' }] }])
    await importDocuments([{ ...service, phones: [] }])
    expect(await column('phone', 'number')).toEqual([])
    expect(await column('language', 'code')).toEqual(['it'])
  })

  test('but nothing goes where there is none, or null', async () => {
    await importDocuments([{ ...service, phones: [phone] }])
    await importDocuments([service])
    await importDocuments([{ ...service, phones: null }])
    expect(await column('phone', 'number')).toEqual(['0173 1'])
  })

  test('and what was part of what goes, goes with it', async () => {
    const languages = [{ id: 'g1', code: 'it', attributes: [{ id: 'a1', value: 'x' }], note: '', level: 'B2' }]
    const contact = { id: 'c1', name: 'Ada', phones: [{ ...phone, languages }] }
    await importDocuments([{ ...service, contacts: [contact] }])
    const { changes } = await importDocuments([{ ...service, contacts: [] }])
    expect(changes).toMatchObject({ contact: { removed: 1 }, phone: { removed: 1 }, language: { removed: 1 } })
    for (const entity of ['contact', 'phone', 'language'] as const) expect(await column(entity, 'id')).toEqual([])
    // What is left are the identifiers of the two records that stay.
    expect(await column('attribute', 'value')).toEqual(['o1', 's1'])
  })

  test('and what another record holds too is only untied', async () => {
    const location = { id: 'l1', location_type: 'physical', phones: [phone] }
    await importDocuments([{ ...service, phones: [phone] }, location])
    const { changes } = await importDocuments([{ ...service, phones: [] }])
    expect(changes.phone).toMatchObject({ updated: 1, removed: 0 })
    const [row] = await readTable(database.prisma, networkId, 'phone')
    expect(row).toMatchObject({ number: '0173 1', service_id: null })
    expect(row!.location_id).not.toBeNull()
  })

  test('and what is moved from one list to another stays', async () => {
    const other = { ...service, id: 's2', name: 'Mensa' }
    await importDocuments([
      { ...service, phones: [phone] },
      { ...other, phones: [] },
    ])
    const { changes } = await importDocuments([
      { ...service, phones: [] },
      { ...other, phones: [phone] },
    ])
    expect(changes.phone).toEqual({ created: 0, updated: 1, unchanged: 0, removed: 0 })
  })

  test('so a service leaves a location that it no longer names', async () => {
    const at = (id: string) => ({ id: `at-${id}`, location: { id, location_type: 'physical', name: id } })
    await importDocuments([{ ...service, service_at_locations: [at('l1'), at('l2')] }])
    await importDocuments([{ ...service, service_at_locations: [at('l2')] }])
    expect(await column('service_at_location', 'id')).toHaveLength(1)
    expect(await column('location', 'name')).toEqual(['l1', 'l2'])
  })

  test('but services, locations and programs live on', async () => {
    const { organization: _, ...alone } = service
    const program = { id: 'g1', name: 'Programma', description: 'Un programma' }
    const location = { id: 'l1', location_type: 'physical' }
    await importDocuments([{ ...organization, services: [alone], programs: [program], locations: [location] }])
    await importDocuments([{ ...organization, services: [], programs: [], locations: [] }])
    for (const entity of ['service', 'program', 'location'] as const) expect(await column(entity, 'id')).toHaveLength(1)
  })

  test('but not of a record that is left out', async () => {
    await importDocuments([{ ...service, phones: [phone] }])
    const options = { skipInvalid: true }
    const { leftOut } = await importDocuments(
      [{ ...service, organization_id: 'o9', organization: null, phones: [] }],
      options,
    )
    expect(leftOut).toHaveLength(1)
    expect(await column('phone', 'number')).toEqual(['0173 1'])
  })
})

describe('what a document says with a key that HSDS does not know', () => {
  const kept = async () =>
    (await readTable(database.prisma, networkId, 'attribute'))
      .filter(({ link_type, label }) => link_type === 'source_cell' && label !== 'id')
      .map(({ label, value }) => `${label}: ${value}`)
      .sort()

  test('is kept until it says something else, or null', async () => {
    await importDocuments([{ ...organization, colour: 'red', motto: 'Insieme' }])
    await importDocuments([{ ...organization, colour: 'blue', motto: null }])
    expect(await kept()).toEqual(['colour: blue'])
  })

  test('stays when another document does not speak of it', async () => {
    await importDocuments([{ ...organization, colour: 'red' }])
    await importDocuments([service])
    expect(await kept()).toEqual(['colour: red'])
  })
})
