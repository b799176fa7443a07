import { expect, test } from 'vitest'
import { colourBetween, contrastOf } from './colour.ts'

test.each([
  ['#000000', '#ffffff', 21],
  ['#ffffff', '#000000', 21],
  ['#777777', '#777777', 1],
  ['#ffffff', '#767676', 4.54],
  ['#ffffff', '#777777', 4.48],
  ['#ffffff', '#ff0000', 4.0],
  ['#ffffff', '#0000ff', 8.59],
])('%s and %s have the contrast that WCAG says', (one, other, contrast) => {
  expect(contrastOf(one, other)).toBeCloseTo(contrast, 2)
})

test.each([
  [0, '#fde000'],
  [0.5, '#7f7080'],
  [1, '#0000ff'],
])('%d of the way lies between', (share, colour) => {
  expect(colourBetween('#fde000', '#0000ff', share)).toBe(colour)
})
