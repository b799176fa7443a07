/** Finds a record of the directory, published or not. */
import type { Transaction } from '../../../database/connect.ts'
import { anyLinks, hsds } from '../hsds/model.ts'
import type { EditedKind, RowData } from './edited-kinds.ts'

export interface HeldRecord {
  entity: EditedKind
  /** Row key, the same before and after it is published. */
  id: string
  networkId: string
  isPublished: boolean
  recordVersion: number
  data: RowData
}

export async function findRecord(tx: Transaction, entity: EditedKind, id: string): Promise<HeldRecord | undefined> {
  const values = columnsOf(entity).map((name) => `'${name}', ${valueSql(entity, name)}`)
  const [found] = await tx.$queryRawUnsafe<Omit<HeldRecord, 'entity' | 'id'>[]>(
    `SELECT network_id AS "networkId", true AS "isPublished", record_version AS "recordVersion",
       jsonb_build_object(${values.join(', ')}) AS data
     FROM "${entity}" held WHERE id = $1::uuid
     UNION ALL
     SELECT network_id, false, record_version, data FROM directory_draft WHERE id = $1::uuid AND entity = '${entity}'`,
    id,
  )
  return found && { entity, id, ...found }
}

/** The columns that are edited, and the identifier that HSDS exchanges. */
export function columnsOf(entity: EditedKind): string[] {
  const { fields, references } = hsds[entity]
  const links = entity === 'attribute' ? Object.values(anyLinks.attribute) : []
  const ours = entity === 'organization' ? ['kind', 'retired_on'] : []
  return ['uuid', ...Object.keys(fields), ...Object.keys(references), ...links, ...ours]
}

function valueSql(entity: EditedKind, name: string): string {
  // JSON would have a moment in the time zone of the session, and with zeros that nobody wrote.
  return hsds[entity].fields[name]?.kind === 'instant'
    ? `regexp_replace(to_char(held."${name}" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '\\.?0*Z$', 'Z')`
    : `held."${name}"`
}
