/**
 * What a release would reveal of a family of measures, were these groups hidden: for each number, between which bounds it
 * is known to lie.
 *
 * The attacker is assumed to know more than any is likely to: every shown number (so the true one to the nearest multiple of
 * the base), the size of every group, and how many answered in each, exactly. For participation is told, and who takes part
 * is seen by colleagues; it is not what this hides. An insider knows all answers of one company, and so all numbers of its
 * groups, and that a total is at least what the own people are of it.
 */
import type { Group, Lattice } from './counted-tables.ts'
import type { Part } from './levels.ts'
import type { Family, Told } from './measure-families.ts'
import type { Distribution } from './publish.ts'
import { intersect, type Range, sumOf } from './ranges.ts'
import { furthest } from './round-counts.ts'
import { rangeOfFit } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'

/** Who tries to find out: the company whose answers are known to them; null for who knows those of none. */
export type Attacker = number | null

/** What is known of a sum of counts of one group. */
export interface KnownSum extends Range {
  answers: readonly number[]
}

export interface Revealed {
  lattice: Lattice
  family: Family
  hidden: ReadonlySet<number>
  /**
   * Where tables are protected level by level: the groups of the last level, which are hidden beside first of all. What is shown
   * and hidden of the others was decided without them. Undefined where all tables are protected as one.
   */
  level: ReadonlySet<number> | undefined
  /** Groups of withdrawn tables: hidden, and their numbers owed no more than if nobody had planned them. */
  withdrawn: ReadonlySet<number>
  /** True counts of the finest measure, by group and answer. */
  counts: readonly (readonly number[])[]
  respondents: readonly number[]
  /** What everyone knows of a group that is shown: of each answer first, then of answers together. */
  knownIfShown: readonly (readonly KnownSum[])[]
  /** What is known of each answer of a group even if it is hidden: from an earlier wave, and from other measures. */
  knownAnyway: readonly (readonly Range[])[]
  /** What would be known of it though all these were hidden in the group as well. */
  unavoidable: readonly (readonly Range[])[]
  /** Hidden groups that an earlier wave showed, of nearly the same people: no secret, and no complement. */
  remembered: ReadonlySet<number>
  /** Sets of answers of which no hidden number may be narrowed: each answer, and what coarser measures unite. */
  guarded: readonly (readonly number[])[]
}

/**
 * Whether a hidden group is a secret to the attacker. A total over companies is none where all others of its companies are
 * shown: it is hidden lest they be computed from it.
 */
export function isSecretTo({ lattice, hidden, respondents }: Revealed, group: number, attacker: Attacker): boolean {
  const { company, byCompany } = lattice.groups[group]!
  if (company !== null) return company !== attacker
  return byCompany.some(
    (part) =>
      respondents[part]! > 0 &&
      lattice.groups[part]!.company !== attacker &&
      (hidden.has(part) || !lattice.groups[part]!.planned),
  )
}

/** Whether a hidden group holds all who answered in a shown one around it, and so is known as that is. */
export function isSameAsShown(revealed: Revealed, group: number): boolean {
  const { lattice, hidden } = revealed
  return lattice.groups[group]!.within.some((around) => !hidden.has(around) && isOfSamePeople(revealed, group, around))
}

/** Whether a group around another holds no others who answered. */
export function isOfSamePeople({ respondents }: Revealed, group: number, around: number): boolean {
  return respondents[around] === respondents[group]
}

/** How a measure of a group is shown, and whether these are the numbers of an earlier wave. */
export interface Shown {
  distribution: Distribution
  repeats: boolean
}

/**
 * Between what the true number of an answer lies that is shown: as near to what is shown as rounding leaves it, and fit to be shown.
 */
export function rangeOfShown(
  { measures, groups, respondents }: Lattice,
  measure: number,
  group: number,
  { distribution, repeats }: Shown,
  answer: number,
  thresholds: Thresholds,
): Range {
  // Who sees the numbers of an earlier wave again knows that they may be nearly true only.
  const error = repeats ? thresholds.base - 1 : furthest(thresholds.base)
  const shown = distribution.counts[answer]!
  return intersect(
    { low: shown - error, high: shown + error },
    rangeOfFit(measures[measure]!, answer, respondents[measure]![group]!, groups[group]!.population, thresholds),
  )
}

/** Between what other measures say that the number of one of a measure's answers lies. */
export interface ToldByOthers extends Range {
  answer: number
}

/** What the rest of the release, and earlier ones, say of groups. */
export interface Surroundings {
  showsAs: (measure: number, group: number) => Shown
  /** What other measures tell of one, as they are shown and hidden, or with all hidden; undefined where none does. */
  told: (measure: number, group: number, allHidden: boolean) => ToldByOthers | undefined
  /** What is known of each answer from an earlier wave, where it was shown of nearly the same people. */
  remembers: (measure: number, group: number) => readonly Range[] | undefined
}

