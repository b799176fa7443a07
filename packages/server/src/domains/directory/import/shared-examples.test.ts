import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { describeProblem } from '../../../sources/problem.ts'
import { dumpTables } from '../../../testing/dump-tables.ts'
import { importSource, makeNetwork, refusalLines } from '../../../testing/import-source.ts'
import { keptCells, readTable } from '../../../testing/read-directory.ts'
import { sharedData } from '../../../testing/shared-data.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { type EntityName, entityNames, hsds } from '../hsds/model.ts'

const { path: folder, isAbsent } = sharedData('hsds-3.1/examples')

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

const parentOrganization =
  'parent_organization_id "cd09a387-91f4-4555-94ec-e799c35344cd": no such organization (correct it, or import the organization first or together)'
const parentTerm =
  'parent_id "0bc248fa-dc27-4650-9ba4-8f1a24ef16a2": no such taxonomy term (correct it, or import the taxonomy term first or together)'
const latitude = 'is not a latitude (write degrees from -90 to 90 (WGS 84))'
const linkEntity = 'link_entity "link_entity": is no kind of record (give the HSDS name, such as service)'

/** What is wrong with the published examples themselves. */
const defects: Record<string, string[]> = {
  'location.json': [`location.json:9 latitude 100: ${latitude}`],
  'organization_full.json': [
    `organization_full.json:20 ${parentOrganization}`,
    `organization_full.json:79 /locations/0 latitude 100: ${latitude}`,
    `organization_full.json:368 /services/0/service_at_locations/0/location latitude 100: ${latitude}`,
    `organization_full.json:563 /services/0/attributes/0/taxonomy_term ${parentTerm}`,
  ],
  'organization_list.json': [`organization_list.json:22 /contents/0 ${parentOrganization}`],
  'service_at_location_full.json': [
    `service_at_location_full.json:89 /location latitude 100: ${latitude}`,
    `service_at_location_full.json:298 /service/organization ${parentOrganization}`,
    `service_at_location_full.json:357 /service/organization/locations/0 latitude 100: ${latitude}`,
    `service_at_location_full.json:560 /service/attributes/0/taxonomy_term ${parentTerm}`,
  ],
  'service_at_location_list.json': [
    `service_at_location_list.json:21 /contents/0/location latitude 100: ${latitude}`,
    `service_at_location_list.json:60 /contents/0/service/organization ${parentOrganization}`,
  ],
  'service_full.json': [
    `service_full.json:170 /service_at_locations/0/location latitude 100: ${latitude}`,
    `service_full.json:301 /organization ${parentOrganization}`,
    `service_full.json:360 /organization/locations/0 latitude 100: ${latitude}`,
    `service_full.json:563 /attributes/0/taxonomy_term ${parentTerm}`,
  ],
  'service_list.json': [`service_list.json:44 /contents/0/organization ${parentOrganization}`],
  'tabular.json': [
    `tabular.json:16 /organizations.csv/0 ${parentOrganization}`,
    `tabular.json:61 /attributes.csv/0 ${linkEntity}`,
    'tabular.json:78 /locations.csv/0 organization_id "985e4a42-bd9f-4edc-911d-0243a4640aca": no such organization (correct it, or import the organization first or together)',
    `tabular.json:83 /locations.csv/0 latitude 100: ${latitude}`,
    'tabular.json:106 /contacts.csv/0 organization_id "ae67a707-5893-4225-b0b1-320ab9cb596b": no such organization (correct it, or import the organization first or together)',
    'tabular.json:108 /contacts.csv/0 service_at_location_id "93eaf18d-1cd2-4ec7-bffb-3c9172ee5070": no such service at location (correct it, or import the service at location first or together)',
    `tabular.json:211 /taxonomy_terms.csv/0 ${parentTerm}`,
    'tabular.json:214 /taxonomy_terms.csv/0 taxonomy_id "07ff6aee-a219-438c-b694-d2fcb6c5373b": no such taxonomy (correct it, or import the taxonomy first or together)',
    'tabular.json:221 /metadata.csv/0 resource_id "38960354-e7d2-4cfa-a368-820f729d6ccf": no such location (correct it, or import the location first or together)',
  ],
  'taxonomy.json': [],
  'taxonomy_list.json': [],
  'taxonomy_term.json': [`taxonomy_term.json:6 ${parentTerm}`],
  'taxonomy_term_list.json': [`taxonomy_term_list.json:15 /contents/0 ${parentTerm}`],
  csv: [
    `attributes.csv:2 ${linkEntity}`,
    'contacts.csv:2 organization_id "ae67a707-5893-4225-b0b1-320ab9cb596b": no such organization (correct it, or import the organization first or together)',
    'contacts.csv:2 service_at_location_id "93eaf18d-1cd2-4ec7-bffb-3c9172ee5070": no such service at location (correct it, or import the service at location first or together)',
    `locations.csv:2 latitude "100": ${latitude}`,
    'locations.csv:2 organization_id "985e4a42-bd9f-4edc-911d-0243a4640aca": no such organization (correct it, or import the organization first or together)',
    'metadata.csv:2 resource_id "38960354-e7d2-4cfa-a368-820f729d6ccf": no such location (correct it, or import the location first or together)',
    `organizations.csv:2 ${parentOrganization}`,
    'service_areas.csv:2 service_at_location_id "af69894e-7bed-11ef-a85c-07e0918a608c": no such service at location (correct it, or import the service at location first or together)',
    'service_capacity.csv:2 service_id "f75b808e-7bdb-11ef-afaa-ab00a77dc5c4": no such service (correct it, or import the service first or together)',
    'service_capacity.csv:2 unit_id "187a37a2-7b40-11ef-9790-dbf7623d4407": no such unit (correct it, or import the unit first or together)',
    `taxonomy_terms.csv:2 ${parentTerm}`,
    'taxonomy_terms.csv:2 taxonomy_id "07ff6aee-a219-438c-b694-d2fcb6c5373b": no such taxonomy (correct it, or import the taxonomy first or together)',
  ],
}

