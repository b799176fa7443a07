/**
 * What subtraction leaves must be fit to be shown. Two hidden companies of three people each can't be told apart, but a total
 * less all that is shown is the six of them; and where they all gave one answer, so did each. So the hidden parts of
 * a shown total, taken together, have to pass primary suppression: for everybody, and for each insider, who takes the
 * own part away as well.
 */
import type { Lattice } from './counted-tables.ts'
import type { Family } from './measure-families.ts'
import { isTelling } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'

export interface Remainder {
  /** Shown parts of the total, one of which has to be hidden as well. Never empty: with none left it is the insider rule's. */
  candidates: readonly number[]
}

/** Remainders that tell too much, of each sum at most one. */
export function* findTellingRemainders(
  lattice: Lattice,
  family: Family,
  hidden: ReadonlySet<number>,
  insiders: boolean,
  thresholds: Thresholds,
): Generator<Remainder> {
  const respondents = lattice.respondents[family.finest]!
  for (const { total, parts } of lattice.sums) {
    if (hidden.has(total)) continue
    const unknown = parts.filter((part) => hidden.has(part) && respondents[part]! > 0)
    if (unknown.length === 0) continue
    const shown = parts.filter((part) => !hidden.has(part) && respondents[part]! > 0)

    const isOfInsiders =
      insiders && lattice.groups[total]!.company === null && lattice.groups[parts[0]!]!.company !== null
    for (const own of isOfInsiders ? [undefined, ...unknown] : [undefined]) {
      const rest = unknown.filter((part) => part !== own)
      if (rest.length === 0 || shown.length === 0) continue
      const tells = family.members.some(({ measure }) =>
        isTelling(
          lattice.measures[measure]!,
          lattice.measures[measure]!.answers.map((_, answer) =>
            rest.reduce((sum, part) => sum + lattice.counts[measure]![part]![answer]!, 0),
          ),
          populationOf(lattice, rest),
          thresholds,
        ),
      )
      if (tells) {
        yield { candidates: shown }
        break
      }
    }
  }
}

/** How many people groups have together, where that is known of each. */
function populationOf({ groups }: Lattice, parts: readonly number[]): number | null {
  return parts.reduce<number | null>((sum, part) => {
    const { population } = groups[part]!
    return sum === null || population === null ? null : sum + population
  }, 0)
}
