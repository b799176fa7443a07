/** What a record refers to must be there, in its network, and for the actor to use. */
import type { Transaction } from '../../../database/connect.ts'
import { Prisma } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { trees } from '../hsds/model.ts'
import { words } from './check-values.ts'
import { inputNameOf, type Tie, tiesOf } from './edited-kinds.ts'
import type { Editor } from './editing.ts'
import { findRecord, type HeldRecord } from './find-record.ts'
import { unknown } from './refuse-edit.ts'
import { type Owned, rightToEdit } from './right-to-edit.ts'

/**
 * The records that it refers to. Throws a {@link Refused} with the way to the first that it may not, for the editor; without
 * one it is asked no more than whether all are there.
 */
export async function checkTies(
  tx: Transaction,
  editor: Editor | undefined,
  record: Owned,
): Promise<{ tie: Tie; other: HeldRecord }[]> {
  const { entity, networkId, data } = record
  const found: { tie: Tie; other: HeldRecord }[] = []
  for (const tie of tiesOf(entity, data)) {
    const path = inputNameOf(entity, tie.column)
    const other = await findRecord(tx, tie.to, tie.id)
    if (other?.networkId !== networkId) throw unknown(tie.to, path)
    // What is public may be referred to by all; what hangs on something, and what nobody else sees, by its owners.
    const mustOwn = editor !== undefined && (tie.holds || !other.isPublished)
    if (mustOwn && (await rightToEdit(tx, editor.actor, other)) === undefined) throw unknown(tie.to, path)
    refuseRetired(record, other)
    found.push({ tie, other })
  }
  await refuseCircle(tx, record)
  return found
}

/** Refuses what would let the public see a record whose reference leads to one that it can't see. */
export function refuseDrafts(
  record: Owned,
  ties: { tie: Tie; other: HeldRecord }[],
  alongside: ReadonlySet<string>,
): void {
  for (const { tie, other } of ties) {
    if (other.isPublished || alongside.has(other.id)) continue
    const path = inputNameOf(record.entity, tie.column)
    const name = other.data.name == null ? '' : ` "${other.data.name}"`
    const what = `the ${words(record.entity)} refers to the draft ${words(other.entity)}${name}`
    throw new Refused('REFERS_TO_DRAFT', `${path}: ${what}; publish that first.`, [path])
  }
}

// What would not be there without it ended with it.
function refuseRetired({ entity, data }: Owned, other: HeldRecord): void {
  if (entity !== 'service' || data.status === 'defunct' || (other.data.retired_on ?? null) === null) return
  const message = `organization: it was retired on ${other.data.retired_on}, and gives no service any more.`
  throw new Refused('ORGANIZATION_RETIRED', message, ['organization'])
}

async function refuseCircle(tx: Transaction, { entity, id, data }: Owned): Promise<void> {
  if (!(entity in trees)) return
  const column = trees[entity as keyof typeof trees]
  const parent = data[column]
  if (typeof parent !== 'string') return
  const [{ circular }] = await tx.$queryRaw<[{ circular: boolean }]>`
    WITH RECURSIVE
      link AS (
        SELECT id, ${Prisma.raw(`"${column}"`)} AS parent FROM ${Prisma.raw(`"${entity}"`)}
        UNION ALL SELECT id, (data->>${column})::uuid FROM directory_draft WHERE entity::text = ${entity}),
      walk AS (
        SELECT ${parent}::uuid AS at
        UNION SELECT link.parent FROM walk JOIN link ON link.id = walk.at WHERE link.parent IS NOT NULL)
    SELECT EXISTS (SELECT FROM walk WHERE at = ${id}::uuid) AS circular`
  if (!circular) return
  const path = inputNameOf(entity, column)
  const message = `${path}: leads in a circle back to the same ${words(entity)}; a tree has a top.`
  throw new Refused('CIRCLE', message, [path])
}
