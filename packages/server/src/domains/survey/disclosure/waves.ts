/**
 * Protection from earlier waves. Where nearly the same people were asked twice, whoever compares the waves may suppose
 * that all who answered both times answered alike, and that what differs is the answers of who came or went: joined or left the
 * company, or took part in one of both only.
 *
 * The numbers of both waves either refute this or they don't. Where they don't, and would tell what few people answered, or
 * that nearly all who came or went answered alike, the earlier numbers are repeated, if they are still nearly true; if not,
 * the distribution is hidden. Where they refute it, it is known that others changed their answers, and nothing can be laid at
 * the door of one. What was hidden stays hidden from those who were nearly all there: its later numbers would tell the earlier
 * ones.
 */
import { byCompany, type Group, keyText, type Lattice } from './counted-tables.ts'
import type { Distribution, Published } from './publish.ts'
import { type Range, shift, sumOfRanges } from './ranges.ts'
import { furthest, roundCount } from './round-counts.ts'
import { leastOf } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'

export interface EarlierWave {
  published: Published
  /** For each company in both waves, how many people joined and left between them; absent where nobody told. */
  changes: Readonly<Record<string, { joined: number; left: number } | undefined>>
}

type Result = Published['results'][number]['distribution']

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
    const least = leastOf(lattice.measures[measure]!, thresholds)
    return waves.flatMap((wave, at) => {
      const result = wave.find(measure, group)
      const staff = wave.changeOf(group, measure, least)
      if (result === undefined || staff === undefined) return []
      // Numbers that repeat those of a wave before them are off by more, and so is how many answered.
      const repeats = waves.slice(at + 1).some((earlier) => haveSameCounts(earlier.find(measure, group), result))
      const error = repeats
        ? (thresholds.base - 1) * lattice.measures[measure]!.answers.length
        : furthest(thresholds.base)
      return [{ result, staff, least, error, standsAside: wave.asideOf(group, error) }]
    })
  }
  return {
    answer: (measure, index) => {
      const counts = lattice.counts[measure]![index]!
      const respondents = lattice.respondents[measure]![index]!
      const { population } = lattice.groups[index]!
      let repeat: Distribution | undefined
      for (const { result, staff, least, error, standsAside } of before(measure, index)) {
        if ('suppressed' in result) {
          if (areNearlySame(staff, least)) return { hide: true }
          continue
        }
        const { value } = result
        const aside = population === null ? undefined : population - respondents
        const suppositions = [
          supposeFewest(staff, respondents, value.n, error),
          ...supposeAnybody(staff, standsAside(value.n), aside),
        ]
        const { critical } = lattice.measures[measure]!
        const shown = counts.map((count) => roundCount(count, thresholds.base))
        if (!suppositions.some((moved) => tellsOfMovers(value.counts, shown, moved, critical, least, thresholds)))
          continue
        const nearlyTrue = counts.every((count, answer) => Math.abs(count - value.counts[answer]!) < thresholds.base)
        const contradicts = repeat?.counts.some((count, answer) => count !== value.counts[answer])
        if (!nearlyTrue || contradicts) return { hide: true }
        repeat = value
      }
      return repeat === undefined ? undefined : { repeat, hide: false }
    },
    remembers: (measure, index) => {
      const counts = lattice.counts[measure]![index]!
      for (const { result, staff, least } of before(measure, index)) {
        if ('suppressed' in result || !areNearlySame(staff, least)) continue
        // Numbers that repeat those of a wave before them may be off by more.
        const ranges = result.value.counts.map((count) => ({
          low: count - (thresholds.base - 1) - staff.left.high,
          high: count + (thresholds.base - 1) + staff.joined.high,
        }))
        if (ranges.every(({ low, high }, answer) => low <= counts[answer]! && counts[answer]! <= high)) return ranges
      }
      return undefined
    },
  }
}

function haveSameCounts(a: Result | undefined, b: Result): boolean {
  return a !== undefined && 'value' in a && 'value' in b && a.value.counts.join() === b.value.counts.join()
}

/** How many people came to a group, and how many went: at least, and at most. */
interface Movers {
  joined: Range
  left: Range
}

function areNearlySame({ joined, left }: Movers, least: number): boolean {
  return joined.low + left.low < least
}

/** That nobody took part in one wave only but who joined or left, and as few others as the numbers of respondents ask for. */
function supposeFewest({ joined, left }: Movers, respondents: number, before: number, error: number): Movers {
  const [more, mostMore] = [respondents - before - error, respondents - before + error]
  return {
    joined: {
      low: joined.low + Math.max(0, more - joined.high + left.low),
      high: joined.high + Math.max(0, mostMore - joined.low + left.high),
    },
    left: {
      low: left.low + Math.max(0, -mostMore - left.high + joined.low),
      high: left.high + Math.max(0, -more - left.low + joined.high),
    },
  }
}

