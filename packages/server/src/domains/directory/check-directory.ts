/** What weakens a directory: the findings, kind by kind and page by page, each with what to do. */
import type { Transaction } from '../../database/connect.ts'
import { isTimeout } from '../../database/is-timeout.ts'
import { Prisma, type PrismaClient } from '../../generated/prisma/client.ts'
import { type FindingKind, type FoundRecord, findingKinds, similarity, weaknesses } from './quality/weaknesses.ts'

export interface Finding extends FoundRecord {
  kind: FindingKind
  /** What is wrong, and what to do about it. */
  sentence: string
}

export interface Check {
  networkId: string
  /** Only findings of these kinds; all when absent. */
  kinds?: readonly FindingKind[] | undefined
  /** Milliseconds that a look may take; hours when absent. Beyond, it fails with {@link CheckTooSlow}. */
  patience?: number | undefined
  /** The day from which a year is counted and schedules have ended; today in Italy when absent. */
  on?: Date | undefined
}

/** The directory is too large to be looked through in the time that was given. */
export class CheckTooSlow extends Error {}

/** Where a finding stands in the order: by kind, then by name. */
export interface FindingPosition {
  kind: FindingKind
  name: string
  id: string
}

export interface FindingPageRequest {
  size: number
  /** True for the last findings before a position instead of the first after it. */
  backward: boolean
  after?: FindingPosition | undefined
  before?: FindingPosition | undefined
}

/** One page of findings, in order. Of the kinds that lie before or beyond it the database is asked nothing. */
export function listFindings(
  prisma: PrismaClient,
  check: Check,
  page: FindingPageRequest,
): Promise<{ findings: Finding[]; hasMore: boolean }> {
  return checking(prisma, check, async (tx) => {
    const findings: Finding[] = []
    const kinds = kindsOf(check).filter((kind) => isBeyond(kind, page.after, 1) && isBeyond(kind, page.before, -1))
    for (const kind of page.backward ? kinds.reverse() : kinds) {
      // One more than asked tells whether there are more.
      const missing = page.size + 1 - findings.length
      if (missing === 0) break
      const rows = await tx.$queryRaw<FoundRecord[]>`
        SELECT found.* FROM (${finding(kind, check)}) found
        WHERE ${bound(kind, page.after, Prisma.raw('>'))} AND ${bound(kind, page.before, Prisma.raw('<'))}
        ORDER BY ${page.backward ? Prisma.sql`found.name DESC, found.id DESC` : Prisma.sql`found.name, found.id`}
        LIMIT ${missing}`
      findings.push(...rows.map((row) => ({ ...row, kind, sentence: weaknesses[kind].tell(row) })))
    }
    const listed = findings.slice(0, page.size)
    return { findings: page.backward ? listed.reverse() : listed, hasMore: findings.length > page.size }
  })
}

/** How many findings there are of each kind, those without any left out. */
export function countFindings(prisma: PrismaClient, check: Check): Promise<{ kind: FindingKind; count: number }[]> {
  const each = kindsOf(check).map(
    (kind) => Prisma.sql`SELECT ${kind} AS kind, count(*)::integer AS count FROM (${finding(kind, check)}) found`,
  )
  if (each.length === 0) return Promise.resolve([])
  return checking(prisma, check, async (tx) => {
    const counts = await tx.$queryRaw<{ kind: FindingKind; count: number }[]>`${Prisma.join(each, ' UNION ALL ')}`
    return counts
      .filter(({ count }) => count > 0)
      .sort((a, b) => findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind))
  })
}

function kindsOf({ kinds }: Check): FindingKind[] {
  return findingKinds.filter((kind) => kinds === undefined || kinds.includes(kind))
}

function finding(kind: FindingKind, { networkId, on }: Check): Prisma.Sql {
  const today = on === undefined ? Prisma.sql`(now() AT TIME ZONE 'Europe/Rome')::date` : Prisma.sql`${on}::date`
  return weaknesses[kind].find(networkId, today)
}

// The operator that an index of trigrams answers takes its threshold from the transaction.
async function checking<Result>(
  prisma: PrismaClient,
  { patience = hours }: Check,
  look: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  try {
    return await prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`
          SELECT set_config('pg_trgm.similarity_threshold', ${String(similarity)}, true),
            set_config('statement_timeout', ${String(patience)}, true)`
        return await look(tx)
      },
      { timeout: patience * 2, maxWait: patience },
    )
  } catch (error) {
    throw isTimeout(error) ? new CheckTooSlow() : error
  }
}

const hours = 4 * 60 * 60_000

function isBeyond(kind: FindingKind, position: FindingPosition | undefined, direction: 1 | -1): boolean {
  if (position === undefined) return true
  return direction * (findingKinds.indexOf(kind) - findingKinds.indexOf(position.kind)) >= 0
}

function bound(kind: FindingKind, position: FindingPosition | undefined, is: Prisma.Sql): Prisma.Sql {
  if (position === undefined || position.kind !== kind) return Prisma.sql`true`
  return Prisma.sql`(found.name, found.id) ${is} (${position.name}, ${position.id}::uuid)`
}
