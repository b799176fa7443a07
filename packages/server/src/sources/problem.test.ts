import { expect, test } from 'vitest'
import { describeProblem, type Problem } from './problem.ts'

const problem: Problem = { at: { file: 'services.csv' }, message: 'is wrong', fix: 'put it right', scope: 'value' }

test('a problem of a cell is told with file, line, column, value and what to do', () => {
  const at = { file: 'services.csv', line: 214 }
  expect(describeProblem({ ...problem, at, column: 'location_id', value: '973' })).toBe(
    'services.csv:214 location_id "973": is wrong (put it right)',
  )
})

test('a problem of a document is told with its place in it', () => {
  const at = { file: 'a.json', line: 3, pointer: '/2/phones/0' }
  expect(describeProblem({ ...problem, at, column: 'extension', value: 12 })).toBe(
    'a.json:3 /2/phones/0 extension 12: is wrong (put it right)',
  )
})

test('a problem of a file is told with the file', () => {
  expect(describeProblem(problem)).toBe('services.csv: is wrong (put it right)')
})

test('a long value is cut, so that a problem stays one line', () => {
  const line = describeProblem({ ...problem, column: 'name', value: `a\nb${'c'.repeat(500)}` })
  expect(line).toContain('name "a\\nbccc')
  expect(line).toContain('…: is wrong')
  expect(line.length).toBeLessThan(200)
  expect(line).not.toContain('\n')
})
