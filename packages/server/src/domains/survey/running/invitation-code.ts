/** The codes of invitations: 100 random bits each, to be read from paper and typed. */
import { createHash, createHmac, randomBytes } from 'node:crypto'
import type { Secrets } from '../../../secrets.ts'

// Crockford's base 32: no I, L, O, U, which are taken for others.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 20

/** What the codes of one request are made of: 32 bytes, as secret as they are. */
export type Seed = Uint8Array

/** New codes, in groups of four: 7QF2-M9XK-…. The same seed makes the same ones again. */
export function makeInvitationCodes(seed: Seed, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const bytes = createHmac('sha256', seed).update(String(index)).digest().subarray(0, length)
    const letters = [...bytes].map((byte) => alphabet[byte % 32]).join('')
    return letters.match(/.{4}/g)!.join('-')
  })
}

/** SHA-256 of a code as it was meant, whatever case, spaces and look-alikes it was typed with; null for what can be none. */
export function hashInvitationCode(typed: string): Uint8Array<ArrayBuffer> | null {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  if (letters.length !== length || [...letters].some((letter) => !alphabet.includes(letter))) return null
  return Uint8Array.from(createHash('sha256').update(letters).digest())
}

/** What is kept of a request for codes. Whoever has it needs a secret of the server, and what the caller chose, to make them. */
export type SeedKept = {
  /** 32 random bytes, in base64url. */
  salt: string
  /** Name of the secret of the server. */
  secret: string
}

/** For a new request. */
export function drawSeed(secrets: Secrets): SeedKept {
  return { salt: randomBytes(32).toString('base64url'), secret: secrets.current('invitation').id }
}

/** The seed of a request, with the idempotency key that its caller chose; null where the secret is gone since. */
export function seedOf(secrets: Secrets, { salt, secret }: SeedKept, idempotencyKey: string): Seed | null {
  const found = secrets.accepted('invitation').find(({ id }) => id === secret)
  return found === undefined ? null : createHmac('sha256', found.key).update(`${salt} ${idempotencyKey}`).digest()
}
