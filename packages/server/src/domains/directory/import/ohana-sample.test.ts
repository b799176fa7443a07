import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { csvText } from '../../../testing/csv-text.ts'
import { countRows, dumpTables } from '../../../testing/dump-tables.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { keptCells, readTable, type StoredRow } from '../../../testing/read-directory.ts'
import { sharedData } from '../../../testing/shared-data.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import type { EntityName } from '../hsds/model.ts'

const { path: sample, isAbsent } = sharedData('ohana-sample-csv')

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

/** The kind of record in each file, and where a column of another name stands. */
const files: Record<string, { entity: EntityName; renamed?: Record<string, string>; id?: string }> = {
  'addresses.csv': { entity: 'address' },
  'contacts.csv': { entity: 'contact' },
  'holiday_schedules.csv': { entity: 'holiday_schedule' },
  'locations.csv': { entity: 'location' },
  'mail_addresses.csv': { entity: 'address' },
  'organizations.csv': { entity: 'organization' },
  'phones.csv': { entity: 'phone', renamed: { number_type: 'type', department: 'description' } },
  'programs.csv': { entity: 'program' },
  'regular_schedules.csv': { entity: 'schedule' },
  'services.csv': {
    entity: 'service',
    renamed: { eligibility: 'eligibility_description', fees: 'fees_description', website: 'url' },
  },
  'taxonomy.csv': { entity: 'taxonomy_term', renamed: { taxonomy_id: 'code' }, id: 'taxonomy_id' },
}

type Row = Record<string, string>

function readRows(folder: string, file: string): Row[] {
  return parse(readFileSync(join(folder, file)), { columns: true }) as Row[]
}

const itemsOf = (rows: Row[], column: string) =>
  rows.flatMap((row) => row[column]!.split(',').filter((item) => item.trim()))

