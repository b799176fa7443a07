/**
 * The furthest that a hidden number can be, by integer programming (HiGHS, in WebAssembly). The solver works in floating point,
 * so nothing is taken on its word: what it finds is rounded and checked in integers against all that is known, and counts only
 * as an example of what people could have answered. An example that doesn't hold proves nothing, and what isn't proven
 * wide is taken for narrow.
 */
import highs, { type Highs } from 'highs'
import type { Lattice } from './counted-tables.ts'
import type { Bounds, Revealed } from './revealed.ts'

// The package's types describe its CommonJS form; as an ES module its default export is the loader itself.
const loadHighs = highs as unknown as typeof highs.default

let solver: Promise<Highs> | undefined

/** The solver, loaded once. */
export function loadSolver(): Promise<Highs> {
  solver ??= loadHighs()
  return solver
}

/** Simplifying a problem beforehand gains nothing at this size, and there are small ones in which HiGHS never ends with it. */
const settings = { output_flag: false, presolve: 'off' } as const

/** A solver that gets lost in a problem gives up after this many branches, the same each time. */
const mostBranches = 30

/** Problems of more groups than this take seconds for each number. */
const mostFreeGroups = 150

/** Whether the solver can be asked what people of these companies could have answered otherwise. */
export function isSolvable({ lattice, respondents }: Revealed, companies: readonly number[]): boolean {
  const isFree = ({ index, planned, company }: Lattice['groups'][0]) =>
    planned && respondents[index]! > 0 && (company === null || companies.includes(company))
  return lattice.groups.filter(isFree).length <= mostFreeGroups
}

/** What is known as a problem, made once and solved for one hidden number after the other. */
export class Extremes {
  readonly #solver: Highs
  readonly #revealed: Revealed
  readonly #bounds: Bounds
  readonly #text: string
  readonly #model: ReturnType<Highs['createModel']>
  readonly #columns: readonly number[]

  /** @param companies whose people may have answered otherwise; the others answered as they did */
  constructor(solver: Highs, revealed: Revealed, companies: ReadonlySet<number>, bounds: Bounds) {
    this.#solver = solver
    this.#revealed = revealed
    this.#bounds = bounds
    const { rows, variables } = writeProblem(revealed, companies, bounds)
    this.#text = rows
    this.#columns = variables
    // Every variable is in the objective, in order, so that its column is known.
    this.#model = solver.createModel({
      format: 'lp',
      data: `Minimize\no: ${variables.map((cell) => `+ x${cell}`).join(' ')}\n${rows}\nEnd`,
    })
    for (const [name, value] of Object.entries(settings)) this.#model.options.set(name, value)
    for (const column of variables.keys()) this.#model.changeColCost(column, 0)
  }

  /**
   * Whether how many people of a group gave one of `answers` can differ by `enough`: shown by two examples, or by one and what
   * they did answer.
   */
  isWide(group: number, answers: readonly number[], enough: number): boolean {
    const width = this.#revealed.counts[0]!.length
    const cells = answers.map((answer) => group * width + answer)
    const truth = sumAt(this.#revealed.counts[group]!, answers)
    // Tables of two dimensions have whole corners, and most others nearly so: branching is seldom needed.
    const most = this.#relax(cells, 'most')
    if (most.example !== undefined && most.furthest - truth >= enough) return true
    const least = this.#relax(cells, 'least')
    // In parts of people it can't be further apart than this, so in whole ones neither.
    if (most.furthest - least.furthest < enough) return false
    const reached = (direction: 'most' | 'least', { furthest, example }: Relaxed) => {
      const found = example ?? this.#branch(cells, direction)
      return found === undefined ? truth : example === undefined ? sumAt(found, cells) : furthest
    }
    const high = reached('most', most)
    return high - truth >= enough || high - reached('least', least) >= enough
  }

  /** The solver's memory is not the garbage collector's. */
  dispose(): void {
    this.#model.dispose()
  }

  #relax(cells: readonly number[], direction: 'most' | 'least'): Relaxed {
    const columns = cells.map((cell) => this.#columns.indexOf(cell))
    for (const column of columns) this.#model.changeColCost(column, direction === 'most' ? -1 : 1)
    try {
      this.#model.run()
      const values = this.#model.getSolution().colValue
      const sum = columns.reduce((sum, column) => sum + values[column]!, 0)
      return {
        furthest: direction === 'most' ? Math.floor(sum + tolerance) : Math.ceil(sum - tolerance),
        example: readExample(this.#columns, values, this.#revealed, this.#bounds),
      }
    } catch {
      return { furthest: direction === 'most' ? Number.POSITIVE_INFINITY : 0, example: undefined }
    } finally {
      for (const column of columns) this.#model.changeColCost(column, 0)
    }
  }

  #branch(cells: readonly number[], direction: 'most' | 'least'): Int32Array | undefined {
    const goal = `${direction === 'most' ? 'Maximize' : 'Minimize'}\no: ${cells.map((cell) => `+ x${cell}`).join(' ')}`
    const whole = `General\n${this.#columns.map((cell) => `x${cell}`).join(' ')}`
    try {
      const { Columns } = this.#solver.solve(`${goal}\n${this.#text}\n${whole}\nEnd`, {
        ...settings,
        mip_max_nodes: mostBranches,
      })
      const values = this.#columns.map(
        (cell) => (Columns[`x${cell}`] as { Primal?: number } | undefined)?.Primal ?? Number.NaN,
      )
      return readExample(this.#columns, values, this.#revealed, this.#bounds)
    } catch {
      return undefined
    }
  }
}

