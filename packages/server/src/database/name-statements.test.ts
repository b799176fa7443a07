import { expect, test } from 'vitest'
import { nameStatements } from './name-statements.ts'

const query = (number: number) => ({ sql: `SELECT "t0"."c${number}" FROM t` })

test('a query gets its name when it comes for the third time, and keeps it', () => {
  const name = nameStatements()
  expect([1, 2, 3, 4, 5].map(() => name(query(1)))).toEqual(['', '', 'read_0', 'read_0', 'read_0'])
})

test('two queries never share a name', () => {
  const name = nameStatements({ names: 10, times: 1, counted: 10 })
  expect([1, 2, 1, 2].map((number) => name(query(number)))).toEqual(['read_0', 'read_1', 'read_0', 'read_1'])
})

test('there are no more names than may be, and who has one keeps it', () => {
  const name = nameStatements({ names: 2, times: 1, counted: 10 })
  const given = [1, 2, 3, 4, 1].map((number) => name(query(number)))
  expect(given).toEqual(['read_0', 'read_1', '', '', 'read_0'])
})

test('queries that come once each push out no memory of those that come again soon', () => {
  const name = nameStatements({ names: 10, times: 2, counted: 3 })
  name(query(0))
  for (const number of [1, 2]) name(query(number))
  expect(name(query(0))).toBe('read_0')
  for (const number of [3, 4, 5]) name(query(number))
  expect(name(query(1))).toBe('')
})

test.each(['INSERT INTO t VALUES ($1)', 'SELECT found.id FROM (SELECT 1) found', 'BEGIN'])('%s gets none', (sql) => {
  const name = nameStatements({ names: 10, times: 1, counted: 10 })
  expect(name({ sql })).toBe('')
})
