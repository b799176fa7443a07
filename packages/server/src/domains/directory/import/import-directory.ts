/** Imports a directory: reads a source of whatever layout, checks it whole, and writes it in one transaction. */
import { basename, resolve } from 'node:path'
import type { Transaction } from '../../../database/connect.ts'
import { lockNetwork } from '../../../database/lock-network.ts'
import { type Problem, SourceRefused } from '../../../sources/problem.ts'
import { linkServicesByTerms } from '../../need/map-terms.ts'
import type { EntityName } from '../hsds/model.ts'
import { placeInMunicipalities } from '../place-in-municipalities.ts'
import { setOrganizationKinds } from '../set-organization-kinds.ts'
import { setRetirementDays } from '../set-retirement-days.ts'
import type { Changes } from './changes.ts'
import { checkRecord, type ImportTarget } from './check-record.ts'
import { detectSource, type Source } from './detect-source.ts'
import { findLines } from './find-lines.ts'
import { findBroken } from './judge-records.ts'
import { leaveOut } from './leave-out.ts'
import { adoptPrograms, mergeParts } from './merge-parts.ts'
import { rememberRepeated } from './remember-repeated.ts'
import { Batch, closeStaging, hasRecords, leaveOutFile, openStaging, type Staging, stage } from './staging.ts'
import { writeStaged } from './write-records.ts'

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

/**
 * Imports what lies at `path` into a network. All or nothing: when it throws, the transaction must end.
 * Throws {@link SourceRefused} with every problem found.
 */
export async function importWithin(tx: Transaction, options: ImportOptions): Promise<ImportReport> {
  const source = await detectSource(resolve(options.path))
  await lockNetwork(tx, options.networkId)
  const problems = await stageAll(tx, await openStaging(tx), source, options)
  const refuse = async () => {
    throw refusal(await inOrder(problems, source.paths))
  }
  // What refers to the rows of a file that can't be read can't be judged.
  if (!options.skipInvalid && problems.some(({ scope }) => scope === 'file')) await refuse()
  problems.push(...(await mergeParts(tx, options.networkId)))
  await adoptPrograms(tx)
  for (
    let broken = await findBroken(tx, options.networkId);
    broken.length > 0;
    broken = await findBroken(tx, options.networkId)
  ) {
    problems.push(...broken)
    if (!options.skipInvalid) break
    await leaveOut(tx, broken, options.networkId)
  }
  if (problems.length > 0 && !options.skipInvalid) await refuse()
  const changes = await writeStaged(tx, options.networkId)
  await closeStaging(tx)
  await placeInMunicipalities(tx, options.networkId)
  await setOrganizationKinds(tx, options.networkId)
  await setRetirementDays(tx, options.networkId)
  await linkServicesByTerms(tx, options.networkId)
  const leftOut = await inOrder(problems, source.paths)
  return { layout: source.layout, files: source.paths.length, changes, leftOut }
}

async function stageAll(tx: Transaction, staging: Staging, source: Source, options: ImportOptions): Promise<Problem[]> {
  const problems: Problem[] = []
  const repeated = rememberRepeated()
  // Lists tell what is gone, and from an empty network nothing is.
  const listsCount = await hasRecords(tx, options.networkId)
  let batch = new Batch()
  let bytes = 0
  // The next batch is read and checked while the database takes in the last.
  let underWay: Promise<void> = Promise.resolve()
  const flush = async () => {
    await underWay
    underWay = stage(tx, staging, batch)
    // Whoever awaits it next meets its error.
    underWay.catch(() => {})
    batch = new Batch()
  }
  try {
    for await (const reading of source.read()) {
      if (reading.kind === 'progress') {
        bytes += reading.bytes
        if (reading.bytes > 0) options.onProgress?.(bytes, source.bytes)
      } else if (reading.kind === 'problem') {
        problems.push(reading.problem)
        if (reading.problem.scope === 'file') {
          await flush()
          await underWay
          await leaveOutFile(tx, reading.problem.at.file)
          repeated.forget()
        }
      } else if (!repeated.has(reading)) {
        const checked = checkRecord(reading, options)
        batch.add(checked.row, listsCount ? checked.wholeLists : [])
        problems.push(...checked.problems)
        if (checked.problems.length > 0) repeated.forget(reading)
        if (batch.isFull) await flush()
      }
    }
    await flush()
  } finally {
    await underWay
  }
  return problems
}

/** The problems in the order of the source, with exact lines. */
async function inOrder(problems: Problem[], paths: string[]): Promise<Problem[]> {
  const place = new Map(paths.map((path, position) => [basename(path), position]))
  const position = ({ at }: Problem) => place.get(at.file) ?? -1
  return (await findLines(withoutConsequences(problems), paths)).sort(
    (a, b) => position(a) - position(b) || (a.at.line ?? 0) - (b.at.line ?? 0),
  )
}

// What follows from a problem of a cell, such as that the value is then missing, is not another one.
function withoutConsequences(problems: Problem[]): Problem[] {
  const seen = new Set<string>()
  return problems.filter(({ at, column, value }) => {
    if (column === undefined) return true
    const cell = [at.file, at.line, at.pointer, column].join('\0')
    const valueOfCell = `${cell}\0${JSON.stringify(value)}`
    const isConsequence = seen.has(value === undefined ? cell : valueOfCell)
    seen.add(cell).add(valueOfCell)
    return !isConsequence
  })
}

function refusal(problems: Problem[]): SourceRefused {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  const advice = 'Nothing was imported. Correct the source, or leave out what is invalid with --skip-invalid.'
  return new SourceRefused(`${count} in the source. ${advice}`, problems)
}
