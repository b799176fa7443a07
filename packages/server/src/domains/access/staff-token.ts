/** Tokens of staff: access tokens, as JWTs, of the one OpenID Connect issuer that is trusted. */
import { decodeJwt, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose'
import { StaffRole } from '../../generated/prisma/enums.ts'
import { IssuerUnreachable, issuerKeys } from './issuer-keys.ts'

/** Signatures that can be made with a private key only: with a shared secret, a public key would do for one. */
export const signatureAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

export interface StaffTokenSettings {
  /** Address of the issuer, exactly as it stands in `iss`. */
  issuer: string
  /** What tokens for this API have in `aud`. It must not be a client of the issuer: ID tokens are made out to those. */
  audience: string
  /** Signatures that are taken. */
  algorithms: readonly (typeof signatureAlgorithms)[number][]
  /** The claim that holds the roles, a string or a list of them: its name, or a path such as `realm_access.roles`. */
  rolesClaim: string
  /** Which role a value of that claim is; other values are nothing to us. */
  roleNames: ReadonlyMap<string, StaffRole>
  /** Seconds by which the clocks of the issuer and this server may differ. */
  clockSkew: number
}

export const staffTokenDefaults = {
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  rolesClaim: 'roles',
  roleNames: new Map(Object.values(StaffRole).map((role) => [role, role])),
  clockSkew: 30,
} as const satisfies Partial<StaffTokenSettings>

/** Whom a token speaks for, and the roles that its issuer gives. The database has to confirm them. */
export interface StaffClaims {
  issuer: string
  subject: string
  roles: StaffRole[]
}

export interface StaffTokens {
  /** Reads a bearer token: null unless it is valid. Rejects with {@link IssuerUnreachable}, and with nothing else. */
  read(token: string): Promise<StaffClaims | null>
}

/** Longer ones are not looked at. */
const maxTokenLength = 8_000

export function staffTokens(settings: StaffTokenSettings): StaffTokens {
  const keys = issuerKeys(settings.issuer)
  return {
    async read(token) {
      if (token.length > maxTokenLength || !claimsIssuer(token, settings.issuer)) return null
      try {
        const { payload, protectedHeader } = await jwtVerify(token, keys, {
          issuer: settings.issuer,
          audience: settings.audience,
          algorithms: [...settings.algorithms],
          clockTolerance: settings.clockSkew,
          requiredClaims: ['exp', 'sub'],
        })
        if (!isAccessToken(protectedHeader, payload) || !isSubject(payload.sub)) return null
        return { issuer: settings.issuer, subject: payload.sub, roles: rolesIn(payload, settings) }
      } catch (error) {
        if (error instanceof IssuerUnreachable) throw error
        // Whatever else it is, a key of the issuer that can't be used too: the token could not be verified. The reason would
        // tell a forger how far a forgery came, and quotes the token.
        return null
      }
    },
  }
}

/** Whether this can be the subject of a token (OpenID Connect Core 1.0, 2: at most 255 characters of ASCII). */
export function isSubject(text: unknown): text is string {
  return typeof text === 'string' && /^[\x20-\x7e]{1,255}$/.test(text)
}

// Nothing is asked of the issuer for what others made.
function claimsIssuer(token: string, issuer: string): boolean {
  try {
    return decodeJwt(token).iss === issuer
  } catch {
    return false
  }
}

const plainTypes = new Set(['jwt', 'application/jwt'])
const accessTokenTypes = new Set(['at+jwt', 'application/at+jwt'])
/** What only tokens for an API have: who asked for it, and for what (the shorter names are those of some issuers). */
const accessClaims = ['client_id', 'cid', 'appid', 'scope', 'scp']
/** What only tokens for the clients of an issuer have: ID tokens and logout tokens. */
const clientClaims = ['nonce', 'at_hash', 'c_hash', 's_hash', 'events']

/**
 * RFC 9068 types access tokens `at+jwt`, so that no other token of the issuer passes for one; such a token may have any
 * claims. Many issuers still write `JWT` or nothing. The audience of the API, which tokens for clients don't have, tells
 * them apart, unless somebody uses one name for the API and a client: so it has to look like an access token as well.
 */
function isAccessToken({ typ }: JWTHeaderParameters, payload: JWTPayload): boolean {
  if (typ !== undefined && typeof typ !== 'string') return false
  const type = typ?.toLowerCase() ?? 'jwt'
  if (accessTokenTypes.has(type)) return true
  const hasAny = (claims: string[]) => claims.some((claim) => Object.hasOwn(payload, claim))
  return plainTypes.has(type) && hasAny(accessClaims) && !hasAny(clientClaims)
}

function rolesIn(payload: JWTPayload, { rolesClaim, roleNames }: StaffTokenSettings): StaffRole[] {
  const value = claimAt(payload, rolesClaim)
  const names: unknown[] = Array.isArray(value) ? value : [value]
  return [...new Set(names.flatMap((name) => (typeof name === 'string' ? (roleNames.get(name) ?? []) : [])))]
}

// A name may have dots of its own, such as https://issuer.example/roles: the whole is looked for first.
function claimAt(payload: JWTPayload, path: string): unknown {
  if (Object.hasOwn(payload, path)) return payload[path]
  return path.split('.').reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, payload)
}
