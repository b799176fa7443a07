/** HSDS has no field for the kind of an organization: it travels as an attribute of that type. */
import type { Transaction } from '../../database/connect.ts'

/** Sets the kind of every organization that carries an `organization_kind` attribute with a known value. */
export async function setOrganizationKinds(tx: Transaction, networkId: string): Promise<void> {
  // Of two kinds it is the same every time.
  await tx.$executeRaw`
    UPDATE organization SET kind = told.value::organization_kind
    FROM (
      SELECT link_id, min(value) AS value FROM attribute
      WHERE network_id = ${networkId}::uuid AND link_type = 'organization_kind'
        AND value = ANY (enum_range(NULL::organization_kind)::text[])
      GROUP BY link_id) told
    WHERE organization.id = told.link_id AND organization.kind::text <> told.value`
}
