/**
 * What ticks of one question tell of each other. Whoever ticks an option that stands alone ticks no other, and of the others
 * each ticks so many at least and so many at most: sums that no person makes negative, and so no group of people either.
 */
import { keyText, type Lattice } from './counted-tables.ts'
import { intersect, type Range, shift, sumOf, sumOfRanges, times } from './ranges.ts'
import type { Part, Seen, Tellers } from './seen-numbers.ts'

/** A sum over the people of any group that is never below zero: so much for each tick, and so much for each person. */
interface Rule {
  ofTicks: readonly { part: Part; factor: number }[]
  ofPerson: number
}

/**
 * What the other options of its question tell of each option: of how many people ticked it.
 * @throws RangeError where counts are not those of such ticks
 */
export function optionsBesideEachOther(lattice: Lattice): Tellers {
  const options = [...lattice.measures.keys()].filter((measure) => lattice.measures[measure]!.ticks !== undefined)
  const questions = Map.groupBy(options, (option) => lattice.measures[option]!.ticks!.question)
  return new Map(
    [...questions.values()].flatMap((all) => {
      const rules = rulesOf(lattice, all)
      for (const rule of rules) checkCounts(lattice, rule)
      return all.flatMap((option) => {
        const { ticked } = lattice.measures[option]!.ticks!
        const own = rules.filter(({ ofTicks }) => ofTicks.some(({ part }) => part.measure === option))
        const told = own.flatMap(({ ofTicks }) => ofTicks.map(({ part }) => part.measure))
        const by = [...new Set(told)].filter((other) => other !== option)
        const part = { measure: option, answers: [ticked] }
        const rangeIn = (seen: Seen, group: number) => tickedIn(seen, own, part, group)
        return by.length === 0 ? [] : [[option, { answer: ticked, by, rangeIn }] as const]
      })
    }),
  )
}

function rulesOf({ measures }: Lattice, options: readonly number[]): Rule[] {
  const partOf = (option: number): Part => ({ measure: option, answers: [measures[option]!.ticks!.ticked] })
  const { true: alone = [], false: others = [] } = Object.groupBy(
    options,
    (each) => `${measures[each]!.ticks!.isAlone}`,
  )
  const sum = (ofOthers: readonly number[], factor: number, ofAlone: number, ofPerson: number): Rule => ({
    ofTicks: [
      ...ofOthers.map((option) => ({ part: partOf(option), factor })),
      ...alone.map((option) => ({ part: partOf(option), factor: ofAlone })),
    ],
    ofPerson,
  })
  const { atLeast, atMost } = measures[options[0]!]!.ticks!
  const beside = others.length === 0 ? [[]] : others.map((option) => [option])
  return [
    ...(alone.length > 0 ? beside.map((one) => sum(one, -1, -1, 1)) : []),
    ...(atMost < others.length ? [sum(others, -1, -atMost, atMost)] : []),
    ...(atLeast > 0 ? [sum(others, 1, atLeast, -atLeast)] : []),
  ]
}

/** Between what the number of people lies who ticked an option, by what each rule leaves of it and of the groups around. */
function tickedIn(seen: Seen, rules: readonly Rule[], option: Part, group: number): Range {
  const people = seen.respondentsOf(option.measure, group)
  let range: Range = { low: 0, high: people }
  for (const rule of rules) {
    let [own, rest] = [0, { low: rule.ofPerson * people, high: rule.ofPerson * people }]
    for (const { part, factor } of rule.ofTicks) {
      if (part.measure === option.measure) own = factor
      else rest = sumOfRanges([rest, times(seen.rangeOf(part, group), factor)])
    }
    // Around the group the sum is no less than in it.
    const most = Math.min(...seen.lattice.groups[group]!.within.map((around) => mostIn(seen, rule, around)))
    const told = times({ low: -rest.high, high: most - rest.low }, 1 / own)
    range = intersect(range, { low: Math.ceil(told.low), high: Math.floor(told.high) })
  }
  return shift(range, seen.ownOf(option, group))
}

// The same total is looked at for each group in it.
const looked = new WeakMap<Seen, Map<Rule, number[]>>()

/** The most that a rule's sum may be in a group. */
function mostIn(seen: Seen, rule: Rule, group: number): number {
  const byRule = looked.get(seen) ?? new Map<Rule, number[]>()
  looked.set(seen, byRule)
  const byGroup = byRule.get(rule) ?? []
  byRule.set(rule, byGroup)
  const ticks = () =>
    rule.ofTicks.map(({ part, factor }) => times(seen.shownOf(part, group) ?? seen.rangeOf(part, group), factor))
  byGroup[group] ??=
    sumOfRanges(ticks()).high + rule.ofPerson * seen.respondentsOf(rule.ofTicks[0]!.part.measure, group)
  return byGroup[group]
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
