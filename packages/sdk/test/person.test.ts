/** The server reads the keys that browsers make. Each has the form of a key in a few lines of its own. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readPersonKey } from '../../server/src/domains/access/person-key.ts'
import { createPersonKey, readRecoveryCode, writeRecoveryCode } from '../src/person.ts'
import { bytesOf, isPersonKey, textOf } from '../src/person-key.ts'

test('a key that a browser makes, or reads from its recovery code, is read by the server', () => {
  const key = createPersonKey()
  expect([...readPersonKey(key)!]).toEqual(bytesOf(key))
  expect([...readPersonKey(readRecoveryCode(writeRecoveryCode(key)).key!)!]).toEqual(bytesOf(key))
})

test('what is a key to the one is a key to the other, and nothing else', () => {
  const keys = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(textOf)
  const nearly = fc
    .tuple(keys, fc.constantFrom('', 'A', '=', '\n', ' ', '+', '/', 'é'))
    .map(([key, more]) => key + more)
  const spoilt = fc
    .tuple(keys, fc.integer({ min: 0, max: 21 }), fc.string({ unit: 'grapheme', maxLength: 2 }))
    .map(([key, place, other]) => key.slice(0, place) + other + key.slice(place + 1))
  fc.assert(
    fc.property(fc.oneof(keys, nearly, spoilt, fc.string()), (text) => {
      const bytes = readPersonKey(text)
      expect(bytes !== null).toBe(isPersonKey(text))
      if (bytes !== null) expect([...bytes]).toEqual(bytesOf(text))
    }),
    { numRuns: 2_000 },
  )
})