export function reveal(
  { lattice, added: level, withdrawn }: Part,
  family: Family,
  hidden: ReadonlySet<number>,
  { showsAs, told: toldAs, remembers }: Surroundings,
  thresholds: Thresholds,
): Revealed {
  const counts = lattice.counts[family.finest]!
  const sets = new Map<string, readonly number[]>()
  for (const { unites } of family.members)
    for (const set of unites) sets.set([...set].sort((a, b) => a - b).join(), set)
  const respondents = lattice.respondents[family.finest]!
  const known = ({ index, planned }: Group, allHidden: boolean): Range[] => {
    const total = respondents[index]!
    const before = planned ? remembers(family.finest, index) : undefined
    const told = planned ? toldAs(family.finest, index, allHidden) : undefined
    return counts[index]!.map((_, answer) =>
      [
        before?.[answer] ?? [],
        told === undefined ? [] : answer === told.answer ? told : { low: total - told.high, high: total - told.low },
      ]
        .flat()
        .reduce(intersect, { low: 0, high: total }),
    )
  }
  return {
    lattice,
    family,
    hidden,
    level,
    withdrawn,
    counts,
    respondents,
    knownIfShown: lattice.groups.map(({ index, planned }) => {
      if (!planned) return []
      const known = family.members.flatMap(({ measure, unites }) => {
        const shown = showsAs(measure, index)
        return unites.map((answers, answer) => ({
          answers,
          ...rangeOfShown(lattice, measure, index, shown, answer, thresholds),
        }))
      })
      const told = family.told.map((each) => ({
        answers: each.answers,
        ...rangeOfTold(lattice, family, each, index),
      }))
      return [...known, ...told]
    }),
    knownAnyway: lattice.groups.map((group) => known(group, false)),
    unavoidable: lattice.groups.map((group) => known(group, true)),
    remembered: new Set(
      lattice.groups
        .filter(({ index, planned }) => planned && remembers(family.finest, index) !== undefined)
        .map(({ index }) => index),
    ),
    guarded: [...sets.values()],
  }
}

/**
 * Between what the number of people can be who gave answers that another measure tells of, all else being as it is. On which others
 * are asked, or what several need areas share, is known to the last person. Of a question that a single need area combines
 * with others, as many more or fewer may have given them as the area and the others leave open.
 */
function rangeOfTold(lattice: Lattice, family: Family, { answers, area }: Told, group: number): Range {
  const { measures, counts, respondents } = lattice
  const sumIn = (measure: number, of: readonly number[]) => sumOf(of.map((answer) => counts[measure]![group]![answer]!))
  const given = sumIn(family.finest, answers)
  if (area === undefined) return { low: given, high: given }

  const { combines, combinesMore = false, critical = 0, follows = [] } = measures[area]!
  const answered = respondents[family.finest]![group]!
  const all = follows.map(({ measure: name, answers }) => {
    const measure = measures.findIndex((each) => each.name === name)
    const critical = sumIn(measure, answers)
    return { critical, other: respondents[measure]![group]! - critical }
  })
  const [criticalInArea, otherInArea] = [sumIn(area, [critical]), sumIn(area, [1 - critical])]
  // Whoever is so in the area and in none of the other questions is so in this one.
  const needed = (inArea: number, inAll: number, here: number) =>
    combinesMore ? 0 : Math.max(0, inArea - (inAll - here))
  const low = needed(criticalInArea, sumOf(all.map((each) => each.critical)), given)
  const fewestOthers = needed(otherInArea, sumOf(all.map((each) => each.other)), answered - given)
  return combines === 'any'
    ? { low, high: Math.min(criticalInArea, answered - fewestOthers) }
    : { low: Math.max(low, answered - otherInArea), high: answered - fewestOthers }
}

/** Bounds of every count for one attacker, by group × answers + answer; own counts have one value. */
export interface Bounds {
  low: Int32Array
  high: Int32Array
}

/**
 * Bounds that follow from each group by itself. For `everyone` they are so narrow that what they leave open is open to
 * each attacker whose own groups it leaves alone.
 */
export function boundsFor(revealed: Revealed, attacker: Attacker | 'everyone'): Bounds {
  const { lattice, hidden, counts, respondents, knownIfShown, knownAnyway } = revealed
  const answers = counts[0]!.length
  const low = new Int32Array(lattice.groups.length * answers)
  const high = new Int32Array(lattice.groups.length * answers)
  for (const { index, company, byCompany, planned } of lattice.groups) {
    if (!planned) continue
    const insiders =
      company !== null || attacker === null ? [] : attacker === 'everyone' ? byCompany : [byCompany[attacker]!]
    for (let answer = 0; answer < answers; answer++) {
      const known = hidden.has(index) ? undefined : knownIfShown[index]![answer]!
      const anyway = knownAnyway[index]![answer]!
      let least = Math.max(known?.low ?? 0, anyway.low)
      let most = Math.min(known?.high ?? Number.POSITIVE_INFINITY, anyway.high, respondents[index]!)
      for (const own of insiders) {
        least = Math.max(least, counts[own]![answer]!)
        most = Math.min(most, respondents[index]! - respondents[own]! + counts[own]![answer]!)
      }
      if (company !== null && company === attacker) least = most = counts[index]![answer]!
      low[index * answers + answer] = least
      high[index * answers + answer] = most
    }
  }
  return { low, high }
}
