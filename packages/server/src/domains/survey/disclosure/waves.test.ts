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

async function secondOf(first: number[], second: number[], changes?: { joined: number; left: number }) {
  const published = await protect(wave(first, 100), usualThresholds)
  const people = changes === undefined ? 100 : 100 + changes.joined - changes.left
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

test('where as many changed as the threshold, waves are not compared', async () => {
  expect(await secondOf([12, 14, 20], [15, 14, 20], { joined: 3, left: 2 })).toEqual([15, 15, 20])
})

test('where nobody told who came and went, the least is supposed', async () => {
  expect(await secondOf([12, 14, 20], [13, 14, 20])).toEqual([10, 15, 20])
})

test('what was hidden of the same people stays hidden', async () => {
  expect(await secondOf([1, 1, 1], [4, 4, 4], { joined: 0, left: 0 })).toBe('suppressed')
})
