/** Imports a source as the command line does, into a network of the test's own. */
import { randomUUID } from 'node:crypto'
import type { Database, Transaction } from '../database/connect.ts'
import {
  type ImportOptions,
  type ImportReport,
  importLimits,
  importWithin,
} from '../domains/directory/import/import-directory.ts'
import { describeProblem, SourceRefused } from '../sources/problem.ts'

export async function makeNetwork({ prisma }: Database): Promise<string> {
  const { id } = await prisma.network.create({ data: { slug: randomUUID(), name: 'Rete di prova' } })
  return id
}

export async function importSource(
  { prisma }: Database,
  networkId: string,
  path: string,
  options: Partial<ImportOptions> = {},
): Promise<ImportReport> {
  return prisma.$transaction((tx) => importWithin(tx, importOptions(networkId, path, options)), importLimits)
}

/** What `look` finds after importing the sources one after the other; the database is then as it was before. */
export async function tryImport<T>(
  { prisma }: Database,
  networkId: string,
  paths: string[],
  look: (tx: Transaction, reports: ImportReport[]) => Promise<T>,
): Promise<T> {
  const done = new Undone<T>()
  await prisma
    .$transaction(async (tx) => {
      const reports: ImportReport[] = []
      for (const path of paths) reports.push(await importWithin(tx, importOptions(networkId, path, {})))
      done.found = await look(tx, reports)
      throw done
    }, importLimits)
    .catch((error: unknown) => {
      if (error !== done) throw error
    })
  return done.found!
}

/** Ends a transaction without leaving anything behind. */
class Undone<T> extends Error {
  found: T | undefined
}

/** The lines that tell why an import is refused. Throws when it is not. */
export async function refusalLines(importing: Promise<unknown>): Promise<string[]> {
  const refusal = await importing.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(refusal instanceof SourceRefused)) throw refusal ?? new Error('The source was not refused.')
  return refusal.problems.length === 0 ? [refusal.message] : refusal.problems.map(describeProblem)
}

function importOptions(networkId: string, path: string, options: Partial<ImportOptions>): ImportOptions {
  return { path, networkId, feed: 'prova', demonstration: false, skipInvalid: false, ...options }
}
