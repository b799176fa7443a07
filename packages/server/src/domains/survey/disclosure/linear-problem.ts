/**
 * What is known of how people answered, as a linear problem. The variables are the answers of the groups that have no parts; all
 * others are sums of these, and have a row only where more is known of them than of their parts.
 */
import type { ModelData } from 'highs'
import type { Bounds, Revealed } from './revealed.ts'

/** A sum of groups, each with a weight, and the numbers, by answer, of what is no variable. */
interface Terms {
  groups: ReadonlyMap<number, number>
  rest: readonly number[]
}

/** Groups with respondents of which people of these companies could have answered otherwise. */
export function freeGroups({ lattice, respondents }: Revealed, companies: ReadonlySet<number>): number[] {
  return lattice.groups
    .filter(
      ({ index, planned, company }) =>
        planned && respondents[index]! > 0 && (company === null || companies.has(company)),
    )
    .map(({ index }) => index)
}

export class LinearProblem {
  readonly data: ModelData
  readonly #revealed: Revealed
  readonly #free: ReadonlySet<number>
  /** Of each group that has no parts the column of its first answer. */
  readonly #columns = new Map<number, number>()
  readonly #parts = new Map<number, readonly number[]>()
  readonly #terms = new Map<number, Terms>()

  /** @param companies whose people may have answered otherwise; the answers of others are numbers */
  constructor(revealed: Revealed, companies: ReadonlySet<number>, bounds: Bounds) {
    const { lattice, counts } = revealed
    this.#revealed = revealed
    const free = freeGroups(revealed, companies)
    this.#free = new Set(free)
    for (const { total, parts } of lattice.sums) if (!this.#parts.has(total)) this.#parts.set(total, parts)
    const width = counts[0]!.length
    for (const group of free) if (!this.#parts.has(group)) this.#columns.set(group, this.#columns.size * width)
    this.data = this.#write(bounds)
  }

  /** The columns that add up to how many people of a group gave one of `answers`, and what there is besides. */
  sumOf(group: number, answers: readonly number[]): { columns: number[]; rest: number } {
    const { groups, rest } = this.#termsOf(group)
    return {
      columns: [...groups.keys()].flatMap((each) => answers.map((answer) => this.#columns.get(each)! + answer)),
      rest: sumAt(rest, answers),
    }
  }

  /** All counts, by group × answers + answer, where the columns have these values; undefined where they are not whole. */
  countsAt(values: ArrayLike<number>): Int32Array | undefined {
    const { lattice, counts: truth } = this.#revealed
    const width = truth[0]!.length
    const counts = Int32Array.from(truth.flat())
    for (const [group, column] of this.#columns) {
      for (let answer = 0; answer < width; answer++) {
        const value = values[column + answer]!
        const whole = Math.round(value)
        if (!(Math.abs(value - whole) < tolerance)) return undefined
        counts[group * width + answer] = whole
      }
    }
    // Parts come after what they are parts of.
    for (const { index } of lattice.groups.toReversed()) {
      const parts = this.#free.has(index) ? this.#parts.get(index) : undefined
      for (let answer = 0; parts !== undefined && answer < width; answer++) {
        counts[index * width + answer] = parts.reduce((sum, part) => sum + counts[part * width + answer]!, 0)
      }
    }
    return counts
  }

  #write({ low, high }: Bounds): ModelData {
    const { lattice, hidden, respondents, knownIfShown, counts } = this.#revealed
    const all = [...counts[0]!.keys()]
    const cellsOf = (group: number) => all.map((answer) => group * all.length + answer)
    const columns = [...this.#columns.keys()].flatMap(cellsOf)
    const rows = new Rows(
      columns.map((cell) => low[cell]!),
      columns.map((cell) => high[cell]!),
    )
    const add = ({ groups, rest }: Terms, answers: readonly number[], least: number, most: number) => {
      const known = sumAt(rest, answers)
      const entries = [...groups].flatMap(([group, weight]) =>
        answers.map((answer) => ({ column: this.#columns.get(group)! + answer, weight })),
      )
      rows.add(entries, least - known, most - known)
    }

    for (const group of this.#free) {
      const terms = this.#termsOf(group)
      if (this.#columns.has(group)) add(terms, all, respondents[group]!, respondents[group]!)
      else for (const [answer, cell] of cellsOf(group).entries()) add(terms, [answer], low[cell]!, high[cell]!)
      if (hidden.has(group)) continue
      for (const known of knownIfShown[group]!.slice(all.length)) add(terms, known.answers, known.low, known.high)
    }
    // A group that is divided in several ways is the same sum each time.
    for (const { total, parts } of lattice.sums) {
      if (!this.#free.has(total) || parts === this.#parts.get(total)) continue
      const difference = addUp([
        { terms: this.#termsOf(total), sign: 1 },
        ...parts.map((part) => ({ terms: this.#termsOf(part), sign: -1 })),
      ])
      if (difference.groups.size > 0) for (const answer of all) add(difference, [answer], 0, 0)
    }
    return rows.asModel()
  }

  #termsOf(group: number): Terms {
    let terms = this.#terms.get(group)
    if (terms === undefined) {
      const counts = this.#revealed.counts[group]!
      const parts = this.#parts.get(group)
      if (!this.#free.has(group)) terms = { groups: new Map(), rest: counts }
      else if (parts === undefined) terms = { groups: new Map([[group, 1]]), rest: counts.map(() => 0) }
      else terms = addUp(parts.map((part) => ({ terms: this.#termsOf(part), sign: 1 })))
      this.#terms.set(group, terms)
    }
    return terms
  }
}

/** How far from a whole number the solver's may be to be taken for it. */
export const tolerance = 1e-6

/** The sum of the numbers at these places. */
export function sumAt(numbers: ArrayLike<number>, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + numbers[place]!, 0)
}

function addUp(all: readonly { terms: Terms; sign: number }[]): Terms {
  const groups = new Map<number, number>()
  const rest = all[0]!.terms.rest.map(() => 0)
  for (const { terms, sign } of all) {
    for (const [group, weight] of terms.groups) {
      const sum = (groups.get(group) ?? 0) + sign * weight
      if (sum === 0) groups.delete(group)
      else groups.set(group, sum)
    }
    for (const [answer, count] of terms.rest.entries()) rest[answer]! += sign * count
  }
  return { groups, rest }
}

/** Rows of a sparse matrix over columns that have bounds. */
class Rows {
  readonly #colLower: readonly number[]
  readonly #colUpper: readonly number[]
  readonly #rowLower: number[] = []
  readonly #rowUpper: number[] = []
  readonly #starts = [0]
  readonly #indices: number[] = []
  readonly #values: number[] = []

  constructor(colLower: readonly number[], colUpper: readonly number[]) {
    this.#colLower = colLower
    this.#colUpper = colUpper
  }

  /** A weighted sum of columns that lies between `least` and `most`; nothing where their bounds say so already. */
  add(entries: readonly { column: number; weight: number }[], least: number, most: number): void {
    const extreme = (upper: boolean) =>
      entries.reduce((sum, { column, weight }) => {
        const bounds = weight > 0 === upper ? this.#colUpper : this.#colLower
        return sum + weight * bounds[column]!
      }, 0)
    if (extreme(false) >= least && extreme(true) <= most) return
    this.#rowLower.push(least)
    this.#rowUpper.push(most)
    for (const { column, weight } of entries) {
      this.#indices.push(column)
      this.#values.push(weight)
    }
    this.#starts.push(this.#indices.length)
  }

  asModel(): ModelData {
    const numCols = this.#colLower.length
    const numRows = this.#rowLower.length
    return {
      numCols,
      numRows,
      colCost: new Float64Array(numCols),
      colLower: this.#colLower,
      colUpper: this.#colUpper,
      rowLower: this.#rowLower,
      rowUpper: this.#rowUpper,
      matrix: {
        format: 'csr',
        numRows,
        numCols,
        starts: this.#starts,
        indices: this.#indices,
        values: this.#values,
      },
    }
  }
}
