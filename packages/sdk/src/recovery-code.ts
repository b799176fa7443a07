/**
 * The recovery code: a person key as it is printed, read out and typed again. 28 characters in seven groups of four, such as
 * `7ZC4-9XQ0-…`: 26 for the key and two to check them, in the alphabet of Crockford (https://www.crockford.com/base32.html),
 * which has nothing that looks like something else.
 *
 * The check is a Reed–Solomon code over the 32 characters taken as the field GF(2⁵) (Reed and Solomon, "Polynomial Codes
 * over Certain Finite Fields", 1960). Two check characters make any two codes of up to 31 characters differ in three places
 * at least. So one wrong character is always found, and so are two, wherever they stand; two characters that changed places,
 * neighbours or not, are two wrong ones. Of worse mistakes about one in a thousand is taken. The check that Crockford has,
 * modulo 37, is one character: it takes one of 37 such mistakes, and needs signs beyond the 32.
 */
import { bytesOf, textOf } from './person-key.ts'
import { regroupBits } from './regroup-bits.ts'

/** What is wrong with a text that should be a recovery code. */
export interface RecoveryCodeProblem {
  /** A character that no code has; too few or too many; or all are possible, but not together. */
  kind: 'character' | 'length' | 'checksum'
  /**
   * Where it is wrong, counted from 1 without spaces and dashes. With `checksum`: where it is when only one character is
   * wrong. Null when the place can't be told.
   */
  position: number | null
  /** The same in English, for people. It quotes nothing of the code. */
  message: string
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const dataLength = 26
const codeLength = 28

/** The recovery code of a person key. Throws a TypeError for a text that is none. */
export function writeRecoveryCode(key: string): string {
  const data = regroupBits(bytesOf(key), 8, 5)
  const code = [...data, ...checkOf(data)].map((value) => alphabet[value]).join('')
  return code.replace(/.{4}(?=.)/g, '$&-')
}

/**
 * The person key of a recovery code, or what is wrong with it. Small letters, spaces and dashes anywhere, the letter O for
 * zero, and I or L for one are read as they are meant.
 */
export function readRecoveryCode(
  text: string,
): { key: string; problem: null } | { key: null; problem: RecoveryCodeProblem } {
  const values = Array.from(text.replace(/[\s\p{Pd}\u2212]/gu, ''), readCharacter)

  const impossible = values.indexOf(-1) + 1
  if (impossible > 0) {
    const message = `Character ${impossible} can't be in a recovery code, which has digits and letters without U.`
    return refuse('character', impossible, message)
  }
  if (values.length !== codeLength) {
    return refuse('length', null, `A recovery code has ${codeLength} characters; this has ${values.length}.`)
  }
  const data = values.slice(0, dataLength)
  const [first, second] = checkOf(data)
  const rest = [first ^ values[dataLength]!, second ^ values[dataLength + 1]!] as const
  // The last character of the key has two bits to spare: they are zero.
  if (rest[0] !== 0 || rest[1] !== 0 || (data[dataLength - 1]! & 0b11) !== 0) {
    const position = placeOfOneError(...rest)
    const place = position === null ? 'At least two are' : `If only one is, it is character ${position}`
    return refuse('checksum', position, `A character is wrong or in another's place. ${place}.`)
  }
  return { key: textOf(regroupBits(data, 5, 8).slice(0, 16)), problem: null }
}

function refuse(kind: RecoveryCodeProblem['kind'], position: number | null, message: string) {
  return { key: null, problem: { kind, position, message } }
}

// −1 for what is no character of a code. (Some letters are two when they are made large.)
function readCharacter(character: string): number {
  const large = character.toUpperCase()
  if (large === 'O') return 0
  if (large === 'I' || large === 'L') return 1
  return large.length === 1 ? alphabet.indexOf(large) : -1
}

/**
 * The two check characters of a code: the rest of its polynomial, highest coefficient first, moved up by two places and
 * divided by (x − α)(x − α²) = x² + 6x + 8, where α is 2.
 */
function checkOf(data: readonly number[]): [number, number] {
  let high = 0
  let low = 0
  for (const value of data) {
    const quotient = value ^ high
    high = low ^ multiply(quotient, 6)
    low = multiply(quotient, 8)
  }
  return [high, low]
}

/**
 * Where the one wrong character stands that would leave this rest; null when no single one would. A wrong character at the
 * power p, off by v, makes the code v·α^p at α and v·α^2p at α²: the second is the first times α^p.
 */
function placeOfOneError(high: number, low: number): number | null {
  const atAlpha = multiply(high, 2) ^ low
  const atSquare = multiply(high, 4) ^ low
  if (atAlpha === 0) return null
  let shifted = atAlpha
  for (let power = 0; power < codeLength; power += 1) {
    if (shifted === atSquare) return codeLength - power
    shifted = multiply(shifted, 2)
  }
  return null
}

// In GF(2⁵), whose polynomials are taken modulo x⁵ + x² + 1.
function multiply(a: number, b: number): number {
  let product = 0
  for (let bit = 16; bit > 0; bit >>= 1) {
    product <<= 1
    if (product & 32) product ^= 0b100101
    if (b & bit) product ^= a
  }
  return product
}
