/**
 * The score interval of a share (E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
 * Journal of the American Statistical Association 22, 1927). Unlike the textbook's it stays within 0 and 1 and holds for few.
 */

/** 97.5 per cent quantile of the standard normal distribution: two sides make 95. */
const z = 1.959963984540054

/** Lowest and highest share, between 0 and 1, that `count` of `total` agrees with at 95 per cent. `total` is above 0. */
export function wilsonInterval(count: number, total: number): { low: number; high: number } {
  const share = count / total
  const square = (z * z) / total
  const centre = (share + square / 2) / (1 + square)
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / total + square / (4 * total))
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) }
}
