import { expect, test } from 'vitest'
import { SolvedSums } from './exposed-groups.ts'

/** Two by two, with margins: 0 1 | 2, 3 4 | 5, 6 7 | 8. */
const table = [
  { total: 2, parts: [0, 1] },
  { total: 5, parts: [3, 4] },
  { total: 8, parts: [6, 7] },
  { total: 6, parts: [0, 3] },
  { total: 7, parts: [1, 4] },
  { total: 8, parts: [2, 5] },
]
const solve = (unknown: number[]) =>
  new SolvedSums(
    table,
    (group) => unknown.includes(group),
    () => false,
  )

test('one hidden cell is the margin less the other', () => {
  expect(solve([0]).exposed()).toEqual([{ group: 0, from: expect.arrayContaining([1, 2]) }])
})

test('two in a row are told by their columns', () => {
  expect(
    solve([0, 1])
      .exposed()
      .map(({ group }) => group)
      .sort(),
  ).toEqual([0, 1])
})

test('four at the corners are not told', () => {
  expect(solve([0, 1, 3, 4]).exposed()).toEqual([])
})

test('who knows one of the corners knows all', () => {
  const exposed = solve([0, 1, 3, 4]).exposedTo(new Set([4]))
  expect(exposed.map(({ group }) => group).sort()).toEqual([0, 1, 3])
})

test('groups without respondents give nothing away, and hide nothing', () => {
  const solved = new SolvedSums(
    table,
    (group) => group === 0,
    (group) => group === 1,
  )
  expect(solved.exposed().map(({ group }) => group)).toEqual([0])
})
