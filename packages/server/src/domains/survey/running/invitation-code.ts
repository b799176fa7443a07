/** The code of an invitation: 100 random bits, to be read from paper and typed. */
import { createHash, randomBytes } from 'node:crypto'

// Crockford's base 32: no I, L, O, U, which are taken for others.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 20

/** A new code, in groups of four: 7QF2-M9XK-…. */
export function makeInvitationCode(): string {
  const letters = [...randomBytes(length)].map((byte) => alphabet[byte % 32]).join('')
  return letters.match(/.{4}/g)!.join('-')
}

/** SHA-256 of a code as it was meant, whatever case, spaces and look-alikes it was typed with; null for what can be none. */
export function hashInvitationCode(typed: string): Uint8Array<ArrayBuffer> | null {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (letters.length !== length || [...letters].some((letter) => !alphabet.includes(letter))) return null
  return Uint8Array.from(createHash('sha256').update(letters).digest())
}
