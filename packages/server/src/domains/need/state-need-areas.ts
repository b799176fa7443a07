/** Which need areas a service answers because its organization says so. */
import type { Transaction } from '../../database/connect.ts'
import { Refused } from '../../refused.ts'
import { type Editor, openRecord } from '../directory/edit/editing.ts'
import { tellList } from '../directory/edit/write-metadata.ts'
import { recordAct } from '../trace/record-act.ts'
import { linkServicesByTerms } from './map-terms.ts'

interface Statement {
  serviceId: string
  /** The version of the service that the caller knows. */
  version: number
  /** Row keys of all that are stated, in the order of the input. */
  needAreaIds: readonly string[]
}

/**
 * Makes what an organization states of its service the areas that are named. What its terms mean it answers besides: an area
 * that is stated no longer stays where a term leads to it. Stating the same again changes nothing; else the service has
 * another version after. Throws a Refused.
 */
export async function stateNeedAreas(tx: Transaction, editor: Editor, statement: Statement): Promise<void> {
  const { serviceId, version } = statement
  const target = { entity: 'service' as const, id: serviceId, expectedVersion: version, path: 'service' }
  const { record, right } = await openRecord(tx, editor, target)
  if (!record.isPublished) {
    throw new Refused('NOT_PUBLISHED', 'service: this is a draft; publish it first.', ['service'])
  }
  const { networkId } = record
  const wanted = [...new Set(statement.needAreaIds)]
  const areas = await tx.needArea.findMany({
    where: { networkId, id: { in: wanted } },
    select: { id: true, code: true },
  })
  const known = new Set(areas.map(({ id }) => id))
  const unknown = statement.needAreaIds.findIndex((id) => !known.has(id))
  if (unknown >= 0) refuseNeedArea(['needAreas', String(unknown)])
  const stated = await tx.serviceNeedArea.findMany({
    where: { serviceId, origin: 'stated' },
    select: { needAreaId: true, needArea: { select: { code: true } } },
  })
  const isStated = stated.length === wanted.length && stated.every(({ needAreaId }) => wanted.includes(needAreaId))
  if (isStated) return
  await tx.serviceNeedArea.deleteMany({
    where: { serviceId, OR: [{ origin: 'stated' }, { needAreaId: { in: wanted } }] },
  })
  await tx.serviceNeedArea.createMany({
    data: wanted.map((needAreaId) => ({ networkId, serviceId, needAreaId, origin: 'stated' as const })),
  })
  await linkServicesByTerms(tx, networkId, [serviceId])
  const [before, after] = [stated.map(({ needArea }) => needArea.code), areas.map(({ code }) => code)]
  await tellList(tx, record, { field: 'need_areas', before, after }, right)
  // What it answers is told with the service: who knows it from before does not write over it.
  await tx.service.update({ where: { id: serviceId }, data: { recordVersion: { increment: 1 } } })
  await recordAct(tx, {
    doer: right.doer,
    action: 'service_need_area.change',
    networkId,
    recordKey: serviceId,
    requestId: editor.requestId,
  })
}

/** What is not there is told like what is another's. */
export function refuseNeedArea(path: readonly string[]): never {
  throw new Refused('NEED_AREA_UNKNOWN', `${path.join('.')}: the network has no need area with this id.`, path)
}
