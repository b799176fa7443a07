/**
 * Hidden numbers of which other measures tell: need areas by their questions, ticks by the other options. Where that is too much,
 * some of the other measures is hidden as well.
 */
import { questionsOfAreas } from './combined-areas.ts'
import type { Lattice } from './counted-tables.ts'
import { intersect, type Range, sumOfRanges } from './ranges.ts'
import { type Attacker, isSecretTo, type Revealed, type ToldByOthers } from './revealed.ts'
import { type Hides, type Place, type Seen, type SoFar, seeNumbers, type Teller, type Tellers } from './seen-numbers.ts'
import { optionsBesideEachOther } from './ticked-options.ts'
import { rangeFromEachAlone } from './what-one-table-tells.ts'

/** @throws RangeError where counts are not those of what they are said to be of */
export function findTellers(lattice: Lattice): Tellers {
  return new Map([...questionsOfAreas(lattice), ...optionsBesideEachOther(lattice)])
}

/** Between what other measures say that a number of a group lies; undefined where none tells of it. */
export function toldByOthers(tellers: Tellers, seen: Seen, measure: number, group: number): ToldByOthers | undefined {
  const teller = tellers.get(measure)
  return teller === undefined ? undefined : { answer: teller.answer, ...teller.rangeIn(seen, group) }
}

/**
 * Measures, each of a group, that tell too much of a hidden number of this one: by them it is known more narrowly than `least`,
 * and than if all that tells of it were hidden.
 */
export function placesThatTell(soFar: SoFar, measure: number, least: number, insiders: boolean): Place[] {
  const teller = soFar.tellers.get(measure)
  if (teller === undefined) return []
  const { lattice, hidden, respondents } = soFar.revealedOf(measure)
  const attackers = [null, ...(insiders ? lattice.companies.keys() : [])].map((attacker) => ({
    attacker,
    seen: seeNumbers(soFar, attacker, () => false),
  }))
  return [...hidden]
    .sort((a, b) => a - b)
    .filter((group) => respondents[group]! > 0)
    .flatMap((group) => {
      for (const { attacker, seen } of attackers) {
        const tells = placeThatTells(soFar, measure, teller, group, attacker, seen, least)
        if (tells !== undefined) return [tells]
      }
      return []
    })
}

function placeThatTells(
  soFar: SoFar,
  measure: number,
  teller: Teller,
  group: number,
  attacker: Attacker,
  seenNow: Seen,
  least: number,
): Place | undefined {
  const revealed = soFar.revealedOf(measure)
  if (!isSecretTo(revealed, group, attacker)) return undefined
  const { lattice, hidden, respondents } = revealed
  const widthTo = (seen: Seen) =>
    widthOf(revealed, teller.answer, group, attacker, (each) => teller.rangeIn(seen, each))
  const width = (hides: Hides) => widthTo(seeNumbers(soFar, attacker, hides))
  const now = widthTo(seenNow)
  if (now >= least) return undefined
  const owed = Math.min(
    least,
    width(() => true),
  )
  if (now >= owed) return undefined

  const parts = sumsOf(lattice, group).flatMap((parts) => parts.filter((part) => hidden.has(part)))
  const telling = [group, ...parts]
    .filter((each) => attacker === null || lattice.groups[each]!.company !== attacker)
    .flatMap((each) => teller.by.map((measure) => ({ measure, group: each })))
    .filter((each) => !soFar.isHidden(each.measure, each.group))
    .map((each) => ({
      ...each,
      width: width(({ measure, group }) => measure === each.measure && group === each.group),
    }))
  // The one of fewest people that is enough by itself; where none is, the one that helps most.
  const enough = telling.filter(({ width }) => width >= owed)
  return enough.length > 0
    ? enough.sort((a, b) => respondents[a.group]! - respondents[b.group]!)[0]
    : telling.sort((a, b) => b.width - a.width)[0]
}

/** To what width single groups and others narrow a hidden number, of the group and of those that it is divided into. */
function widthOf(
  revealed: Revealed,
  answer: number,
  group: number,
  attacker: Attacker,
  byOthers: (group: number) => Range,
): number {
  const { lattice, hidden, counts, knownIfShown } = revealed
  const rangeOf = (each: number): Range => {
    const own = counts[each]![answer]!
    if (attacker !== null && lattice.groups[each]!.company === attacker) return { low: own, high: own }
    if (!hidden.has(each)) return knownIfShown[each]![answer]!
    return intersect(rangeFromEachAlone(revealed, each, [answer], attacker), byOthers(each))
  }
  const { low, high } = sumsOf(lattice, group)
    .map((parts) => sumOfRanges(parts.map(rangeOf)))
    .reduce(intersect, rangeOf(group))
  return high - low
}

function sumsOf({ sums }: Lattice, group: number): (readonly number[])[] {
  return sums.filter(({ total }) => total === group).map(({ parts }) => parts)
}
