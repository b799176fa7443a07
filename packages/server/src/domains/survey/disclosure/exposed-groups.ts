/**
 * Structure: which hidden groups could be computed from what is known, if known numbers were exact.
 *
 * The sums between groups are linear equations. A hidden group is exposed when its unit vector lies in the row space of the
 * equations over the groups that are unknown: then some combination of them holds it alone beside known numbers. In the
 * reduced row echelon form, which is unique, that is a row with one unknown. All in integers: rows are multiplied, never
 * divided but by what divides them all.
 */
import type { Sum } from './counted-tables.ts'

/** Coefficients by group, of unknown and known ones. */
type Row = Map<number, number>

export interface Exposure {
  group: number
  /** The known groups that it is computed from. */
  from: readonly number[]
}

/** The equations, solved for as many unknown groups as they can be. */
export class SolvedSums {
  readonly #rows: Row[] = []
  readonly #pivots: number[] = []
  readonly #rowSolvedFor = new Map<number, number>()
  readonly #rowsOf = new Map<number, Set<number>>()
  readonly #isUnknown: (group: number) => boolean

  /** `isZero` tells groups without respondents, whose numbers everyone knows. */
  constructor(sums: readonly Sum[], isUnknown: (group: number) => boolean, isZero: (group: number) => boolean) {
    this.#isUnknown = isUnknown
    for (const { total, parts } of sums) {
      if (!isUnknown(total) && !parts.some(isUnknown)) continue
      const row: Row = new Map([[total, 1], ...parts.map((part): [number, number] => [part, -1])])
      for (const group of row.keys()) if (isZero(group)) row.delete(group)
      this.#add(row)
    }
  }

  /** Groups that anybody can compute. */
  exposed(): Exposure[] {
    return this.#rows.flatMap((row) => exposureIn(row, this.#isUnknown))
  }

  /** Groups that somebody can compute who knows these `own` groups too. Of `exposed()` there must be none. */
  exposedTo(own: ReadonlySet<number>): Exposure[] {
    const isUnknown = (group: number) => this.#isUnknown(group) && !own.has(group)
    // Rows that are not as they were for everybody. Whoever solved the equations loses the pivots that are their own.
    const changed = new Map<number, Row>()
    for (const group of own) {
      for (const index of this.#rowsOf.get(group) ?? []) changed.set(index, this.#rows[index]!)
    }
    for (const index of [...changed.keys()].sort((a, b) => a - b)) {
      if (!own.has(this.#pivots[index]!)) continue
      const row = changed.get(index)!
      const pivot = choosePivot(row, isUnknown)
      if (pivot === undefined) continue
      for (const other of new Set([...(this.#rowsOf.get(pivot) ?? []), ...changed.keys()])) {
        const there = changed.get(other) ?? this.#rows[other]!
        if (other !== index && there.has(pivot)) changed.set(other, eliminate(there, row, pivot))
      }
    }
    return [...changed.values()].flatMap((row) => exposureIn(row, isUnknown))
  }

  #add(given: Row) {
    let row = given
    for (const group of [...row.keys()]) {
      const index = this.#rowSolvedFor.get(group)
      if (index !== undefined) row = eliminate(row, this.#rows[index]!, group)
    }
    const pivot = choosePivot(row, this.#isUnknown)
    if (pivot === undefined) return
    const index = this.#rows.length
    for (const other of [...(this.#rowsOf.get(pivot) ?? [])]) {
      this.#set(other, eliminate(this.#rows[other]!, row, pivot))
    }
    this.#rows.push(new Map())
    this.#pivots.push(pivot)
    this.#rowSolvedFor.set(pivot, index)
    this.#set(index, row)
  }

  #set(index: number, row: Row) {
    for (const group of this.#rows[index]!.keys()) if (!row.has(group)) this.#rowsOf.get(group)?.delete(index)
    for (const group of row.keys()) {
      if (this.#isUnknown(group)) this.#rowsOf.set(group, (this.#rowsOf.get(group) ?? new Set()).add(index))
    }
    this.#rows[index] = row
  }
}

function exposureIn(row: Row, isUnknown: (group: number) => boolean): Exposure[] {
  const unknown = [...row.keys()].filter(isUnknown)
  return unknown.length === 1
    ? [{ group: unknown[0]!, from: [...row.keys()].filter((group) => !isUnknown(group)) }]
    : []
}

/** An unknown group of a row to solve it for: one that needs no multiplication, if there is one. */
function choosePivot(row: Row, isUnknown: (group: number) => boolean): number | undefined {
  let pivot: number | undefined
  for (const [group, coefficient] of row) {
    if (!isUnknown(group)) continue
    if (Math.abs(coefficient) === 1) return group
    pivot ??= group
  }
  return pivot
}

/** A multiple of `row` less a multiple of `by`, in which `group` is gone. */
function eliminate(row: Row, by: Row, group: number): Row {
  const left = by.get(group)!
  const right = row.get(group)!
  const result: Row = new Map()
  let divisor = 0
  const put = (each: number, coefficient: number) => {
    // Sums of 0 and ±1 stay small. Were they not to, no release is better than a wrong one.
    if (!Number.isSafeInteger(coefficient)) throw new RangeError('the tables are too entangled for exact elimination')
    if (coefficient === 0) return
    divisor = greatestDivisor(divisor, Math.abs(coefficient))
    result.set(each, coefficient)
  }
  for (const [each, coefficient] of row) put(each, coefficient * left - (by.get(each) ?? 0) * right)
  for (const [each, coefficient] of by) if (!row.has(each)) put(each, -coefficient * right)
  if (divisor > 1) for (const [each, coefficient] of result) result.set(each, coefficient / divisor)
  return result
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
