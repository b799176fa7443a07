import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { SourceRefused } from '../../sources/problem.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { importMunicipalities } from './import-municipalities.ts'

const header = 'istat_code,name,cadastral_code,province,area\n'
let database: Database
let networks = 0

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

test('the municipalities of a file belong to the territory, each with its part of it', async () => {
  const networkId = await network()
  expect(await importFile(networkId, `${header}004003,Alba,A124,CN,langhe\n004029,Bra,B111,CN,\n`)).toBe(2)
  expect(await territory(networkId)).toEqual([
    { istatCode: '004003', area: 'langhe', name: 'Alba', cadastralCode: 'A124', province: 'CN' },
    { istatCode: '004029', area: null, name: 'Bra', cadastralCode: 'B111', province: 'CN' },
  ])
})

test('a municipality that is there already is brought up to date, and none is taken away', async () => {
  const networkId = await network()
  await importFile(networkId, `${header}004003,Alva,A124,CN,langhe\n004029,Bra,B111,CN,bra\n`)
  await importFile(networkId, `${header}004003,Alba,A124,CN,roero\n`)
  expect(await territory(networkId)).toMatchObject([
    { istatCode: '004003', name: 'Alba', area: 'roero' },
    { istatCode: '004029', name: 'Bra', area: 'bra' },
  ])
})

test('two networks may share a municipality, each with its own area', async () => {
  const [one, other] = [await network(), await network()]
  await importFile(one, `${header}004003,Alba,A124,CN,one\n`)
  await importFile(other, `${header}004003,Alba,A124,CN,other\n`)
  expect(await territory(one)).toMatchObject([{ area: 'one' }])
  expect(await territory(other)).toMatchObject([{ area: 'other' }])
})

test('the column of the area may be absent', async () => {
  const networkId = await network()
  expect(await importFile(networkId, 'istat_code,name,cadastral_code,province\n004003,Alba,A124,CN\n')).toBe(1)
})

test.each([
  ['4003,Alba,A124,CN,', 'istat_code', '4003', 'is not an ISTAT code: six digits, leading zeros kept'],
  ['004003,,A124,CN,', 'name', '', 'is missing'],
  ['004003,Alba,a124,CN,', 'cadastral_code', 'a124', 'is not a cadastral code: a capital and three digits'],
  ['004003,Alba,A124,Cuneo,', 'province', 'Cuneo', 'is not the abbreviation of a province: two capitals'],
])('the row %s is refused by its line and column', async (row, column, value, message) => {
  const networkId = await network()
  const refused = await importFile(networkId, `${header}004029,Bra,B111,CN,bra\n${row}\n`).catch((error) => error)
  expect(refused).toBeInstanceOf(SourceRefused)
  expect(refused.problems).toMatchObject([{ at: { file: 'towns.csv', line: 3 }, column, value, message }])
  expect(await territory(networkId)).toEqual([])
})

test('a municipality that stands twice is refused', async () => {
  const networkId = await network()
  const rows = '004003,Alba,A124,CN,one\n004003,Alba,A124,CN,other\n'
  const refused = await importFile(networkId, `${header}${rows}`).catch((error) => error)
  expect(refused.problems).toMatchObject([
    { at: { line: 3 }, column: 'istat_code', value: '004003', message: 'stands twice' },
  ])
})

test('a cadastral code that another municipality has is refused, in the file or from before', async () => {
  const networkId = await network()
  await importFile(networkId, `${header}004029,Bra,B111,CN,bra\n`)
  for (const rows of ['004003,Alba,B111,CN,\n', '004003,Alba,A124,CN,\n004037,Canale,A124,CN,\n']) {
    const refused = await importFile(networkId, `${header}${rows}`).catch((error) => error)
    expect(refused).toBeInstanceOf(SourceRefused)
    expect(refused.problems).toMatchObject([
      { column: 'cadastral_code', message: expect.stringContaining('belongs to') },
    ])
  }
})

test('a column that is missing is named', async () => {
  const refused = await importFile(await network(), 'istat_code,name\n004003,Alba\n').catch((error) => error)
  expect(refused.problems).toMatchObject([{ message: 'has no column cadastral_code, province' }])
})

async function importFile(networkId: string, text: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-towns-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'towns.csv'), text)
  return database.prisma.$transaction((tx) => importMunicipalities(tx, networkId, join(folder, 'towns.csv')))
}

async function network(): Promise<string> {
  networks += 1
  return (await database.prisma.network.create({ data: { slug: `network-${networks}`, name: 'Network' } })).id
}

async function territory(networkId: string) {
  const places = await database.prisma.networkMunicipality.findMany({
    where: { networkId },
    include: { municipality: true },
    orderBy: { istatCode: 'asc' },
  })
  return places.map(({ istatCode, area, municipality }) => ({ area, ...municipality, istatCode }))
}
