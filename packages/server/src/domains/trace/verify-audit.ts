/**
 * Walks the audit log and tells whether it still is what was recorded. The hashes are computed here anew, by nothing that
 * stands in the database.
 *
 * What a chain can prove by itself: that nothing in it was changed, put in, moved or taken out of its middle. Somebody who may
 * do everything with the database can cut its end off, or write all of it anew; who keeps a hash elsewhere, as an anchor,
 * sees both.
 */
import { createHash } from 'node:crypto'
import type { Transaction } from '../../database/connect.ts'
import type { AuditEntry } from '../../generated/prisma/client.ts'

export interface Verified {
  /** Entries that fit, from the first. */
  count: number
  /** Hash of the last of them, to keep as an anchor; null for an empty log. */
  last: string | null
  /** The first entry that does not fit, as the end of a sentence that begins with it; undefined when all do. */
  fault?: { position: bigint; reason: string }
}

/** Entries that are read at a time. */
const batch = 1000

const beginning = '00'.repeat(32)

/** Verifies the log, and with an `anchor` that it still holds all that led to that hash. */
export async function verifyAudit(tx: Transaction, anchor?: string): Promise<Verified> {
  const found: Verified = { count: 0, last: null }
  const faulty = (position: bigint, reason: string): Verified => ({ ...found, fault: { position, reason } })
  let next = 1n
  let anchored = anchor === undefined
  // Retention takes the oldest entries away; what then comes before the first is told by an entry further on.
  let untold: string | undefined
  for await (const entry of entriesOf(tx)) {
    const { position } = entry
    const [previous, hash] = [toHex(entry.previous), toHex(entry.hash)]
    if (found.count === 0 && position > 1n) {
      untold = `${position - 1n}:${previous}`
      next = position
      anchored ||= previous === anchor
    }
    if (position !== next) return faulty(next, 'is missing')
    const follows = untold !== undefined && found.count === 0 ? previous : (found.last ?? beginning)
    if (previous !== follows) return faulty(position, 'does not follow on the one before it')
    if (hashOf(entry) !== hash) return faulty(position, 'is not what was recorded')
    if (entry.action === 'audit.shorten' && entry.recordKey === untold) untold = undefined
    anchored ||= hash === anchor
    found.count += 1
    found.last = hash
    next += 1n
  }
  if (untold !== undefined) return faulty(1n, 'is missing, and the log does not say that its time was over')
  if (!anchored)
    return faulty(next, 'or one before it had the hash of the anchor: the end was cut off, or all written anew')
  return found
}

async function* entriesOf(tx: Transaction): AsyncGenerator<AuditEntry> {
  for (let after: bigint | undefined; ; ) {
    const where = after === undefined ? {} : { position: { gt: after } }
    const entries = await tx.auditEntry.findMany({ where, orderBy: { position: 'asc' }, take: batch })
    yield* entries
    if (entries.length < batch) return
    after = entries.at(-1)!.position
  }
}

/** SHA-256 of an entry in its canonical form, RFC 8785: the names stand in their order. */
function hashOf(entry: AuditEntry): string {
  const form = JSON.stringify({
    action: entry.action,
    actorKind: entry.actorKind,
    actorReference: entry.actorReference,
    moment: entry.moment.toISOString(),
    networkId: entry.networkId,
    position: Number(entry.position),
    previous: toHex(entry.previous),
    recordKey: entry.recordKey,
    requestId: entry.requestId,
  })
  return createHash('sha256').update(form).digest('hex')
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
