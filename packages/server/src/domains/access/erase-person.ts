/** A person is forgotten, with everything that was kept of them (GDPR, article 17). */
import type { Person } from '../../actor.ts'
import { asActor } from '../../database/as-actor.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { recordAct } from '../trace/record-act.ts'
import { personalData } from './personal-data.ts'

/**
 * Erases all that is kept of a person. What remains is that on this moment somebody in the network was erased. Doing it again
 * changes nothing. The session may still be readable for an hour at most; it finds nothing, and nothing is kept by it (see
 * `asPerson`). The same key opens a session of a new person.
 */
export function erasePerson(prisma: PrismaClient, person: Person): Promise<void> {
  const { personId, networkId } = person
  return asActor(prisma, { personId, networkId }, async (tx) => {
    // Waits for what is under way in the person's name; what comes later finds nobody to keep anything of.
    const there = await tx.$queryRaw<unknown[]>`SELECT id::text FROM person WHERE id = ${personId}::uuid FOR UPDATE`
    if (there.length === 0) return
    for (const data of personalData) if ('erase' in data) await data.erase(tx, person)
    await tx.person.deleteMany({ where: { id: personId } })
    await recordAct(tx, {
      doer: { kind: 'person' },
      action: 'person.erase',
      networkId,
      recordKey: null,
      requestId: null,
    })
  })
}
