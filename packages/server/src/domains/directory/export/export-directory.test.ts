import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { watchStatements } from '../../../testing/watch-statements.ts'
import { folderForTest } from '../../../testing/write-files.ts'
import { entityNames, hsds } from '../hsds/model.ts'
import { exportDirectory } from './export-directory.ts'

async function demonstration() {
  const database = await databaseForTest('demonstration')
  const { id: networkId } = await database.prisma.network.findFirstOrThrow()
  return { database, networkId }
}

const newFolder = () => join(folderForTest({}), 'out')

function readJson(path: string): Record<string, unknown>[] {
  const files = readdirSync(path).flatMap((name) => readFileSync(join(path, name), 'utf8').trimEnd().split('\n'))
  return files.map((line) => JSON.parse(line) as Record<string, unknown>)
}

test('it is the directory of one moment, whatever changes while it is written', async () => {
  const { database, networkId } = await demonstration()
  const path = newFolder()
  let changing: Promise<unknown> | undefined
  const onFile = () => {
    changing ??= database.prisma.service.updateMany({ where: { networkId }, data: { description: 'changed' } })
  }
  await exportDirectory(database.prisma, { networkId, format: 'hsds-json', path, onFile })
  await changing
  expect(await database.prisma.service.count({ where: { description: 'changed' } })).toBe(67)
  expect(readJson(path).filter(({ description }) => description === 'changed')).toEqual([])
})

test('it holds one network and nothing of the others', async () => {
  const { database, networkId } = await demonstration()
  const other = await makeNetwork(database)
  const organization = '{"id":"8e8f541c-235a-5184-a074-24420160a35c","name":"Other","description":"Other"}'
  await importSource(database, other, folderForTest({ 'organizations.json': organization }))
  const paths = [newFolder(), newFolder()] as const
  await exportDirectory(database.prisma, { networkId, format: 'hsds-json', path: paths[0] })
  expect(readJson(paths[0]).filter(({ name }) => name === 'Other')).toEqual([])
  const report = await exportDirectory(database.prisma, { networkId: other, format: 'hsds-json', path: paths[1] })
  expect(report).toEqual({ organization: 1 })
  expect(readJson(paths[1])).toEqual([JSON.parse(organization)])
})

test('a directory without a record is refused', async () => {
  const database = await databaseForTest('empty')
  const path = newFolder()
  const networkId = await makeNetwork(database)
  await expect(exportDirectory(database.prisma, { networkId, format: 'hsds-csv', path })).rejects.toThrow('is empty')
})

test('nothing is ever null in a document, nor an empty list', async () => {
  const { database, networkId } = await demonstration()
  const path = newFolder()
  await exportDirectory(database.prisma, { networkId, format: 'hsds-json', path })
  for (const document of readJson(path)) expect(JSON.stringify(document)).not.toMatch(/:(null|\[\]|"")/)
})

test('the tables have all columns of HSDS, and datapackage.json describes them', async () => {
  const { database, networkId } = await demonstration()
  const path = newFolder()
  const report = await exportDirectory(database.prisma, { networkId, format: 'hsds-csv', path })
  const { resources } = JSON.parse(readFileSync(join(path, 'datapackage.json'), 'utf8')) as {
    resources: { name: string; path: string; schema: Schema }[]
  }
  expect(resources.map((one) => one.path)).toEqual(
    entityNames.filter((name) => name in report).map((name) => hsds[name].file),
  )
  const tables = new Map(
    resources.map((one) => [one.name, parse(readFileSync(join(path, one.path)), { columns: true }) as Row[]]),
  )
  for (const { name, schema } of resources) {
    const rows = tables.get(name)!
    expect(rows).toHaveLength(report[name.replaceAll('-', '_') as keyof typeof report]!)
    expect(Object.keys(rows[0]!)).toEqual(schema.fields.map((field) => field.name))
    for (const { fields, reference } of schema.foreignKeys) {
      const ids = new Set(tables.get(reference.resource || name)!.map(({ id }) => id))
      for (const row of rows) if (row[fields]) expect(ids).toContain(row[fields])
    }
    for (const { name: column, constraints } of schema.fields) {
      const values = rows.map((row) => row[column]!)
      if (constraints?.required) expect(values).not.toContain('')
      if (constraints?.enum) expect(constraints.enum).toEqual(expect.arrayContaining(values.filter(Boolean)))
    }
  }
})

test('statements grow with the batches, not with the records', async () => {
  const { database, networkId } = await demonstration()
  const { prisma, statements } = watchStatements(database)
  const report = await exportDirectory(prisma, { networkId, format: 'hsds-json', path: newFolder() })
  expect(Object.values(report).reduce((sum, records) => sum + records)).toBeGreaterThan(1000)
  await prisma.$disconnect()
  expect(statements.length).toBeLessThan(80)
})

interface Schema {
  fields: { name: string; constraints?: { required?: boolean; enum?: string[] } }[]
  foreignKeys: { fields: string; reference: { resource: string } }[]
}
type Row = Record<string, string>
