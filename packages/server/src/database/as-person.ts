/** Transactions in the name of a person who is still there. */
import type { Person } from '../actor.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { Refused } from '../refused.ts'
import { asActor } from './as-actor.ts'
import type { Transaction } from './connect.ts'

/** All that was kept of the person is erased; the session is one of somebody who is no longer there. */
export class PersonGone extends Refused {
  constructor() {
    super(
      'PERSON_GONE',
      'All that was kept of you is erased, and nothing more is kept by this session. Open another to begin anew.',
    )
  }
}

/**
 * Runs `work`, which keeps or changes something of a person, in a transaction that acts as that person. Sessions are read
 * without asking the database, so one may outlive what it opened: then it is refused with {@link PersonGone}, and nothing
 * is kept of somebody who asked to be forgotten. Until the transaction ends, the person can't be erased; an erasure waits.
 *
 * What only reads needs none of this: as a person who is gone, `readAsActor` finds nothing.
 */
export function asPerson<T>(
  prisma: PrismaClient,
  { personId, networkId }: Pick<Person, 'personId' | 'networkId'>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  // Not as the organization that entitles: what is shown to an organization is not shown to its people by that.
  return asActor(prisma, { personId, networkId }, async (tx) => {
    if (!(await isThere(tx, personId))) throw new PersonGone()
    return work(tx)
  })
}

async function isThere(tx: Transaction, personId: string): Promise<boolean> {
  const found = await tx.$queryRaw<unknown[]>`SELECT id::text FROM person WHERE id = ${personId}::uuid FOR KEY SHARE`
  return found.length > 0
}
