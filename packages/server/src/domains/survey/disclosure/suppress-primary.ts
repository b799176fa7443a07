/**
 * Primary suppression: a distribution that tells too much by itself (Handbook on Statistical Disclosure Control, chapter
 * 5: the frequency rule, and group disclosure, where all or nearly all of a group gave one answer).
 */
import type { Measure } from './counted-tables.ts'
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
  const least = leastOf(measure, thresholds)
  if (respondents < least) return true

  const isCensus = population !== null && population - respondents < least
  const limit = isCensus ? thresholds.dominanceOfCensus : thresholds.dominance
  // Integers, so that a share is never nearly the limit.
  const dominates = (count: number) => count * 100 >= limit * respondents
  if (measure.critical !== undefined) return dominates(counts[measure.critical]!)
  return counts.some((count) => dominates(count) || (isCensus && count === 0))
}
