/** HSDS has no field for the day on which an organization was retired: it travels as an attribute of that type. */
import type { Transaction } from '../../database/connect.ts'
import { isDate } from './import/check-value.ts'

/** The type of the attribute. */
export const retirementAttribute = 'organization_retired_on'

/** Sets the day of every organization that carries such an attribute with a day. */
export async function setRetirementDays(tx: Transaction, networkId: string): Promise<void> {
  const told = await tx.attribute.findMany({
    where: { networkId, linkEntity: 'organization', linkType: retirementAttribute },
    orderBy: { value: 'desc' },
  })
  // Of two days it is the earlier, every time.
  for (const { linkId, value } of told) {
    if (linkId === null || value === null || !isDate(value)) continue
    const retiredOn = new Date(value)
    await tx.$executeRaw`
      UPDATE organization SET retired_on = ${retiredOn}::date
      WHERE id = ${linkId}::uuid AND retired_on IS DISTINCT FROM ${retiredOn}::date`
  }
}
