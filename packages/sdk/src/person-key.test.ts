import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bytesOf, createPersonKey, isPersonKey, textOf } from './person-key.ts'

const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 })

test('a person key is 128 random bits: each of them is set in about half of the keys, and no key comes twice', () => {
  const keys = Array.from({ length: 2_000 }, createPersonKey)
  expect(new Set(keys).size).toBe(keys.length)
  for (let bit = 0; bit < 128; bit += 1) {
    const set = keys.filter((key) => (bytesOf(key)[bit >> 3]! >> (bit & 7)) & 1).length
    // Eight standard deviations: this never fails by chance.
    expect(Math.abs(set - 1_000)).toBeLessThan(180)
  }
})

test('a person key is written as Node.js writes base64url', () => {
  fc.assert(
    fc.property(bytes, (each) => {
      expect(textOf(each)).toBe(Buffer.from(each).toString('base64url'))
      expect(bytesOf(textOf(each))).toEqual([...each])
      expect(isPersonKey(textOf(each))).toBe(true)
    }),
  )
})

test('each key has one text: the bits to spare in its last character are zero', () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom(...'BCDEFGHIJKLMNOPRSTUVWXYZ'), (each, last) => {
      expect(isPersonKey(textOf(each).slice(0, 21) + last)).toBe(false)
    }),
  )
})
