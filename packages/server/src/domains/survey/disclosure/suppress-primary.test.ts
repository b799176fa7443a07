import { expect, test } from 'vitest'
import type { Measure } from './counted-tables.ts'
import { isTelling } from './suppress-primary.ts'
import { usualThresholds } from './thresholds.ts'

const question: Measure = { name: 'balance', answers: ['never', 'sometimes', 'always'] }
const ofHealth: Measure = { ...question, health: true }
const area: Measure = { name: 'family', answers: ['critical', 'not critical'], critical: 0 }

test.each<[string, Measure, number[], number | null, boolean]>([
  ['four respondents', question, [2, 1, 1], 40, true],
  ['five respondents', question, [2, 2, 1], 40, false],
  ['nine respondents about health', ofHealth, [3, 3, 3], 40, true],
  ['ten respondents about health', ofHealth, [4, 3, 3], 40, false],
  ['one answer at 89 per cent', question, [89, 11, 0], 1000, false],
  ['one answer at 90 per cent', question, [90, 10, 0], 1000, true],
  ['82 per cent where half did not answer', question, [41, 5, 4], 100, false],
  ['82 per cent where four did not answer', question, [41, 5, 4], 54, true],
  ['82 per cent where five did not answer', question, [41, 5, 4], 55, false],
  ['82 per cent where nobody knows how many there are', question, [41, 5, 4], null, false],
  ['an answer that nobody gave', question, [20, 20, 0], 100, false],
  ['an answer that nobody gave, in a census', question, [20, 20, 0], 41, true],
  ['a need area that is critical to 90 per cent', area, [90, 10], 1000, true],
  ['a need area that is critical to hardly anybody', area, [2, 98], 1000, false],
  ['a need area that is critical to nobody, in a census', area, [0, 98], 98, false],
])('%s', (_, measure, counts, population, expected) => {
  expect(isTelling(measure, counts, population, usualThresholds)).toBe(expected)
})