describe.skipIf(isAbsent)('the Ohana sample of a county', () => {
  test('goes in with every row of every file, and every item of every list', async () => {
    const networkId = await makeNetwork(database)
    const report = await importSource(database, networkId, sample)
    expect(report).toMatchObject({ layout: 'HSDS 1 CSV (Ohana)', files: Object.keys(files).length, leftOut: [] })
    const rows = Object.fromEntries(Object.keys(files).map((file) => [file, readRows(sample, file)]))
    const count = (file: string) => rows[file]!.length
    const { attribute, ...others } = await countRows(database.prisma, networkId)
    expect(others).toEqual({
      taxonomy: 1,
      taxonomy_term: count('taxonomy.csv'),
      organization: count('organizations.csv'),
      program: count('programs.csv'),
      location: count('locations.csv'),
      service: count('services.csv'),
      service_at_location: count('services.csv'),
      contact: count('contacts.csv'),
      phone: count('phones.csv'),
      address: count('addresses.csv') + count('mail_addresses.csv'),
      schedule: count('regular_schedules.csv'),
      holiday_schedule: count('holiday_schedules.csv'),
      accessibility: itemsOf(rows['locations.csv']!, 'accessibility').length,
      language: ['locations.csv', 'services.csv'].flatMap((file) => itemsOf(rows[file]!, 'languages')).length,
      funding: ['organizations.csv', 'services.csv'].flatMap((file) => itemsOf(rows[file]!, 'funding_sources')).length,
      service_area: itemsOf(rows['services.csv']!, 'service_areas').length,
      required_document: itemsOf(rows['services.csv']!, 'required_documents').length,
    })
    const terms = await database.prisma.attribute.count({ where: { networkId, linkType: 'service_type' } })
    expect(terms).toBe(itemsOf(rows['services.csv']!, 'taxonomy_ids').length)
    expect(attribute).toBeGreaterThan(terms)
  })

  test('loses no cell: each is found in its record, or kept beside it as it stands', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const kept = await keptCells(database.prisma, networkId)
    const lost: string[] = []
    let found = 0
    for (const [file, { entity, renamed = {}, id = 'id' }] of Object.entries(files)) {
      const stored = await readTable(database.prisma, networkId, entity)
      const isOf = (cells: Row) => (row: StoredRow) =>
        (kept.get(row.id!)?.[`${file}:${id}`] ?? (id === 'id' ? undefined : row.code)) === cells[id]
      for (const cells of readRows(sample, file)) {
        const row = stored.find(isOf(cells))!
        for (const [column, text] of Object.entries(cells).filter(([, text]) => text !== '')) {
          const isThere = row[renamed[column] ?? column] === text || kept.get(row.id!)?.[`${file}:${column}`] === text
          if (isThere) found += 1
          else lost.push(`${file} ${cells[id]} ${column} ${text}`)
        }
      }
    }
    expect(lost).toEqual([])
    expect(found).toBe(2465)
  })

  test('changes nothing when it is imported again', async () => {
    const networkId = await makeNetwork(database)
    const first = await importSource(database, networkId, sample)
    const before = await dumpTables(database.prisma)
    const { changes } = await importSource(database, networkId, sample)
    expect(await dumpTables(database.prisma)).toBe(before)
    for (const [entity, change] of Object.entries(changes)) {
      const { created } = first.changes[entity as EntityName]!
      expect({ entity, ...change }).toEqual({ entity, created: 0, updated: 0, unchanged: created, removed: 0 })
    }
  })

  test('updates exactly the record of a cell that changed', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const before = (await dumpTables(database.prisma)).split('\n')
    const folder = withChange('phones.csv', (row) => (row.id === '3' ? { ...row, extension: '4386' } : row))
    const { changes } = await importSource(database, networkId, folder)
    const after = (await dumpTables(database.prisma)).split('\n')
    expect(updatesOf(changes)).toEqual({ phone: { updated: 1 } })
    const gone = before.filter((line) => !after.includes(line))
    const come = after.filter((line) => !before.includes(line))
    expect(gone).toHaveLength(1)
    expect(come).toEqual([gone[0]!.replace('4385', '4386').replace(/,1\)$/, ',2)')])
  })

  test('updates exactly the source cell that changed', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const folder = withChange('services.csv', (row) => (row.id === '1' ? { ...row, audience: 'Everybody' } : row))
    const { changes } = await importSource(database, networkId, folder)
    expect(updatesOf(changes)).toEqual({ attribute: { updated: 1 } })
    const where = { networkId, label: 'services.csv:audience', value: 'Everybody' }
    expect(await database.prisma.attribute.count({ where })).toBe(1)
  })

  test('empties a value whose cell became empty, and removes its source cell', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const empty = { audience: '', wait_time: '' }
    const folder = withChange('services.csv', (row) => (row.id === '1' ? { ...row, ...empty } : row))
    const { changes } = await importSource(database, networkId, folder)
    expect(updatesOf(changes)).toEqual({ service: { updated: 1 }, attribute: { removed: 1 } })
  })

  test('removes the items that a list no longer names, and nothing else', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const areas = () => database.prisma.serviceArea.findMany({ where: { networkId }, select: { name: true } })
    const before = await areas()
    const folder = withChange('services.csv', (row) =>
      row.id === '22' ? { ...row, service_areas: 'San Mateo County' } : row,
    )
    const { changes } = await importSource(database, networkId, folder)
    // The list was "Alameda County, San Mateo County": its first item is now another, its second gone.
    expect(updatesOf(changes)).toEqual({ service_area: { updated: 1, removed: 1 }, attribute: { updated: 1 } })
    expect(await areas()).toHaveLength(before.length - 1)
  })

  test('moves a service whose location changed', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const folder = withChange('services.csv', (row) => (row.id === '1' ? { ...row, location_id: '22' } : row))
    const { changes } = await importSource(database, networkId, folder)
    expect(updatesOf(changes)).toEqual({
      service: { updated: 1 },
      service_at_location: { updated: 1 },
      attribute: { updated: 1 },
    })
  })

  test('says in the words of HSDS 3 what it says in its own', async () => {
    const networkId = await makeNetwork(database)
    await importSource(database, networkId, sample)
    const { prisma } = database
    const schedules = await readTable(prisma, networkId, 'schedule')
    expect(schedules).toContainEqual(
      expect.objectContaining({ freq: 'WEEKLY', byday: 'MO', opens_at: '14:00', closes_at: '16:00' }),
    )
    const holidays = await readTable(prisma, networkId, 'holiday_schedule')
    expect(holidays).toContainEqual(
      expect.objectContaining({ start_date: '2015-12-24', end_date: '2015-12-24', yearly: 'false', opens_at: '10:00' }),
    )
    expect(holidays).toContainEqual(
      expect.objectContaining({ start_date: '0001-06-01', end_date: '0001-09-01', yearly: 'true', closed: 'true' }),
    )
    expect(await prisma.organization.findFirst({ where: { networkId, name: 'Example Agency' } })).toMatchObject({
      yearIncorporated: 1970,
      alternateName: 'Alternate Agency Name',
    })
    const service = await prisma.service.findFirstOrThrow({
      where: { networkId, name: 'Passport Photos' },
      include: { organization: true, serviceAtLocations: { include: { location: { include: { addresses: true } } } } },
    })
    expect(service.organization.name).toBe('Example Agency')
    expect(service.serviceAtLocations).toMatchObject([
      { location: { name: 'Example Location', locationType: 'physical' } },
    ])
    expect(service.serviceAtLocations[0]!.location.addresses.map((one) => one.addressType).sort()).toEqual([
      'physical',
      'postal',
    ])
  })

  test('goes in alike whatever the case of the names of its files', async () => {
    const networkId = await makeNetwork(database)
    const folder = copyOfSample()
    for (const file of Object.keys(files)) {
      writeFileSync(join(folder, file.toUpperCase()), readFileSync(join(folder, file)))
      rmSync(join(folder, file))
    }
    const { layout } = await importSource(database, networkId, folder)
    expect(layout).toBe('HSDS 1 CSV (Ohana)')
    expect(await countRows(database.prisma, networkId)).toMatchObject({ service: 23, taxonomy_term: 290 })
  })
})

test.skipIf(isAbsent)('every file of the sample is tested here', () => {
  expect(Object.keys(files).sort()).toEqual(readdirSync(sample).sort())
})

function copyOfSample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-ohana-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  cpSync(sample, folder, { recursive: true })
  return folder
}

function withChange(file: string, change: (row: Row) => Row): string {
  const folder = copyOfSample()
  const rows = readRows(sample, file)
  writeFileSync(join(folder, file), csvText(Object.keys(rows[0]!), rows.map(change)))
  return folder
}

/** What changed, without what did not. */
function updatesOf(changes: object): Record<string, Record<string, number>> {
  const entries = Object.entries(changes as Record<string, Record<string, number>>).map(([entity, change]) => {
    const counts = Object.entries(change).filter(([kind, count]) => kind !== 'unchanged' && count > 0)
    return [entity, Object.fromEntries(counts)] as const
  })
  return Object.fromEntries(entries.filter(([, counts]) => Object.keys(counts).length > 0))
}
