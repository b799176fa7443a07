/** How long what is kept: the rules of every table, in one place, and the job that applies them. */
import { asActor } from './database/as-actor.ts'
import { personalData } from './domains/access/personal-data.ts'
import { recordAct } from './domains/trace/record-act.ts'
import type { PrismaClient } from './generated/prisma/client.ts'

/** Tables whose rows name their person: who has any there is kept for longer. */
const keptOfPeople = personalData.filter((data) => 'column' in data).filter(({ table }) => table !== 'person')

interface RetentionRule {
  table: string
  /** What is kept, and how long. */
  kept: string
  why: string
  /** Removes at most $1 of the rows whose time is over; returns how many, as `removed`. */
  sql: string
}

/** Tables of which something goes when its time is over. What hangs on a row goes with it, by its foreign key. */
export const retentionRules: readonly RetentionRule[] = [
  {
    table: 'idempotent_answer',
    kept: '24 hours',
    why: 'A caller that heard nothing asks again within minutes; a day leaves time to repair its network.',
    sql: removeWhere('idempotent_answer', `made_at < now() - interval '24 hours'`),
  },
  {
    table: 'api_key',
    kept: '2 years after it expired or was revoked',
    why: 'While questions about what was done with a key may still come, its name tells which machine had it.',
    sql: removeWhere('api_key', `least(expires_at, revoked_at) < now() - interval '2 years'`),
  },
  {
    table: 'directory_draft',
    kept: '12 months after the last change of it or of its parts',
    why: 'What nobody published in a year is forgotten work, and may name people in its contacts.',
    // A part is changed by itself, and goes with what it is a part of: that is when nothing of it was changed for so long.
    sql: removeWhere(
      'directory_draft',
      `holder_id IS NULL AND NOT EXISTS (
        WITH RECURSIVE part AS (
          SELECT directory_draft.id, directory_draft.changed_at
          UNION ALL SELECT draft.id, draft.changed_at FROM directory_draft draft JOIN part ON draft.holder_id = part.id)
        SELECT FROM part WHERE changed_at >= now() - interval '12 months')`,
    ),
  },
  {
    table: 'person',
    kept: '24 months after they were last here; to the end of that month where nothing but the row is kept of them',
    why:
      'Who lost the key can never come back for what it opens, and nobody else may: so all that is theirs is erased. Of whom ' +
      'nothing is kept begins anew with the same key and misses nothing.',
    sql: removePeople(keptOfPeople),
  },
  {
    table: 'newcomers',
    kept: '1 hour',
    why: 'A minute that is over bounds nobody any more.',
    sql: removeWhere('newcomers', `minute < now() - interval '1 hour'`),
  },
  {
    table: 'response',
    kept: '2 years after the end of its campaign',
    why: 'So long a release can be computed again, to prove it; then what was released is enough.',
    sql: 'SELECT forget_answers($1::integer) AS removed',
  },
  {
    table: 'audit_entry',
    kept: '10 years',
    why: 'As long as claims lapse (art. 2946 of the Italian civil code). The database refuses to remove any before.',
    sql: 'SELECT shorten_audit($1::integer) AS removed',
  },
]

/** Tables that hold what the network tells of itself, and what works for it: kept until the network removes it. */
export const keptByNetwork: readonly string[] = [
  'accessibility',
  'address',
  'attribute',
  'campaign',
  'campaign_organization',
  'contact',
  'cost_option',
  'critical_theme',
  'funding',
  'holiday_schedule',
  'language',
  'location',
  'membership',
  'meta_table_description',
  'metadata',
  'municipality',
  'need_area',
  'need_area_term',
  'network',
  'network_event',
  'network_municipality',
  'organization',
  'organization_identifier',
  'phase',
  'phone',
  'program',
  'release',
  'required_document',
  'result_table',
  'schedule',
  'service',
  'service_area',
  'service_at_location',
  'service_capacity',
  'service_need_area',
  'staff_member',
  'survey',
  'survey_version',
  'taxonomy',
  'taxonomy_term',
  'unit',
  'url',
]

/** Tables of which all goes with something else, and what that is. */
export const keptWith: Readonly<Record<string, string>> = {
  invitation: 'the campaign: they go when it is closed',
  response_text: 'the answers of the campaign',
  spent_credential: 'the campaign: they go when it is closed',
}

/** Tables that are empty between transactions. */
export const keptByNobody: readonly string[] = ['audit_act']

/** Removes all whose time is over, `batch` rows at a time. Returns how many rows of which tables, without what hung on them. */
export async function applyRetention(prisma: PrismaClient, batch = 1000): Promise<Record<string, number>> {
  const removed: Record<string, number> = {}
  for (const { table, sql } of retentionRules) {
    for (;;) {
      const count = await asActor(prisma, { upkeep: true }, async (tx) => {
        const [result] = await tx.$queryRawUnsafe<[{ removed: number }]>(sql, batch)
        if (result.removed > 0 && removed[table] === undefined) {
          const server = { doer: { kind: 'server' }, networkId: null, requestId: null } as const
          await recordAct(tx, { ...server, action: 'retention.apply', recordKey: table })
        }
        return result.removed
      })
      if (count > 0) removed[table] = (removed[table] ?? 0) + count
      if (count < batch) break
    }
  }
  return removed
}

/** Removes the people whose time is over; that of those who have rows in the tables is longer. */
export function removePeople(tables: readonly { table: string; column: string }[]): string {
  const hasNothing = tables.map(
    ({ table, column }) => `NOT EXISTS (SELECT FROM "${table}" WHERE "${table}"."${column}" = person.id)`,
  )
  // The first day of the month is known, and the last would have been a month later. A session that was opened in its last
  // hour is over a day later.
  const monthIsOver = `seen_in < date_trunc('month', now() - interval '1 day')`
  return removeWhere(
    'person',
    `seen_in < date_trunc('month', now()) - interval '24 months' OR (${[monthIsOver, ...hasNothing].join(' AND ')})`,
  )
}

function removeWhere(table: string, isOver: string): string {
  return `
    WITH removed AS (
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE ${isOver} LIMIT $1::integer)) RETURNING 1)
    SELECT count(*)::integer AS removed FROM removed`
}
