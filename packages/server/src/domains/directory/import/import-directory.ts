/** Imports a directory: reads a source of whatever layout, checks it whole, and writes it in one transaction. */
import { dirname, resolve } from 'node:path'
import type { Database, Transaction } from '../../../database/connect.ts'
import type { EntityName } from '../hsds/model.ts'
import { linkServicesByTerms } from '../../need/map-terms.ts'
import { placeInMunicipalities } from '../place-in-municipalities.ts'
import { setOrganizationKinds } from '../set-organization-kinds.ts'
import { checkRecord, type ImportTarget, type StagedRow } from './check-record.ts'
import { detectSource, type Source } from './detect-source.ts'
import { findLines } from './find-lines.ts'
import { SourceRefused, type Problem } from '../../../sources/problem.ts'
import { adoptPrograms, type Changes, findBroken, leaveOut, mergeParts, openStaging, stage, writeStaged } from './staging.ts'

export interface ImportOptions extends ImportTarget {
  /** File or folder to read. */
  path: string
  /** Leave out what is invalid and import the rest; otherwise a single problem refuses all. */
  skipInvalid: boolean
  /** Told, now and then, how much of the source has been read. */
  onProgress?: (bytes: number, total: number) => void
}

export interface ImportReport {
  layout: Source['layout']
  files: number
  changes: Partial<Record<EntityName, Changes>>
  /** What was left out, in the order of the source's files. */
  leftOut: Problem[]
}

/** How long the transaction of an import may take, in milliseconds: a day. */
export const importLimits = { timeout: 24 * 60 * 60_000, maxWait: 60_000 }

const batch = 500

/**
 * Imports what lies at `path` into a network. All or nothing: a failure leaves the database as it was.
 * Throws {@link SourceRefused} with every problem found.
 */
export async function importDirectory(database: Database, options: ImportOptions): Promise<ImportReport> {
  return database.prisma.$transaction((tx) => importWithin(tx, options), importLimits)
}

/** The same inside a transaction that does more. */
export async function importWithin(tx: Transaction, options: ImportOptions): Promise<ImportReport> {
  const source = await detectSource(resolve(options.path))
  await openStaging(tx)
  const problems = await stageAll(tx, source, options)
  problems.push(...(await mergeParts(tx)))
  await adoptPrograms(tx)
  for (let broken = await findBroken(tx); broken.length > 0; broken = await findBroken(tx)) {
    problems.push(...broken)
    if (!options.skipInvalid) break
    await leaveOut(tx, broken, options.networkId)
  }
  const leftOut = await findLines(inOrder(problems, source.paths), source.paths)
  if (leftOut.length > 0 && !options.skipInvalid) throw refusal(leftOut)
  const changes = await writeStaged(tx)
  await placeInMunicipalities(tx, options.networkId)
  await setOrganizationKinds(tx, options.networkId)
  await linkServicesByTerms(tx, options.networkId)
  return { layout: source.layout, files: source.paths.length, changes, leftOut }
}

async function stageAll(tx: Transaction, source: Source, options: ImportOptions): Promise<Problem[]> {
  const problems: Problem[] = []
  let rows: StagedRow[] = []
  let wholeLists: { entity: EntityName; by: string; parent: string }[] = []
  let bytes = 0
  for await (const reading of source.read()) {
    if (reading.kind === 'progress') {
      bytes += reading.bytes
      if (reading.bytes > 0) options.onProgress?.(bytes, source.bytes)
    } else if (reading.kind === 'problem') {
      problems.push(reading.problem)
    } else {
      const checked = checkRecord(reading, options)
      rows.push(...checked.rows)
      wholeLists.push(...checked.wholeLists)
      problems.push(...checked.problems)
      if (rows.length >= batch) {
        await stage(tx, { rows, wholeLists })
        rows = []
        wholeLists = []
      }
    }
  }
  await stage(tx, { rows, wholeLists })
  return problems
}

function inOrder(problems: Problem[], paths: string[]): Problem[] {
  const order = (problem: Problem) => paths.findIndex((path) => path === resolve(dirname(path), problem.at.file))
  return problems.sort((a, b) => order(a) - order(b) || (a.at.line ?? 0) - (b.at.line ?? 0))
}

function refusal(problems: Problem[]): SourceRefused {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const advice = 'Nothing was imported. Correct the source, or leave out what is invalid with --skip-invalid.'
  return new SourceRefused(`${count} in the source. ${advice}`, problems)
}
