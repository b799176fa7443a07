/** The tree of need areas, from CSV: parents by code, siblings in the order of the file. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { Transaction } from '../../database/connect.ts'
import { lockNetwork } from '../../database/lock-network.ts'
import { type Problem, refuseAll } from '../../sources/problem.ts'
import { type Row, readRows } from '../../sources/read-rows.ts'

const noCode = 'is not a code: small letters, digits and single hyphens'
const row = z.object({
  code: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, noCode),
  parent_code: z.string().regex(/^([a-z0-9]+(-[a-z0-9]+)*)?$/, noCode),
  name_it: z.string().min(1, 'is missing'),
  name_en: z.string().min(1, 'is missing'),
  description_it: z.string().optional(),
  description_en: z.string().optional(),
})

type AreaRow = Row<z.infer<typeof row>>

export interface TreeChanges {
  /** Areas in the file. */
  areas: number
  /** Areas of the network that the file no longer has, and that are gone. */
  removed: number
}

/**
 * Makes the network's tree that of the file. An area that services answer can't be dropped: it must be kept, or the
 * services moved first. Throws a SourceRefused with every problem found.
 */
export async function importNeedAreas(tx: Transaction, networkId: string, path: string): Promise<TreeChanges> {
  const rows = await readRows(path, row)
  await lockNetwork(tx, networkId)
  const file = basename(path)
  const problems = [...findBrokenTree(file, rows), ...(await findDropped(tx, networkId, file, rows))]
  if (problems.length > 0) throw refuseAll(problems)

  const ids = new Map<string, string>()
  for (const [index, { value }] of parentsFirst(rows).entries()) {
    const area = {
      parentId: value.parent_code === '' ? null : ids.get(value.parent_code)!,
      position: index + 1,
      nameIt: value.name_it,
      nameEn: value.name_en,
      descriptionIt: value.description_it || null,
      descriptionEn: value.description_en || null,
    }
    const { id } = await tx.needArea.upsert({
      where: { networkId_code: { networkId, code: value.code } },
      create: { networkId, code: value.code, ...area },
      update: area,
    })
    ids.set(value.code, id)
  }
  const { count } = await tx.needArea.deleteMany({ where: { networkId, code: { notIn: [...ids.keys()] } } })
  return { areas: rows.length, removed: count }
}

function findBrokenTree(file: string, rows: AreaRow[]): Problem[] {
  const parentOf = new Map(rows.map(({ value }) => [value.code, value.parent_code]))
  const seen = new Set<string>()
  return rows.flatMap(({ value, line }): Problem[] => {
    const at = { file, line }
    const twice = seen.has(value.code)
    seen.add(value.code)
    const parent = { at, column: 'parent_code', value: value.parent_code, scope: 'record' as const }
    if (twice)
      return [
        {
          at,
          column: 'code',
          value: value.code,
          message: 'stands twice',
          fix: 'give each area a code of its own',
          scope: 'record',
        },
      ]
    if (value.parent_code === '') return []
    if (!parentOf.has(value.parent_code))
      return [{ ...parent, message: 'no such area in this file', fix: 'add it or correct the code' }]
    return leadsBack(value.code, parentOf)
      ? [
          {
            ...parent,
            message: 'leads in a circle back to the area',
            fix: 'a tree has a top: leave one parent_code empty',
          },
        ]
      : []
  })
}

function leadsBack(code: string, parentOf: Map<string, string>): boolean {
  const passed = new Set<string>()
  for (let at = parentOf.get(code); at !== undefined && at !== '' && !passed.has(at); at = parentOf.get(at)) {
    if (at === code) return true
    passed.add(at)
  }
  return false
}

async function findDropped(tx: Transaction, networkId: string, file: string, rows: AreaRow[]): Promise<Problem[]> {
  const dropped = await tx.needArea.findMany({
    where: { networkId, code: { notIn: rows.map(({ value }) => value.code) }, services: { some: {} } },
    include: { _count: { select: { services: true } } },
  })
  return dropped.map((area) => ({
    at: { file },
    column: 'code',
    value: area.code,
    message: `is not in the file, and ${area._count.services} services answer it`,
    fix: 'keep the area, or move its services to another first',
    scope: 'file',
  }))
}

// The file's order, each area after its parent: the position then tells siblings apart and the whole tree in order.
function parentsFirst(rows: AreaRow[]): AreaRow[] {
  const below = Map.groupBy(rows, ({ value }) => value.parent_code)
  const walk = (parent: string): AreaRow[] =>
    (below.get(parent) ?? []).flatMap((area) => [area, ...walk(area.value.code)])
  return walk('')
}
