/**
 * Large plans, level by level: companies as wholes, and totals over companies, as if nothing else were planned; then each
 * table that divides companies, the coarse ones first. Where hiding rows of its own doesn't protect a level, its table is
 * withdrawn for this measure, with all that divide it further: what follows is protected as if nobody had planned it, but that
 * nothing of it can be computed. Where other measures show something of the table, how many answered in its groups is known all
 * the same, and the rest is protected against who knows that. Crossed with two recodes, all but large companies have so few people in a group that tables are
 * withdrawn of all measures.
 */
import { byCompany, type CountedTables, type Group, keyText, type Lattice, readTables } from './counted-tables.ts'

/** Linked tables of more groups take the solver minutes: they are protected level by level. */
const mostGroups = 60

/** Whether a plan is so large that it is protected level by level. */
function isLarge({ groups }: Lattice): boolean {
  return groups.filter(({ planned }) => planned).length > mostGroups
}

/** Tables of a plan, protected as if there were no others. */
export interface Part {
  lattice: Lattice
  /** Where its groups are in the whole plan. */
  places: readonly number[]
  /** The groups that it adds to those before it, by their index in its own lattice; undefined where it adds to none. */
  added: ReadonlySet<number> | undefined
  /** Groups of withdrawn tables of which it is known how many answered: hidden, and no secret beyond that. */
  withdrawn: ReadonlySet<number>
}

/** A plan as its one part. */
export function asPart(lattice: Lattice): Part {
  return { lattice, places: [...lattice.groups.keys()], added: undefined, withdrawn: new Set() }
}

/** Chooses what to hide of a part, given what is hidden of it already. */
export type Choose = (part: Part, hidden: ReadonlySet<number>) => Promise<ReadonlySet<number>>

/** The parts of a plan, which are the same for all measures and read once. */
export class Levels {
  readonly #counted: CountedTables
  readonly #whole: Lattice
  readonly #dividing: readonly Table[]
  readonly #placeOf: ReadonlyMap<string, number>
  readonly #parts = new Map<string, Part>()

  constructor(counted: CountedTables, whole: Lattice) {
    this.#counted = counted
    this.#whole = whole
    this.#dividing = isLarge(whole) ? dividingTables(whole) : []
    this.#placeOf = new Map(whole.groups.map(({ key, index }) => [keyText(key), index]))
  }

  /** Of the tables that may be withdrawn those of which one of these groups is. */
  tablesOf(groups: readonly Group[]): string[] {
    const shown = new Set(groups.map(({ key }) => tableOf(key)))
    return this.#dividing.filter(({ name }) => shown.has(name)).map(({ name }) => name)
  }

  /**
   * @param ofKnownSize tables of which another measure tells how many answered
   * @param chooseComputable chooses what to hide lest anything be computed, however narrowly it is known
   */
  async protect(
    hidden: ReadonlySet<number>,
    ofKnownSize: ReadonlySet<string>,
    choose: Choose,
    chooseComputable: Choose,
  ): Promise<ReadonlySet<number>> {
    const whole = asPart(this.#whole)
    if (!isLarge(this.#whole)) return choose(whole, hidden)

    const all = new Set(hidden)
    const within = ({ lattice, places }: Part) =>
      new Set(
        lattice.groups.filter(({ index, planned }) => planned && all.has(places[index]!)).map(({ index }) => index),
      )
    const add = (groups: ReadonlySet<number>, { places }: Part) => {
      for (const group of groups) all.add(places[group]!)
    }
    const withdrawn: Table[] = []
    for (;;) {
      const kept: Table[] = []
      const unplanned: Table[] = []
      const coarse = this.#partOf(withdrawn, kept, undefined)
      add(await choose(coarse, within(coarse)), coarse)
      for (const table of this.#dividing.filter((each) => !withdrawn.includes(each))) {
        const part = this.#partOf(withdrawn, kept, table)
        const isLost =
          part.added!.isSubsetOf(within(part)) ||
          [...withdrawn, ...unplanned].some(({ dimensions }) => dimensions.isSubsetOf(table.dimensions))
        const chosen = isLost ? part.added! : await choose(part, within(part))
        const isWithdrawn = part.added!.isSubsetOf(chosen)
        add(isWithdrawn ? part.added! : chosen, part)
        if (isWithdrawn) unplanned.push(table)
        else kept.push(table)
      }
      const known = unplanned.filter(({ name }) => ofKnownSize.has(name))
      withdrawn.push(...known)
      if (known.length > 0) continue
      if (unplanned.length === 0) return all
      const before = all.size
      add(await chooseComputable(whole, all), whole)
      if (all.size === before) return all
    }
  }

  /** Companies as wholes, totals, and tables that divide companies: some withdrawn, some kept, and one that is added to these. */
  #partOf(withdrawn: readonly Table[], kept: readonly Table[], added: Table | undefined): Part {
    const dividing = [...withdrawn, ...kept, ...(added === undefined ? [] : [added])]
    const name = [withdrawn, dividing].map((tables) => tables.map((table) => table.name).join(' | ')).join(' / ')
    let part = this.#parts.get(name)
    if (part === undefined) {
      const { tables } = this.#counted
      const lattice = readTables({
        ...this.#counted,
        tables: [
          ...tables.map((table) => table.filter((name) => name !== byCompany)),
          ...(tables.some((table) => table.includes(byCompany)) ? [[byCompany]] : []),
          ...dividing.map(({ dimensions }) => [...dimensions]),
        ],
      })
      const groupsOf = (tables: readonly Table[]) =>
        new Set(
          lattice.groups
            .filter(({ key }) => tables.some(({ name }) => name === tableOf(key)))
            .map(({ index }) => index),
        )
      part = {
        lattice,
        places: lattice.groups.map(({ key }) => this.#placeOf.get(keyText(key))!),
        added: added && groupsOf([added]),
        withdrawn: groupsOf(withdrawn),
      }
      this.#parts.set(name, part)
    }
    return part
  }
}

interface Table {
  name: string
  dimensions: ReadonlySet<string>
}

function tableOf(key: Group['key']): string {
  return Object.keys(key).sort().join()
}

/** The tables that divide companies, the coarse ones first. */
function dividingTables({ groups }: Lattice): Table[] {
  const tables = new Map<string, Table>()
  for (const { planned, company, key } of groups) {
    const [name, dimensions] = [tableOf(key), new Set(Object.keys(key))]
    if (planned && company !== null && dimensions.size > 1) tables.set(name, { name, dimensions })
  }
  return [...tables.values()]
}
