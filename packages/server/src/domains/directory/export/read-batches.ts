/** Reads all records of a kind in batches, so that memory stays bounded however many there are. */
import type { Transaction } from '../../../database/connect.ts'
import type { EntityName } from '../hsds/model.ts'
import { readRecords, type StoredRecord } from '../hsds/read-records.ts'

const size = 500

/** Yields the records of a network in the order of their identifiers; `where` is SQL over `held`. */
export async function* readBatches(
  tx: Transaction,
  networkId: string,
  entity: EntityName,
  where = 'true',
): AsyncGenerator<StoredRecord[]> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (let isFirst = true; ; isFirst = false) {
    const batch = await readRecords(tx, entity, {
      // The identifier of zeros only is one too.
      where: `held.network_id = $1::uuid AND held.uuid ${isFirst ? '>=' : '>'} $2::uuid AND ${where}`,
      parameters: [networkId, after],
      first: size,
    })
    if (batch.length > 0) yield batch
    if (batch.length < size) return
    after = batch.at(-1)!.record.id
  }
}
