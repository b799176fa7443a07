import { expect, test } from 'vitest'
import { roundDistribution } from './publish.ts'
import { roundCount } from './round-counts.ts'
import { wilsonInterval } from './wilson-interval.ts'

test('counts go to the nearest multiple of five', () => {
  expect([0, 2, 3, 7, 8, 12, 13].map((count) => roundCount(count, 5))).toEqual([0, 0, 5, 5, 10, 10, 15])
})

test('percentages are those of the rounded counts', () => {
  expect(roundDistribution([12, 7, 1], 5)).toEqual({ n: 20, counts: [10, 5, 0], percents: [66.7, 33.3, 0] })
})

test('without any count above 0 there are no percentages', () => {
  expect(roundDistribution([2, 2, 2], 5)).toEqual({ n: 5, counts: [0, 0, 0], percents: [null, null, null] })
})

// As Wilson's formula gives for 8 of 10: 0.4902 to 0.9433.
test('a share has the interval that the formula gives', () => {
  const { low, high } = wilsonInterval(8, 10)
  expect(low).toBeCloseTo(0.4902, 4)
  expect(high).toBeCloseTo(0.9433, 4)
  expect(wilsonInterval(0, 5).low).toBe(0)
})
