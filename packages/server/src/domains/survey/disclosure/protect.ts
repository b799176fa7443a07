/**
 * Disclosure control: from what a campaign counted to what may be known of it. Pure and deterministic, so that a release can
 * be computed again bit for bit. The rules, what they promise and what not: docs/disclosure-control.md.
 */
import { type CountedTables, readTables } from './counted-tables.ts'
import { findCriticalThemes } from './critical-themes.ts'
import { hideDistributions, type Precautions } from './hide-distributions.ts'
import { type Published, publishResults, roundDistribution } from './publish.ts'
import { checkThresholds, type Thresholds } from './thresholds.ts'
import { comparePrecedents, type EarlierWave } from './waves.ts'

/** Raised whenever the same input comes to give another output: a release can be computed again by the version that made it. */
export const protectionVersion = 4

/**
 * Protects the counts of a campaign: the one entry for whoever releases. What goes in and what comes out is plain data: as
 * JSON it can be stored, and the same input gives the same output to the last character.
 *
 * @param counted every group of the plan with its true counts, and each total by company: see `CountedTables`
 * @param thresholds as the campaign froze them
 * @param earlier what was released of earlier waves of the same questions, the latest first
 * @throws RangeError where the counted tables contradict themselves, or thresholds each other
 */
export function protect(
  counted: CountedTables,
  thresholds: Thresholds,
  earlier: readonly EarlierWave[] = [],
): Promise<Published> {
  return protectFrom({ insiders: true, complements: true, waves: true }, counted, thresholds, earlier)
}

/** The same with precautions left out. Not for releases: for seeing what each is worth, and that attackers get through without. */
export async function protectFrom(
  precautions: Precautions,
  counted: CountedTables,
  thresholds: Thresholds,
  earlier: readonly EarlierWave[] = [],
): Promise<Published> {
  checkThresholds(thresholds)
  const lattice = readTables(counted)
  const precedents = comparePrecedents(lattice, precautions.waves ? earlier : [], thresholds)
  const shown = (measure: number, group: number) =>
    precedents.answer(measure, group)?.repeat ?? roundDistribution(lattice.counts[measure]![group]!, thresholds.base)
  const isHidden = await hideDistributions(precautions, counted, lattice, thresholds, precedents, shown)
  const results = publishResults(lattice, isHidden, shown)
  return freeze({
    measures: lattice.measures.map(({ name, answers }) => ({ name, answers })),
    results,
    criticalThemes: findCriticalThemes(lattice.measures, results),
  })
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) freeze(each)
  }
  return value
}