/** That anybody may have come who stood aside then, and anybody have gone who stands aside now. */
function supposeAnybody({ joined, left }: Movers, then: Range | undefined, now: number | undefined): Movers[] {
  if (then === undefined || now === undefined) return []
  return [{ joined: sumOfRanges([joined, then]), left: shift(left, now) }]
}

/**
 * Whether the numbers of two waves agree with the supposition that only who came or went differs, and then say what some of few
 * of them answered, or that nearly all of them answered alike. What they say for certain is what roundings can't explain; to
 * refute the supposition it must be more than repeated numbers explain, too, which are off by more.
 */
function tellsOfMovers(
  before: readonly number[],
  now: readonly number[],
  { joined, left }: Movers,
  critical: number | undefined,
  least: number,
  { base, dominance }: Thresholds,
): boolean {
  const beyond = (more: readonly number[], fewer: readonly number[], error: number) =>
    more.map((count, answer) => Math.max(0, count - fewer[answer]! - error))
  const sum = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  const refutes = furthest(base) + base - 1
  if (sum(beyond(now, before, refutes)) > joined.high || sum(beyond(before, now, refutes)) > left.high) return false
  const tells = (certain: readonly number[], moved: Range) => {
    if (sum(certain) === 0) return false
    const most = critical === undefined ? Math.max(...certain) : certain[critical]!
    return moved.low < least || most * 100 >= dominance * moved.low
  }
  const certain = 2 * furthest(base)
  return tells(beyond(now, before, certain), joined) || tells(beyond(before, now, certain), left)
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

  const changeOfCompany = (name: string, least: number): Movers => {
    const told = changes[name]
    if (told !== undefined) return { joined: exactly(told.joined), left: exactly(told.left) }
    // Nobody told: at the least those by whom it grew or shrank, or else it might be any number below the threshold.
    const before = populations.get(keyText({ [byCompany]: name }))
    const now = companiesNow.get(name)?.population
    const growth = before == null || now == null ? 0 : now - before
    const atLeast = (low: number) => ({ low, high: Math.max(low, least - 1) })
    return { joined: atLeast(Math.max(0, growth)), left: atLeast(Math.max(0, -growth)) }
  }

  // A company that was not there then came with all who answer; one that isn't there now left with all its people.
  const changeOfPart = (name: string, measure: number, least: number): Movers => {
    const now = companiesNow.get(name)
    if (!companies.includes(name) && now !== undefined)
      return { joined: exactly(lattice.respondents[measure]![now.index]!), left: exactly(0) }
    if (now !== undefined) return changeOfCompany(name, least)
    return { joined: exactly(0), left: exactly(populations.get(keyText({ [byCompany]: name })) ?? least) }
  }

  /** Who joined and left a group; undefined where there was none of its company then. */
  const changeOf = (group: Group, measure: number, least: number): Movers | undefined => {
    if (group.company !== null) {
      const name = lattice.companies[group.company]!
      return companies.includes(name) ? changeOfCompany(name, least) : undefined
    }
    const parts = [...new Set([...companies, ...lattice.companies])].map((name) => changeOfPart(name, measure, least))
    const sum = (of: (part: Movers) => Range): Range => {
      const low = parts.reduce((sum, part) => sum + of(part).low, 0)
      const high = parts.reduce((sum, part) => sum + of(part).high, 0)
      // Where nobody told of several, they may be fewer than the threshold in all of them together.
      return { low, high: Math.min(high, Math.max(low, least - 1)) }
    }
    return { joined: sum(({ joined }) => joined), left: sum(({ left }) => left) }
  }

  /** How many of a group stood aside in that wave, by how many are said to have answered; undefined where its size is not known. */
  const asideOf = (group: Group, error: number) => (respondents: number) => {
    const population = populations.get(keyText(group.key))
    if (population == null) return undefined
    const [mostAnswered, fewestAnswered] = [respondents + error, respondents - error]
    return { low: Math.max(0, population - mostAnswered), high: Math.max(0, population - fewestAnswered) }
  }

  return {
    changeOf,
    asideOf,
    find: (measure: number, group: Group) => {
      const { name, answers: now } = lattice.measures[measure]!
      const then = answers.get(name)
      const same =
        then !== undefined && then.length === now.length && then.every((answer, index) => answer === now[index])
      return same ? results.get(`${name} ${keyText(group.key)}`)?.distribution : undefined
    },
  }
}

function exactly(count: number): Range {
  return { low: count, high: count }
}
