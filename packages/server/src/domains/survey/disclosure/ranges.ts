/** Numbers and what they lie between. */

/** Between which numbers something lies. */
export interface Range {
  low: number
  high: number
}

export function intersect(a: Range, b: Range): Range {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) }
}

export function atLeast(low: number): Range {
  return { low, high: Number.POSITIVE_INFINITY }
}

export function atMost(high: number): Range {
  return { low: Number.NEGATIVE_INFINITY, high }
}

export function shift({ low, high }: Range, by: number): Range {
  return { low: low + by, high: high + by }
}

/** The same number of times as much; less than none turns it round. */
export function times({ low, high }: Range, factor: number): Range {
  return factor < 0 ? { low: high * factor, high: low * factor } : { low: low * factor, high: high * factor }
}

export function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

/** Between what a sum lies of numbers that lie between these. */
export function sumOfRanges(ranges: readonly Range[]): Range {
  return { low: sumOf(ranges.map(({ low }) => low)), high: sumOf(ranges.map(({ high }) => high)) }
}
