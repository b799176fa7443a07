/**
 * What a release says of a hidden need area that combines several questions: at least as many are critical in any of them as in
 * each, and at most as many as in each together; where all have to be critical, that is so of who is not. Groups around and
 * need areas that share questions narrow it further. Where that tells too much, a question is hidden as well. A shown question is
 * taken as known exactly, a hidden one as far as each shown group around it tells by itself.
 */
import type { Lattice } from './counted-tables.ts'
import { intersect, type Range, sumOf } from './ranges.ts'
import { type Attacker, isSecretTo, type Revealed } from './revealed.ts'
import { rangeFromEachAlone } from './what-one-table-tells.ts'

/** What is revealed and hidden of all measures, as far as they are protected. */
export interface SoFar {
  lattice: Lattice
  unions: Unions
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

/** Each need area that combines several questions, as a union. */
export type Unions = ReadonlyMap<number, Union>

/**
 * A need area as a union: who gave one of these answers to any of its questions. Where all have to be critical it is the
 * other side that is one: who isn't critical in some question is not critical.
 */
export interface Union {
  area: number
  /** The side of the need area that the union is, as its answer. */
  side: number
  isCritical: boolean
  of: readonly Part[]
  /** Whether it unites more than is counted. */
  andMore: boolean
  /** Others that unite something of it. */
  beside: readonly Beside[]
}

/** Another union, and what either unites that the other does not; undefined where nobody knows what. */
interface Beside {
  other: Union
  here: readonly Part[] | undefined
  lacking: readonly Part[] | undefined
}

interface Part {
  measure: number
  answers: readonly number[]
}

export function findUnions({ measures }: Lattice): Unions {
  const unions = new Map<number, Union & { beside: Beside[] }>()
  for (const [area, { combines, combinesMore = false, critical, follows = [] }] of measures.entries()) {
    if (combines === undefined || critical === undefined) continue
    const isCritical = combines === 'any'
    const of = follows.map(({ measure: name, answers }) => {
      const measure = measures.findIndex((each) => each.name === name)
      const others = [...measures[measure]!.answers.keys()].filter((answer) => !answers.includes(answer))
      return { measure, answers: isCritical ? answers : others }
    })
    unions.set(area, {
      area,
      side: isCritical ? critical : 1 - critical,
      isCritical,
      of,
      andMore: combinesMore,
      beside: [],
    })
  }
  for (const union of unions.values()) {
    for (const other of unions.values()) {
      if (other.area === union.area || without(other, union).length === other.of.length) continue
      const [here, lacking] = [
        union.andMore ? undefined : without(union, other),
        other.andMore ? undefined : without(other, union),
      ]
      union.beside.push({ other, here, lacking })
    }
  }
  return unions
}

/** What of a union another does not unite, of what is counted. */
function without({ of }: Pick<Union, 'of'>, other: Pick<Union, 'of'>): readonly Part[] {
  return of.filter(
    ({ measure, answers }) =>
      !other.of.some((each) => each.measure === measure && answers.every((answer) => each.answers.includes(answer))),
  )
}

/**
 * Between what the rest of a release says that the number of critical people of a group in a need area lies; undefined where it
 * combines no questions. Of a total over companies an insider knows the own people, and so what is said of the others.
 *
 * @param hides what would be hidden as well
 */
export function criticalByOthers(
  soFar: SoFar,
  area: number,
  group: number,
  attacker: Attacker,
  hides: Hides = () => false,
): Range | undefined {
  const union = soFar.unions.get(area)
  if (union === undefined) return undefined
  const seen = seenOfOthers(soFar, attacker, hides)
  let range = seen.byQuestions(union, group)
  for (const { other, here, lacking } of union.beside) {
    // Who is in one union and not in another is so by a question that the other lacks.
    const there = seen.byQuestions(other, group)
    if (here !== undefined)
      range = intersect(range, atMost(there.high + sumOf(here.map((of) => seen.highOf(of, group)))))
    if (lacking !== undefined)
      range = intersect(range, atLeast(there.low - sumOf(lacking.map((of) => seen.highOf(of, group)))))
    for (const around of soFar.lattice.groups[group]!.within) {
      // Around the group no fewer are so.
      const [shown, shownThere] = [seen.shownIn(around, union), seen.shownIn(around, other)]
      if (shown === undefined || shownThere === undefined) continue
      if (lacking !== undefined) {
        const only = shown.high - shownThere.low + sumOf(lacking.map((of) => seen.highOf(of, around)))
        range = intersect(range, atMost(there.high + only))
      }
      if (here !== undefined) {
        const onlyThere = shownThere.high - shown.low + sumOf(here.map((of) => seen.highOf(of, around)))
        range = intersect(range, atLeast(there.low - onlyThere))
      }
    }
  }
  const all = sumOf(soFar.lattice.counts[area]![group]!)
  range = shift(range, seen.ownOf(area, group, [union.side]))
  return union.isCritical ? range : { low: all - range.high, high: all - range.low }
}

/** What an attacker sees of people who are not their own. */
function seenOfOthers({ lattice, revealedOf, isHidden, rangeOf }: SoFar, attacker: Attacker, hides: Hides) {
  const ownOf = (measure: number, group: number, answers: readonly number[]) => {
    const own = attacker === null ? undefined : lattice.groups[group]!.byCompany[attacker]
    return own === undefined ? 0 : sumOf(answers.map((answer) => lattice.counts[measure]![own]![answer]!))
  }
  const questionIn = (group: number, { measure, answers }: Part): Range => {
    const exactly = sumOf(answers.map((answer) => lattice.counts[measure]![group]![answer]!))
    let range = { low: exactly, high: exactly }
    if (isHidden(measure, group) || hides({ measure, group })) {
      const revealed = revealedOf(measure)
      const { unites } = revealed.family.members.find((member) => member.measure === measure)!
      const finest = answers.flatMap((answer) => unites[answer]!)
      range = rangeFromEachAlone(revealed, group, finest, attacker)
    }
    return shift(range, -ownOf(measure, group, answers))
  }
  const highOf = (of: Part, group: number) => questionIn(group, of).high
  const shownIn = (group: number, { area, side }: Union): Range | undefined => {
    if (isHidden(area, group) || hides({ measure: area, group })) return undefined
    const all = sumOf(lattice.counts[area]![group]!)
    const others = rangeOf(area, group, 1 - side)
    const range = intersect(rangeOf(area, group, side), { low: all - others.high, high: all - others.low })
    return shift(range, -ownOf(area, group, [side]))
  }
  /** What a union's own questions say, in the group and around it. */
  const byQuestions = (union: Union, group: number): Range => {
    const all = sumOf(lattice.counts[union.area]![group]!) - ownOf(union.area, group, [0, 1])
    const questions = union.of.map((each) => questionIn(group, each))
    let range: Range = { low: Math.max(0, ...questions.map(({ low }) => low)), high: all }
    if (!union.andMore) range = intersect(range, atMost(sumOf(questions.map(({ high }) => high))))
    for (const around of lattice.groups[group]!.within) {
      // No fewer are critical there in something else than here, and no fewer in several questions.
      const shown = shownIn(around, union)
      if (shown === undefined) continue
      const there = union.of.map((each) => questionIn(around, each))
      for (const [index, { high }] of questions.entries())
        range = intersect(range, atMost(high + shown.high - there[index]!.low))
      if (!union.andMore) {
        const several = sumOf(there.map(({ high }) => high)) - shown.low
        range = intersect(range, atLeast(sumOf(questions.map(({ low }) => low)) - several))
      }
    }
    return range
  }
  return { ownOf, highOf, shownIn, byQuestions }
}

/**
 * Questions, each in a group, that tell too much of a hidden number of a need area: by them it is known more narrowly than
 * `least`, and than if all that tells of it were hidden.
 */
export function questionsThatTell(soFar: SoFar, area: number, least: number, insiders: boolean): Place[] {
  const union = soFar.unions.get(area)
  if (union === undefined) return []
  const { lattice, hidden, respondents } = soFar.revealedOf(area)
  const attackers = [null, ...(insiders ? lattice.companies.keys() : [])]
  return [...hidden]
    .sort((a, b) => a - b)
    .filter((group) => respondents[group]! > 0)
    .flatMap((group) => {
      for (const attacker of attackers) {
        const tells = questionThatTells(soFar, union, group, attacker, least)
        if (tells !== undefined) return [tells]
      }
      return []
    })
}

function questionThatTells(
  soFar: SoFar,
  union: Union,
  group: number,
  attacker: Attacker,
  least: number,
): Place | undefined {
  const { area } = union
  const revealed = soFar.revealedOf(area)
  if (!isSecretTo(revealed, group, attacker)) return undefined
  const { lattice, hidden, respondents } = revealed
  const width = (hides?: Hides) =>
    widthOf(revealed, area, group, attacker, (each) => criticalByOthers(soFar, area, each, attacker, hides))
  const now = width()
  if (now >= least) return undefined
  const owed = Math.min(
    least,
    width(() => true),
  )
  if (now >= owed) return undefined

  const parts = sumsOf(lattice, group).flatMap((parts) => parts.filter((part) => hidden.has(part)))
  const questions = new Set(
    [union, ...union.beside.map(({ other }) => other)].flatMap(({ of }) => of.map(({ measure }) => measure)),
  )
  const telling = [group, ...parts]
    .filter((each) => attacker === null || lattice.groups[each]!.company !== attacker)
    .flatMap((each) => [...questions].map((measure) => ({ measure, group: each })))
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

/** To what width single groups and questions narrow a hidden number, of the group and of those that it is divided into. */
function widthOf(
  revealed: Revealed,
  area: number,
  group: number,
  attacker: Attacker,
  byOthers: (group: number) => Range | undefined,
): number {
  const { lattice, hidden, counts, knownIfShown } = revealed
  const critical = lattice.measures[area]!.critical!
  const rangeOf = (each: number): Range => {
    const own = counts[each]![critical]!
    if (attacker !== null && lattice.groups[each]!.company === attacker) return { low: own, high: own }
    if (!hidden.has(each)) return knownIfShown[each]![critical]!
    const alone = rangeFromEachAlone(revealed, each, [critical], attacker)
    const told = byOthers(each)
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

function atLeast(low: number): Range {
  return { low, high: Number.POSITIVE_INFINITY }
}

function atMost(high: number): Range {
  return { low: Number.NEGATIVE_INFINITY, high }
}

function shift({ low, high }: Range, by: number): Range {
  return { low: low + by, high: high + by }
}
