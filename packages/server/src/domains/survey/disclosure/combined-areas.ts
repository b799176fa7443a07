/**
 * Need areas that combine several questions: at least as many are critical in any of them as in each, and at most as many as
 * in each together; where all have to be critical, that is so of who is not. So where such an area is hidden, its questions may
 * narrow its number; then one of them is hidden as well. A shown question is taken as known exactly, a hidden one as far as
 * each shown group around it tells by itself.
 */
import type { Lattice } from './counted-tables.ts'
import { type Attacker, intersect, isSecretTo, type Range, type Revealed } from './revealed.ts'
import { rangeFromEachAlone } from './what-one-table-tells.ts'

/** What is revealed and hidden of other families, as far as they are protected. */
export interface Others {
  revealedOf: (measure: number) => Revealed
  isHidden: (measure: number, group: number) => boolean
  /** Between what the true number of an answer lies, where it is shown. */
  rangeOf: (measure: number, group: number, answer: number) => Range
}

/** A measure of a group. */
export interface Place {
  measure: number
  group: number
}

type Hides = (place: Place) => boolean

/**
 * A need area as a union: who gave one of these answers to any of its questions. Where all have to be critical it is the
 * other side that is one: who isn't critical in some question is not critical.
 */
interface Union {
  area: number
  /** The side of the need area that the union is, as its answer. */
  side: number
  isCritical: boolean
  of: readonly { measure: number; answers: readonly number[] }[]
  /** Whether it unites more than is counted. */
  andMore: boolean
}

function unionOf({ measures }: Lattice, area: number): Union | undefined {
  const { combines, combinesMore = false, critical, follows = [] } = measures[area]!
  if (combines === undefined || critical === undefined) return undefined
  const isCritical = combines === 'any'
  const of = follows.map(({ measure: name, answers }) => {
    const measure = measures.findIndex((each) => each.name === name)
    const others = [...measures[measure]!.answers.keys()].filter((answer) => !answers.includes(answer))
    return { measure, answers: isCritical ? answers : others }
  })
  return { area, side: isCritical ? critical : 1 - critical, isCritical, of, andMore: combinesMore }
}

/** What of a union another does not unite. */
function without({ of }: Union, other: Union): Union['of'] {
  return of.filter(
    ({ measure, answers }) =>
      !other.of.some((each) => each.measure === measure && answers.every((answer) => each.answers.includes(answer))),
  )
}

/**
 * Between what the rest of a release says that the number of critical people of a group in a need area lies. Of a total over
 * companies an insider knows the own people, and so what is said of the others.
 *
 * @param hides what would be hidden as well
 */
