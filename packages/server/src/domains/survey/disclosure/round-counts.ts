/** Shown counts are multiples of the base (5), each the nearest. Rounding is no random noise: the same count, the same number. */

/** The nearest multiple of an odd base. */
export function roundCount(count: number, base: number): number {
  return base * Math.floor((count + furthest(base)) / base)
}

/** How far a count is at most from the number shown for it. */
export function furthest(base: number): number {
  return (base - 1) / 2
}