const examples = Object.entries(defects)

test.skipIf(isAbsent)('every published example is tested here', () => {
  const published = readdirSync(folder).filter((name) => name !== 'base.json')
  expect(examples.map(([name]) => name).sort()).toEqual(published.sort())
})

describe.skipIf(isAbsent)('a published example', () => {
  test.for(examples)('goes in with every record but its own defects: %s', async ([name, told]) => {
    const networkId = await makeNetwork(database)
    const report = await importSource(database, networkId, join(folder, name), { skipInvalid: true })
    expect(report.leftOut.map(describeProblem)).toEqual(told)
    expect(await countRecords(networkId)).toEqual(countInFile(join(folder, name)))
  })

  test.for(examples.filter(([, told]) => told.length > 0))(
    'is refused for its defects and changes nothing: %s',
    async ([name, told]) => {
      const networkId = await makeNetwork(database)
      const before = await dumpTables(database.prisma)
      expect(await refusalLines(importSource(database, networkId, join(folder, name)))).toEqual(told)
      expect(await dumpTables(database.prisma)).toBe(before)
    },
  )

  test.for(examples)('changes nothing when it is imported again: %s', async ([name]) => {
    const networkId = await makeNetwork(database)
    const options = { skipInvalid: true }
    await importSource(database, networkId, join(folder, name), options)
    const before = await dumpTables(database.prisma)
    const { changes } = await importSource(database, networkId, join(folder, name), options)
    expect(await dumpTables(database.prisma)).toBe(before)
    for (const change of Object.values(changes)) expect(change).toMatchObject({ created: 0, updated: 0, removed: 0 })
  })
})

