/** What the database is told to count, when a campaign opens; made of the questionnaire and the plan alone. */
import { byCompany } from '../disclosure/counted-tables.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import type { Proposition } from '../questionnaire/proposition.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import type { Plan } from './plan.ts'

/**
 * Read by the function `count_answers` of the database. A response is a list: first what is judged of it as a whole, then its
 * answers. What is at a place of it is counted, and means an answer of a measure.
 */
export type Counting = {
  /** For each thing to judge its possibilities: the first that is true is at its place, from 0; or none. */
  judged: { of: Proposition[] }[]
  /**
   * Which answer of which measure the values at a place mean, ends included. Places are counted from 1, the rest from 0. Each
   * is counted by itself; the counts of those that mean one answer are added up.
   */
  meanings: { place: number; from: number; to: number; measure: number; answer: number }[]
  /** For each recode of the plan its categories, of which one is true. */
  recodes: Proposition[][]
  /** The sets of recodes by which people are told apart, beside their organization: positions in `recodes`, from 0. */
  groupings: number[][]
}

/** What is to be counted of a questionnaire by a plan, {@link Counting}: the same for the same, at any time. */
export function countingOf(document: Questionnaire, plan: Plan): Counting {
  const measures = measuresOf(document)
  const places = new Map<number, number>()
  const judged = measures.flatMap(({ kind, answers }, measure) => {
    if (kind !== 'need-area') return []
    places.set(measure, places.size + 1)
    return [{ of: firstTrue(answers.map(({ when }) => when)) }]
  })
  const meanings = measures.flatMap(({ answers }, measure) =>
    answers.flatMap(({ when }, answer) => {
      const place = places.get(measure)
      if (place !== undefined) return [{ place, from: answer, to: answer, measure, answer }]
      if (when.is !== 'in') throw new TypeError('A measure of a question has ranges of its variables.')
      return when.ranges.map(([from, to]) => ({ place: judged.length + when.position, from, to, measure, answer }))
    }),
  )
  const sets = plan.tables.flatMap((table) =>
    subsetsOf(
      table
        .filter((name) => name !== byCompany)
        .map((name) => plan.recodes.findIndex((recode) => recode.name === name)),
    ),
  )
  return {
    judged,
    meanings,
    recodes: plan.recodes.map((recode) => categoriesOf(document, recode).map(({ when }) => when)),
    groupings: [...new Map(sets.map((set) => [set.join(), set])).values()],
  }
}

// What comes second need not say again that the first is not true.
function firstTrue([first, ...others]: Proposition[]): Proposition[] {
  const isDenial = (each: Proposition) => each.is === 'not' && each.of === first
  const rest = others.map(
    (each): Proposition => (each.is === 'all' ? { is: 'all', of: each.of.filter((part) => !isDenial(part)) } : each),
  )
  return [first!, ...rest]
}

function subsetsOf(positions: number[]): number[][] {
  const sets: number[][] = [[]]
  for (const position of positions.toSorted((a, b) => a - b)) sets.push(...sets.map((set) => [...set, position]))
  return sets
}
