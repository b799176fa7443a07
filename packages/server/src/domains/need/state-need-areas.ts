/** Which need areas a service answers because its organization says so. */
import type { Transaction } from '../../database/connect.ts'
import { expectVersion } from '../../database/expect-version.ts'
import { lockNetwork } from '../../database/lock-network.ts'
import { Refused } from '../../refused.ts'
import { linkServicesByTerms } from './map-terms.ts'

interface Statement {
  networkId: string
  serviceId: string
  /** The version of the service that the caller knows. */
  version: number
  /** Row keys of all that are stated, in the order of the input. */
  needAreaIds: readonly string[]
}

/**
 * Makes what an organization states of its service the areas that are named. What its terms mean it answers besides: an area
 * that is stated no longer stays where a term leads to it. False where they were stated already; else the service has
 * another version after.
 */
export async function stateNeedAreas(tx: Transaction, statement: Statement): Promise<boolean> {
  const { networkId, serviceId, version } = statement
  await lockNetwork(tx, networkId)
  if (!(await expectVersion(tx, 'service', serviceId, version))) refuseService()
  const wanted = [...new Set(statement.needAreaIds)]
  const areas = await tx.needArea.findMany({ where: { networkId, id: { in: wanted } }, select: { id: true } })
  const known = new Set(areas.map(({ id }) => id))
  const unknown = statement.needAreaIds.findIndex((id) => !known.has(id))
  if (unknown >= 0) refuseNeedArea(['needAreas', String(unknown)])
  const stated = await tx.serviceNeedArea.findMany({ where: { serviceId, origin: 'stated' } })
  const isStated = stated.length === wanted.length && stated.every(({ needAreaId }) => wanted.includes(needAreaId))
  if (isStated) return false
  await tx.serviceNeedArea.deleteMany({
    where: { serviceId, OR: [{ origin: 'stated' }, { needAreaId: { in: wanted } }] },
  })
  await tx.serviceNeedArea.createMany({
    data: wanted.map((needAreaId) => ({ networkId, serviceId, needAreaId, origin: 'stated' as const })),
  })
  await linkServicesByTerms(tx, networkId, [serviceId])
  // What it answers is told with the service: who knows it from before does not write over it.
  await tx.service.update({ where: { id: serviceId }, data: { recordVersion: { increment: 1 } } })
  return true
}

/** What is not there is told like what is another's, here and below. */
export function refuseService(): never {
  throw new Refused('SERVICE_UNKNOWN', 'service: you write none with this id.', ['service'])
}

export function refuseNeedArea(path: readonly string[]): never {
  throw new Refused('NEED_AREA_UNKNOWN', `${path.join('.')}: the network has no need area with this id.`, path)
}