/** How far a number can be where people may be divided, and an example that reaches it where none is. */
interface Relaxed {
  furthest: number
  example: Int32Array | undefined
}

/** How far from a whole number the solver's may be to be taken for it. */
const tolerance = 1e-6

function sumAt(counts: ArrayLike<number>, cells: readonly number[]): number {
  return cells.reduce((sum, cell) => sum + counts[cell]!, 0)
}

function readExample(
  cells: readonly number[],
  values: ArrayLike<number>,
  revealed: Revealed,
  bounds: Bounds,
): Int32Array | undefined {
  const counts = Int32Array.from(revealed.counts.flat())
  for (const [column, cell] of cells.entries()) {
    const value = values[column]!
    const whole = Math.round(value)
    if (!(Math.abs(value - whole) < tolerance)) return undefined
    counts[cell] = whole
  }
  return holds(revealed, bounds, counts) ? counts : undefined
}

/** Whether counts agree with all sums and bounds, exactly. */
function holds(revealed: Revealed, { low, high }: Bounds, counts: Int32Array): boolean {
  const { lattice, hidden, respondents, knownIfShown } = revealed
  const answers = revealed.counts[0]!.length
  const at = (group: number, answer: number) => counts[group * answers + answer]!
  for (const { index, planned } of lattice.groups) {
    if (!planned) continue
    let sum = 0
    for (let answer = 0; answer < answers; answer++) {
      const cell = index * answers + answer
      if (counts[cell]! < low[cell]! || counts[cell]! > high[cell]!) return false
      sum += counts[cell]!
    }
    if (sum !== respondents[index]) return false
    if (hidden.has(index)) continue
    for (const known of knownIfShown[index]!) {
      const together = known.answers.reduce((sum, answer) => sum + at(index, answer), 0)
      if (together < known.low || together > known.high) return false
    }
  }
  return lattice.sums.every(({ total, parts }) => {
    for (let answer = 0; answer < answers; answer++) {
      if (parts.reduce((sum, part) => sum + at(part, answer), 0) !== at(total, answer)) return false
    }
    return true
  })
}

/** The problem in CPLEX's LP format. Groups without respondents, and those of other companies, are numbers, not variables. */
function writeProblem(
  revealed: Revealed,
  companies: ReadonlySet<number>,
  { low, high }: Bounds,
): { rows: string; variables: number[] } {
  const { lattice, hidden, respondents, knownIfShown, counts } = revealed
  const width = counts[0]!.length
  const isFree = (each: number) => {
    const { company } = lattice.groups[each]!
    return respondents[each]! > 0 && (company === null || companies.has(company))
  }
  const name = (each: number, answer: number) => `x${each * width + answer}`
  const free = lattice.groups.filter(({ index, planned }) => planned && isFree(index))

  const rows: string[] = []
  const row = (terms: readonly string[], comparison: string, right: number) => {
    if (terms.length > 0) rows.push(`${terms.join(' ')} ${comparison} ${right}`)
  }
  for (const { index } of free) {
    row(
      counts[index]!.map((_, answer) => `+ ${name(index, answer)}`),
      '=',
      respondents[index]!,
    )
    if (hidden.has(index)) continue
    for (const known of knownIfShown[index]!.slice(width)) {
      const terms = known.answers.map((answer) => `+ ${name(index, answer)}`)
      row(terms, '>=', known.low)
      row(terms, '<=', known.high)
    }
  }
  for (const { total, parts } of lattice.sums) {
    for (let answer = 0; answer < width; answer++) {
      let right = 0
      const terms: string[] = []
      for (const [each, sign] of [[total, 1] as const, ...parts.map((part) => [part, -1] as const)]) {
        if (isFree(each)) terms.push(`${sign > 0 ? '+' : '-'} ${name(each, answer)}`)
        else right -= sign * counts[each]![answer]!
      }
      row(terms, '=', right)
    }
  }
  const variables = free.flatMap(({ index }) => counts[index]!.map((_, answer) => index * width + answer))
  return {
    rows: [
      'Subject To',
      ...rows.map((text, index) => `r${index}: ${text}`),
      'Bounds',
      ...variables.map((cell) => `${low[cell]} <= x${cell} <= ${high[cell]}`),
    ].join('\n'),
    variables,
  }
}
