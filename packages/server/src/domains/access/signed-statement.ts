/**
 * What the server signs, hands out, and believes when it comes back: JSON Web Tokens (RFC 7519) behind a prefix that says
 * what they are. A statement of one kind is never taken for another: its key, its type and its audience are its own.
 */
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose'
import type { Purpose, Secrets } from '../../secrets.ts'

/** Kinds of statements, each named as the purpose of the key that signs it. */
export type StatementKind = Extract<Purpose, 'grant' | 'session'>

const marks: Record<StatementKind, string> = { grant: 'wng1', session: 'wns1' }

// One symmetric algorithm, decided here and never by the text: nothing to confuse it with.
const algorithm = 'HS256'

const longest = 2_000

// Three parts in base64url, the last a SHA-256 whose 43rd character has no bits to spare: one statement, one text.
const compact = /^[\w-]+\.[\w-]+\.[\w-]{42}[AEIMQUYcgkosw048]$/

/** Signs claims with the current secret. The same claims and the same end make the same text. */
export async function signStatement(
  secrets: Secrets,
  kind: StatementKind,
  claims: JWTPayload,
  expiresAt: Date,
): Promise<string> {
  const { id, key } = secrets.current(kind)
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: algorithm, typ: typeOf(kind), kid: id })
    .setAudience(kind)
    .setExpirationTime(expiresAt)
    .sign(key)
  return `${marks[kind]}.${token}`
}

/** What a statement says, until when, and the name of the secret that it was signed with. */
export interface Statement {
  claims: JWTPayload
  /** Seconds since 1970. */
  expires: number
  keyId: string
}

/** A text that is a statement of this kind, signed with an accepted secret and in force; else null. */
export async function readStatement(
  secrets: Secrets,
  kind: StatementKind,
  text: string,
  now: Date,
): Promise<Statement | null> {
  const prefix = `${marks[kind]}.`
  if (text.length > longest || !text.startsWith(prefix)) return null
  const token = text.slice(prefix.length)
  if (!compact.test(token)) return null
  try {
    const { payload, protectedHeader } = await jwtVerify(token, ({ kid }) => keyNamed(secrets, kind, kid), {
      algorithms: [algorithm],
      typ: typeOf(kind),
      audience: kind,
      requiredClaims: ['exp'],
      currentDate: now,
    })
    return { claims: payload, expires: payload.exp!, keyId: protectedHeader.kid! }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

function keyNamed(secrets: Secrets, kind: StatementKind, id: unknown): Uint8Array {
  const named = secrets.accepted(kind).find((each) => each.id === id)
  if (named === undefined) throw new errors.JWKSNoMatchingKey()
  return named.key
}

function typeOf(kind: StatementKind): string {
  return `${marks[kind]}+jwt`
}
