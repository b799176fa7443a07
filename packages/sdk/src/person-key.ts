/** The person key: 128 random bits that make somebody the same person each time, and that only this person has. */
import { regroupBits } from './regroup-bits.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/**
 * Makes a new person key: 22 characters of base64url (RFC 4648, section 5), the form in which it is kept and sent.
 * Nobody can make it again; what belongs to the person is lost with it.
 */
export function createPersonKey(): string {
  return textOf(crypto.getRandomValues(new Uint8Array(16)))
}

/** Whether a text is a person key. */
export function isPersonKey(text: string): boolean {
  // The last character has four bits to spare, which are zero.
  return /^[A-Za-z0-9_-]{21}[AQgw]$/.test(text)
}

/** The 16 bytes of a person key. Throws a TypeError, which doesn't quote it, for any other text. */
export function bytesOf(key: string): number[] {
  if (!isPersonKey(key)) {
    throw new TypeError('This is not a person key, as createPersonKey makes it. Is it a recovery code? Read it first.')
  }
  const values = Array.from(key, (character) => alphabet.indexOf(character))
  return regroupBits(values, 6, 8).slice(0, 16)
}

/** The person key of 16 bytes. */
export function textOf(bytes: Iterable<number>): string {
  return regroupBits([...bytes], 8, 6)
    .map((value) => alphabet[value])
    .join('')
}
