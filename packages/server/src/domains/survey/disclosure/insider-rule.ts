/**
 * The insider rule for totals over companies. A company that knows how its own people answered takes them away from a
 * total; what is left must be a crowd of several companies, not the staff of one other, and fit to be shown by itself.
 */
import type { Group, Lattice, Measure } from './counted-tables.ts'
import { isTelling, leastOf } from './suppress-primary.ts'
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
  const { groups, measures, respondents } = lattice
  const holds = ({ byCompany }: Group) =>
    holdsAgainstInsiders(
      measures[measure]!,
      byCompany.map((part) => respondents[measure]![part]!),
      thresholds,
    )
  return groups
    .filter(({ planned, company }) => planned && company === null)
    .filter((group) => !holds(group) || leavesTellingRest(lattice, measure, group, thresholds))
    .map(({ index }) => index)
}

/**
 * Whether what a company sees that takes its own people away would have to be hidden if it were told, and tells of nearly each of
 * the others: all but fewer than the threshold gave one answer. Of a crowd in which more didn't, it tells of nobody.
 */
function leavesTellingRest(
  { groups, measures, counts, respondents }: Lattice,
  measure: number,
  total: Group,
  thresholds: Thresholds,
): boolean {
  return total.byCompany.some((own) => {
    if (respondents[measure]![own] === 0) return false
    const rest = counts[measure]![total.index]!.map((count, answer) => count - counts[measure]![own]![answer]!)
    const { population } = groups[own]!
    const others = total.population === null || population === null ? null : total.population - population
    const { critical } = measures[measure]!
    const most = critical === undefined ? Math.max(...rest) : rest[critical]!
    const differ = rest.reduce((sum, count) => sum + count, 0) - most
    return differ < leastOf(measures[measure]!, thresholds) && isTelling(measures[measure]!, rest, others, thresholds)
  })
}
