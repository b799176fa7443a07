import { expect, test } from 'vitest'
import type { CountedTables } from './counted-tables.ts'
import { protect } from './protect.ts'
import type { Published } from './publish.ts'
import { usualThresholds } from './thresholds.ts'

/** Three companies, of which alba's answers and head-count are given. */
function wave(alba: number[], population: number): CountedTables {
  const others = { bra: [20, 20, 20], cherasco: [30, 30, 30] }
  const total = alba.map((count, answer) => count + others.bra[answer]! + others.cherasco[answer]!)
  return {
    companies: ['alba', 'bra', 'cherasco'],
    recodes: [],
    tables: [['company']],
    measures: [{ name: 'balance', answers: ['bad', 'middling', 'good'] }],
    groups: [
      { key: {}, population: population + 2000, counts: [total] },
      { key: { company: 'alba' }, population, counts: [alba] },
      { key: { company: 'bra' }, population: 1000, counts: [others.bra] },
      { key: { company: 'cherasco' }, population: 1000, counts: [others.cherasco] },
    ],
  }
}

async function secondOf(
  first: number[],
  second: number[],
  changes?: { joined: number; left: number },
  population = 100,
) {
  const published = await protect(wave(first, population), usualThresholds)
  const people = changes === undefined ? population : population + changes.joined - changes.left
  const still = { joined: 0, left: 0 }
  const release = await protect(wave(second, people), usualThresholds, [
    { published, changes: { alba: changes, bra: still, cherasco: still } },
  ])
  return shownOf(release)
}

function shownOf({ results }: Published) {
  const { distribution } = results.find(({ group }) => group.company === 'alba')!
  return 'value' in distribution ? distribution.value.counts : 'suppressed'
}

test('the answer of the one who joined does not show', async () => {
  // 12 is shown as 10, 13 would be as 15: somebody joined, and said «bad».
  expect(await secondOf([12, 14, 20], [13, 14, 20], { joined: 1, left: 0 })).toEqual([10, 15, 20])
})

test('what can not be repeated is hidden', async () => {
  // Five more, and one of them newly there: within rounding that may still be the one.
  expect(await secondOf([12, 14, 20], [15, 14, 20], { joined: 1, left: 0 })).toBe('suppressed')
})

test('numbers that refute that all answered alike are shown as they are', async () => {
  expect(await secondOf([12, 14, 20], [20, 14, 12], { joined: 1, left: 0 })).toEqual([20, 15, 10])
})

test('one who joined is not told by how many left', async () => {
  expect(await secondOf([12, 14, 20], [13, 12, 18], { joined: 1, left: 4 })).toEqual([10, 15, 20])
  expect(await secondOf([12, 14, 20], [15, 14, 20], { joined: 3, left: 2 })).toBe('suppressed')
})

test('where as many joined and left as the threshold, what they answered differently is shown', async () => {
  expect(await secondOf([12, 14, 20], [15, 14, 20], { joined: 5, left: 5 })).toEqual([15, 15, 20])
})

test('but not where nearly all of them answered alike', async () => {
  expect(await secondOf([42, 14, 20], [48, 14, 20], { joined: 6, left: 0 })).toBe('suppressed')
})

test('the answer of the one who takes part for the first time does not show', async () => {
  // Nobody joined: one more answers than before, who worked there already.
  expect(await secondOf([12, 14, 20], [13, 14, 20], { joined: 0, left: 0 })).toEqual([10, 15, 20])
  expect(await secondOf([13, 14, 20], [12, 14, 20], { joined: 0, left: 0 })).toEqual([15, 15, 20])
})

test('of those who stood aside in the first wave it is not told that nearly all answered alike in the second', async () => {
  // 47 answered, which is told as 45, and 17 did not: at least 16 of whoever took their place said «bad».
  const nobody = { joined: 0, left: 0 }
  expect(await secondOf([12, 15, 20], [30, 0, 17], nobody, 64)).toBe('suppressed')
  expect(await secondOf([12, 15, 20], [30, 0, 17], nobody, 74)).toEqual([30, 0, 15])
})

test('a company that is new and hidden is not read off the totals', async () => {
  const first = wave([12, 14, 20], 100)
  const published = await protect(first, usualThresholds)
  const [total, alba, bra, cherasco] = first.groups
  const novello = [34, 0, 0]
  const second: CountedTables = {
    ...first,
    companies: [...first.companies, 'novello'],
    groups: [
      { ...total!, population: 2140, counts: [total!.counts[0]!.map((count, answer) => count + novello[answer]!)] },
      ...[alba!, bra!, cherasco!],
      { key: { company: 'novello' }, population: 40, counts: [novello] },
    ],
  }
  const still = { joined: 0, left: 0 }
  const changes = { alba: still, bra: still, cherasco: still }
  const { results } = await protect(second, usualThresholds, [{ published, changes }])
  const shown = results.filter(({ distribution }) => 'value' in distribution).map(({ group }) => group.company ?? 'all')
  expect(shown).toEqual(['alba', 'bra', 'cherasco'])
})

test('where nobody told who came and went, the least is supposed', async () => {
  expect(await secondOf([12, 14, 20], [13, 14, 20])).toEqual([10, 15, 20])
})

test('what was hidden of the same people stays hidden', async () => {
  expect(await secondOf([1, 1, 1], [4, 4, 4], { joined: 0, left: 0 })).toBe('suppressed')
})
