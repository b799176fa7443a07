/** Between which numbers something lies. */
export interface Range {
  low: number
  high: number
}

export function intersect(a: Range, b: Range): Range {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) }
}
