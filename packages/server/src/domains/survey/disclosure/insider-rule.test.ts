import { expect, test } from 'vitest'
import { holdsAgainstInsiders } from './insider-rule.ts'
import { usualThresholds } from './thresholds.ts'

const question = { name: 'balance', answers: ['no', 'yes'] }

test.each<[string, number[], boolean]>([
  ['two companies: each sees the other', [50, 50], false],
  ['three companies of a size', [20, 20, 20], true],
  ['without the largest, four are left', [6, 2, 2], false],
  ['without the largest, five of two companies are left', [7, 3, 2], true],
  ['without the third, the first is 85 per cent of the rest', [85, 15, 20], true],
  ['without the third, the first is 86 per cent of the rest', [86, 14, 20], false],
  ['companies without respondents are none', [30, 30, 0, 0], false],
])('%s', (_, byCompany, expected) => {
  expect(holdsAgainstInsiders(question, byCompany, usualThresholds)).toBe(expected)
})

test('about health, ten have to be left', () => {
  const byCompany = [15, 5, 4]
  expect(holdsAgainstInsiders(question, byCompany, usualThresholds)).toBe(true)
  expect(holdsAgainstInsiders({ ...question, health: true }, byCompany, usualThresholds)).toBe(false)
})
