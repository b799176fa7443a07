/**
 * Protection from earlier waves. Where nearly the same people were asked twice, whoever compares the waves may suppose
 * that all who were there both times answered alike, and that what differs is the answers of who joined or left.
 *
 * The numbers of both waves either refute this or they don't. Where they would agree with it, and yet differ, the earlier
 * numbers are repeated, if they are still nearly true; if not, the distribution is hidden. Where they refute it, it is
 * known that others changed their answers, and nothing can be laid at the door of one. What was hidden stays hidden from
 * those who were nearly all there: its later numbers would tell the earlier ones.
 */
import { byCompany, type Group, keyText, type Lattice } from './counted-tables.ts'
import type { Distribution, Published } from './publish.ts'
import type { Range } from './revealed.ts'
import { furthest, roundCount } from './round-counts.ts'
import { leastOf } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'

export interface EarlierWave {
  published: Published
  /** For each company in both waves, how many people joined and left between them; absent where nobody told. */
  changes: Readonly<Record<string, { joined: number; left: number } | undefined>>
}

/** Numbers to repeat, or that a distribution is to be hidden. */
export type Answer = { repeat: Distribution; hide: false } | { repeat?: undefined; hide: true }

/** What earlier waves mean for this one. */
export interface Precedents {
  /** How a measure of a group may be shown; undefined where earlier waves don't matter. */
  answer: (measure: number, group: number) => Answer | undefined
  /** Between what each of its counts lies for whoever supposes that people answered as before, if that happens to be true. */
  remembers: (measure: number, group: number) => Range[] | undefined
}

/** `earlier` has the latest first; what it holds of other questions, or other answers, is not compared. */
export function comparePrecedents(
  lattice: Lattice,
  earlier: readonly EarlierWave[],
  thresholds: Thresholds,
): Precedents {
  const waves = earlier.map((wave) => readWave(lattice, wave))
  const before = (measure: number, index: number) => {
    const group = lattice.groups[index]!
    return waves.flatMap((wave) => {
      const result = wave.find(measure, group)
      const change = wave.changeOf(group, leastOf(lattice.measures[measure]!, thresholds))
      return result === undefined || change === undefined ? [] : [{ result, change }]
    })
  }
  return {
    answer: (measure, index) => {
      const counts = lattice.counts[measure]![index]!
      let repeat: Distribution | undefined
      for (const { result, change } of before(measure, index)) {
        if ('suppressed' in result) return { hide: true }
        const { value } = result
        if (!agreeWithChange(value.counts, counts, change, thresholds.base)) continue
        const nearlyTrue = counts.every((count, answer) => Math.abs(count - value.counts[answer]!) < thresholds.base)
        const contradicts = repeat?.counts.some((count, answer) => count !== value.counts[answer])
        if (!nearlyTrue || contradicts) return { hide: true }
        repeat = value
      }
      return repeat === undefined ? undefined : { repeat, hide: false }
    },
    remembers: (measure, index) => {
      const counts = lattice.counts[measure]![index]!
      for (const { result, change } of before(measure, index)) {
        if ('suppressed' in result) continue
        // Numbers that repeat those of a wave before them may be off by more.
        const ranges = result.value.counts.map((count) => ({
          low: count - (thresholds.base - 1) - change.left,
          high: count + (thresholds.base - 1) + change.joined,
        }))
        if (ranges.every(({ low, high }, answer) => low <= counts[answer]! && counts[answer]! <= high)) return ranges
      }
      return undefined
    },
  }
}

interface Change {
  joined: number
  left: number
  /** How many of them are certain. */
  certain: number
}

/** Whether the numbers that would be shown leave room for the supposition that only those who joined or left differ. */
function agreeWithChange(before: readonly number[], counts: readonly number[], change: Change, base: number): boolean {
  let joined = 0
  let left = 0
  for (const [answer, count] of counts.entries()) {
    const difference = roundCount(count, base) - before[answer]!
    joined += Math.max(0, difference - 2 * furthest(base))
    left += Math.max(0, -difference - 2 * furthest(base))
  }
  return joined <= change.joined && left <= change.left
}

function readWave(lattice: Lattice, { published, changes }: EarlierWave) {
  const answers = new Map(published.measures.map((measure) => [measure.name, measure.answers]))
  const results = new Map<string, Published['results'][number]>()
  const populations = new Map<string, number | null>()
  for (const result of published.results) {
    results.set(`${result.measure} ${keyText(result.group)}`, result)
    populations.set(keyText(result.group), result.population)
  }
  const companies = [
    ...new Set(
      [...populations.keys()].map(
        (text) => (JSON.parse(text) as [string, string][]).find(([name]) => name === byCompany)?.[1],
      ),
    ),
  ].filter((name) => name !== undefined)
  const companiesNow = new Map(
    lattice.groups
      .filter(({ key }) => byCompany in key && Object.keys(key).length === 1)
      .map((group) => [group.key[byCompany]!, group]),
  )

  /** How far the people of a company are not those of then; undefined where they are not fewer than `least`. */
  const changeOfCompany = (name: string, least: number): Change | undefined => {
    const before = populations.get(keyText({ [byCompany]: name }))
    const now = companiesNow.get(name)?.population
    const told = changes[name]
    if (told !== undefined) {
      const certain = told.joined + told.left
      return certain < least ? { ...told, certain } : undefined
    }
    // Nobody told: at the least those by whom it grew or shrank, and then it might be any number below the threshold.
    const certain = before == null || now == null ? 0 : Math.abs(now - before)
    return certain < least ? { joined: least - 1, left: least - 1, certain } : undefined
  }

  const changeOf = (group: Group, least: number): Change | undefined => {
    if (group.company !== null) {
      const name = lattice.companies[group.company]!
      return companies.includes(name) ? changeOfCompany(name, least) : undefined
    }
    const sum = { joined: 0, left: 0, certain: 0 }
    for (const name of new Set([...companies, ...lattice.companies])) {
      const change = changeOfPart(name, least)
      if (change === undefined) return undefined
      sum.joined += change.joined
      sum.left += change.left
      sum.certain += change.certain
    }
    return sum.certain < least
      ? { ...sum, joined: Math.min(sum.joined, least - 1), left: Math.min(sum.left, least - 1) }
      : undefined
  }

  // A company that was not there then, or isn't now, came or left with all its people.
  const changeOfPart = (name: string, least: number): Change | undefined => {
    const joined = companies.includes(name) ? 0 : (companiesNow.get(name)?.population ?? least)
    const left = lattice.companies.includes(name) ? 0 : (populations.get(keyText({ [byCompany]: name })) ?? least)
    return joined + left > 0 ? { joined, left, certain: joined + left } : changeOfCompany(name, least)
  }

  return {
    changeOf,
    find: (measure: number, group: Group) => {
      const { name, answers: now } = lattice.measures[measure]!
      const then = answers.get(name)
      const same =
        then !== undefined && then.length === now.length && then.every((answer, index) => answer === now[index])
      return same ? results.get(`${name} ${keyText(group.key)}`)?.distribution : undefined
    },
  }
}
