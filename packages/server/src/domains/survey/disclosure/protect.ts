/**
 * Disclosure control: from what a campaign counted to what may be known of it. Pure and deterministic, so that a release can
 * be computed again bit for bit. The rules, what they promise and what not: docs/disclosure-control.md.
 */
import { chooseComplements } from './choose-complements.ts'
import { type CountedTables, type Lattice, readTables } from './counted-tables.ts'
import { findCriticalThemes } from './critical-themes.ts'
import { totalsOpenToInsiders } from './insider-rule.ts'
import { divideIntoLevels, type Level, protectByLevels } from './levels.ts'
import { type Family, findFamilies } from './measure-families.ts'
import { type Published, publishResults, roundDistribution } from './publish.ts'
import { reveal, type Surroundings } from './revealed.ts'
import { isSolvable } from './solve-bounds.ts'
import { isTelling, leastOf } from './suppress-primary.ts'
import { checkThresholds, type Thresholds } from './thresholds.ts'
import { comparePrecedents, type EarlierWave } from './waves.ts'

/** What is reckoned with beside what a distribution says by itself. */
export interface Precautions {
  /** That companies know how their own people answered. */
  insiders: boolean
  /** That hidden numbers can be computed from shown ones. */
  complements: boolean
  /** That earlier waves asked nearly the same people. */
  waves: boolean
}

/**
 * Protects the counts of a campaign: the one entry for whoever releases. What goes in and what comes out is plain data: as
 * JSON it can be stored, and the same input gives the same output to the last character.
 *
 * @param counted every group of the plan with its true counts, and each total by company: see `CountedTables`
 * @param thresholds as the campaign froze them
 * @param earlier what was released of earlier waves of the same questions, the latest first
 * @throws RangeError where the counted tables contradict themselves, or thresholds each other
 */
export function protect(
  counted: CountedTables,
  thresholds: Thresholds,
  earlier: readonly EarlierWave[] = [],
): Promise<Published> {
  return protectFrom({ insiders: true, complements: true, waves: true }, counted, thresholds, earlier)
}

/** The same with precautions left out. Not for releases: for seeing what each is worth, and that attackers get through without. */
export async function protectFrom(
  precautions: Precautions,
  counted: CountedTables,
  thresholds: Thresholds,
  earlier: readonly EarlierWave[] = [],
): Promise<Published> {
  checkThresholds(thresholds)
  const lattice = readTables(counted)
  const precedents = comparePrecedents(lattice, precautions.waves ? earlier : [], thresholds)
  const hiddenIn = new Map<number, ReadonlySet<number>>()
  const shown = (measure: number, group: number) =>
    precedents.answer(measure, group)?.repeat ?? roundDistribution(lattice.counts[measure]![group]!, thresholds.base)

  let levels: Level[] | undefined
  const addComplements = async (family: Family, hidden: ReadonlySet<number>, least: number) => {
    const choose = (
      part: Lattice,
      within: ReadonlySet<number>,
      level: ReadonlySet<number> | undefined,
      place: (group: number) => number,
    ) => {
      const surroundings: Surroundings = {
        showsAs: (measure, group) => ({
          distribution: shown(measure, place(group)),
          repeats: precedents.answer(measure, place(group))?.repeat !== undefined,
        }),
        isHidden: (measure, group) => hiddenIn.get(measure)!.has(place(group)),
        remembers: (measure, group) => precedents.remembers(measure, place(group)),
      }
      const revealed = reveal(part, family, within, level, surroundings, thresholds)
      return chooseComplements(revealed, least, precautions.insiders, thresholds)
    }
    if (isSolvable(lattice)) return (await choose(lattice, hidden, undefined, (group) => group))!
    levels ??= divideIntoLevels(counted, lattice)
    return protectByLevels(levels, hidden, ({ lattice, added, places }, within) =>
      choose(lattice, within, added, (group) => places[group]!),
    )
  }

  for (const family of findFamilies(lattice)) {
    const hidden = new Set(family.follows.flatMap((finest) => [...hiddenIn.get(finest)!]))
    // What is known of a question is known of the need areas that combine it.
    const names = new Set(family.members.map(({ measure }) => lattice.measures[measure]!.name))
    const told = lattice.measures.filter(
      ({ name, follows = [] }) => names.has(name) || follows.some((each) => names.has(each.measure)),
    )
    const least = Math.max(...told.map((measure) => leastOf(measure, thresholds)))
    for (const { measure: index } of family.members) {
      const measure = lattice.measures[index]!
      for (const group of lattice.groups.filter(({ planned }) => planned)) {
        const counts = lattice.counts[index]![group.index]!
        if (isTelling(measure, counts, group.population, thresholds)) hidden.add(group.index)
        else if (precedents.answer(index, group.index)?.hide) hidden.add(group.index)
      }
      if (precautions.insiders) {
        for (const group of totalsOpenToInsiders(lattice, index, thresholds)) hidden.add(group)
      }
    }

    const chosen = precautions.complements && hidden.size > 0 ? await addComplements(family, hidden, least) : hidden
    for (const { measure } of family.members) hiddenIn.set(measure, chosen)
  }

  const results = publishResults(lattice, (measure, group) => hiddenIn.get(measure)!.has(group), shown)
  return freeze({
    measures: lattice.measures.map(({ name, answers }) => ({ name, answers })),
    results,
    criticalThemes: findCriticalThemes(lattice.measures, results),
  })
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) freeze(each)
  }
  return value
}
