/**
 * The furthest that a hidden number can be, by integer programming (HiGHS, in WebAssembly). The solver works in floating point,
 * so nothing is taken on its word: what it finds is rounded and checked in integers against all that is known, and counts only
 * as an example of what people could have answered. An example that doesn't hold proves nothing, and what isn't proven
 * wide is taken for narrow.
 */
import highs, { type Highs } from 'highs'
import { freeGroups, LinearProblem, sumAt, tolerance } from './linear-problem.ts'
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

/**
 * A solver that gets lost in a problem gives up after so many branches, the same each time. Rounding finds most examples; to rate
 * branches by trying them takes longer than taking one.
 */
const branching = {
  mip_max_nodes: 30,
  mip_pscost_minreliable: 0,
  mip_heuristic_run_zi_round: true,
  mip_heuristic_run_shifting: true,
} as const

/** Problems of more groups than this take seconds for each number. */
const mostFreeGroups = 150

/** Up to so many groups it is tenths of a second. */
const fewFreeGroups = 112

/** Whether the solver can be asked what people of these companies could have answered otherwise. */
export function isSolvable(revealed: Revealed, companies: readonly number[]): boolean {
  return countFreeGroups(revealed, companies) <= mostFreeGroups
}

/** Whether it can be asked so often. */
export function isQuick(revealed: Revealed, companies: readonly number[]): boolean {
  return countFreeGroups(revealed, companies) <= fewFreeGroups
}

/** How many groups a question to the solver is about. */
export function countFreeGroups(revealed: Revealed, companies: readonly number[]): number {
  return freeGroups(revealed, new Set(companies)).length
}

/** What is known as a problem, made once and solved for one hidden number after the other. */
export class Extremes {
  readonly #solver: Highs
  readonly #revealed: Revealed
  readonly #bounds: Bounds
  readonly #problem: LinearProblem
  readonly #model: ReturnType<Highs['createModel']>

  /** @param companies whose people may have answered otherwise; the others answered as they did */
  constructor(solver: Highs, revealed: Revealed, companies: ReadonlySet<number>, bounds: Bounds) {
    this.#solver = solver
    this.#revealed = revealed
    this.#bounds = bounds
    this.#problem = new LinearProblem(revealed, companies, bounds)
    this.#model = solver.createModel(this.#problem.data)
    for (const [name, value] of Object.entries(settings)) this.#model.options.set(name, value)
  }

  /**
   * Whether how many people of a group gave one of `answers` can differ by `enough`: shown by two examples, or by one and what
   * they did answer.
   */
  isWide(group: number, answers: readonly number[], enough: number): boolean {
    const truth = sumAt(this.#revealed.counts[group]!, answers)
    const { columns, rest } = this.#problem.sumOf(group, answers)
    // Tables of two dimensions have whole corners, and most others nearly so: branching is seldom needed.
    const most = this.#relax(columns, 'most')
    if (most.example !== undefined && most.furthest + rest - truth >= enough) return true
    const least = this.#relax(columns, 'least')
    // In parts of people it can't be further apart than this, so in whole ones neither.
    if (most.furthest - least.furthest < enough) return false
    const width = this.#revealed.counts[0]!.length
    const cells = answers.map((answer) => group * width + answer)
    const reached = (direction: Direction, { furthest, example }: Relaxed, target: number) => {
      if (example !== undefined) return furthest + rest
      const found = this.#branch(columns, direction, target - rest)
      return found === undefined ? truth : sumAt(found, cells)
    }
    const high = reached('most', most, truth + enough)
    return high - truth >= enough || high - reached('least', least, high - enough) >= enough
  }

  /** The solver's memory is not the garbage collector's. */
  dispose(): void {
    this.#model.dispose()
  }

  #relax(columns: readonly number[], direction: Direction): Relaxed {
    for (const column of columns) this.#model.changeColCost(column, direction === 'most' ? -1 : 1)
    try {
      this.#model.run()
      const values = this.#model.getSolution().colValue
      const sum = sumAt(values, columns)
      return {
        furthest: direction === 'most' ? Math.floor(sum + tolerance) : Math.ceil(sum - tolerance),
        example: this.#readExample(values),
      }
    } catch {
      return {
        furthest: direction === 'most' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY,
        example: undefined,
      }
    } finally {
      for (const column of columns) this.#model.changeColCost(column, 0)
    }
  }

  /** @param target how far is far enough */
  #branch(columns: readonly number[], direction: Direction, target: number): Int32Array | undefined {
    const { data } = this.#problem
    const colCost = new Float64Array(data.numCols)
    for (const column of columns) colCost[column] = direction === 'most' ? -1 : 1
    const model = this.#solver.createModel({
      ...data,
      colCost,
      integrality: new Int32Array(data.numCols).fill(this.#solver.constants.variableType.integer),
    })
    try {
      for (const [name, value] of Object.entries({ ...settings, ...branching })) model.options.set(name, value)
      model.options.set('objective_target', direction === 'most' ? -target : target)
      model.run()
      return this.#readExample(model.getSolution().colValue)
    } catch {
      return undefined
    } finally {
      model.dispose()
    }
  }

  #readExample(values: ArrayLike<number>): Int32Array | undefined {
    const counts = this.#problem.countsAt(values)
    return counts !== undefined && holds(this.#revealed, this.#bounds, counts) ? counts : undefined
  }
}

type Direction = 'most' | 'least'

/** How far a number can be where people may be divided, and an example that reaches it where none is. */
interface Relaxed {
  furthest: number
  example: Int32Array | undefined
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
