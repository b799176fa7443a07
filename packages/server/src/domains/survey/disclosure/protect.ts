/**
 * Disclosure control: from what a campaign counted to what may be known of it. Pure and deterministic, so that a release can
 * be computed again bit for bit. The rules, what they promise and what not: docs/disclosure-control.md.
 */
import { chooseComplements } from './choose-complements.ts'
import { byCompany, type CountedTables, keyText, type Lattice, readTables } from './counted-tables.ts'
import { findCriticalThemes } from './critical-themes.ts'
import { totalsOpenToInsiders } from './insider-rule.ts'
import { findFamilies } from './measure-families.ts'
import { type Published, publishResults, roundDistribution } from './publish.ts'
import { reveal, type ShowsAs } from './revealed.ts'
import { isSolvable } from './solve-bounds.ts'
import { isTelling, leastOf } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'
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
 * Protects the counts of a campaign.
 *
 * @param earlier releases of earlier waves, the latest first
 * @throws RangeError where the counted tables contradict themselves
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
  const lattice = readTables(counted)
  const precedents = comparePrecedents(lattice, precautions.waves ? earlier : [], thresholds)
  let wholes: ReturnType<typeof readWholes> | undefined
  const hiddenIn = new Map<number, ReadonlySet<number>>()
  const shown = (measure: number, group: number) =>
    precedents(measure, group)?.repeat ?? roundDistribution(lattice.counts[measure]![group]!, thresholds.base)

  for (const family of findFamilies(lattice)) {
    const hidden = new Set(family.follows.flatMap((finest) => [...hiddenIn.get(finest)!]))
    let least = thresholds.least
    for (const { measure: index } of family.members) {
      const measure = lattice.measures[index]!
      least = Math.max(least, leastOf(measure, thresholds))
      for (const group of lattice.groups.filter(({ planned }) => planned)) {
        const counts = lattice.counts[index]![group.index]!
        if (isTelling(measure, counts, group.population, thresholds)) hidden.add(group.index)
        else if (precedents(index, group.index)?.hide) hidden.add(group.index)
      }
      if (precautions.insiders) {
        for (const group of totalsOpenToInsiders(lattice, index, thresholds)) hidden.add(group)
      }
    }

    const showsAs = (measure: number, group: number) => ({
      distribution: shown(measure, group),
      repeats: precedents(measure, group)?.repeat !== undefined,
    })
    const complement = (lattice: Lattice, hidden: ReadonlySet<number>, as: ShowsAs) =>
      chooseComplements(reveal(lattice, family, hidden, as, thresholds), least, precautions.insiders, thresholds)
    let chosen: ReadonlySet<number> = hidden
    if (precautions.complements && hidden.size > 0) {
      if (!isSolvable(lattice, family)) {
        // Companies as wholes and totals first, by themselves, so that what protects them is no accident of the rest.
        wholes ??= readWholes(counted, lattice)
        const { lattice: part, places } = wholes
        const within = part.groups.filter(({ index, planned }) => planned && hidden.has(places[index]!)).map(({ index }) => index)
        const more = await complement(part, new Set(within), (measure, group) => showsAs(measure, places[group]!))
        for (const index of more) hidden.add(places[index]!)
      }
      chosen = await complement(lattice, hidden, showsAs)
    }
    for (const { measure } of family.members) hiddenIn.set(measure, chosen)
  }

  const results = publishResults(lattice, (measure, group) => hiddenIn.get(measure)!.has(group), shown)
  return freeze({
    measures: lattice.measures.map(({ name, answers }) => ({ name, answers })),
    results,
    criticalThemes: findCriticalThemes(lattice.measures, results),
  })
}

/** The plan without what divides companies, and where its groups are in the whole of it. */
function readWholes(counted: CountedTables, lattice: Lattice): { lattice: Lattice; places: number[] } {
  const tables = counted.tables.flatMap((table) =>
    table.includes(byCompany) ? [[byCompany], table.filter((name) => name !== byCompany)] : [table],
  )
  const texts = new Map(lattice.groups.map(({ key, index }) => [keyText(key), index]))
  const part = readTables({ ...counted, tables })
  return { lattice: part, places: part.groups.map(({ key }) => texts.get(keyText(key))!) }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const each of Object.values(value)) freeze(each)
  }
  return value
}
