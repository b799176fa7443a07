/**
 * The JSON form: JSON Lines, one file a kind of document, each line a document by the HSDS schema of its kind. Parts are
 * nested in what they belong to. Organizations, locations, services and terms are referred to by their identifiers, so
 * that each is written once: nesting an organization in each of its services would make the files grow with their
 * product, and no reader can tell a thousand copies from one.
 */
import { join } from 'node:path'
import type { Transaction } from '../../../database/connect.ts'
import { buildDocuments } from '../hsds/build-documents.ts'
import { among, exportForm, tiesOf } from '../hsds/form.ts'
import { anyLinks, type EntityName, hsds } from '../hsds/model.ts'
import { linkedUuid } from '../hsds/read-records.ts'
import { readBatches } from './read-batches.ts'
import { writeFile } from './write-folder.ts'

/** Writes the documents of these kinds and yields the names of the files. */
export async function* exportJson(
  tx: Transaction,
  networkId: string,
  folder: string,
  kinds: readonly EntityName[],
): AsyncGenerator<string> {
  // Any record may have attributes and metadata, and most kinds have none: they need not be looked for.
  const described = {
    attribute: await kindsWith(tx, networkId, 'attribute'),
    metadata: await kindsWith(tx, networkId, 'metadata'),
  }
  const form = among(exportForm, (holder, part) =>
    part === 'attribute' || part === 'metadata' ? described[part].has(holder) : kinds.includes(part),
  )
  for (const entity of kinds) {
    const batches = readBatches(tx, networkId, entity, nestedNowhere(entity))
    const first = await batches.next()
    if (first.done) continue
    const file = hsds[entity].file.replace('.csv', '.jsonl')
    await writeFile(join(folder, file), lines())
    yield file

    async function* lines() {
      for (let batch = first; !batch.done; batch = await batches.next()) {
        const documents = await buildDocuments(tx, batch.value, { entity, form })
        yield documents.map((document) => `${JSON.stringify(document)}\n`).join('')
      }
    }
  }
}

async function kindsWith(tx: Transaction, networkId: string, part: keyof typeof anyLinks): Promise<Set<string | null>> {
  const rows = await tx.$queryRawUnsafe<{ kind: string | null }[]>(
    `SELECT DISTINCT "${anyLinks[part].entity}" AS kind FROM "${part}" WHERE network_id = $1::uuid`,
    networkId,
  )
  return new Set(rows.map(({ kind }) => kind))
}

/** SQL: whether a row stands in no list of another document. Parts that belong to nothing are documents as well. */
function nestedNowhere(entity: EntityName): string {
  const lists = tiesOf(exportForm).filter(({ part, as }) => part === entity && as === 'list')
  if (entity === 'attribute' || entity === 'metadata') {
    const holders = lists.map(({ holder }) => `'${holder}'`).join(', ')
    const { entity: kind } = anyLinks[entity]
    return `(coalesce(held."${kind}" NOT IN (${holders}), true) OR ${linkedUuid(entity)} IS NULL)`
  }
  return ['true', ...lists.map(({ by }) => `held."${by}" IS NULL`)].join(' AND ')
}
