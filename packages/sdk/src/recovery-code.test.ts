import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createPersonKey, textOf } from './person-key.ts'
import { readRecoveryCode, writeRecoveryCode } from './recovery-code.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const keys = fc.uint8Array({ minLength: 16, maxLength: 16 }).map(textOf)
const places = fc.integer({ min: 0, max: 27 })

/** The 28 characters of a code, without dashes. */
function charactersOf(key: string): string[] {
  return writeRecoveryCode(key).replaceAll('-', '').split('')
}

/** What is wrong with 28 characters; fails when nothing is. */
function problemOf(characters: string[]) {
  const { key, problem } = readRecoveryCode(characters.join(''))
  if (problem === null) throw new Error(`${characters.join('')} is taken for the code of ${key}`)
  return problem
}

// Printed codes must be read for ever. These were found by trying all check characters, with tables of logarithms.
test.each([
  ['AAAAAAAAAAAAAAAAAAAAAA', '0000-0000-0000-0000-0000-0000-0000'],
  ['AAAAAAAAAAAAAAAAAAAAAQ', '0000-0000-0000-0000-0000-0000-04R5'],
  ['_____________________w', 'ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZZZZ-ZWBH'],
  ['AAECAwQFBgcICQoLDA0ODw', '000G-40R4-0M30-E209-185G-R38E-1WEC'],
  ['ABEiM0RVZneImaq7zN3u_w', '008J-4CT4-ANK7-F24S-NAXW-SQFE-ZW9N'],
])('the code of %s is always %s', (key, code) => {
  expect(writeRecoveryCode(key)).toBe(code)
})

test('a code is read as the key that it was written from', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const code = writeRecoveryCode(key)
      expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/)
      expect(readRecoveryCode(code)).toEqual({ key, problem: null })
    }),
  )
})

test('any one wrong character is found, and so is its place', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const right = charactersOf(key)
      for (let place = 0; place < right.length; place += 1) {
        for (const other of alphabet) {
          if (other === right[place]) continue
          expect(problemOf(right.with(place, other))).toMatchObject({ kind: 'checksum', position: place + 1 })
        }
      }
    }),
    { numRuns: 20 },
  )
})

test('any two neighbours that changed places are found', () => {
  fc.assert(
    fc.property(keys, (key) => {
      const right = charactersOf(key)
      for (let place = 0; place + 1 < right.length; place += 1) {
        const [one, next] = [right[place]!, right[place + 1]!]
        if (one !== next) expect(problemOf(right.with(place, next).with(place + 1, one)).kind).toBe('checksum')
      }
    }),
  )
})

test('any two wrong characters are found, wherever they stand', () => {
  const letter = fc.constantFrom(...alphabet)
  fc.assert(
    fc.property(keys, places, places, letter, letter, (key, place, another, one, two) => {
      const right = charactersOf(key)
      const wrong = right.with(place, one).with(another, two)
      fc.pre(wrong.join('') !== right.join(''))
      expect(problemOf(wrong).kind).toBe('checksum')
    }),
    { numRuns: 2_000 },
  )
})

test('small letters, spaces, dashes of any kind, and letters for digits that look like them are read as they are meant', () => {
  const spoilt = (character: string) =>
    fc.tuple(
      fc.constantFrom('', '', ' ', '-', ' - ', '\n', '\u00a0', '–', '—', '\u2011', '−'),
      character === '0'
        ? fc.constantFrom('0', 'O', 'o')
        : character === '1'
          ? fc.constantFrom('1', 'I', 'i', 'L', 'l')
          : fc.constantFrom(character, character.toLowerCase()),
    )
  const typed = keys.chain((key) => fc.tuple(fc.constant(key), fc.tuple(...charactersOf(key).map(spoilt))))
  fc.assert(
    fc.property(typed, ([key, parts]) => {
      expect(readRecoveryCode(parts.flat().join(''))).toEqual({ key, problem: null })
    }),
  )
})

test.each(['U', 'u', '?', 'è', '💶', 'ß', 'ﬆ', '_'])(
  '%s can not be in a code, and the problem says where',
  (character) => {
    const right = charactersOf(createPersonKey())
    expect(readRecoveryCode(`${right.slice(0, 6).join('-')} ${character}${right.slice(7).join('')}`)).toEqual({
      key: null,
      problem: {
        kind: 'character',
        position: 7,
        message: "Character 7 can't be in a recovery code, which has digits and letters without U.",
      },
    })
  },
)

test.each([
  ['', 0],
  ['7ZC4', 4],
  ['0'.repeat(27), 27],
  ['0000-0000-0000-0000-0000-0000-0000-0', 29],
])('"%s" has not as many characters as a code, and the problem says how many', (text, length) => {
  expect(readRecoveryCode(text).problem).toEqual({
    kind: 'length',
    position: null,
    message: `A recovery code has 28 characters; this has ${length}.`,
  })
})

test('a code that is right by its check characters and yet holds more than a key is none', () => {
  // The check is linear: the sum of two codes, character by character, is a code. This one is of nothing but a spare bit.
  expect(readRecoveryCode('0000-0000-0000-0000-0000-0000-0168').problem).toMatchObject({
    kind: 'checksum',
    position: null,
  })
})

test('a problem quotes nothing of the code', () => {
  fc.assert(
    fc.property(keys, places, (key, place) => {
      const right = charactersOf(key)
      const { message } = problemOf(right.with(place, right[place] === 'Z' ? 'Y' : 'Z'))
      expect(message).toMatch(/^A character is wrong or in another's place\. If only one is, it is character \d+\.$/)
    }),
  )
})

test('no text, however long or strange, is an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expect(readRecoveryCode(text).key).toBeNull()
    }),
  )
  expect(readRecoveryCode('7'.repeat(100_000)).problem?.kind).toBe('length')
})

test('what is no person key has no code, and the error does not quote it', () => {
  for (const text of ['', 'secret', `${'A'.repeat(21)}B`, 'A'.repeat(23), writeRecoveryCode(createPersonKey())]) {
    expect(() => writeRecoveryCode(text)).toThrow(
      new TypeError('This is not a person key, as createPersonKey makes it. Is it a recovery code? Read it first.'),
    )
  }
})
