/**
 * The tabular form: one CSV file a kind of record, with every column that HSDS has for it, so that the columns never
 * depend on the rows; and the description of all as a Data Package.
 */
import { join } from 'node:path'
import type { Transaction } from '../../../database/connect.ts'
import { csvLine } from '../../../sources/write-csv.ts'
import { type EntityName, hsds } from '../hsds/model.ts'
import { namesOf } from '../hsds/read-records.ts'
import { describePackage } from './describe-package.ts'
import { readBatches } from './read-batches.ts'
import { writeFile } from './write-folder.ts'

/** Writes the tables of these kinds and yields the names of the files. */
export async function* exportCsv(
  tx: Transaction,
  networkId: string,
  folder: string,
  kinds: readonly EntityName[],
): AsyncGenerator<string> {
  for (const entity of kinds) {
    const { file } = hsds[entity]
    await writeFile(join(folder, file), tableOf(tx, networkId, entity))
    yield file
  }
  await writeFile(join(folder, 'datapackage.json'), describePackage(kinds))
  yield 'datapackage.json'
}

async function* tableOf(tx: Transaction, networkId: string, entity: EntityName): AsyncGenerator<string> {
  const columns = namesOf(entity)
  yield csvLine(columns)
  for await (const batch of readBatches(tx, networkId, entity)) {
    yield batch.map(({ record }) => csvLine(columns.map((name) => record[name]))).join('')
  }
}
