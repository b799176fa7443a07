/** Municipalities of a network's territory, from CSV. */
import { z } from 'zod'
import type { Transaction } from '../../database/connect.ts'
import { readRows } from '../../sources/read-rows.ts'

const row = z.object({
  istat_code: z.string().regex(/^\d{6}$/, 'is not an ISTAT code: six digits, leading zeros kept'),
  name: z.string().min(1, 'is missing'),
  cadastral_code: z.string().regex(/^[A-Z]\d{3}$/, 'is not a cadastral code: a capital and three digits'),
  province: z.string().regex(/^[A-Z]{2}$/, 'is not the abbreviation of a province: two capitals'),
  area: z.string().optional(),
})

/** Adds the municipalities of a file to the territory; those that are there already are brought up to date. */
export async function importMunicipalities(tx: Transaction, networkId: string, path: string): Promise<number> {
  const rows = await readRows(path, row)
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
