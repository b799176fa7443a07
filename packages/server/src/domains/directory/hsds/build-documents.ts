/** Nests records in each other as a form says: one statement a kind of record, however many records there are. */
import type { Transaction } from '../../../database/connect.ts'
import { type Form, type Tie, tiesOf } from './form.ts'
import { anyLinks, type EntityName } from './model.ts'
import { type HsdsRecord, namesOf, readRecords, type StoredRecord } from './read-records.ts'

/** The documents would hold more records than were allowed. */
export class TooManyRecords extends Error {}

export interface Building {
  entity: EntityName
  form: Form
  /** How many records all documents may hold together; throws {@link TooManyRecords} beyond. */
  atMost?: number
}

/** A document for each of these records of one kind, in the same order. What several of them nest is one object. */
export async function buildDocuments(
  tx: Transaction,
  roots: StoredRecord[],
  { entity, form, atMost = Number.POSITIVE_INFINITY }: Building,
): Promise<HsdsRecord[]> {
  const ties = tiesOf(form)
  const order = holdersFirst(entity, ties)
  const found = new Map<EntityName, StoredRecord[]>([[entity, roots]])
  let room = atMost - roots.length
  for (const part of order.slice(1)) {
    const rows = await readParts(
      tx,
      part,
      ties.filter((tie) => tie.part === part && order.includes(tie.holder)),
      found,
      room,
    )
    room -= rows.length
    if (room < 0) throw new TooManyRecords()
    found.set(part, rows)
  }
  return nest(entity, order, ties, form, found)
}

async function readParts(
  tx: Transaction,
  part: EntityName,
  ties: Tie[],
  found: Map<EntityName, StoredRecord[]>,
  room: number,
): Promise<StoredRecord[]> {
  const keys = new Map<string, Set<string>>()
  for (const { holder, by, as } of ties) {
    const column = as === 'list' ? by : 'id'
    const wanted = keys.get(column) ?? new Set()
    for (const row of found.get(holder) ?? []) {
      const key = as === 'list' ? row.key : row.ties[by]
      if (key != null) wanted.add(key)
    }
    if (wanted.size > 0) keys.set(column, wanted)
  }
  if (keys.size === 0) return []
  const where = [...keys.keys()].map((column, position) => `held."${column}" = ANY ($${position + 1}::uuid[])`)
  const selection = {
    where: where.join(' OR '),
    parameters: [...keys.values()].map((wanted) => [...wanted]),
    ...(Number.isFinite(room) && { atMost: room + 1 }),
  }
  if (part !== 'attribute' && part !== 'metadata') return readRecords(tx, part, selection)
  // What they describe is at hand; for the database it is a search among all kinds of records, for each of them.
  const { id: link, entity: kind } = anyLinks[part]
  const names = namesOf(part).filter((name) => name !== link)
  const holders = new Map(ties.map(({ holder }) => [holder, new Map(found.get(holder)!.map((row) => [row.key, row]))]))
  return (await readRecords(tx, part, { ...selection, names })).flatMap((row) => {
    const { id, ...record } = row.record
    const holder = holders.get(record[kind] as EntityName)?.get(row.ties[link] ?? '')
    return holder === undefined ? [] : { ...row, record: { id, [link]: holder.record.id, ...record } }
  })
}

/** The kinds that are nested below one, each after all that hold it. */
function holdersFirst(root: EntityName, ties: Tie[]): EntityName[] {
  const done: EntityName[] = []
  const visit = (entity: EntityName) => {
    for (const { holder, part } of ties) if (holder === entity && !done.includes(part)) visit(part)
    done.push(entity)
  }
  visit(root)
  return done.reverse()
}

function nest(
  root: EntityName,
  order: EntityName[],
  ties: Tie[],
  form: Form,
  found: Map<EntityName, StoredRecord[]>,
): HsdsRecord[] {
  const documents = new Map<EntityName, Map<string, HsdsRecord>>()
  // Parts first: what is nested is finished before it is needed.
  for (const entity of order.toReversed()) {
    const inside = ties
      .filter(({ holder, part }) => holder === entity && order.includes(part))
      .map((tie) => ({
        ...tie,
        parts: tie.as === 'list' ? listParts(tie, found.get(tie.part) ?? [], documents.get(tie.part)!) : undefined,
      }))
    const made = new Map<string, HsdsRecord>()
    for (const { key, ties: tied, record } of found.get(entity) ?? []) {
      const document = only(record, form[entity]?.only)
      for (const tie of inside) {
        const held = tie.parts === undefined ? documents.get(tie.part)!.get(tied[tie.by] ?? '') : tie.parts.get(key)
        if (held !== undefined) document[tie.key] = held
      }
      made.set(key, document)
    }
    documents.set(entity, made)
  }
  return found.get(root)!.map(({ key }) => documents.get(root)!.get(key)!)
}

function listParts({ holder, part, by }: Tie, rows: StoredRecord[], documents: Map<string, HsdsRecord>) {
  const kind = part === 'attribute' || part === 'metadata' ? anyLinks[part].entity : undefined
  const lists = new Map<string, HsdsRecord[]>()
  for (const { key, ties, record } of rows) {
    const to = ties[by]
    if (to == null || (kind !== undefined && record[kind] !== holder)) continue
    const list = lists.get(to)
    if (list === undefined) lists.set(to, [documents.get(key)!])
    else list.push(documents.get(key)!)
  }
  return lists
}

function only(record: HsdsRecord, names: readonly string[] | undefined): HsdsRecord {
  if (names === undefined) return { ...record }
  return Object.fromEntries(names.filter((name) => name in record).map((name) => [name, record[name]])) as HsdsRecord
}
