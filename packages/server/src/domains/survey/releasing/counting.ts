/** What the database is told to count, when a campaign opens; made of the questionnaire and the plan alone. */
import { byCompany } from '../disclosure/counted-tables.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import type { Proposition } from '../questionnaire/proposition.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import type { Plan } from './plan.ts'

/** Read by the function `count_answers` of the database. */
export type Counting = {
  /** For each measure its answers: of a respondent the first that is true is counted, or none. */
  measures: Proposition[][]
  /** For each recode of the plan its categories, of which one is true. */
  recodes: Proposition[][]
  /** The sets of recodes by which people are told apart, beside their organization: positions in `recodes`, from 0. */
  groupings: number[][]
}

export function countingOf(document: Questionnaire, plan: Plan): Counting {
  const sets = plan.tables.flatMap((table) =>
    subsetsOf(
      table
        .filter((name) => name !== byCompany)
        .map((name) => plan.recodes.findIndex((recode) => recode.name === name)),
    ),
  )
  return {
    measures: measuresOf(document).map(({ answers }) => answers.map(({ when }) => when)),
    recodes: plan.recodes.map((recode) => categoriesOf(document, recode).map(({ when }) => when)),
    groupings: [...new Map(sets.map((set) => [set.join(), set])).values()],
  }
}

function subsetsOf(positions: number[]): number[][] {
  const sets: number[][] = [[]]
  for (const position of positions.toSorted((a, b) => a - b)) sets.push(...sets.map((set) => [...set, position]))
  return sets
}
