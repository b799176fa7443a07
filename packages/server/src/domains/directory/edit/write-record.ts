/** Writes records to the tables that the public reads, tells what was changed, and keeps what follows from it true. */
import { randomUUID } from 'node:crypto'
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import { linkServicesByTerms } from '../../need/map-terms.ts'
import { demonstrable } from '../import/check-record.ts'
import { rowId } from '../import/identify.ts'
import { placeInMunicipalities } from '../place-in-municipalities.ts'
import { retirementAttribute } from '../set-retirement-days.ts'
import type { EditedKind, RowData } from './edited-kinds.ts'
import { columnsOf, type HeldRecord } from './find-record.ts'
import type { Right } from './right-to-edit.ts'
import { tellChanges } from './write-metadata.ts'

/** Row key and identifier of a record that is about to be made: an import of what is exported finds it by them. */
export function newKeys(networkId: string, entity: EditedKind): { id: string; uuid: string } {
  const uuid = randomUUID()
  return { id: rowId(networkId, entity, uuid), uuid }
}

/** Makes a public record. */
export async function insertRecord(
  tx: Transaction,
  record: Omit<HeldRecord, 'isPublished'>,
  right: Right,
): Promise<void> {
  const { entity, id, networkId, recordVersion, data } = record
  // An organization of which no kind was told is of no known one.
  const given = entity === 'organization' ? { kind: 'other', ...data } : data
  const columns = columnsOf(entity)
  const list = columns.map((column) => `"${column}"`).join(', ')
  // What is said in a network that shows invented data is invented.
  const [mark, invented] = demonstrable.has(entity) ? [', demonstration', ', network.demonstration'] : ['', '']
  await tx.$executeRawUnsafe(
    `INSERT INTO "${entity}" (id, network_id, record_version, ${list}${mark})
     SELECT $1::uuid, network.id, $3::integer, ${columns.map((column) => `fresh."${column}"`).join(', ')}${invented}
     FROM network, jsonb_populate_record(NULL::"${entity}", $4::jsonb) AS fresh
     WHERE network.id = $2::uuid`,
    id,
    networkId,
    recordVersion,
    JSON.stringify(given),
  )
  await tellChanges(tx, record, null, data, right)
  await carryColumns(tx, record, data, right)
}

/** Changes columns of a public record. */
export async function updateRecord(tx: Transaction, record: HeldRecord, changes: RowData, right: Right): Promise<void> {
  const { entity, id, data } = record
  const columns = Object.keys(changes)
  await tx.$executeRawUnsafe(
    `UPDATE "${entity}" SET ${columns.map((column) => `"${column}" = fresh."${column}"`).join(', ')}
     FROM jsonb_populate_record(NULL::"${entity}", $2::jsonb) AS fresh WHERE "${entity}".id = $1::uuid`,
    id,
    JSON.stringify(changes),
  )
  await tellChanges(tx, record, data, { ...data, ...changes }, right)
  await carryColumns(tx, record, changes, right)
}

async function carryColumns(
  tx: Transaction,
  record: Pick<HeldRecord, 'entity' | 'id' | 'networkId'>,
  data: RowData,
  right: Right,
): Promise<void> {
  if (record.entity !== 'organization') return
  for (const [column, linkType] of Object.entries(carriers)) {
    const value = data[column]
    if (typeof value === 'string') await carry(tx, record, linkType, value, right)
  }
}

/** Removes rows of public records, and what is told of them. */
export async function removeRows(tx: Transaction, entity: EditedKind, ids: string[]): Promise<void> {
  await tx.metadata.deleteMany({ where: { resourceId: { in: ids } } })
  await tx.$executeRawUnsafe(`DELETE FROM "${entity}" WHERE id = ANY ($1::uuid[])`, ids)
}

/** Of what was written, that from which other columns follow. */
export async function followRecords(
  tx: Transaction,
  networkId: string,
  written: Pick<HeldRecord, 'entity' | 'id' | 'data'>[],
): Promise<void> {
  const keys = (entity: EditedKind, column?: string) =>
    written.flatMap((record) => {
      const key = column === undefined ? record.id : record.data[column]
      return record.entity === entity && typeof key === 'string' ? [key] : []
    })
  const locations = [...keys('location'), ...keys('address', 'location_id')]
  const serviceAreas = keys('service_area')
  if (locations.length + serviceAreas.length > 0)
    await placeInMunicipalities(tx, networkId, { locations, serviceAreas })
  const services = written.flatMap(({ entity, data }) =>
    entity === 'attribute' && data.link_entity === 'service' ? [String(data.link_id)] : [],
  )
  if (services.length > 0) await linkServicesByTerms(tx, networkId, services)
}

/** Columns of an organization that HSDS has no field for travel as attributes of these types. */
const carriers = { kind: 'organization_kind', retired_on: retirementAttribute } as const

/** Refuses to edit such an attribute by itself. Throws a {@link Refused}. */
export function refuseCarrier({ entity, data }: Pick<HeldRecord, 'entity' | 'data'>): void {
  if (entity !== 'attribute' || data.link_entity !== 'organization') return
  const [column] = Object.entries(carriers).find(([, linkType]) => linkType === data.link_type) ?? []
  if (column === undefined) return
  const advice = column === 'kind' ? 'change the kind of the organization' : 'retire the organization'
  throw new Refused('RESERVED', `linkType: attributes of this type follow something else: ${advice}.`, ['linkType'])
}

/** Makes the attribute that carries a column say what it says. */
async function carry(
  tx: Transaction,
  { id, networkId }: Pick<HeldRecord, 'id' | 'networkId'>,
  linkType: string,
  value: string,
  right: Right,
): Promise<void> {
  const link = { link_id: id, link_entity: 'organization', link_type: linkType }
  const [told, ...others] = await tx.attribute.findMany({
    where: { linkId: id, linkEntity: 'organization', linkType },
    orderBy: { value: 'asc' },
  })
  await removeRows(
    tx,
    'attribute',
    others.map((other) => other.id),
  )
  if (told === undefined) {
    const keys = newKeys(networkId, 'attribute')
    const data = { uuid: keys.uuid, ...link, value }
    await insertRecord(tx, { entity: 'attribute', id: keys.id, networkId, recordVersion: 1, data }, right)
  } else if (told.value !== value) {
    await tx.attribute.update({ where: { id: told.id }, data: { value } })
    const attribute = { entity: 'attribute', id: told.id, networkId } as const
    await tellChanges(tx, attribute, { ...link, value: told.value }, { ...link, value }, right)
  }
}
