/** What is left to be asked in order finds the same as what is asked of all. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { countFound } from './count-facets.ts'
import type { ServiceFilter } from './match-services.ts'
import { readWords } from './read-words.ts'
import { type ServicePosition, searchServices } from './search-services.ts'

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
  networkId = (await database.prisma.network.findUniqueOrThrow({ where: { slug: 'alba-bra' } })).id
})
afterAll(() => database.close())

/** All positions, read page by page. */
async function readAll(filter: ServiceFilter, size: number, backward: boolean): Promise<ServicePosition[]> {
  const all: ServicePosition[] = []
  for (;;) {
    const end = backward ? { before: all[0] } : { after: all.at(-1) }
    const { positions, hasMore } = await searchServices(database.prisma, networkId, filter, { size, backward, ...end })
    if (backward) all.unshift(...positions)
    else all.push(...positions)
    if (!hasMore) return all
  }
}

const alba = { latitude: 44.7009, longitude: 8.0357, kilometres: 12 }
const wednesday = new Date('2026-06-10T10:00:00+02:00')
const evening = new Date('2026-06-10T20:30:00+02:00')
const night = new Date('2026-06-14T03:00:00+02:00')

const filters: ServiceFilter[] = [
  { openAt: wednesday },
  { openAt: night },
  { free: true },
  { free: false },
  { openAt: wednesday, free: true },
  { openAt: wednesday, near: alba },
  { openAt: wednesday, accessible: true },
  { openAt: wednesday, near: alba, accessible: true, free: true },
  { openAt: wednesday, near: alba, accessible: false, free: false },
]

test.each(filters)('words and %j find those of the words that meet the rest', async (filter) => {
  for (const typed of ['famiglia', 'sportello']) {
    const words = await readWords(database.prisma, networkId, typed)
    const meeting = new Set((await readAll(filter, 100, false)).map(({ id }) => id))
    const expected = (await readAll({ words }, 100, false)).filter(({ id }) => meeting.has(id))
    for (const size of [3, 100]) {
      expect(await readAll({ ...filter, words }, size, false)).toEqual(expected)
      expect(await readAll({ ...filter, words }, size, true)).toEqual(expected)
    }
    const { total } = await countFound(database.prisma, networkId, { ...filter, words }, ['total'])
    expect(total).toBe(expected.length)
  }
})

test('all words are wanted as long as something that meets the rest has them', async () => {
  const words = await readWords(database.prisma, networkId, 'sportello lavoro')
  const whole = new Set((await readAll({ words }, 100, false)).map(({ id }) => id))
  const found = async (openAt: Date) => {
    const open = new Set((await readAll({ openAt }, 100, false)).map(({ id }) => id))
    const all = await readAll({ words, openAt }, 2, false)
    expect(all.every(({ id }) => open.has(id))).toBe(true)
    expect(await countFound(database.prisma, networkId, { words, openAt }, ['total'])).toEqual({ total: all.length })
    return { all, someHaveAll: [...whole].some((id) => open.has(id)) }
  }
  const byDay = await found(wednesday)
  expect(byDay.someHaveAll).toBe(true)
  expect(byDay.all.every(({ id }) => whole.has(id))).toBe(true)
  const byEvening = await found(evening)
  expect(byEvening.someHaveAll).toBe(false)
  expect(byEvening.all.length).toBeGreaterThan(0)
})

test('what is counted together is what is counted one by one', async () => {
  const names = [
    'total',
    'needAreas',
    'organizations',
    'organizationKinds',
    'sectors',
    'municipalities',
    'languages',
    'statuses',
    'free',
    'accessible',
  ] as const
  const filter = { near: alba, openAt: wednesday }
  const together = await countFound(database.prisma, networkId, filter, names)
  for (const name of names) {
    expect({ [name]: together[name] }).toEqual(await countFound(database.prisma, networkId, filter, [name]))
  }
  expect(together.total).toBeGreaterThan(0)
})
