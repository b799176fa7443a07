/**
 * API keys as text: `wnk1_`, the 32 hexadecimal digits of the row key, `_`, 43 characters of a random 256-bit secret. The
 * prefix tells scanners for leaked secrets what they found, its number the version of this form.
 */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { v7 as timeOrderedId } from 'uuid'
import { uuidOfDigits } from '../../uuid-digits.ts'

export const apiKeyPrefix = 'wnk1_'

export interface NewApiKey {
  /** Row key. */
  id: string
  /** The key itself: shown once, never stored. */
  key: string
  /** What is stored of its secret. */
  secretHash: Uint8Array<ArrayBuffer>
  /** First characters, to tell keys from each other. */
  hint: string
}

export function makeApiKey(): NewApiKey {
  const id = timeOrderedId()
  const secret = randomBytes(32).toString('base64url')
  const key = `${apiKeyPrefix}${id.replaceAll('-', '')}_${secret}`
  // The row key begins with the time; its end tells two keys of one minute apart.
  return { id, key, secretHash: hashSecret(secret), hint: `${apiKeyPrefix}…${id.slice(-6)}` }
}

/** The row key and the hashed secret of a text that has the form of a key; null for any other. */
export function readApiKey(text: string): { id: string; secretHash: Uint8Array } | null {
  const [, digits, secret] = /^wnk1_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (digits === undefined || secret === undefined) return null
  return { id: uuidOfDigits(digits), secretHash: hashSecret(secret) }
}

/** Compares in a time that tells nothing of where they differ. */
export function isSameHash(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && timingSafeEqual(one, other)
}

// A random secret of 256 bits can't be guessed from its hash, so nothing slower is needed.
function hashSecret(secret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash('sha256', secret, 'buffer'))
}
