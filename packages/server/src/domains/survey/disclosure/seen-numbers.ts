/**
 * What an attacker sees of measures that tell of another one. A shown number is taken as known exactly, a hidden one as far as
 * each shown group around it tells by itself.
 */
import type { Lattice } from './counted-tables.ts'
import { type Range, shift, sumOf, sumOfRanges } from './ranges.ts'
import type { Attacker, Revealed } from './revealed.ts'
import { rangeFromEachAlone } from './what-one-table-tells.ts'

/** What is revealed and hidden of all measures, as far as they are protected. */
export interface SoFar {
  lattice: Lattice
  tellers: Tellers
  revealedOf: (measure: number) => Revealed
  /** The same without what other measures tell of it. */
  revealedAloneOf: (measure: number) => Revealed
  isHidden: (measure: number, group: number) => boolean
  /** Between what the true number of an answer lies, where it is shown. */
  rangeOf: (measure: number, group: number, answer: number) => Range
}

/** Of which measures others tell, and what. */
export type Tellers = ReadonlyMap<number, Teller>

/** What other measures tell of one. */
export interface Teller {
  /** Of which of its answers they tell. */
  answer: number
  /** The measures of which some is hidden where they tell too much. */
  by: readonly number[]
  /** Between what they say that the number of that answer lies in a group. */
  rangeIn: (seen: Seen, group: number) => Range
}

/** Answers of a measure. */
export interface Part {
  measure: number
  answers: readonly number[]
}

/** A measure of a group. */
export interface Place {
  measure: number
  group: number
}

export type Hides = (place: Place) => boolean

/** Numbers of people who are not the attacker's own. */
export interface Seen {
  lattice: Lattice
  /** How many of the attacker's own people are in a group and gave one of the answers. */
  ownOf: (part: Part, group: number) => number
  rangeOf: (part: Part, group: number) => Range
  /** The same, where the measure is shown, as near as it is shown; undefined where it is hidden. */
  shownOf: (part: Part, group: number) => Range | undefined
  /** Whether a group is of the attacker's own people alone. */
  isOwn: (group: number) => boolean
  /** How many answered. */
  respondentsOf: (measure: number, group: number) => number
}

/**
 * What somebody sees who knows the own people, and so what is said of the others, as long as nothing else comes to be hidden.
 *
 * @param hides what would be hidden as well
 */
export function seeNumbers(soFar: SoFar, attacker: Attacker, hides: Hides): Seen {
  const { lattice, revealedAloneOf, isHidden } = soFar
  const sumIn = ({ measure, answers }: Part, group: number) =>
    sumOf(answers.map((answer) => lattice.counts[measure]![group]![answer]!))
  const ownGroup = (group: number) => (attacker === null ? undefined : lattice.groups[group]!.byCompany[attacker])
  const ownOf = (part: Part, group: number) => {
    const own = ownGroup(group)
    return own === undefined ? 0 : sumIn(part, own)
  }
  const isUnseen = (measure: number, group: number) => isHidden(measure, group) || hides({ measure, group })
  const seenIn = (part: Part, group: number): Range => {
    const { measure, answers } = part
    const exactly = sumIn(part, group)
    let range = { low: exactly, high: exactly }
    if (isUnseen(measure, group)) {
      const revealed = revealedAloneOf(measure)
      const { unites } = revealed.family.members.find((member) => member.measure === measure)!
      const finest = answers.flatMap((answer) => unites[answer]!)
      range = rangeFromEachAlone(revealed, group, finest, attacker)
    }
    return shift(range, -ownOf(part, group))
  }
  // The same total is looked at for each group in it.
  const seen = new Map<Part, Map<number, Range>>()
  return {
    lattice,
    ownOf,
    rangeOf: (part, group) => {
      const ofPart = seen.get(part) ?? new Map<number, Range>()
      seen.set(part, ofPart)
      const range = ofPart.get(group) ?? seenIn(part, group)
      ofPart.set(group, range)
      return range
    },
    shownOf: (part, group) => {
      const { measure, answers } = part
      if (isUnseen(measure, group)) return undefined
      const ranges = answers.map((answer) => soFar.rangeOf(measure, group, answer))
      return shift(sumOfRanges(ranges), -ownOf(part, group))
    },
    isOwn: (group) => attacker !== null && lattice.groups[group]!.company === attacker,
    respondentsOf: (measure, group) => {
      const own = ownGroup(group)
      return lattice.respondents[measure]![group]! - (own === undefined ? 0 : lattice.respondents[measure]![own]!)
    },
  }
}
