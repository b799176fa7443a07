import { expect, test } from 'vitest'
import { FlawsRefused } from './refuse-flaws.ts'

const flaw = (...path: string[]) => ({ path, message: 'is wrong', fix: 'put it right' })

test('what is wrong with the whole is told without a place of its own', () => {
  const { message, path } = new FlawsRefused('WRONG', ['questionnaire'], [flaw()])
  expect(message).toBe('questionnaire: is wrong (put it right).')
  expect(path).toEqual(['questionnaire'])
})

test('of many flaws in long places, few are told in few words', () => {
  const many = Array.from({ length: 50 }, (_, index) => flaw(`${index} ${'x'.repeat(8_000)}`))
  const { message, path } = new FlawsRefused('WRONG', ['questionnaire'], many)
  expect(message).toMatch(/^questionnaire: \/0 x{58}…: is wrong \(put it right\); .*; and 30 more\.$/)
  expect(message.length).toBeLessThan(3_000)
  expect(path).toEqual(['questionnaire', `0 ${'x'.repeat(58)}…`])
})