describe.skipIf(isAbsent)('base.json, which describes an API', () => {
  const told = [
    'base.json:1: is not a document of the directory (give a service, organization, location or taxonomy of HSDS 3)',
  ]

  test('is refused', async () => {
    const networkId = await makeNetwork(database)
    expect(await refusalLines(importSource(database, networkId, join(folder, 'base.json')))).toEqual(told)
  })

  test('is left out when asked, and then nothing is imported', async () => {
    const networkId = await makeNetwork(database)
    const before = await dumpTables(database.prisma)
    const report = await importSource(database, networkId, join(folder, 'base.json'), { skipInvalid: true })
    expect(report.leftOut.map(describeProblem)).toEqual(told)
    expect(await dumpTables(database.prisma)).toBe(before)
  })
})

test.skipIf(isAbsent)('every cell of the published tables is found again', async () => {
  const networkId = await makeNetwork(database)
  await importSource(database, networkId, join(folder, 'csv'), { skipInvalid: true })
  const kept = await keptCells(database.prisma, networkId)
  const lost: string[] = []
  for (const { entity, rows } of tablesOf(join(folder, 'csv'))) {
    const stored = await readTable(database.prisma, networkId, entity)
    for (const cells of rows) {
      const row = stored.find(({ uuid }) => uuid === cells.id)!
      for (const [column, text] of Object.entries(cells)) {
        const isStored = column === 'id' || isSame(row[column], text) || row[`${column} uuid`] === text
        if (text !== '' && !isStored && kept.get(row.id!)?.[column] !== text) lost.push(`${entity}.${column} ${text}`)
      }
    }
  }
  expect(lost).toEqual([])
})

/** Whether a stored value says what the cell says; a moment may be told in another offset. */
function isSame(stored: string | null | undefined, text: string): boolean {
  return stored === text || (/T.*(Z|[+-]\d\d:\d\d)$/.test(text) && Date.parse(stored ?? '') === Date.parse(text))
}

async function countRecords(networkId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const entity of entityNames) {
    const rows = await readTable(database.prisma, networkId, entity)
    const count = rows.filter((row) => row.link_type !== 'source_cell').length
    if (count > 0) counts[entity] = count
  }
  return counts
}

function countInFile(path: string): Record<string, number> {
  const found = new Map<string, EntityName>()
  if (path.endsWith('.json')) {
    const value = JSON.parse(readFileSync(path, 'utf8'))
    collect(value.contents ?? value, basename(path).replace(/(_full|_list)?\.json$/, ''), found)
  } else {
    for (const { entity, rows } of tablesOf(path)) for (const { id } of rows) found.set(`${entity} ${id}`, entity)
  }
  return Object.fromEntries(
    [...Map.groupBy(found.values(), (entity) => entity)].map(([entity, all]) => [entity, all.length]),
  )
}

function tablesOf(path: string): { entity: EntityName; rows: Record<string, string>[] }[] {
  return readdirSync(path)
    .filter((name) => name.endsWith('.csv'))
    .map((name) => ({
      entity: entityNames.find((entity) => hsds[entity].file === name)!,
      rows: parse(readFileSync(join(path, name)), { columns: true }) as Record<string, string>[],
    }))
}

/** Every record in the JSON, told by the key under which it stands. */
function collect(value: unknown, key: string, found: Map<string, EntityName>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, key, found)
  else if (typeof value === 'object' && value !== null) {
    const entity = kindOfKey(key)
    if (entity !== undefined) found.set(`${entity} ${(value as { id: string }).id}`, entity)
    for (const [name, held] of Object.entries(value)) collect(held, name, found)
  }
}

function kindOfKey(key: string): EntityName | undefined {
  const others: Record<string, EntityName> = {
    additional_urls: 'url',
    additional_websites: 'url',
    addresses: 'address',
    capacities: 'service_capacity',
    taxonomy_detail: 'taxonomy',
  }
  return others[key] ?? entityNames.find((entity) => [entity, `${entity}s`, hsds[entity].file].includes(key))
}
