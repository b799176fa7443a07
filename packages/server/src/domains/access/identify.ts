/** Decides, once for a request, who asks: from the header Authorization, as RFC 6750 has it. */
import { type Actor, anyone, type Person } from '../../actor.ts'
import { apiKeyPrefix } from './api-key.ts'
import type { FindPartner } from './find-partner.ts'

/** How each kind of credential is read; null where the text is none that is valid, whatever the reason. */
export interface Credentials {
  partner: FindPartner
  person: (token: string) => Promise<Person | null>
}

/** The header is no credential at all, or is one that is not taken. */
export type Unidentified = 'malformed' | 'unknown'

/** Characters of the longest header that is looked at. */
const longest = 10_000

/** Who asks. Why a credential is not taken is nobody's business: it may be another's. */
export async function identify(
  { partner, person }: Credentials,
  authorization: string | undefined,
): Promise<Actor | Unidentified> {
  if (authorization === undefined) return anyone
  if (authorization.length > longest) return 'malformed'
  const token = /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1]
  if (token === undefined) return 'malformed'
  const actor = token.startsWith(apiKeyPrefix) ? await partner(token) : await person(token)
  return actor ?? 'unknown'
}
