import { expect, test } from 'vitest'
import { readRetryAfter } from './retry-after.ts'

const now = new Date('2026-03-31T10:00:00.400Z')

test.each([
  ['0', 0],
  ['1', 1],
  ['120', 120],
  ['Tue, 31 Mar 2026 10:01:30 GMT', 90],
  ['Tue, 31 Mar 2026 10:00:01 GMT', 1],
  ['Tue, 31 Mar 2026 10:00:00 GMT', 0],
  ['Wed, 21 Oct 2015 07:28:00 GMT', 0],
])('Retry-After "%s" is a wait of %d seconds', (header, seconds) => {
  expect(readRetryAfter(header, now)).toBe(seconds)
})

test.each([[null], [''], ['-1'], ['1.5'], ['1e3'], ['soon'], ['soon GMT'], ['2026-03-31']])(
  'Retry-After %j says nothing',
  (header) => {
    expect(readRetryAfter(header, now)).toBeUndefined()
  },
)
