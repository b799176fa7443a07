/** Who asks with an API key. */
import type { Partner } from '../../actor.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { isSameHash, readApiKey } from './api-key.ts'
import { scopeNames } from './scopes.ts'

/** Milliseconds that a key is remembered: a key that is revoked stops working on every replica before a second is over. */
const remembered = 900

/** Keys remembered at most. */
const most = 10_000

interface Found {
  id: string
  networkId: string
  organizationId: string
  secretHash: Uint8Array
  /** By the names that people write. */
  scopes: string[]
  expiresAt: Date | null
  revokedAt: Date | null
  lastUsedOn: Date | null
}

/** A key that was found, and who asks with it. */
interface Remembered {
  row: Found
  partner: Partner
}

interface Memory {
  /** Moment of the monotonic clock, in milliseconds. */
  until: number
  key: Promise<Remembered>
}

/** Tells the partner of a key's text; null for every text that is no key in force, whatever the reason. */
export type FindPartner = (text: string, now?: Date) => Promise<Partner | null>

export function partnerFinder(prisma: PrismaClient, elapsed = () => performance.now()): FindPartner {
  const memory = new Map<string, Memory>()

  function recall(id: string): Promise<Remembered> {
    const known = memory.get(id)
    if (known !== undefined && known.until > elapsed()) return known.key
    const key = findKey(prisma, id).then((row) => ({ row, partner: partnerOf(row) }))
    memory.delete(id)
    memory.set(id, { until: elapsed() + remembered, key })
    if (memory.size > most) memory.delete(memory.keys().next().value!)
    // What went wrong once is asked anew.
    key.catch(() => memory.delete(id))
    return key
  }

  return async (text, now = new Date()) => {
    const key = readApiKey(text)
    if (key === null) return null
    const { row, partner } = await recall(key.id)
    // The same work for a key that is not there, that is another, that has ended.
    const isRight = isSameHash(key.secretHash, row.secretHash)
    const hasEnded = row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= now)
    if (!isRight || hasEnded) return null
    noteUse(prisma, row, now)
    return partner
  }
}

function partnerOf({ id: keyId, networkId, organizationId, scopes: names }: Found): Partner {
  const scopes = new Set(scopeNames.flatMap(([scope, name]) => (names.includes(name) ? scope : [])))
  return { kind: 'partner', keyId, networkId, organizationId, scopes }
}

// For a key that is not there PostgreSQL makes the row of one that was revoked: to read no row takes less than to read one,
// and who measures that could tell which keys there are. Named as Prisma's reads are (see name-statements.ts).
async function findKey(prisma: PrismaClient, id: string): Promise<Found> {
  const [found] = await prisma.$queryRaw<[Found]>`SELECT "asked"."id"::text AS "id",
  coalesce("key"."network_id", "asked"."id")::text AS "networkId",
  coalesce("key"."organization_id", "asked"."id")::text AS "organizationId",
  coalesce("key"."secret_hash", decode(repeat('00', 32), 'hex')) AS "secretHash",
  coalesce("key"."scopes"::text[], '{grant:issue}') AS "scopes",
  "key"."expires_at" AS "expiresAt",
  CASE WHEN "key"."id" IS NULL THEN now() ELSE "key"."revoked_at" END AS "revokedAt",
  "key"."last_used_on" AS "lastUsedOn"
FROM (SELECT ${id}::uuid AS "id") AS "asked" LEFT JOIN "api_key" AS "key" ON "key"."id" = "asked"."id"`
  return found
}

// Once a day; whoever asks need not wait for it, and the next use notes it where this one could not.
function noteUse(prisma: PrismaClient, row: Found, now: Date): void {
  const day = 86_400_000
  const today = new Date(Math.floor(now.getTime() / day) * day)
  if (row.lastUsedOn !== null && row.lastUsedOn >= today) return
  row.lastUsedOn = today
  prisma.apiKey.updateMany({ where: { id: row.id }, data: { lastUsedOn: today } }).catch(() => {
    row.lastUsedOn = null
  })
}
