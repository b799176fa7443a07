import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { SourceRefused } from '../../sources/problem.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { importTermMapping, linkServicesByTerms } from './map-terms.ts'

let database: Database

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

test('a service answers the need areas that its terms mean', async () => {
  const network = await networkWith(['elderly', 'home'], ['BD-180', 'LH-270'])
  const service = await network.service(['BD-180'])
  expect(await network.map(['BD-180,elderly', 'BD-180,home', 'LH-270,home'])).toBe(3)
  expect(await network.areasOf(service)).toEqual(['elderly (term)', 'home (term)'])
})

test('when the mapping changes, services are linked anew, and unlinked', async () => {
  const network = await networkWith(['elderly', 'home'], ['BD-180', 'LH-270'])
  const one = await network.service(['BD-180'])
  const other = await network.service(['LH-270'])
  await network.map(['BD-180,elderly'])
  await network.map(['BD-180,home', 'LH-270,elderly'])
  expect(await network.areasOf(one)).toEqual(['home (term)'])
  expect(await network.areasOf(other)).toEqual(['elderly (term)'])
  await network.map([])
  expect(await network.areasOf(one)).toEqual([])
})

test('when a service loses a term, it loses the area, once the links are brought up to date', async () => {
  const network = await networkWith(['elderly'], ['BD-180'])
  const service = await network.service(['BD-180'])
  await network.map(['BD-180,elderly'])
  await database.prisma.attribute.deleteMany({ where: { linkId: service } })
  await linkServicesByTerms(database.prisma, network.id)
  expect(await network.areasOf(service)).toEqual([])
})

test('links of single services are brought up to date alone', async () => {
  const network = await networkWith(['elderly'], ['BD-180'])
  await network.map(['BD-180,elderly'])
  const [one, other] = [await network.service(['BD-180']), await network.service(['BD-180'])]
  await linkServicesByTerms(database.prisma, network.id, [one])
  expect(await network.areasOf(one)).toEqual(['elderly (term)'])
  expect(await network.areasOf(other)).toEqual([])
  await linkServicesByTerms(database.prisma, network.id, [other])
  await database.prisma.attribute.deleteMany({ where: { linkId: { in: [one, other] } } })
  await linkServicesByTerms(database.prisma, network.id, [one])
  await linkServicesByTerms(database.prisma, network.id, [])
  expect(await network.areasOf(one)).toEqual([])
  expect(await network.areasOf(other)).toEqual(['elderly (term)'])
})

test('an attribute of a service that is gone links nothing', async () => {
  const network = await networkWith(['elderly'], ['BD-180'])
  const gone = await network.service(['BD-180'])
  await database.prisma.service.delete({ where: { id: gone } })
  expect(await network.map(['BD-180,elderly'])).toBe(1)
  expect(await network.areasOf(gone)).toEqual([])
})

test('what an organization stated of its service stays, whatever the terms mean', async () => {
  const network = await networkWith(['elderly', 'home'], ['BD-180'])
  const service = await network.service(['BD-180'])
  await network.state(service, 'elderly')
  await network.map(['BD-180,elderly', 'BD-180,home'])
  expect(await network.areasOf(service)).toEqual(['elderly (stated)', 'home (term)'])
  await network.map([])
  expect(await network.areasOf(service)).toEqual(['elderly (stated)'])
})

test('two terms of the same code both count', async () => {
  const network = await networkWith(['elderly'], ['BD-180', 'BD-180'])
  expect(await network.map(['BD-180,elderly'])).toBe(2)
})

test('a pair that stands twice counts once', async () => {
  const network = await networkWith(['elderly'], ['BD-180'])
  expect(await network.map(['BD-180,elderly', 'BD-180,elderly'])).toBe(1)
})

test('services and areas of another network are left alone', async () => {
  const [one, other] = [await networkWith(['elderly'], ['BD-180']), await networkWith(['elderly'], ['BD-180'])]
  const service = await other.service(['BD-180'])
  await other.map(['BD-180,elderly'])
  await one.map([])
  expect(await other.areasOf(service)).toEqual(['elderly (term)'])
})

test.each([
  ['a term that is not there', 'XX-1,elderly', 'taxonomy_term_code', 'XX-1', 'no such term'],
  ['an area that is not there', 'BD-180,nothing', 'need_area_code', 'nothing', 'no such need area'],
  ['no term', ',elderly', 'taxonomy_term_code', '', 'is missing'],
  ['no area', 'BD-180,', 'need_area_code', '', 'is missing'],
])('%s is refused by line and column, and the mapping stays as it was', async (_, row, column, value, message) => {
  const network = await networkWith(['elderly'], ['BD-180'])
  const service = await network.service(['BD-180'])
  await network.map(['BD-180,elderly'])
  const refused = await network.map(['BD-180,elderly', row]).catch((error) => error)
  expect(refused).toBeInstanceOf(SourceRefused)
  expect(refused.problems).toMatchObject([{ at: { file: 'terms.csv', line: 3 }, column, value, message }])
  expect(await network.areasOf(service)).toEqual(['elderly (term)'])
})

test('a row that is wrong on both sides is told of both', async () => {
  const network = await networkWith([], [])
  const refused = await network.map(['XX-1,nothing']).catch((error) => error)
  expect(refused.problems.map(({ column }: { column: string }) => column)).toEqual([
    'need_area_code',
    'taxonomy_term_code',
  ])
})

async function networkWith(areas: string[], terms: string[]) {
  const { prisma } = database
  const { id } = await prisma.network.create({ data: { slug: randomUUID(), name: 'Network' } })
  const own = () => ({ id: randomUUID(), uuid: randomUUID(), networkId: id, name: 'Name', description: 'Description' })
  const { id: organizationId } = await prisma.organization.create({ data: own() })
  await prisma.needArea.createMany({
    data: areas.map((code, index) => ({ networkId: id, code, position: index + 1, nameIt: code, nameEn: code })),
  })
  await prisma.taxonomyTerm.createMany({ data: terms.map((code) => ({ ...own(), code })) })
  return {
    id,
    async map(rows: string[]): Promise<number> {
      const folder = mkdtempSync(join(tmpdir(), 'welfare-network-terms-'))
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
      writeFileSync(
        join(folder, 'terms.csv'),
        `taxonomy_term_code,need_area_code\n${rows.map((row) => `${row}\n`).join('')}`,
      )
      return prisma.$transaction((tx) => importTermMapping(tx, id, join(folder, 'terms.csv')))
    },
    async service(codes: string[]): Promise<string> {
      const service = await prisma.service.create({ data: { ...own(), organizationId, status: 'active' } })
      const carried = await prisma.taxonomyTerm.findMany({ where: { networkId: id, code: { in: codes } } })
      await prisma.attribute.createMany({
        data: carried.map((term) => ({
          id: randomUUID(),
          uuid: randomUUID(),
          networkId: id,
          linkEntity: 'service',
          linkId: service.id,
          taxonomyTermId: term.id,
        })),
      })
      return service.id
    },
    async state(serviceId: string, code: string): Promise<void> {
      const area = await prisma.needArea.findFirstOrThrow({ where: { networkId: id, code } })
      await prisma.serviceNeedArea.create({ data: { networkId: id, serviceId, needAreaId: area.id, origin: 'stated' } })
    },
    async areasOf(serviceId: string): Promise<string[]> {
      const links = await prisma.serviceNeedArea.findMany({ where: { serviceId }, include: { needArea: true } })
      return links.map(({ needArea, origin }) => `${needArea.code} (${origin})`).sort()
    },
  }
}
