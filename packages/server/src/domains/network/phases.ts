/** The phases of a network's work, each at a place of its own in the sequence. */
import type { Transaction } from '../../database/connect.ts'
import { expectVersion } from '../../database/expect-version.ts'
import type { Phase } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'
import { type Lasting, readDays } from './lasting.ts'
import { lockTimeline } from './lock-timeline.ts'
import { longestName, longestText, readWords, requireWords } from './words.ts'

export interface ToldPhase extends Lasting {
  position: number
  name: string
  description: string | null
}

/** A phase or an event that is there, with the version that the caller knows. */
export interface KnownRecord {
  networkId: string
  id: string
  version: number
}

export async function createPhase(tx: Transaction, networkId: string, told: ToldPhase): Promise<Phase> {
  await lockTimeline(tx, networkId)
  return tx.phase.create({ data: { networkId, ...(await readPhase(tx, networkId, told)) } })
}

/** Changes what is told; what is not stays. */
export async function changePhase(tx: Transaction, known: KnownRecord, told: Partial<ToldPhase>): Promise<void> {
  const before = await lockPhase(tx, known)
  const data = await readPhase(tx, known.networkId, { ...before, ...told }, known.id)
  await tx.phase.update({ where: { id: known.id }, data })
}

export async function removePhase(tx: Transaction, known: KnownRecord): Promise<void> {
  await lockPhase(tx, known)
  await tx.phase.delete({ where: { id: known.id } })
}

/** What is not there is told like what is another network's. */
export function refusePhase(): never {
  throw new Refused('PHASE_UNKNOWN', 'phase: you coordinate none with this id.', ['phase'])
}

async function lockPhase(tx: Transaction, { networkId, id, version }: KnownRecord): Promise<Phase> {
  await lockTimeline(tx, networkId)
  if (!(await expectVersion(tx, 'phase', id, version))) refusePhase()
  return tx.phase.findUniqueOrThrow({ where: { id } })
}

async function readPhase(tx: Transaction, networkId: string, told: ToldPhase, id?: string): Promise<ToldPhase> {
  const { position } = told
  if (position < 1) throw new Refused('POSITION_INVALID', 'position: phases are counted from 1.', ['position'])
  const holder = await tx.phase.findUnique({ where: { networkId_position: { networkId, position } } })
  if (holder !== null && holder.id !== id) {
    const message = `position: "${holder.name}" stands at ${position} already. Move it first, or choose another.`
    throw new Refused('POSITION_TAKEN', message, ['position'])
  }
  return {
    position,
    name: requireWords('name', told.name, longestName),
    description: readWords('description', told.description, longestText),
    ...readDays(told),
  }
}
