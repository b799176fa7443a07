/** What HSDS calls Metadata: which field of a published record was changed, from what to what, on which day, by whom. */
import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../../database/connect.ts'
import { hsds } from '../hsds/model.ts'
import { rowId } from '../import/identify.ts'
import { type EditedKind, type RowData, referencesOf, tiesOf } from './edited-kinds.ts'
import { findRecord } from './find-record.ts'
import type { Right } from './right-to-edit.ts'

/** HSDS asks for a value before and after; where there is none, this stands. */
const none = '(none)'
/** What may be about a person is not told: the directory forgets it when it is changed. */
const withheld = '(withheld)'

export interface Described {
  entity: EditedKind
  /** Row key. */
  id: string
  networkId: string
}

/** Tells each column in which the two differ; null is what is not there. */
export async function tellChanges(
  tx: Transaction,
  record: Described,
  before: RowData | null,
  after: RowData | null,
  right: Right,
): Promise<void> {
  const { entity } = record
  const type = before === null ? 'create' : 'update'
  const isPersonal = (await isOfPerson(tx, entity, before)) || (await isOfPerson(tx, entity, after))
  const changes: Change[] = []
  for (const column of toldColumns(entity)) {
    const [old, made] = [before?.[column] ?? null, after?.[column] ?? null]
    if (old === made) continue
    const isReference = !Object.hasOwn(hsds[entity].fields, column)
    const hide = !isReference && (isPersonal || personalColumns.has(column))
    const tell = async (data: RowData | null) => {
      if ((data?.[column] ?? null) === null) return none
      if (hide) return withheld
      return isReference ? uuidOf(tx, entity, data!, column) : String(data![column]) || none
    }
    changes.push({ type, field: column, from: await tell(before), to: await tell(after) })
  }
  await write(tx, record, changes, right)
}

/** Tells a list of a record that HSDS has no name for, by the codes of what is in it. */
export async function tellList(
  tx: Transaction,
  record: Described,
  { field, before, after }: { field: string; before: readonly string[]; after: readonly string[] },
  right: Right,
): Promise<void> {
  const tell = (codes: readonly string[]) => codes.toSorted().join(', ') || none
  await write(tx, record, [{ type: 'update', field, from: tell(before), to: tell(after) }], right)
}

/** Tells, on what it hung on, that a part is no longer in one of its lists. */
export async function tellRemoval(tx: Transaction, record: Described & { data: RowData }, right: Right): Promise<void> {
  for (const { to, id } of tiesOf(record.entity, record.data).filter(({ holds }) => holds)) {
    const change = {
      type: 'delete' as const,
      field: listOf(to, record.entity),
      from: String(record.data.uuid),
      to: none,
    }
    await write(tx, { entity: to, id, networkId: record.networkId }, [change], right)
  }
}

interface Change {
  type: 'create' | 'update' | 'delete'
  field: string
  from: string
  to: string
}

async function write(tx: Transaction, record: Described, changes: Change[], right: Right): Promise<void> {
  if (changes.length === 0) return
  const described = await describable(tx, record)
  if (described === undefined) return
  const { networkId } = record
  const updatedBy = await nameOf(tx, networkId, right)
  const today = new Date(new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' }))
  await tx.metadata.createMany({
    data: changes.map(({ type, field, from, to }) => {
      const uuid = randomUUID()
      return {
        id: rowId(networkId, 'metadata', uuid),
        networkId,
        uuid,
        resourceId: described.id,
        resourceType: described.entity,
        lastActionDate: today,
        lastActionType: type,
        fieldName: described.prefix + field,
        previousValue: from,
        replacementValue: to,
        updatedBy,
      }
    }),
  })
}

/** HSDS lists no metadata of holidays: what is told of them is told of what keeps them. */
async function describable(
  tx: Transaction,
  { entity, id }: Described,
): Promise<{ entity: EditedKind; id: string; prefix: string } | undefined> {
  if ('metadata' in hsds[entity].lists) return { entity, id, prefix: '' }
  const record = await findRecord(tx, entity, id)
  const [holder] = record === undefined ? [] : tiesOf(entity, record.data)
  return holder && { entity: holder.to, id: holder.id, prefix: `${listOf(holder.to, entity)}.` }
}

/** The name of the list in which a record of one kind has those of another. */
function listOf(holder: EditedKind, part: EditedKind): string {
  return (
    Object.entries(hsds[holder].lists).find(([, { entity }]) => entity === part)?.[0] ?? hsds[part].file.slice(0, -4)
  )
}

function toldColumns(entity: EditedKind): string[] {
  return [...Object.keys(hsds[entity].fields), ...referencesOf(entity).map(({ column }) => column)]
}

async function uuidOf(tx: Transaction, entity: EditedKind, data: RowData, column: string): Promise<string> {
  const tie = tiesOf(entity, data).find((tie) => tie.column === column)
  const other = tie && (await findRecord(tx, tie.to, tie.id))
  return other === undefined ? none : String(other.data.uuid)
}

const personalColumns = new Set(['assurer_email', 'attention'])

/** Whether a row tells of a person: a contact, what reaches one, and what is said of those. */
async function isOfPerson(tx: Transaction, entity: EditedKind, data: RowData | null): Promise<boolean> {
  if (data === null) return false
  if (entity === 'contact') return true
  if (entity === 'phone') return (data.contact_id ?? null) !== null
  if (entity !== 'attribute') return false
  const [described] = tiesOf(entity, data)
  const holder = described && (await findRecord(tx, described.to, described.id))
  return holder !== undefined && isOfPerson(tx, holder.entity, holder.data)
}

async function nameOf(tx: Transaction, networkId: string, { organizationId }: Right): Promise<string> {
  const { name } =
    organizationId === null
      ? await tx.network.findUniqueOrThrow({ where: { id: networkId }, select: { name: true } })
      : await tx.organization.findUniqueOrThrow({ where: { id: organizationId }, select: { name: true } })
  return name
}
