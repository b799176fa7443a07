/** The numbers that disclosure control decides by. A campaign freezes them when it opens. */
export interface Thresholds {
  /** Fewest respondents of a distribution that is shown, and the least width to which a hidden number may be narrowed. */
  least: number
  /** The same where a question is about health. */
  leastOfHealth: number
  /** Per cent of a distribution that one answer must stay below. */
  dominance: number
  /** The same where nearly everyone answered, so that it is a census. */
  dominanceOfCensus: number
  /** Per cent that one company may be of what is left of a total, when another company takes itself away. */
  shareOfRest: number
  /** What shown counts are multiples of: odd, so that a count has one nearest multiple. */
  base: number
}

/** As the project publishes; ISTAT's rule of three (GU 19A00181) is the floor below `least`, Viva Glint's 5 its model. */
export const usualThresholds: Thresholds = Object.freeze({
  least: 5,
  leastOfHealth: 10,
  dominance: 90,
  dominanceOfCensus: 80,
  shareOfRest: 85,
  base: 5,
})

/** @throws RangeError where the numbers make no sense together */
export function checkThresholds({ least, leastOfHealth, dominance, dominanceOfCensus, shareOfRest, base }: Thresholds) {
  const isCount = (count: number) => Number.isSafeInteger(count) && count > 0
  const isPercent = (share: number) => share > 0 && share <= 100
  if (![least, leastOfHealth, base].every(isCount)) throw new RangeError('thresholds and the base are whole numbers')
  if (base % 2 === 0) throw new RangeError(`base ${base}: only of an odd number each count has one nearest multiple`)
  if (base > least)
    throw new RangeError(`base ${base}: above the threshold, ${least}, nothing small is told from nothing`)
  if (leastOfHealth < least) throw new RangeError('the threshold about health is lower than the usual one')
  if (![dominance, dominanceOfCensus, shareOfRest].every(isPercent)) throw new RangeError('shares are per cent')
}