export function criticalByQuestions(
  lattice: Lattice,
  area: number,
  group: number,
  attacker: Attacker,
  { revealedOf, isHidden, rangeOf }: Others,
  hides: Hides = () => false,
): Range | undefined {
  const union = unionOf(lattice, area)
  if (union === undefined) return undefined
  const ownOf = (measure: number, each: number, answers: readonly number[]) => {
    const own = attacker === null ? undefined : lattice.groups[each]!.byCompany[attacker]
    return own === undefined ? 0 : sumOf(answers.map((answer) => lattice.counts[measure]![own]![answer]!))
  }
  const countOf = (measure: number, each: number, answers: readonly number[]) =>
    sumOf(answers.map((answer) => lattice.counts[measure]![each]![answer]!))
  // All ranges are of the others, without the own people.
  const questionIn = (each: number, { measure, answers }: Union['of'][0]): Range => {
    const exactly = countOf(measure, each, answers)
    let range = { low: exactly, high: exactly }
    if (isHidden(measure, each) || hides({ measure, group: each })) {
      const revealed = revealedOf(measure)
      const { unites } = revealed.family.members.find((member) => member.measure === measure)!
      const finest = answers.flatMap((answer) => unites[answer]!)
      range = rangeFromEachAlone(revealed, each, finest, attacker)
    }
    return shift(range, -ownOf(measure, each, answers))
  }
  const shownIn = (each: number, { area, side }: Union): Range | undefined => {
    if (isHidden(area, each) || hides({ measure: area, group: each })) return undefined
    const all = sumOf(lattice.counts[area]![each]!)
    const others = rangeOf(area, each, 1 - side)
    const range = intersect(rangeOf(area, each, side), { low: all - others.high, high: all - others.low })
    return shift(range, -ownOf(area, each, [side]))
  }

  const all = sumOf(lattice.counts[area]![group]!)
  const questions = union.of.map((each) => questionIn(group, each))
  let range: Range = { low: 0, high: all - ownOf(area, group, [0, 1]) }
  const atLeast = (low: number) => (range = intersect(range, { low, high: range.high }))
  const atMost = (high: number) => (range = intersect(range, { low: range.low, high }))
  const sumOfHighs = (of: Union['of']) => sumOf(of.map((each) => questionIn(group, each).high))
  for (const { low } of questions) atLeast(low)
  if (!union.andMore) atMost(sumOfHighs(union.of))

  // Around the group no fewer are critical in something else than in it, and no fewer in several questions.
  for (const around of lattice.groups[group]!.within) {
    const shown = shownIn(around, union)
    if (shown === undefined) continue
    const there = union.of.map((each) => questionIn(around, each))
    for (const [index, { high }] of questions.entries()) atMost(high + shown.high - there[index]!.low)
    if (!union.andMore) {
      atLeast(sumOf(questions.map(({ low }) => low)) - (sumOf(there.map(({ high }) => high)) - shown.low))
    }
  }

  // Who is in one union and not in another is so by a question that the other lacks.
  for (const other of unionsBeside(lattice, union)) {
    const shown = shownIn(group, other)
    if (shown === undefined) continue
    if (!union.andMore) atMost(shown.high + sumOfHighs(without(union, other)))
    if (!other.andMore) atLeast(shown.low - sumOfHighs(without(other, union)))
  }
  range = shift(range, ownOf(area, group, [union.side]))
  return union.isCritical ? range : { low: all - range.high, high: all - range.low }
}

/** Unions of other need areas that share some question. */
function unionsBeside(lattice: Lattice, union: Union): Union[] {
  return [...lattice.measures.keys()].flatMap((area) => {
    const other = area === union.area ? undefined : unionOf(lattice, area)
    return other === undefined || without(other, union).length === other.of.length ? [] : [other]
  })
}

/**
 * Questions, each in a group, that tell too much of a hidden number of a need area that combines them: by them it is known more
 * narrowly than `least`, and than if all of them were hidden there.
 */
export function questionsThatTell(area: number, least: number, insiders: boolean, others: Others): Place[] {
  const { lattice, hidden, respondents } = others.revealedOf(area)
  if (unionOf(lattice, area) === undefined) return []
  const attackers = [null, ...(insiders ? lattice.companies.keys() : [])]
  return [...hidden]
    .sort((a, b) => a - b)
    .filter((group) => respondents[group]! > 0)
    .flatMap((group) => {
      for (const attacker of attackers) {
        const tells = questionThatTells(area, group, attacker, least, others)
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
  others: Others,
): Place | undefined {
  const revealed = others.revealedOf(area)
  if (!isSecretTo(revealed, group, attacker)) return undefined
  const { lattice, hidden, respondents } = revealed
  const width = (hides?: Hides) =>
    widthOf(revealed, area, group, attacker, (each) =>
      criticalByQuestions(lattice, area, each, attacker, others, hides),
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
    .flatMap((each) => tellsOf(lattice, area).map((measure) => ({ measure, group: each })))
    .filter((each) => !others.isHidden(each.measure, each.group))
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

/** The measures that tell of a need area: its questions, and need areas that share some. */
function tellsOf(lattice: Lattice, area: number): number[] {
  const union = unionOf(lattice, area)!
  return [...union.of.map(({ measure }) => measure), ...unionsBeside(lattice, union).map(({ area }) => area)]
}

function shift({ low, high }: Range, by: number): Range {
  return { low: low + by, high: high + by }
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}
