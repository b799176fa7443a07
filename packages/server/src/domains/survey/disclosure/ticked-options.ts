/**
 * What ticks of one question tell of each other. Whoever ticks an option that stands alone ticks no other, and of the others
 * each ticks so many at least and so many at most: sums that no person makes negative, and so no group of people either.
 */
import { keyText, type Lattice, type Sum } from './counted-tables.ts'
import { intersect, type Range, shift, sumOf, sumOfRanges, times } from './ranges.ts'
import type { Part, Seen, Tellers } from './seen-numbers.ts'

/** A sum over the people of any group that is never below zero: so much for each tick, and so much for each person. */
interface Rule {
  ofTicks: readonly { part: Part; factor: number }[]
  ofPerson: number
}

/** The rules of a question's ticks, and for each group the sums that it is a part of. */
interface Ticking {
  rules: readonly Rule[]
  sumsWith: readonly (readonly Sum[])[]
}

/**
 * What the other options of its question tell of each option: of how many people ticked it.
 * @throws RangeError where counts are not those of such ticks
 */
export function optionsBesideEachOther(lattice: Lattice): Tellers {
  const options = [...lattice.measures.keys()].filter((measure) => lattice.measures[measure]!.ticks !== undefined)
  const questions = Map.groupBy(options, (option) => lattice.measures[option]!.ticks!.question)
  const sumsWith: Sum[][] = lattice.groups.map(() => [])
  for (const sum of lattice.sums) for (const part of sum.parts) sumsWith[part]!.push(sum)
  return new Map(
    [...questions.values()].flatMap((all) => {
      const parts = all.map((option) => ({ measure: option, answers: [lattice.measures[option]!.ticks!.ticked] }))
      const rules = rulesOf(lattice, parts)
      for (const rule of rules) checkCounts(lattice, rule)
      return parts.flatMap((part) => {
        const own = rules.filter(({ ofTicks }) => ofTicks.some((each) => each.part === part))
        const told = own.flatMap(({ ofTicks }) => ofTicks.map(({ part: { measure } }) => measure))
        const by = [...new Set(told)].filter((other) => other !== part.measure)
        const rangeIn = (seen: Seen, group: number) => tickedIn(seen, { rules: own, sumsWith }, part, group)
        return by.length === 0 ? [] : [[part.measure, { answer: part.answers[0]!, by, rangeIn }] as const]
      })
    }),
  )
}

function rulesOf({ measures }: Lattice, options: readonly Part[]): Rule[] {
  const ticksOf = ({ measure }: Part) => measures[measure]!.ticks!
  const alone = options.filter((option) => ticksOf(option).isAlone)
  const others = options.filter((option) => !ticksOf(option).isAlone)
  const sum = (ofOthers: readonly Part[], factor: number, ofAlone: number, ofPerson: number): Rule => ({
    ofTicks: [...ofOthers.map((part) => ({ part, factor })), ...alone.map((part) => ({ part, factor: ofAlone }))],
    ofPerson,
  })
  const { atLeast, atMost } = ticksOf(options[0]!)
  const beside = others.length === 0 ? [[]] : others.map((option) => [option])
  return [
    ...(alone.length > 0 ? beside.map((one) => sum(one, -1, -1, 1)) : []),
    ...(atMost < others.length ? [sum(others, -1, -atMost, atMost)] : []),
    ...(atLeast > 0 ? [sum(others, 1, atLeast, -atLeast)] : []),
  ]
}

/** Between what the number of people lies who ticked an option, by what each rule leaves of it and of the groups around. */
function tickedIn(seen: Seen, ticking: Ticking, option: Part, group: number): Range {
  const people = seen.respondentsOf(option.measure, group)
  let range: Range = { low: 0, high: people }
  for (const rule of ticking.rules) {
    let [own, rest] = [0, { low: rule.ofPerson * people, high: rule.ofPerson * people }]
    for (const { part, factor } of rule.ofTicks) {
      if (part === option) own = factor
      else rest = sumOfRanges([rest, times(seen.rangeOf(part, group), factor)])
    }
    const most = mostAround(seen, ticking, rule, group)
    const [one, other] = [-rest.high / own, (most - rest.low) / own]
    range = intersect(range, { low: Math.ceil(Math.min(one, other)), high: Math.floor(Math.max(one, other)) })
  }
  return shift(range, seen.ownOf(option, group))
}

/** The most that a rule's sum may be in a group by itself, and what groups around leave of it. */
function mostIn(seen: Seen, ticking: Ticking, rule: Rule, group: number): number {
  const { most } = lookAt(seen, rule)
  most[group] ??= Math.min(sumIn(seen, rule, group).high, mostAround(seen, ticking, rule, group))
  return most[group]
}

/** What groups around leave: in each the sum is no less than here, and each is divided into others as well. */
function mostAround(seen: Seen, ticking: Ticking, rule: Rule, group: number): number {
  const { left } = lookAt(seen, rule)
  const within = seen.lattice.groups[group]!.within.map((around) => mostIn(seen, ticking, rule, around))
  const divided = ticking.sumsWith[group]!.map((sum) => {
    const known = left.get(sum) ?? leftOf(seen, ticking, rule, sum)
    left.set(sum, known)
    return known + Math.max(0, sumIn(seen, rule, group).low)
  })
  return Math.min(...within, ...divided)
}

/** What is left of a total's sum, at the most, when each of its parts has its least. */
function leftOf(seen: Seen, ticking: Ticking, rule: Rule, { total, parts }: Sum): number {
  const others = parts.filter((part) => !seen.isOwn(part))
  return mostIn(seen, ticking, rule, total) - sumOf(others.map((part) => Math.max(0, sumIn(seen, rule, part).low)))
}

/** Between what a rule's sum lies in a group, by what is seen of each option there. */
function sumIn(seen: Seen, rule: Rule, group: number): Range {
  const { alone } = lookAt(seen, rule)
  alone[group] ??= shift(
    sumOfRanges(rule.ofTicks.map(({ part, factor }) => times(seen.rangeOf(part, group), factor))),
    rule.ofPerson * seen.respondentsOf(rule.ofTicks[0]!.part.measure, group),
  )
  return alone[group]
}

/** What was worked out of a rule's sum, by group, and of totals. */
interface Looked {
  alone: Range[]
  most: number[]
  left: Map<Sum, number>
}

// The same groups are looked at for each that is near them.
const looked = new WeakMap<Seen, Map<Rule, Looked>>()

function lookAt(seen: Seen, rule: Rule): Looked {
  const byRule = looked.get(seen) ?? new Map<Rule, Looked>()
  looked.set(seen, byRule)
  const known = byRule.get(rule) ?? { alone: [], most: [], left: new Map() }
  byRule.set(rule, known)
  return known
}

function checkCounts({ measures, groups, counts, respondents }: Lattice, { ofTicks, ofPerson }: Rule) {
  const { measure: first } = ofTicks[0]!.part
  for (const { index, key } of groups) {
    const people = respondents[first]![index]!
    const where = `${keyText(key)} ${measures[first]!.ticks!.question}`
    if (ofTicks.some(({ part }) => respondents[part.measure]![index] !== people))
      throw new RangeError(`${where}: its options have different numbers of respondents`)
    const ticks = ofTicks.map(({ part, factor }) => factor * counts[part.measure]![index]![part.answers[0]!]!)
    if (sumOf(ticks) + ofPerson * people < 0) throw new RangeError(`${where}: more or fewer ticks than it allows`)
  }
}
