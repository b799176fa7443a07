import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { dumpTables } from '../../../testing/dump-tables.ts'
import { anyDirectory, type Directory, type DirectoryRow, tablesOf } from '../../../testing/generate-directory.ts'
import { faultsOf, hsdsSchemas, makeValidator, schemasAreAbsent } from '../../../testing/hsds-schemas.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { sharedData } from '../../../testing/shared-data.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { writeFolder as writeFiles } from '../../../testing/write-files.ts'
import { anyLinks, type EntityName, entityNames, hsds } from '../hsds/model.ts'
import { type ExportFormat, exportDirectory } from './export-directory.ts'

let database: Database
let networkId: string
let folder: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
  networkId = await makeNetwork(database)
  folder = mkdtempSync(join(tmpdir(), 'welfare-network-export-'))
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const formats = ['hsds-json', 'hsds-csv'] as const

// Each run is several imports and exports; whoever looks for a rare case sets more.
const runs = { numRuns: Number(process.env.ROUND_TRIPS ?? 6), interruptAfterTimeLimit: 100_000, endOnFailure: true }

/**
 * The tables after importing a source, and after importing, into the empty network, what was exported of it. One after
 * the other: a property that is interrupted leaves its last run going on.
 */
function thereAndBack(path: string, format: ExportFormat, look: (exported: string) => void = () => {}) {
  const turn = lastTurn.then(() => goThereAndBack(path, format, look))
  lastTurn = turn.catch(() => {})
  return turn
}

let lastTurn: Promise<unknown> = Promise.resolve()

async function goThereAndBack(path: string, format: ExportFormat, look: (exported: string) => void) {
  const exported = join(folder, 'exported')
  try {
    await importSource(database, networkId, path, { skipInvalid: true })
    const before = await dumpTables(database.prisma)
    await exportDirectory(database.prisma, { networkId, format, path: exported })
    await importSource(database, networkId, exported)
    expect(await dumpTables(database.prisma), 'over what is there already').toBe(before)
    await emptyNetwork()
    await importSource(database, networkId, exported)
    const after = await dumpTables(database.prisma)
    look(exported)
    return { before, after }
  } finally {
    await emptyNetwork()
    rmSync(exported, { recursive: true, force: true })
  }
}

async function emptyNetwork(): Promise<void> {
  for (const entity of entityNames.toReversed()) {
    await database.prisma.$executeRawUnsafe(`DELETE FROM "${entity}" WHERE network_id = $1::uuid`, networkId)
  }
}

async function withFiles<T>(files: Record<string, string>, use: (path: string) => Promise<T>): Promise<T> {
  const { folder, remove } = writeFiles(files)
  return use(folder).finally(remove)
}

describe.each(formats)('%s', (format) => {
  test('what is imported is there again after export and import', async () => {
    const property = fc.asyncProperty(anyDirectory(), (directory) =>
      withFiles(tablesOf(directory), async (path) => {
        const { before, after } = await thereAndBack(path, format)
        expect(after).toBe(before)
      }),
    )
    await fc.assert(property, runs)
  })

  test('so are parts that belong to nothing, and attributes of anything', async () => {
    const property = fc.asyncProperty(anyDirectory({ loose: true }), (directory) =>
      withFiles(tablesOf(directory), async (path) => {
        const { before, after } = await thereAndBack(path, format)
        expect(after).toBe(before)
      }),
    )
    await fc.assert(property, runs)
  })
})

test.skipIf(schemasAreAbsent)('what is written as JSON is right by the HSDS schemas', async () => {
  const ajv = makeValidator()
  const property = fc.asyncProperty(anyDirectory(), (directory) =>
    withFiles(tablesOf(withUnits(directory)), async (path) => {
      await thereAndBack(path, 'hsds-json', (exported) => {
        for (const file of readdirSync(exported)) {
          const entity = entityNames.find((name) => hsds[name].file.replace('.csv', '.jsonl') === file)!
          // HSDS 3 has no holidays.
          if (entity === 'holiday_schedule') continue
          const validate = ajv.getSchema(`https://hsds.example/${entity}.json`)!
          for (const line of linesOf(join(exported, file)))
            expect(faultsOf(validate, JSON.parse(line)), line).toEqual([])
        }
      })
    }),
  )
  await fc.assert(property, runs)
})

test.skipIf(schemasAreAbsent)('what is written as tables has the columns that the HSDS schemas ask for', async () => {
  const property = fc.asyncProperty(anyDirectory(), (directory) =>
    withFiles(tablesOf(withUnits(directory)), async (path) => {
      await thereAndBack(path, 'hsds-csv', (exported) => {
        for (const [entity, { required = [], tabular_required: tabular = [] }] of hsdsSchemas) {
          const { file } = hsds[entity as EntityName]
          if (!readdirSync(exported).includes(file)) continue
          const [columns] = parse(readFileSync(join(exported, file)), { to: 1 }) as string[][]
          const isColumn = (name: string) => !Object.hasOwn(hsds[entity as EntityName].objects, name)
          expect(columns, file).toEqual(expect.arrayContaining([...required.filter(isColumn), ...tabular]))
        }
      })
    }),
  )
  await fc.assert(property, { ...runs, numRuns: 3 })
})

// What HSDS requires of a capacity, and our tables can do without.
function withUnits(directory: Directory): Directory {
  return {
    ...directory,
    service_capacity: directory.service_capacity.filter(({ unit_id: unit }) => unit !== undefined),
  }
}

function linesOf(path: string): string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n')
}

const { path: examples, isAbsent } = sharedData('hsds-3.1/examples')
const { path: ohana, isAbsent: ohanaIsAbsent } = sharedData('ohana-sample-csv')

describe.skipIf(isAbsent || ohanaIsAbsent)('published data', () => {
  const sources = isAbsent
    ? []
    : [ohana, ...readdirSync(examples).flatMap((name) => (name === 'base.json' ? [] : [join(examples, name)]))]
  test.each(sources.flatMap((path) => formats.map((format) => [path, format] as const)))(
    '%s, as %s',
    async (path, format) => {
      const { before, after } = await thereAndBack(path, format)
      expect(after).toBe(before)
    },
  )
})

describe.skipIf(schemasAreAbsent)('the generated directories', () => {
  test('have every field, reference, list and object of the HSDS schemas', () => {
    const seen = new Set(fc.sample(anyDirectory(), { numRuns: 1000, seed: 1 }).flatMap((one) => [...namesIn(one)]))
    const missing = [...hsdsSchemas].flatMap(([entity, { properties }]) =>
      Object.keys(properties)
        .map((name) => `${entity}.${name}`)
        .filter((name) => !seen.has(name)),
    )
    expect(missing).toEqual([])
  })
})

/** The properties that the records of a directory have when they are nested. */
function namesIn(directory: Directory): Set<string> {
  const names = new Set<string>()
  for (const entity of entityNames) {
    for (const row of directory[entity]) {
      for (const name of Object.keys(row)) names.add(`${entity}.${name}`)
      for (const [key, { by }] of Object.entries(hsds[entity].objects)) if (by in row) names.add(`${entity}.${key}`)
      for (const [key, { entity: part, by }] of Object.entries(hsds[entity].lists)) {
        const link = part === 'attribute' || part === 'metadata' ? anyLinks[part] : undefined
        const isPart = (other: DirectoryRow) => other[by] === row.id && (!link || other[link.entity] === entity)
        if (directory[part].some(isPart)) names.add(`${entity}.${key}`)
      }
    }
  }
  return names
}
