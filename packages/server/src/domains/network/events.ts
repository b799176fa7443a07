/** The public moments of a network. */
import type { Transaction } from '../../database/connect.ts'
import { expectVersion } from '../../database/expect-version.ts'
import type { NetworkEvent } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'
import { type Lasting, readDays } from './lasting.ts'
import { lockTimeline } from './lock-timeline.ts'
import type { KnownRecord } from './phases.ts'
import { longestName, longestText, readWords, requireWords } from './words.ts'

export interface ToldEvent extends Lasting {
  name: string
  description: string | null
  venue: string | null
  /** ISTAT code of a municipality of the territory. */
  municipalityCode: string | null
}

export async function createEvent(tx: Transaction, networkId: string, told: ToldEvent): Promise<NetworkEvent> {
  await lockTimeline(tx, networkId)
  return tx.networkEvent.create({ data: { networkId, ...(await readEvent(tx, networkId, told)) } })
}

/** Changes what is told; what is not stays. */
export async function changeEvent(tx: Transaction, known: KnownRecord, told: Partial<ToldEvent>): Promise<void> {
  const before = await lockEvent(tx, known)
  const data = await readEvent(tx, known.networkId, { ...before, ...told }, before)
  await tx.networkEvent.update({ where: { id: known.id }, data })
}

export async function removeEvent(tx: Transaction, known: KnownRecord): Promise<void> {
  await lockEvent(tx, known)
  await tx.networkEvent.delete({ where: { id: known.id } })
}

/** What is not there is told like what is another network's. */
export function refuseEvent(): never {
  throw new Refused('EVENT_UNKNOWN', 'event: you coordinate none with this id.', ['event'])
}

async function lockEvent(tx: Transaction, { networkId, id, version }: KnownRecord): Promise<NetworkEvent> {
  await lockTimeline(tx, networkId)
  if (!(await expectVersion(tx, 'network_event', id, version))) refuseEvent()
  return tx.networkEvent.findUniqueOrThrow({ where: { id } })
}

async function readEvent(
  tx: Transaction,
  networkId: string,
  told: ToldEvent,
  before?: NetworkEvent,
): Promise<ToldEvent> {
  const name = requireWords('name', told.name, longestName)
  const days = readDays(told)
  const { municipalityCode } = told
  // Where an event was stays told when the territory changes.
  if (municipalityCode !== null && municipalityCode !== before?.municipalityCode) {
    const where = { networkId_istatCode: { networkId, istatCode: municipalityCode } }
    if (!/^\d{6}$/.test(municipalityCode) || (await tx.networkMunicipality.findUnique({ where })) === null) {
      const message = 'municipality: the territory has none with this ISTAT code, of six digits. See Network.territory.'
      throw new Refused('MUNICIPALITY_UNKNOWN', message, ['municipality'])
    }
  }
  const same = await tx.networkEvent.findUnique({
    where: { networkId_startsOn_name: { networkId, startsOn: days.startsOn, name } },
  })
  if (same !== null && same.id !== before?.id) {
    throw new Refused('EVENT_EXISTS', 'name: an event of this name begins on that day already.', ['name'])
  }
  return {
    name,
    ...days,
    description: readWords('description', told.description, longestText),
    venue: readWords('venue', told.venue, longestName),
    municipalityCode,
  }
}
