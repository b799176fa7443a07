/** Decides, once for a request, who asks: from the header Authorization, as RFC 6750 has it. */
import { type Actor, anyone, type Person, type Staff } from '../../actor.ts'
import { apiKeyPrefix } from './api-key.ts'
import type { FindPartner } from './find-partner.ts'
import { IssuerUnreachable } from './issuer-keys.ts'

/** How each kind of credential is read; null where the text is none that is valid, whatever the reason. */
export interface Credentials {
  partner: FindPartner
  person: (token: string) => Promise<Person | null>
  /** Rejects with {@link IssuerUnreachable}. */
  staff: (token: string) => Promise<Staff | 'not_staff' | null>
}

/**
 * The header is no credential at all, or is one that is not taken; is of somebody who has no role here; or can't be checked
 * now, since the issuer of tokens does not answer.
 */
export type Unidentified = 'malformed' | 'unknown' | 'not_staff' | 'issuer_unreachable'

/** Characters of the longest header that is looked at. */
const longest = 10_000

/** Who asks. Why a credential is not taken is nobody's business: it may be another's. */
export async function identify(
  credentials: Credentials,
  authorization: string | undefined,
): Promise<Actor | Unidentified> {
  if (authorization === undefined) return anyone
  if (authorization.length > longest) return 'malformed'
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1]
  if (token === undefined) return 'malformed'
  return (await readToken(credentials, token)) ?? 'unknown'
}

async function readToken({ partner, person, staff }: Credentials, token: string): Promise<Actor | Unidentified | null> {
  if (token.startsWith(apiKeyPrefix)) return partner(token)
  if (token.startsWith('wn')) return person(token)
  try {
    return await staff(token)
  } catch (error) {
    if (error instanceof IssuerUnreachable) return 'issuer_unreachable'
    throw error
  }
}
