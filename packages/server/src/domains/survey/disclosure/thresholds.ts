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
