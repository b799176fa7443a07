/**
 * Primary suppression: a distribution that tells too much by itself (Handbook on Statistical Disclosure Control, chapter
 * 5: the frequency rule, and group disclosure, where all or nearly all of a group gave one answer).
 */
import type { Measure } from './counted-tables.ts'
import type { Range } from './ranges.ts'
import type { Thresholds } from './thresholds.ts'

/** Fewest respondents of a distribution of this measure. */
export function leastOf(measure: Measure, thresholds: Thresholds): number {
  return measure.health === true ? thresholds.leastOfHealth : thresholds.least
}

/**
 * Whether a distribution must be hidden for what it says by itself.
 *
 * Where nearly everyone answered (fewer than the threshold did not) it is a census: nobody can have stood aside, so the
 * limit is tighter, and an answer that nobody gave says of each person that they didn't give it.
 *
 * Of a need area only the critical side can be too much: that 95 per cent are *not* critical tells nobody's need.
 */
export function isTelling(
  measure: Measure,
  counts: readonly number[],
  population: number | null,
  thresholds: Thresholds,
): boolean {
  const respondents = counts.reduce((sum, count) => sum + count, 0)
  if (respondents < leastOf(measure, thresholds)) return true
  return counts.some((count, answer) => {
    const { low, high } = rangeOfFit(measure, answer, respondents, population, thresholds)
    return count < low || count > high
  })
}

/** Between what the count of an answer lies wherever a distribution of so many respondents is fit to be shown. */
export function rangeOfFit(
  measure: Measure,
  answer: number,
  respondents: number,
  population: number | null,
  thresholds: Thresholds,
): Range {
  if (measure.critical !== undefined && answer !== measure.critical) return { low: 0, high: respondents }
  const isCensus = population !== null && population - respondents < leastOf(measure, thresholds)
  const limit = isCensus ? thresholds.dominanceOfCensus : thresholds.dominance
  return {
    low: isCensus && measure.critical === undefined ? 1 : 0,
    // Integers, so that a share is never nearly the limit.
    high: Math.ceil((limit * respondents) / 100) - 1,
  }
}
