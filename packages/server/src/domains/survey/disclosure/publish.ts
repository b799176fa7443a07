/** What leaves: rounded counts, or the one word that a distribution is suppressed, whatever the reason. */
import type { GroupKey, Lattice } from './counted-tables.ts'
import { roundCount } from './round-counts.ts'

/** A value, or that there is none to be seen: never why. */
export type Shown<T> = { readonly value: T } | { readonly suppressed: true }

/** A distribution in multiples of the base. */
export interface Distribution {
  /** Respondents. Rounded for itself: the counts add up to it only nearly. */
  readonly n: number
  readonly counts: readonly number[]
  /** Per cent of the sum of these counts, to one decimal, so that they add up to 100; null where all counts are 0. */
  readonly percents: readonly (number | null)[]
}

/** One measure of one group. */
export interface Result {
  readonly measure: string
  readonly group: GroupKey
  /** How many people belong to the group; null where not known. */
  readonly population: number | null
  readonly distribution: Shown<Distribution>
}

/** A need area that more than half of those who answered report as critical. */
export interface CriticalTheme {
  /** The measure of the need area. */
  readonly measure: string
  /** Everybody, or one company. */
  readonly group: GroupKey
  /** Respondents: the sum of the counts that are shown, of which `percent` and `interval` are. */
  readonly n: number
  /** Those for whom it is critical, rounded. */
  readonly critical: number
  readonly percent: number
  /**
   * Share of the group that took part, between 0 and 1, by the shown measure that most of it answered; null where its size is not
   * known. Rounding can't lead above 1.
   */
  readonly responseRate: number | null
  /** 95 per cent Wilson interval of the share, between 0 and 1. */
  readonly interval: { readonly low: number; readonly high: number }
}

/** A release: all that may be known of a campaign, in canonical order. */
export interface Published {
  readonly measures: readonly { readonly name: string; readonly answers: readonly string[] }[]
  readonly results: readonly Result[]
  readonly criticalThemes: readonly CriticalTheme[]
}

/** Rounds the counts of a distribution, and takes percentages from what it rounded to. */
export function roundDistribution(counts: readonly number[], base: number): Distribution {
  const rounded = counts.map((count) => roundCount(count, base))
  const sum = rounded.reduce((sum, count) => sum + count, 0)
  return {
    n: roundCount(
      counts.reduce((sum, count) => sum + count, 0),
      base,
    ),
    counts: rounded,
    percents: rounded.map((count) => (sum === 0 ? null : Math.round((count * 1000) / sum) / 10)),
  }
}

/** The results of planned groups: by measure, and for each in the order of groups. */
export function publishResults(
  { measures, groups }: Lattice,
  isHidden: (measure: number, group: number) => boolean,
  shown: (measure: number, group: number) => Distribution,
): Result[] {
  return measures.flatMap(({ name }, measure) =>
    groups
      .filter(({ planned }) => planned)
      .map(({ index, key, population }) => ({
        measure: name,
        group: key,
        population,
        distribution: isHidden(measure, index) ? { suppressed: true } : { value: shown(measure, index) },
      })),
  )
}
