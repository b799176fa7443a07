/** Grants that an organization asks for: only one that belongs to the network can entitle anybody. */
import type { Partner } from '../../actor.ts'
import type { Transaction } from '../../database/connect.ts'
import { Refused } from '../../refused.ts'
import type { Secrets } from '../../secrets.ts'
import { isMember } from '../network/membership.ts'
import { type GrantStatement, issueGrant } from './grant.ts'

export async function issueGrantOf(
  tx: Transaction,
  secrets: Secrets,
  { networkId, organizationId }: Partner,
  relation: GrantStatement['relation'],
  now: Date,
): Promise<{ grant: string; expiresAt: Date }> {
  if (!(await isMember(tx, organizationId))) {
    throw new Refused(
      'NOT_A_MEMBER',
      'Your organization has no active membership in the network, so it can entitle nobody. Ask the coordinator.',
    )
  }
  return issueGrant(secrets, { networkId, organizationId, relation }, now)
}
