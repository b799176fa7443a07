import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { dumpTables } from '../../../testing/dump-tables.ts'
import {
  anyDirectory,
  anyTablesOf,
  type Directory,
  documentsOf,
  tablesOf,
} from '../../../testing/generate-directory.ts'
import { importSource, makeNetwork, refusalLines, tryImport } from '../../../testing/import-source.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { writeFolder } from '../../../testing/write-files.ts'
import { entityNames, hsds } from '../hsds/model.ts'

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
  networkId = await makeNetwork(database)
})
afterAll(() => database.close())

// Each run is several imports; whoever looks for a rare case sets more.
const runs = { numRuns: 10, interruptAfterTimeLimit: 100_000 }

/** The tables after these folders are imported one after the other into a network that is empty. */
async function tablesAfter(...folders: Record<string, string>[]): Promise<string> {
  return withFolders(folders, (paths) => tryImport(database, networkId, paths, (tx) => dumpTables(tx)))
}

async function withFolders<T>(folders: Record<string, string>[], use: (paths: string[]) => Promise<T>): Promise<T> {
  const written = folders.map(writeFolder)
  return use(written.map(({ folder }) => folder)).finally(() => {
    for (const { remove } of written) remove()
  })
}

test('the order of files, rows and columns makes no difference', async () => {
  const given = anyDirectory().chain((directory) => fc.tuple(fc.constant(directory), anyTablesOf(directory)))
  const property = fc.asyncProperty(given, async ([directory, tables]) => {
    expect(await tablesAfter(tables)).toBe(await tablesAfter(tablesOf(directory)))
  })
  await fc.assert(property, runs)
})

test('nested documents say the same as tables', async () => {
  const layouts = fc.constantFrom<(documents: object[]) => [ending: string, text: string]>(
    (documents) => ['json', JSON.stringify(documents)],
    (documents) => ['json', JSON.stringify(documents, null, 2)],
    (documents) => ['jsonl', documents.map((document) => `${JSON.stringify(document)}\n`).join('')],
    (documents) => ['json', documents.map((document) => JSON.stringify(document, null, '\t')).join('\n')],
    (documents) => ['json', JSON.stringify({ total_items: documents.length, contents: documents })],
  )
  const property = fc.asyncProperty(anyDirectory(), layouts, async (directory, layout) => {
    const files = Object.entries(documentsOf(directory))
      .filter(([, documents]) => documents.length > 0)
      .map(([name, documents]) => {
        const [ending, text] = layout(documents)
        return [name.replace('json', ending), text]
      })
    expect(await tablesAfter(Object.fromEntries(files))).toBe(await tablesAfter(tablesOf(directory)))
  })
  await fc.assert(property, runs)
})

test('importing the same again changes nothing', async () => {
  const property = fc.asyncProperty(anyDirectory(), async (directory) => {
    const tables = tablesOf(directory)
    const once = await tablesAfter(tables)
    const changes = await withFolders([tables, tables], (paths) =>
      tryImport(database, networkId, paths, async (tx, reports) => {
        expect(await dumpTables(tx)).toBe(once)
        return Object.values(reports[1]!.changes)
      }),
    )
    for (const change of changes) expect(change).toMatchObject({ created: 0, updated: 0, removed: 0 })
  })
  await fc.assert(property, runs)
})

test('importing a part of it again changes nothing', async () => {
  const given = anyDirectory().chain((directory) => {
    const files = Object.entries(tablesOf(directory))
    return fc.tuple(fc.constant(directory), fc.subarray(files, { minLength: 1 }))
  })
  const property = fc.asyncProperty(given, async ([directory, files]) => {
    const tables = tablesOf(directory)
    expect(await tablesAfter(tables, Object.fromEntries(files))).toBe(await tablesAfter(tables))
  })
  await fc.assert(property, runs)
})

test('whichever required cell is empty, the import is refused and names it', async () => {
  const given = anyDirectory().chain((directory) =>
    fc.tuple(fc.constant(directory), fc.constantFrom(...required(directory))),
  )
  const property = fc.asyncProperty(given, async ([directory, { entity, position, column }]) => {
    const rows = directory[entity].map((row, index) => (index === position ? { ...row, [column]: '' } : row))
    const [before] = csvLines(directory, entity, position)
    const lines = await withFolders([tablesOf({ ...directory, [entity]: rows })], ([path]) =>
      refusalLines(importSource(database, networkId, path!)),
    )
    const what = column === 'id' ? 'give every record' : `HSDS requires ${column} of every`
    expect(
      lines.filter((line) => line.startsWith(`${hsds[entity].file}:${before} ${column}: is missing (${what}`)),
    ).toHaveLength(1)
  })
  await fc.assert(property, runs)
})

interface RequiredCell {
  entity: (typeof entityNames)[number]
  position: number
  column: string
}

function required(directory: Directory): RequiredCell[] {
  return entityNames.flatMap((entity) => {
    const { fields, references } = hsds[entity]
    const columns = Object.entries({ ...fields, ...references }).flatMap(([name, { required }]) =>
      required ? [name] : [],
    )
    return directory[entity].flatMap((_, position) =>
      ['id', ...columns].map((column) => ({ entity, position, column })),
    )
  })
}

/** The line on which a row of a table begins. */
function csvLines(directory: Directory, entity: RequiredCell['entity'], position: number): number[] {
  const above = tablesOf({ ...directory, [entity]: directory[entity].slice(0, position) })[hsds[entity].file] ?? '\n'
  return [above.match(/\r\n|\n|\r/g)!.length + 1]
}
