/**
 * Large plans, level by level: companies as wholes, and totals over companies, as if nothing else were planned; then each
 * table that divides companies, the coarse ones first. Where hiding rows of its own doesn't protect a level, nothing of it is
 * shown, and others lose by it only what it leaves narrow of them. Crossed with two recodes, all but large companies have so few
 * people in a group that this is the rule.
 */
import { byCompany, type CountedTables, type Group, keyText, type Lattice, readTables } from './counted-tables.ts'

/** Linked tables of more groups take the solver minutes: they are protected level by level. */
const mostGroups = 60

/** Whether a plan is so large that it is protected level by level. */
export function isLarge({ groups }: Lattice): boolean {
  return groups.filter(({ planned }) => planned).length > mostGroups
}

export interface Level {
  /** The plan up to this level. */
  lattice: Lattice
  /** Where its groups are in the whole plan. */
  places: readonly number[]
  /** The groups that it adds, by their index in its own lattice; undefined for the first. */
  added: ReadonlySet<number> | undefined
}

/** The levels of a plan, each with those before it. */
export function divideIntoLevels(counted: CountedTables, whole: Lattice): Level[] {
  const placeOf = new Map(whole.groups.map(({ key, index }) => [keyText(key), index]))
  const tables = counted.tables.map((table) => table.filter((name) => name !== byCompany))
  if (counted.tables.some((table) => table.includes(byCompany))) tables.push([byCompany])
  const levelOf = (dimensions: readonly string[] | undefined): Level => {
    if (dimensions !== undefined) tables.push([...dimensions])
    const lattice = readTables({ ...counted, tables: [...tables] })
    const isAdded = ({ key }: Group) => Object.keys(key).sort().join() === dimensions?.join()
    return {
      lattice,
      places: lattice.groups.map(({ key }) => placeOf.get(keyText(key))!),
      added: dimensions && new Set(lattice.groups.filter(isAdded).map(({ index }) => index)),
    }
  }

  const dividing = new Map<string, readonly string[]>()
  for (const { planned, company, key } of whole.groups) {
    const dimensions = Object.keys(key).sort()
    if (planned && company !== null && dimensions.length > 1) dividing.set(dimensions.join(), dimensions)
  }
  return [undefined, ...dividing.values()].map(levelOf)
}

/** Chooses what to hide in each level, given what is hidden in those before. */
export async function protectByLevels(
  levels: readonly Level[],
  hidden: ReadonlySet<number>,
  choose: (level: Level, hidden: ReadonlySet<number>) => Promise<ReadonlySet<number>>,
): Promise<ReadonlySet<number>> {
  const all = new Set(hidden)
  for (const level of levels) {
    const { lattice, places } = level
    const within = new Set(
      lattice.groups.filter(({ index, planned }) => planned && all.has(places[index]!)).map(({ index }) => index),
    )
    for (const group of await choose(level, within)) all.add(places[group]!)
  }
  return all
}
