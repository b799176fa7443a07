/** Keys of imported records: the same source always gives the same keys, in whatever order its rows come. */
import { v5, validate } from 'uuid'
import type { EntityName } from '../hsds/model.ts'

/** The UUID that HSDS exchanges: the source's own, or one made from its feed and identifier. */
export function hsdsUuid(feed: string, entity: EntityName, id: string): string {
  return validate(id) ? id.toLowerCase() : v5(`${feed}/${entity}/${id}`, sourceNamespace)
}

/** The key of the row: the same record may be in several networks. */
export function rowId(networkId: string, entity: EntityName, uuid: string): string {
  return v5(`${entity}/${uuid}`, networkId)
}

// Any fixed UUID will do; this one was drawn for the purpose.
const sourceNamespace = '6f0e5a0c-5f0b-4a53-9d0f-3c8f1d0a7b1e'
