/**
 * The insider rule for totals over companies. A company that knows how its own people answered takes them away from a
 * total; what is left must be a crowd of several companies, not the staff of one other.
 */
import type { Lattice, Measure } from './counted-tables.ts'
import { leastOf } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'

/** Whether a total over companies may be shown, given how many answered in each of them. */
export function holdsAgainstInsiders(measure: Measure, byCompany: readonly number[], thresholds: Thresholds): boolean {
  const total = byCompany.reduce((sum, count) => sum + count, 0)
  return byCompany.every((own, insider) => {
    const rest = total - own
    const others = byCompany.filter((count, company) => company !== insider && count > 0)
    return (
      rest >= leastOf(measure, thresholds) &&
      others.length >= 2 &&
      others.every((count) => count * 100 <= thresholds.shareOfRest * rest)
    )
  })
}

/** Planned totals over companies that are not to be shown of a measure, because of what an insider would see in them. */
export function totalsOpenToInsiders(lattice: Lattice, measure: number, thresholds: Thresholds): number[] {
  return lattice.groups
    .filter(({ planned, company }) => planned && company === null)
    .filter(
      (group) =>
        !holdsAgainstInsiders(
          lattice.measures[measure]!,
          group.byCompany.map((part) => lattice.respondents[measure]![part]!),
          thresholds,
        ),
    )
    .map(({ index }) => index)
}
