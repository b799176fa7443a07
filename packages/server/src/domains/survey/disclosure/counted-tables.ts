/**
 * What a campaign counted, and how its groups add up: the input of disclosure control, checked and put in one order.
 *
 * The tables of a plan overlap: company × gender, gender × age and their margins count the same people. So there is one
 * set of groups for all tables, and between them sums: for a group and a dimension that a table crosses with it, the
 * group is the sum of the groups that the dimension divides it into.
 */

/** The dimension of every plan; the others are recodes. */
export const byCompany = 'company'

/** What is counted: answers to a question, or whether people are critical in a need area. */
export interface Measure {
  name: string
  answers: readonly string[]
  /** About health: the stricter threshold. */
  health?: boolean
  /** Only of need areas: which of the answers is the critical one. */
  critical?: number
  /**
   * The measure of which this one is a coarsening (as the need area of a single question is), and for each answer the
   * answers there that it unites. Every respondent of one is a respondent of the other.
   */
  coarsens?: { measure: string; unites: readonly (readonly number[])[] }
  /**
   * Measures that this one tells something about, and which of their answers: those that are critical, for a need area of
   * several questions; for a question with a condition those that each of its comparisons means, in sets that don't overlap.
   */
  follows?: readonly { measure: string; answers: readonly number[] }[]
  /**
   * Only of a need area of several questions: whether critical is who gave such answers to `any` of those that it follows, or to
   * `all` that they answered. Absent where it is neither, as for a score.
   */
  combines?: 'any' | 'all'
  /** Whether it combines something else as well, which is no measure. */
  combinesMore?: boolean
  /** Only of an option to tick, where ticks of its question depend on each other. */
  ticks?: Ticks
}

/** How the options of a question are ticked. */
export interface Ticks {
  /** The same for all of them. */
  question: string
  /** Which answer is the tick. */
  ticked: number
  /** Whether who ticks it ticks no other. */
  isAlone: boolean
  /** How many are ticked by who ticks none that stands alone; the same for all options. */
  atLeast: number
  atMost: number
}

/** Which people: a value for each dimension that is fixed. `{}` is everybody. */
export type GroupKey = Readonly<Record<string, string>>

export interface CountedGroup {
  key: GroupKey
  /** How many people belong to it, whether they answered or not (N); null where that is not known. */
  population: number | null
  /** For each measure, how many gave each answer. */
  counts: readonly (readonly number[])[]
}

export interface CountedTables {
  companies: readonly string[]
  /** Each respondent is in one category of each: who didn't say is in a category of their own. */
  recodes: readonly { name: string; categories: readonly string[] }[]
  /** The plan: the dimensions of each table, `company` and names of recodes. A table brings its margins with it. */
  tables: readonly (readonly string[])[]
  measures: readonly Measure[]
  /**
   * The groups of all tables and margins, and each of them by company too, released or not: what insiders know of a total.
   * A group that is absent has no respondents, and no known population.
   */
  groups: readonly CountedGroup[]
}

export interface Group {
  index: number
  key: GroupKey
  /** Index of the company, or null where the group is of all. */
  company: number | null
  population: number | null
  /** Whether the plan shows it; if not, it is there for what insiders know. */
  planned: boolean
  /** Planned groups that contain it. */
  within: readonly number[]
  /** The groups that it is divided into by company; empty where it is of one company. */
  byCompany: readonly number[]
}

/** `total` is the sum of `parts`. */
export interface Sum {
  total: number
  parts: readonly number[]
}

/** All groups of a campaign in canonical order, and how they add up. */
export interface Lattice {
  companies: readonly string[]
  measures: readonly Measure[]
  groups: readonly Group[]
  /** Sums between planned groups. */
  sums: readonly Sum[]
  /** counts[measure][group][answer] */
  counts: readonly (readonly (readonly number[])[])[]
  /** respondents[measure][group]: how many answered at all. */
  respondents: readonly (readonly number[])[]
  /** For each dimension (the company first), how many categories it has. */
  categories: readonly number[]
  /** For each group its category in each dimension, or -1 where it is of all. */
  coordinates: readonly (readonly number[])[]
  /** Planned groups that hold the people who are in these categories, one of each dimension. */
  containing: (categories: readonly number[]) => number[]
  /** Whether planned groups are divided by all of these dimensions. */
  isCrossed: (...dimensions: readonly number[]) => boolean
}

/**
 * Reads counted tables. The order of groups depends on the plan alone, not on that of the input.
 * @throws RangeError where the tables contradict themselves or each other, with the group and the measure.
 */
