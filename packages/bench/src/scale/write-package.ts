/** Writes an invented directory to disk as HSDS has it exchanged, record by record, whatever its size. */
import { once } from 'node:events'
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import {
  anyLinks,
  type EntityName,
  entityNames,
  hsds,
} from '@welfare-network/server/src/domains/directory/hsds/model.ts'
import type { HsdsRecord, InventedDirectory } from './invent-directory.ts'

/** Writes the tabular form: a folder with a CSV file for each kind of record. Returns how many rows it wrote. */
export async function writeTables(directory: InventedDirectory, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true })
  const files = new Map<EntityName, TextFile>()
  let rows = 0
  for (const [entity, record] of standAloneRecords(directory)) {
    for (const [kind, row] of flatten(entity, record)) {
      const columns = columnsOf[kind]
      let file = files.get(kind)
      if (file === undefined) {
        file = openFile(join(folder, hsds[kind].file))
        files.set(kind, file)
        await file.write(`${columns.join(',')}\r\n`)
      }
      rows += 1
      await file.write(`${columns.map((column) => cell(row[column])).join(',')}\r\n`)
    }
  }
  for (const file of files.values()) await file.close()
  return rows
}

/**
 * Writes JSON Lines: a document a service, whole as the HSDS API gives it, with its organization, its locations and its
 * taxonomy terms inside. Returns how many documents it wrote.
 */
export async function writeDocuments(directory: InventedDirectory, path: string): Promise<number> {
  const terms = new Map(directory.terms.map((term) => [term.id, { ...term, taxonomy_detail: directory.taxonomy }]))
  const file = openFile(path)
  for (let index = 0; index < directory.services; index += 1) {
    const { organization_id: _, ...service } = directory.service(index)
    const locations = directory.locationsOf(index).map((location) => directory.location(location))
    const document = {
      ...service,
      organization: directory.organization(directory.organizationOf(index)),
      service_at_locations: (service.service_at_locations as HsdsRecord[]).map(({ location_id: _, ...place }, nth) => ({
        ...place,
        location: locations[nth]!,
      })),
      attributes: (service.attributes as HsdsRecord[]).map(({ taxonomy_term_id: term, ...attribute }) => ({
        ...attribute,
        taxonomy_term: terms.get(term as string),
      })),
    }
    await file.write(`${JSON.stringify(document, withoutNothing)}\n`)
  }
  await file.close()
  return directory.services
}

// A document leaves out what there is nothing to say of.
function withoutNothing(_key: string, value: unknown): unknown {
  return value === null || (Array.isArray(value) && value.length === 0) ? undefined : value
}

function* standAloneRecords(directory: InventedDirectory): Generator<[EntityName, HsdsRecord]> {
  yield ['taxonomy', directory.taxonomy]
  for (const term of directory.terms) yield ['taxonomy_term', term]
  for (let index = 0; index < directory.organizations; index += 1) yield ['organization', directory.organization(index)]
  for (let index = 0; index < directory.locations; index += 1) yield ['location', directory.location(index)]
  for (let index = 0; index < directory.services; index += 1) yield ['service', directory.service(index)]
}

/** The record as a row, and those in its lists, each with the field that ties it. */
function* flatten(entity: EntityName, record: HsdsRecord): Generator<[EntityName, HsdsRecord]> {
  yield [entity, record]
  for (const [name, list] of Object.entries(hsds[entity].lists)) {
    for (const part of (record[name] ?? []) as HsdsRecord[])
      yield* flatten(list.entity, { ...part, [list.by]: record.id })
  }
}

const columnsOf = Object.fromEntries(
  entityNames.map((entity) => {
    const { fields, references } = hsds[entity]
    const link = entity === 'attribute' || entity === 'metadata' ? Object.values(anyLinks[entity]) : []
    return [entity, ['id', ...Object.keys(references), ...link, ...Object.keys(fields)]]
  }),
) as Record<EntityName, string[]>

function cell(value: HsdsRecord[string] | undefined): string {
  const text = value == null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

interface TextFile {
  /** Resolves when there is room for more. */
  write(text: string): Promise<void>
  close(): Promise<void>
}

const buffered = 256 * 1024

function openFile(path: string): TextFile {
  const stream: WriteStream = createWriteStream(path)
  let pending = ''
  const flush = async () => {
    const isFull = !stream.write(pending)
    pending = ''
    if (isFull) await once(stream, 'drain')
  }
  return {
    write: async (text) => {
      pending += text
      if (pending.length >= buffered) await flush()
    },
    close: async () => {
      stream.end(pending)
      await finished(stream)
    },
  }
}
