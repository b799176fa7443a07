import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { SourceRefused } from '../../sources/problem.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { importNeedAreas } from './import-need-areas.ts'

const header = 'code,parent_code,name_it,name_en,description_it,description_en\n'
let database: Database
let made = 0

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

test('a file makes the tree: parents by code, in whatever order, siblings as they stand', async () => {
  const networkId = await network()
  const rows = [
    'elderly,care,Anziani,Elderly,Chi è anziano,',
    'care,,Cura,Care,,',
    'disability,care,Disabilità,Disability,,',
    'home,,Casa,Home,,',
  ]
  expect(await importFile(networkId, rows)).toEqual({ areas: 4, removed: 0 })
  expect(await tree(networkId)).toEqual(['care', 'care > elderly', 'care > disability', 'home'])
  expect(await database.prisma.needArea.findFirst({ where: { networkId, code: 'elderly' } })).toMatchObject({
    nameIt: 'Anziani',
    nameEn: 'Elderly',
    descriptionIt: 'Chi è anziano',
    descriptionEn: null,
  })
})

test('another file replaces the tree: areas move, change their names, come and go, and the kept ones stay who they are', async () => {
  const networkId = await network()
  await importFile(networkId, [
    'care,,Cura,Care,,',
    'elderly,care,Anziani,Elderly,,',
    'home,,Casa,Home,,',
    'rent,home,Affitto,Rent,,',
  ])
  const before = await ids(networkId)
  const rows = ['home,,Abitare,Living,,', 'elderly,home,Anziani,Elderly,,', 'debt,,Debiti,Debt,,']
  expect(await importFile(networkId, rows)).toEqual({ areas: 3, removed: 2 })
  expect(await tree(networkId)).toEqual(['home', 'home > elderly', 'debt'])
  const after = await ids(networkId)
  expect(after.get('elderly')).toBe(before.get('elderly'))
  expect((await database.prisma.needArea.findFirst({ where: { networkId, code: 'home' } }))?.nameEn).toBe('Living')
})

test('parent and child can change places', async () => {
  const networkId = await network()
  await importFile(networkId, ['one,,Uno,One,,', 'two,one,Due,Two,,'])
  await importFile(networkId, ['two,,Due,Two,,', 'one,two,Uno,One,,'])
  expect(await tree(networkId)).toEqual(['two', 'two > one'])
})

test('the same file again changes nothing', async () => {
  const networkId = await network()
  const rows = ['care,,Cura,Care,,', 'elderly,care,Anziani,Elderly,,']
  await importFile(networkId, rows)
  const before = await ids(networkId)
  expect(await importFile(networkId, rows)).toEqual({ areas: 2, removed: 0 })
  expect(await ids(networkId)).toEqual(before)
})

test("the tree of one network is none of another's business", async () => {
  const [one, other] = [await network(), await network()]
  await importFile(one, ['care,,Cura,Care,,'])
  await importFile(other, ['home,,Casa,Home,,'])
  expect(await tree(one)).toEqual(['care'])
})

test('an area that services answer is not dropped, nor is anything else changed', async () => {
  const networkId = await network()
  await importFile(networkId, ['care,,Cura,Care,,', 'elderly,care,Anziani,Elderly,,', 'home,,Casa,Home,,'])
  await serviceFor(networkId, 'elderly')
  const refused = await importFile(networkId, ['home,,Abitare,Living,,']).catch((error) => error)
  expect(refused).toBeInstanceOf(SourceRefused)
  expect(refused.problems).toEqual([
    {
      at: { file: 'areas.csv' },
      column: 'code',
      value: 'elderly',
      message: 'is not in the file, and 1 services answer it',
      fix: 'keep the area, or move its services to another first',
      scope: 'file',
    },
  ])
  expect(await tree(networkId)).toEqual(['care', 'care > elderly', 'home'])
  expect((await database.prisma.needArea.findFirst({ where: { networkId, code: 'home' } }))?.nameIt).toBe('Casa')
})

