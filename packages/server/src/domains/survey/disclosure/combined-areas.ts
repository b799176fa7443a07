/**
 * What a release says of a hidden need area that combines several questions: at least as many are critical in any of them as in
 * each, and at most as many as in each together; where all have to be critical, that is so of who is not. Groups around and
 * need areas that share questions narrow it further.
 */
import type { Lattice } from './counted-tables.ts'
import { atLeast, atMost, intersect, type Range, shift, sumOf } from './ranges.ts'
import type { Part, Seen, Tellers } from './seen-numbers.ts'

/**
 * A need area as a union: who gave one of these answers to any of its questions. Where all have to be critical it is the
 * other side that is one: who isn't critical in some question is not critical.
 */
interface Union {
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

/** What questions tell of the need areas that combine them: of how many people are critical. */
export function questionsOfAreas(lattice: Lattice): Tellers {
  const unions = findUnions(lattice)
  return new Map(
    unions.map((union) => {
      const all = [union, ...union.beside.map(({ other }) => other)]
      const by = new Set(all.flatMap(({ of }) => of.map(({ measure }) => measure)))
      const answer = lattice.measures[union.area]!.critical!
      return [union.area, { answer, by: [...by], rangeIn: (seen, group) => criticalIn(seen, union, group) }]
    }),
  )
}

function findUnions({ measures }: Lattice): Union[] {
  const unions: (Union & { beside: Beside[] })[] = []
  for (const [area, { combines, combinesMore = false, critical, follows = [] }] of measures.entries()) {
    if (combines === undefined || critical === undefined) continue
    const isCritical = combines === 'any'
    const of = follows.map(({ measure: name, answers }) => {
      const measure = measures.findIndex((each) => each.name === name)
      const others = [...measures[measure]!.answers.keys()].filter((answer) => !answers.includes(answer))
      return { measure, answers: isCritical ? answers : others }
    })
    unions.push({
      area,
      side: isCritical ? critical : 1 - critical,
      isCritical,
      of,
      andMore: combinesMore,
      beside: [],
    })
  }
  for (const union of unions) {
    for (const other of unions) {
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

/** Between what the number of critical people of a group lies. */
function criticalIn(seen: Seen, union: Union, group: number): Range {
  let range = byQuestions(seen, union, group)
  for (const { other, here, lacking } of union.beside) {
    // Who is in one union and not in another is so by a question that the other lacks.
    const there = byQuestions(seen, other, group)
    if (here !== undefined)
      range = intersect(range, atMost(there.high + sumOf(here.map((of) => highOf(seen, of, group)))))
    if (lacking !== undefined)
      range = intersect(range, atLeast(there.low - sumOf(lacking.map((of) => highOf(seen, of, group)))))
    for (const around of seen.lattice.groups[group]!.within) {
      // Around the group no fewer are so.
      const [shown, shownThere] = [shownIn(seen, around, union), shownIn(seen, around, other)]
      if (shown === undefined || shownThere === undefined) continue
      if (lacking !== undefined) {
        const only = shown.high - shownThere.low + sumOf(lacking.map((of) => highOf(seen, of, around)))
        range = intersect(range, atMost(there.high + only))
      }
      if (here !== undefined) {
        const onlyThere = shownThere.high - shown.low + sumOf(here.map((of) => highOf(seen, of, around)))
        range = intersect(range, atLeast(there.low - onlyThere))
      }
    }
  }
  const all = seen.lattice.respondents[union.area]![group]!
  range = shift(range, seen.ownOf(sideOf(union), group))
  return union.isCritical ? range : { low: all - range.high, high: all - range.low }
}

/** What a union's own questions say, in the group and around it. */
function byQuestions(seen: Seen, union: Union, group: number): Range {
  const all = seen.respondentsOf(union.area, group)
  const questions = union.of.map((each) => seen.rangeOf(each, group))
  let range: Range = { low: Math.max(0, ...questions.map(({ low }) => low)), high: all }
  if (!union.andMore) range = intersect(range, atMost(sumOf(questions.map(({ high }) => high))))
  for (const around of seen.lattice.groups[group]!.within) {
    // No fewer are critical there in something else than here, and no fewer in several questions.
    const shown = shownIn(seen, around, union)
    if (shown === undefined) continue
    const there = union.of.map((each) => seen.rangeOf(each, around))
    for (const [index, { high }] of questions.entries())
      range = intersect(range, atMost(high + shown.high - there[index]!.low))
    if (!union.andMore) {
      const several = sumOf(there.map(({ high }) => high)) - shown.low
      range = intersect(range, atLeast(sumOf(questions.map(({ low }) => low)) - several))
    }
  }
  return range
}

/** How many a union holds, where its need area is shown: by that side, and by what the other leaves. */
function shownIn(seen: Seen, group: number, union: Union): Range | undefined {
  const shown = seen.shownOf(sideOf(union), group)
  const others = seen.shownOf({ measure: union.area, answers: [1 - union.side] }, group)
  if (shown === undefined || others === undefined) return undefined
  const all = seen.respondentsOf(union.area, group)
  return intersect(shown, { low: all - others.high, high: all - others.low })
}

const sideOf = ({ area, side }: Union): Part => ({ measure: area, answers: [side] })

const highOf = (seen: Seen, part: Part, group: number) => seen.rangeOf(part, group).high
