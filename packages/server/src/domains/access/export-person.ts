/** Everything that is kept of a person, for that person (GDPR, articles 15 and 20). */
import type { Person } from '../../actor.ts'
import { asPerson } from '../../database/as-person.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { recordAct } from '../trace/record-act.ts'
import { findPersonalData, personalData } from './personal-data.ts'

export interface ExportedTable {
  table: string
  /** What the rows are, for the person to read. */
  holds: string
  rows: object[]
}

/** Every table that can hold something of a person, with all rows that it has. Throws `PersonGone`. */
export function exportPerson(prisma: PrismaClient, person: Person): Promise<ExportedTable[]> {
  return asPerson(prisma, person, async (tx) => {
    const exported: ExportedTable[] = []
    for (const data of personalData) {
      const { table, holds } = data
      exported.push({ table, holds, rows: await findPersonalData(tx, data, person) })
    }
    const { networkId } = person
    await recordAct(tx, {
      doer: { kind: 'person' },
      action: 'person.export',
      networkId,
      recordKey: null,
      requestId: null,
    })
    return exported
  })
}
