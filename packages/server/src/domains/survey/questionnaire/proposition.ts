/**
 * What can be true of a response, as data: one reading of it is the function below, another is SQL over `integer[]`.
 *
 * Two values, no third: where an element is null, "in" is false and its "not" is true.
 */

export type Proposition =
  /** The element at a position (from 1) is there and within one of these ranges, ends included. */
  | { is: 'in'; position: number; ranges: readonly Range[] }
  /** Enough items of a score are answered. */
  | { is: 'scored'; score: Score }
  /** Enough items are answered, and the score is at the cut-off or beyond. */
  | { is: 'reached'; score: Score }
  | { is: 'all' | 'any'; of: readonly Proposition[] }
  | { is: 'not'; of: Proposition }

export type Range = readonly [from: number, to: number]

/**
 * Over the items whose element is there and within min and max, with x = element, or min + max - element where reversed:
 * S = sum of factor × x, A = sum of their factors; F = sum of all factors. The score is S × F / A, compared without
 * division: S × F with cutOff × A. All of it fits 64 bits.
 */
export interface Score {
  items: readonly { position: number; min: number; max: number; reversed: boolean; factor: number }[]
  /** How many items must be answered. */
  atLeastAnswered: number
  cutOff: { atLeast: number } | { atMost: number }
}

/** Whether a proposition is true of a response. */
export function holds(proposition: Proposition, values: readonly (number | null)[]): boolean {
  switch (proposition.is) {
    case 'in': {
      const value = values[proposition.position - 1] ?? null
      return value !== null && proposition.ranges.some(([from, to]) => from <= value && value <= to)
    }
    case 'scored':
      return addUp(proposition.score, values) !== undefined
    case 'reached': {
      const { score } = proposition
      const sums = addUp(score, values)
      if (sums === undefined) return false
      const { sum, answered, all } = sums
      return 'atLeast' in score.cutOff
        ? sum * all >= score.cutOff.atLeast * answered
        : sum * all <= score.cutOff.atMost * answered
    }
    case 'all':
      return proposition.of.every((part) => holds(part, values))
    case 'any':
      return proposition.of.some((part) => holds(part, values))
    case 'not':
      return !holds(proposition.of, values)
  }
}

/** S, A and F of a score; nothing where too few items are answered. */
export function addUp(
  { items, atLeastAnswered }: Score,
  values: readonly (number | null)[],
): { sum: number; answered: number; all: number } | undefined {
  let count = 0
  let sum = 0
  let answered = 0
  let all = 0
  for (const { position, min, max, reversed, factor } of items) {
    all += factor
    const value = values[position - 1] ?? null
    if (value === null || value < min || value > max) continue
    count += 1
    answered += factor
    sum += factor * (reversed ? min + max - value : value)
  }
  return count < atLeastAnswered ? undefined : { sum, answered, all }
}
