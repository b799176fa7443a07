/** Who asks with an API key. */
import type { Partner } from '../../actor.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { isSameHash, readApiKey } from './api-key.ts'

/** Milliseconds that a key is remembered: a key that is revoked stops working on every replica before a second is over. */
const remembered = 900

/** Keys remembered at most. */
const most = 10_000

type Found = NonNullable<Awaited<ReturnType<typeof findKey>>>

interface Memory {
  /** Moment of the monotonic clock, in milliseconds. */
  until: number
  row: Promise<Found | null>
}

/** Tells the partner of a key's text; null for every text that is no key in force, whatever the reason. */
export type FindPartner = (text: string, now?: Date) => Promise<Partner | null>

export function partnerFinder(prisma: PrismaClient, elapsed = () => performance.now()): FindPartner {
  const memory = new Map<string, Memory>()

  function recall(id: string): Promise<Found | null> {
    const known = memory.get(id)
    if (known !== undefined && known.until > elapsed()) return known.row
    const row = findKey(prisma, id)
    memory.delete(id)
    memory.set(id, { until: elapsed() + remembered, row })
    if (memory.size > most) memory.delete(memory.keys().next().value!)
    // What went wrong once is asked anew.
    row.catch(() => memory.delete(id))
    return row
  }

  return async (text, now = new Date()) => {
    const key = readApiKey(text)
    if (key === null) return null
    const row = await recall(key.id)
    // The same work for a key that is not there, that is another, that has ended.
    const isRight = isSameHash(key.secretHash, row?.secretHash ?? nobody)
    const hasEnded = row === null || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)
    if (!isRight || hasEnded) return null
    noteUse(prisma, row, now)
    const { id: keyId, networkId, organizationId, scopes } = row
    return { kind: 'partner', keyId, networkId, organizationId, scopes: new Set(scopes) }
  }
}

const nobody = new Uint8Array(32)

function findKey(prisma: PrismaClient, id: string) {
  return prisma.apiKey.findUnique({
    where: { id },
    select: {
      id: true,
      networkId: true,
      organizationId: true,
      secretHash: true,
      scopes: true,
      expiresAt: true,
      revokedAt: true,
      lastUsedOn: true,
    },
  })
}

// Once a day; whoever asks need not wait for it, and the next use notes it where this one could not.
function noteUse(prisma: PrismaClient, row: Found, now: Date): void {
  const today = new Date(`${now.toISOString().slice(0, 10)}T00:00:00Z`)
  if (row.lastUsedOn !== null && row.lastUsedOn >= today) return
  row.lastUsedOn = today
  prisma.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedOn: today } }).catch(() => {
    row.lastUsedOn = null
  })
}