export function readTables(counted: CountedTables): Lattice {
  const dimensions = [
    { name: byCompany, categories: counted.companies },
    ...counted.recodes.map(({ name, categories }) => ({ name, categories })),
  ]
  checkNames(counted, dimensions)
  const { planned, all } = crossings(counted, dimensions)

  const given = new Map<string, CountedGroup>()
  for (const group of counted.groups) {
    const text = keyText(group.key)
    if (given.has(text)) throw new RangeError(`${text}: counted twice`)
    given.set(text, group)
  }

  const found = new Map<string, number>()
  const entries: { key: GroupKey; mask: number; values: number[] }[] = []
  // The groups of a crossing stand together, as the digits of a number do: its last dimension counts up first.
  const blocks = new Map<number, { first: number; steps: number[] }>()
  for (const mask of all) {
    const steps = dimensions.map((_, dimension) =>
      dimensions.reduce(
        (step, { categories }, other) => (other > dimension && mask & (1 << other) ? step * categories.length : step),
        mask & (1 << dimension) ? 1 : 0,
      ),
    )
    blocks.set(mask, { first: entries.length, steps })
    for (const values of combinations(dimensions, mask)) {
      const key = Object.freeze(
        Object.fromEntries(
          values.flatMap((value, index) =>
            value < 0 ? [] : [[dimensions[index]!.name, dimensions[index]!.categories[value]!]],
          ),
        ),
      )
      found.set(keyText(key), entries.length)
      entries.push({ key, mask, values })
    }
  }
  for (const text of given.keys()) {
    if (!found.has(text)) throw new RangeError(`${text}: no table of the plan has this group`)
  }

  const place = (mask: number, values: readonly number[]) => {
    const { first, steps } = blocks.get(mask)!
    let index = first
    for (let dimension = 0; dimension < steps.length; dimension++) index += steps[dimension]! * values[dimension]!
    return index
  }
  const parts = (mask: number, values: readonly number[], dimension: number) =>
    dimensions[dimension]!.categories.map((_, category) =>
      place(mask | (1 << dimension), values.with(dimension, category)),
    )

  const groups = entries.map(({ key, mask, values }, index): Group => {
    const within: number[] = []
    for (const other of planned) {
      if (other !== mask && (other & mask) === other) {
        within.push(place(other, values))
      }
    }
    return {
      index,
      key,
      company: values[0]! < 0 ? null : values[0]!,
      population: given.get(keyText(key))?.population ?? null,
      planned: planned.has(mask),
      within: within.sort((a, b) => a - b),
      byCompany: values[0]! < 0 ? parts(mask, values, 0) : [],
    }
  })

  const sums: Sum[] = []
  const everySum: Sum[] = []
  for (const [index, { mask, values }] of entries.entries()) {
    for (const dimension of dimensions.keys()) {
      const crossed = mask | (1 << dimension)
      if (crossed === mask || !all.includes(crossed)) continue
      const sum = { total: index, parts: parts(mask, values, dimension) }
      everySum.push(sum)
      if (planned.has(crossed)) sums.push(sum)
    }
  }

  const counts = counted.measures.map((measure, position) =>
    entries.map(({ key }) => given.get(keyText(key))?.counts[position] ?? measure.answers.map(() => 0)),
  )
  const respondents = counts.map((ofMeasure) => ofMeasure.map((each) => each.reduce((sum, count) => sum + count, 0)))
  const shown = [...planned]
  const lattice = {
    companies: counted.companies,
    measures: counted.measures,
    groups,
    sums,
    counts,
    respondents,
    categories: dimensions.map(({ categories }) => categories.length),
    coordinates: entries.map(({ values }) => values),
    containing: (categories: readonly number[]) => shown.map((mask) => place(mask, categories)),
    isCrossed: (...crossed: readonly number[]) => {
      const all = crossed.reduce((mask, dimension) => mask | (1 << dimension), 0)
      return shown.some((mask) => (mask & all) === all)
    },
  }
  checkCounts(lattice, everySum)
  return lattice
}

/** A key as text, the same for the same group whatever the order of its dimensions. */
export function keyText(key: GroupKey): string {
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Which sets of dimensions the plan shows, and which are counted, as bits; those of few dimensions first. */
function crossings(counted: CountedTables, dimensions: { name: string }[]) {
  const planned = new Set<number>()
  for (const table of counted.tables) {
    let whole = 0
    for (const name of table) {
      const dimension = dimensions.findIndex((each) => each.name === name)
      if (dimension < 0) throw new RangeError(`${table.join(' × ')}: no recode is called "${name}"`)
      whole |= 1 << dimension
    }
    for (let mask = 0; mask <= whole; mask++) if ((mask & whole) === mask) planned.add(mask)
  }
  const all = [...new Set([...planned].flatMap((mask) => [mask, mask | 1]))]
  const bits = (mask: number) => mask.toString(2).replaceAll('0', '').length
  all.sort((a, b) => bits(a) - bits(b) || a - b)
  return { planned: new Set(all.filter((mask) => planned.has(mask))), all }
}

function* combinations(dimensions: { categories: readonly string[] }[], mask: number): Generator<number[]> {
  let rows: number[][] = [[]]
  for (const [index, { categories }] of dimensions.entries()) {
    rows = rows.flatMap((row) =>
      mask & (1 << index) ? categories.map((_, category) => [...row, category]) : [[...row, -1]],
    )
  }
  yield* rows
}

function checkNames({ measures }: CountedTables, dimensions: { name: string; categories: readonly string[] }[]) {
  for (const { name, categories } of dimensions) {
    if (new Set(categories).size < categories.length) throw new RangeError(`${name}: two categories of one name`)
  }
  for (const names of [dimensions, measures].map((list) => list.map(({ name }) => name))) {
    if (new Set(names).size < names.length) throw new RangeError(`two of one name: ${names.join(', ')}`)
  }
}

function checkCounts({ groups, measures, counts, respondents }: Lattice, sums: Sum[]) {
  const where = (measure: number, group: number) => `${keyText(groups[group]!.key)} ${measures[measure]!.name}`
  for (const [measure, { answers }] of measures.entries()) {
    for (const { index, population } of groups) {
      const given = counts[measure]![index]!
      if (given.length !== answers.length || !given.every((count) => Number.isSafeInteger(count) && count >= 0)) {
        throw new RangeError(`${where(measure, index)}: not ${answers.length} counts`)
      }
      if (population !== null && respondents[measure]![index]! > population) {
        throw new RangeError(`${where(measure, index)}: more respondents than people`)
      }
    }
    for (const { total, parts } of sums) {
      for (const answer of answers.keys()) {
        const sum = parts.reduce((sum, part) => sum + counts[measure]![part]![answer]!, 0)
        if (sum !== counts[measure]![total]![answer]) {
          throw new RangeError(`${where(measure, total)}: its parts add up to ${sum} for "${answers[answer]}"`)
        }
      }
    }
  }
}
