/**
 * The furthest that a hidden number can be, by integer programming (HiGHS, in WebAssembly). The solver works in floating point,
 * so nothing is taken on its word: what it finds is rounded and checked in integers against all that is known, and counts only
 * as an example of what people could have answered. An example that doesn't hold proves nothing, and what isn't proven
 * wide is taken for narrow.
 */
import highs, { type Highs } from 'highs'
import type { Attacker, Bounds, Revealed } from './revealed.ts'

// The package's types describe its CommonJS form; as an ES module its default export is the loader itself.
const loadHighs = highs as unknown as typeof highs.default

let solver: Promise<Highs> | undefined

/** The solver, loaded once. */
export function loadSolver(): Promise<Highs> {
  solver ??= loadHighs()
  return solver
}

/** A solver that gets lost in a problem gives up after this many branches, the same each time. */
const mostBranches = 2000

/**
 * Counts by group × answers + answer that agree with what the attacker knows, with as many (`most`) or as few people of
 * the group who gave one of `answers` as the solver finds. Undefined where it finds none that holds.
 */
export function solveBound(
  solver: Highs,
  revealed: Revealed,
  attacker: Attacker,
  bounds: Bounds,
  group: number,
  answers: readonly number[],
  direction: 'most' | 'least',
): Int32Array | undefined {
  const problem = writeProblem(revealed, attacker, bounds, group, answers, direction)
  let columns: Record<string, { Primal?: number }>
  try {
    columns = solver.solve(problem, { mip_max_nodes: mostBranches, output_flag: false }).Columns as typeof columns
  } catch {
    return undefined
  }
  const counts = Int32Array.from(revealed.counts.flat())
  for (const [name, column] of Object.entries(columns)) {
    if (column.Primal === undefined || !Number.isFinite(column.Primal)) return undefined
    counts[Number(name.slice(1))] = Math.round(column.Primal)
  }
  return holds(revealed, bounds, counts) ? counts : undefined
}

/** Whether counts agree with all sums and bounds, exactly. */
export function holds(revealed: Revealed, { low, high }: Bounds, counts: Int32Array): boolean {
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

/** The problem in CPLEX's LP format. Groups without respondents, and those of the attacker, are numbers, not variables. */
function writeProblem(
  revealed: Revealed,
  attacker: Attacker,
  { low, high }: Bounds,
  group: number,
  answers: readonly number[],
  direction: 'most' | 'least',
): string {
  const { lattice, hidden, respondents, knownIfShown, counts } = revealed
  const width = counts[0]!.length
  const isFree = (each: number) =>
    respondents[each]! > 0 && (attacker === null || lattice.groups[each]!.company !== attacker)
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
  return [
    direction === 'most' ? 'Maximize' : 'Minimize',
    `o: ${answers.map((answer) => `+ ${name(group, answer)}`).join(' ')}`,
    'Subject To',
    ...rows.map((text, index) => `r${index}: ${text}`),
    'Bounds',
    ...variables.map((cell) => `${low[cell]} <= x${cell} <= ${high[cell]}`),
    'General',
    variables.map((cell) => `x${cell}`).join(' '),
    'End',
  ].join('\n')
}
