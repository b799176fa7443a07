import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashInvitationCode, makeInvitationCodes } from '../../server/src/domains/survey/running/invitation-code.ts'
import { readInvitationCode } from './invitation-code.ts'

const hash = (code: string) => Buffer.from(hashInvitationCode(code)!).toString('hex')

test('a code is read as the server reads it, however it was typed', () => {
  const code = makeInvitationCodes(randomBytes(32), 1)[0]!
  const letters = readInvitationCode(code)!
  expect(letters).toHaveLength(20)
  const look = (text: string) => text.replaceAll('0', 'o').replaceAll('1', 'l')
  for (const typed of [code, code.toLowerCase(), ` ${code.replaceAll('-', ' ')}`, look(code), letters]) {
    expect(readInvitationCode(typed)).toBe(letters)
    expect(hash(typed)).toBe(hash(letters))
  }
})

test('what is a code to the one is a code to the other, and nothing else', () => {
  const texts = fc.oneof(
    fc.string({
      minLength: 18,
      maxLength: 22,
      unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-ab lo\u0131\u00df'),
    }),
    fc.string({ maxLength: 30, unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const letters = readInvitationCode(text)
      expect(letters !== null).toBe(hashInvitationCode(text) !== null)
      if (letters !== null) expect(hash(text)).toBe(hash(letters))
    }),
    { numRuns: 2_000 },
  )
})
