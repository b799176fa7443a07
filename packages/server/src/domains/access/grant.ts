/**
 * A grant: an organization says that somebody belongs to it, for a quarter of an hour. It says nothing of who: whoever is
 * granted the same in the same minute gets the same text, so no text leads back to a person.
 */
import { z } from 'zod'
import type { Relation } from '../../actor.ts'
import type { Secrets } from '../../secrets.ts'
import { readStatement, signStatement } from './signed-statement.ts'

/** What a grant says: a citizen needs none. */
export interface GrantStatement {
  /** Row key of the network. */
  networkId: string
  /** Row key of the organization through which somebody is entitled. */
  organizationId: string
  relation: Exclude<Relation, 'citizen'>
}

const claims = z
  .object({ net: z.guid(), org: z.guid(), rel: z.enum(['employee', 'family_member']) })
  .transform(({ net, org, rel }): GrantStatement => ({ networkId: net, organizationId: org, relation: rel }))

const minute = 60_000

/** Issues a grant that ends after 14 to 15 minutes, on the minute. */
export async function issueGrant(
  secrets: Secrets,
  { networkId, organizationId, relation }: GrantStatement,
  now: Date,
): Promise<{ grant: string; expiresAt: Date }> {
  const expiresAt = new Date(Math.floor(now.getTime() / minute + 15) * minute)
  const said = { net: networkId, org: organizationId, rel: relation }
  return { grant: await signStatement(secrets, 'grant', said, expiresAt), expiresAt }
}

/** What a grant says; null for a text that is none, or none any more. */
export async function readGrant(secrets: Secrets, text: string, now: Date): Promise<GrantStatement | null> {
  return claims.safeParse((await readStatement(secrets, 'grant', text, now))?.claims).data ?? null
}
