/** HSDS has no field for the kind of an organization: it travels as an attribute of that type. */
import type { Transaction } from '../../database/connect.ts'

/** Sets the kind of every organization that carries an `organization_kind` attribute with a known value. */
export async function setOrganizationKinds(tx: Transaction, networkId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE organization SET kind = attribute.value::organization_kind
    FROM attribute
    WHERE attribute.network_id = ${networkId}::uuid AND attribute.link_type = 'organization_kind'
      AND attribute.link_id = organization.id
      AND attribute.value = ANY (enum_range(NULL::organization_kind)::text[])
      AND organization.kind::text <> attribute.value`
}
