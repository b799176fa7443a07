/** What is kept of the person in a session, beside what they left in other tables. */
import type { Person } from '../../actor.ts'
import { readAsActor } from '../../database/as-actor.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'

/** The first day of the month in which the person last opened a session; null where the person was erased since. */
export async function seenIn(prisma: PrismaClient, { personId, networkId }: Person): Promise<Date | null> {
  const found = await readAsActor(prisma, { personId, networkId }, (reader) =>
    reader.person.findFirst({ where: { id: personId }, select: { seenIn: true } }),
  )
  return found?.seenIn ?? null
}