test.each([
  ['a code with capitals', 'Care,,Cura,Care,,', 'code', 'is not a code: small letters, digits and single hyphens'],
  [
    'a code with two hyphens',
    'care--home,,Cura,Care,,',
    'code',
    'is not a code: small letters, digits and single hyphens',
  ],
  ['no code', ',,Cura,Care,,', 'code', 'is not a code: small letters, digits and single hyphens'],
  [
    'a parent that is no code',
    'care,The Top,Cura,Care,,',
    'parent_code',
    'is not a code: small letters, digits and single hyphens',
  ],
  ['no Italian name', 'care,,,Care,,', 'name_it', 'is missing'],
  ['no English name', 'care,,Cura,,,', 'name_en', 'is missing'],
  ['a code that stands twice', 'home,,Cura,Care,,', 'code', 'stands twice'],
  ['a parent that is not there', 'care,top,Cura,Care,,', 'parent_code', 'no such area in this file'],
  ['itself as its parent', 'care,care,Cura,Care,,', 'parent_code', 'leads in a circle back to the area'],
])('%s is refused by line and column', async (_, row, column, message) => {
  const networkId = await network()
  const refused = await importFile(networkId, ['home,,Casa,Home,,', row]).catch((error) => error)
  expect(refused).toBeInstanceOf(SourceRefused)
  expect(refused.problems).toMatchObject([{ at: { file: 'areas.csv', line: 3 }, column, message }])
  expect(await tree(networkId)).toEqual([])
})

test('every area of a circle is named', async () => {
  const refused = await importFile(await network(), ['a,c,A,A,,', 'b,a,B,B,,', 'c,b,C,C,,', 'd,a,D,D,,']).catch(
    (error) => error,
  )
  expect(refused.problems.map(({ at }: { at: { line: number } }) => at.line)).toEqual([2, 3, 4])
})

test('all that is wrong is told at once', async () => {
  const refused = await importFile(await network(), ['A,,A,A,,', 'b,,,B,,', 'c,,C,,,']).catch((error) => error)
  expect(refused.message).toBe('3 problems in the source. Nothing was imported.')
})

test('columns that are missing are named', async () => {
  const refused = await importText(await network(), 'code,name_it\ncare,Cura\n').catch((error) => error)
  expect(refused.problems).toMatchObject([{ at: { line: 1 }, message: 'has no column parent_code, name_en' }])
})

function importFile(networkId: string, rows: string[]) {
  return importText(networkId, `${header}${rows.join('\n')}\n`)
}

async function importText(networkId: string, text: string) {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-areas-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'areas.csv'), text)
  return database.prisma.$transaction((tx) => importNeedAreas(tx, networkId, join(folder, 'areas.csv')))
}

async function network(): Promise<string> {
  made += 1
  return (await database.prisma.network.create({ data: { slug: `network-${made}`, name: 'Network' } })).id
}

async function tree(networkId: string): Promise<string[]> {
  const areas = await database.prisma.needArea.findMany({
    where: { networkId },
    include: { parent: true },
    orderBy: { position: 'asc' },
  })
  return areas.map(({ code, parent }) => (parent === null ? code : `${parent.code} > ${code}`))
}

async function ids(networkId: string): Promise<Map<string, string>> {
  return new Map((await database.prisma.needArea.findMany({ where: { networkId } })).map(({ code, id }) => [code, id]))
}

async function serviceFor(networkId: string, code: string): Promise<void> {
  made += 1
  const id = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`
  const { prisma } = database
  const area = await prisma.needArea.findFirstOrThrow({ where: { networkId, code } })
  await prisma.organization.create({ data: { id, uuid: id, networkId, name: 'Giver', description: 'Gives' } })
  await prisma.service.create({ data: { id, uuid: id, networkId, organizationId: id, name: 'Help', status: 'active' } })
  await prisma.serviceNeedArea.create({ data: { networkId, serviceId: id, needAreaId: area.id, origin: 'stated' } })
}
