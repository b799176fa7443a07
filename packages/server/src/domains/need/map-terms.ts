/** Which taxonomy terms mean which need areas, and so which services answer which needs. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { Transaction } from '../../database/connect.ts'
import { lockNetwork } from '../../database/lock-network.ts'
import { Prisma } from '../../generated/prisma/client.ts'
import { type Problem, refuseAll } from '../../sources/problem.ts'
import { readRows } from '../../sources/read-rows.ts'

const row = z.object({
  taxonomy_term_code: z.string().min(1, 'is missing'),
  need_area_code: z.string().min(1, 'is missing'),
})

/** Makes the network's mapping that of the file and links the services anew. Throws a SourceRefused. */
export async function importTermMapping(tx: Transaction, networkId: string, path: string): Promise<number> {
  await lockNetwork(tx, networkId)
  const rows = await readRows(path, row)
  const terms = Map.groupBy(await tx.taxonomyTerm.findMany({ where: { networkId } }), (term) => term.code)
  const areas = new Map((await tx.needArea.findMany({ where: { networkId } })).map((area) => [area.code, area.id]))
  const problems: Problem[] = []
  const pairs = new Map<string, { networkId: string; needAreaId: string; taxonomyTermId: string }>()
  for (const { value, line } of rows) {
    const at = { file: basename(path), line }
    const needAreaId = areas.get(value.need_area_code)
    const meant = terms.get(value.taxonomy_term_code) ?? []
    if (needAreaId === undefined) {
      const fix = 'correct it, or import the tree that has it first'
      problems.push({
        at,
        column: 'need_area_code',
        value: value.need_area_code,
        message: 'no such need area',
        fix,
        scope: 'record',
      })
    }
    if (meant.length === 0) {
      const fix = 'correct it, or import the taxonomy first'
      problems.push({
        at,
        column: 'taxonomy_term_code',
        value: value.taxonomy_term_code,
        message: 'no such term',
        fix,
        scope: 'record',
      })
    }
    for (const { id } of meant)
      pairs.set(`${needAreaId} ${id}`, { networkId, needAreaId: needAreaId!, taxonomyTermId: id })
  }
  if (problems.length > 0) throw refuseAll(problems)
  await tx.needAreaTerm.deleteMany({ where: { networkId } })
  await tx.needAreaTerm.createMany({ data: [...pairs.values()] })
  await linkServicesByTerms(tx, networkId)
  return pairs.size
}

/**
 * A term comes to mean a need area, and the services that carry it answer the area. False where it means it already. Whoever
 * calls holds the lock of the network, and has seen that both are of it.
 */
export async function mapTerm(tx: Transaction, networkId: string, pair: TermMeaning): Promise<boolean> {
  const { count } = await tx.needAreaTerm.createMany({ data: [{ networkId, ...pair }], skipDuplicates: true })
  if (count > 0) await linkServicesByTerms(tx, networkId, await findServicesWith(tx, pair.taxonomyTermId))
  return count > 0
}

/** The same the other way round; services that another of their terms leads to the area answer it still. */
export async function unmapTerm(tx: Transaction, networkId: string, pair: TermMeaning): Promise<boolean> {
  const { count } = await tx.needAreaTerm.deleteMany({ where: { networkId, ...pair } })
  if (count > 0) await linkServicesByTerms(tx, networkId, await findServicesWith(tx, pair.taxonomyTermId))
  return count > 0
}

/** Row keys of a term, and of what it means. */
export interface TermMeaning {
  needAreaId: string
  taxonomyTermId: string
}

/**
 * Brings the links that follow from terms up to date, of all services of the network or of those that are named; those that
 * an organization stated stay as they are.
 */
export async function linkServicesByTerms(
  tx: Transaction,
  networkId: string,
  serviceIds?: readonly string[],
): Promise<void> {
  const among = (column: string) =>
    serviceIds === undefined ? Prisma.empty : Prisma.sql`AND ${Prisma.raw(column)} = ANY(${[...serviceIds]}::uuid[])`
  await tx.$executeRaw`
    DELETE FROM service_need_area link WHERE link.network_id = ${networkId}::uuid AND link.origin = 'term'
      ${among('link.service_id')}
      AND NOT EXISTS (SELECT FROM attribute JOIN need_area_term USING (taxonomy_term_id)
        WHERE attribute.link_id = link.service_id AND need_area_term.need_area_id = link.need_area_id)`
  await tx.$executeRaw`
    INSERT INTO service_need_area (network_id, service_id, need_area_id, origin)
    SELECT DISTINCT attribute.network_id, attribute.link_id, need_area_term.need_area_id, 'term'::need_area_origin
    FROM attribute JOIN need_area_term USING (taxonomy_term_id)
      JOIN service ON service.id = attribute.link_id -- an attribute may outlive what it belonged to
    WHERE attribute.network_id = ${networkId}::uuid AND attribute.link_entity = 'service'
      ${among('attribute.link_id')}
    ON CONFLICT DO NOTHING`
}

/** How many need areas the network maps the term to. */
export function countMeanings(tx: Transaction, taxonomyTermId: string): Promise<number> {
  return tx.needAreaTerm.count({ where: { taxonomyTermId } })
}

async function findServicesWith(tx: Transaction, taxonomyTermId: string): Promise<string[]> {
  const carried = await tx.attribute.findMany({
    where: { taxonomyTermId, linkEntity: 'service', linkId: { not: null } },
    select: { linkId: true },
    distinct: 'linkId',
  })
  return carried.map(({ linkId }) => linkId!)
}
