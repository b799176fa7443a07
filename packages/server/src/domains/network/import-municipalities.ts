/** Municipalities of a network's territory, from CSV. */
import { basename } from 'node:path'
import { z } from 'zod'
import type { Transaction } from '../../database/connect.ts'
import { type Problem, refuseAll } from '../../sources/problem.ts'
import { type Row, readRows } from '../../sources/read-rows.ts'

const row = z.object({
  istat_code: z.string().regex(/^\d{6}$/, 'is not an ISTAT code: six digits, leading zeros kept'),
  name: z.string().min(1, 'is missing'),
  cadastral_code: z.string().regex(/^[A-Z]\d{3}$/, 'is not a cadastral code: a capital and three digits'),
  province: z.string().regex(/^[A-Z]{2}$/, 'is not the abbreviation of a province: two capitals'),
  area: z.string().optional(),
})

type TownRow = Row<z.infer<typeof row>>

/**
 * Adds the municipalities of a file to the territory; those that are there already are brought up to date. Throws a
 * SourceRefused with every problem found.
 */
export async function importMunicipalities(tx: Transaction, networkId: string, path: string): Promise<number> {
  const rows = await readRows(path, row)
  const problems = await findConflicts(tx, basename(path), rows)
  if (problems.length > 0) throw refuseAll(problems)
  for (const { value } of rows) {
    const { istat_code: istatCode, name, cadastral_code: cadastralCode, province, area } = value
    const municipality = { name, cadastralCode, province }
    await tx.municipality.upsert({ where: { istatCode }, create: { istatCode, ...municipality }, update: municipality })
    await tx.networkMunicipality.upsert({
      where: { networkId_istatCode: { networkId, istatCode } },
      create: { networkId, istatCode, area: area || null },
      update: { area: area || null },
    })
  }
  return rows.length
}

// Both codes tell a municipality apart from all others, in the file and among those that are known.
async function findConflicts(tx: Transaction, file: string, rows: TownRow[]): Promise<Problem[]> {
  const codes = rows.map(({ value }) => value.cadastral_code)
  const known = await tx.municipality.findMany({ where: { cadastralCode: { in: codes } } })
  const holders = new Map(known.map(({ cadastralCode, istatCode }) => [cadastralCode, istatCode]))
  const seen = new Set<string>()
  return rows.flatMap(({ value, line }): Problem[] => {
    const at = { file, line }
    const { istat_code: istatCode, cadastral_code: cadastralCode } = value
    if (seen.has(istatCode)) {
      const column = { column: 'istat_code', value: istatCode }
      return [{ at, ...column, message: 'stands twice', fix: 'keep one of the rows', scope: 'record' }]
    }
    seen.add(istatCode)
    const holder = holders.get(cadastralCode)
    holders.set(cadastralCode, holder ?? istatCode)
    if (holder === undefined || holder === istatCode) return []
    const column = { column: 'cadastral_code', value: cadastralCode }
    return [
      { at, ...column, message: `belongs to ${holder} already`, fix: 'correct one of the codes', scope: 'record' },
    ]
  })
}
