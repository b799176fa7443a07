/**
 * Need areas that combine several questions: at least as many are critical in any of them as in each, and at most as many as
 * in each together; where all have to be critical, that is so of who is not. So where such an area is hidden, its questions may
 * narrow its number; then one of them is hidden as well. A shown question is taken as known exactly, a hidden one as far as
 * each shown group around it tells by itself.
 */
import type { Lattice } from './counted-tables.ts'
import { type Attacker, intersect, isSecretTo, type Range, type Revealed } from './revealed.ts'
import { rangeFromEachAlone } from './what-one-table-tells.ts'

/** What is revealed of the family of a measure, as far as families are protected. */
export type RevealedOf = (measure: number) => Revealed

/** A measure of a group. */
export interface Place {
  measure: number
  group: number
}

type Hides = (place: Place) => boolean

/**
 * Between what the questions of a need area say that the number of critical people of a group lies. Of a total over companies
 * an insider knows the own people, and so what the questions say of the others.
 *
 * @param hides what would be hidden as well
 */
export function criticalByQuestions(
  lattice: Lattice,
  area: number,
  group: number,
  attacker: Attacker,
  revealedOf: RevealedOf,
  hides: Hides = () => false,
): Range | undefined {
  const { combines, combinesMore = false, critical } = lattice.measures[area]!
  if (combines === undefined || critical === undefined) return undefined
  const own = attacker === null ? undefined : lattice.groups[group]!.byCompany[attacker]
  const ofOwn = (counts: readonly (readonly number[])[], answers: readonly number[]) =>
    own === undefined ? 0 : sumOf(answers.map((answer) => counts[own]![answer]!))
  // Critical in all that they answered are those who are not uncritical in any.
  const sideOf = (answers: readonly number[], all: readonly unknown[]) =>
    combines === 'any' ? answers : [...all.keys()].filter((answer) => !answers.includes(answer))

  const questions = questionsOf(lattice, area).map(({ measure, answers }) => {
    const revealed = revealedOf(measure)
    const { unites } = revealed.family.members.find((each) => each.measure === measure)!
    const finest = sideOf(answers, unites).flatMap((answer) => unites[answer]!)
    const isHidden = revealed.hidden.has(group) || hides({ measure, group })
    const count = sumOf(finest.map((answer) => revealed.counts[group]![answer]!))
    const range = isHidden ? rangeFromEachAlone(revealed, group, finest, attacker) : { low: count, high: count }
    return shift(range, -ofOwn(revealed.counts, finest))
  })
  const counts = lattice.counts[area]!
  const side = sideOf([critical], counts[group]!)
  const all = sumOf(counts[group]!)
  const others = all - sumOf(own === undefined ? [] : counts[own]!)
  const together = combinesMore ? others : sumOf(questions.map(({ high }) => high))
  const range = shift(
    { low: Math.max(0, ...questions.map(({ low }) => low)), high: Math.min(others, together) },
    ofOwn(counts, side),
  )
  return combines === 'any' ? range : { low: all - range.high, high: all - range.low }
}

/**
 * Questions, each in a group, that tell too much of a hidden number of a need area that combines them: by them it is known more
 * narrowly than `least`, and than if all of them were hidden there.
 */
export function questionsThatTell(area: number, least: number, insiders: boolean, revealedOf: RevealedOf): Place[] {
  const { lattice, hidden, respondents } = revealedOf(area)
  if (lattice.measures[area]!.combines === undefined) return []
  const attackers = [null, ...(insiders ? lattice.companies.keys() : [])]
  return [...hidden]
    .sort((a, b) => a - b)
    .filter((group) => respondents[group]! > 0)
    .flatMap((group) => {
      for (const attacker of attackers) {
        const tells = questionThatTells(area, group, attacker, least, revealedOf)
        if (tells !== undefined) return [tells]
      }
      return []
    })
}

function questionThatTells(
  area: number,
  group: number,
  attacker: Attacker,
  least: number,
  revealedOf: RevealedOf,
): Place | undefined {
  const revealed = revealedOf(area)
  if (!isSecretTo(revealed, group, attacker)) return undefined
  const { lattice, hidden, respondents } = revealed
  const width = (hides?: Hides) =>
    widthOf(revealed, area, group, attacker, (each) =>
      criticalByQuestions(lattice, area, each, attacker, revealedOf, hides),
    )
  const now = width()
  if (now >= least) return undefined
  const owed = Math.min(
    least,
    width(() => true),
  )
  if (now >= owed) return undefined

  const parts = sumsOf(lattice, group).flatMap((parts) => parts.filter((part) => hidden.has(part)))
  const telling = [group, ...parts]
    .filter((each) => attacker === null || lattice.groups[each]!.company !== attacker)
    .flatMap((each) => questionsOf(lattice, area).map(({ measure }) => ({ measure, group: each })))
    .filter((each) => !revealedOf(each.measure).hidden.has(each.group))
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

/** To what width single groups and questions narrow a hidden number, of the group and of those that it is divided into. */
function widthOf(
  revealed: Revealed,
  area: number,
  group: number,
  attacker: Attacker,
  byQuestions: (group: number) => Range | undefined,
): number {
  const { lattice, hidden, counts, knownIfShown } = revealed
  const critical = lattice.measures[area]!.critical!
  const rangeOf = (each: number): Range => {
    const own = counts[each]![critical]!
    if (attacker !== null && lattice.groups[each]!.company === attacker) return { low: own, high: own }
    if (!hidden.has(each)) return knownIfShown[each]![critical]!
    const alone = rangeFromEachAlone(revealed, each, [critical], attacker)
    const told = byQuestions(each)
    return told === undefined ? alone : intersect(alone, told)
  }
  const { low, high } = sumsOf(lattice, group)
    .map((parts) => parts.map(rangeOf))
    .map((ranges) => ({ low: sumOf(ranges.map(({ low }) => low)), high: sumOf(ranges.map(({ high }) => high)) }))
    .reduce(intersect, rangeOf(group))
  return high - low
}

function sumsOf({ sums }: Lattice, group: number): (readonly number[])[] {
  return sums.filter(({ total }) => total === group).map(({ parts }) => parts)
}

function questionsOf({ measures }: Lattice, area: number) {
  return (measures[area]!.follows ?? []).map(({ measure, answers }) => ({
    measure: measures.findIndex(({ name }) => name === measure),
    answers,
  }))
}

function shift({ low, high }: Range, by: number): Range {
  return { low: low + by, high: high + by }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
