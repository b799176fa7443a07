/** What the measures of a questionnaire tell of each other: what disclosure control has to know of them. */
import type { Measure as Disclosed } from '../disclosure/counted-tables.ts'
import { askedBy, conditionHolds } from '../questionnaire/condition.ts'
import { type Measure, measuresOf } from '../questionnaire/measures.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { holds, type Proposition } from '../questionnaire/proposition.ts'
import { variablesByQuestion, variablesOf } from '../questionnaire/variables.ts'

/** The measures in their order, as disclosure control takes them. */
export function disclosedMeasures(document: Questionnaire): Disclosed[] {
  const measures = measuresOf(document)
  const byName = new Map(measures.map((measure) => [measure.name, measure]))
  const variables = variablesOf(document)

  // The answers of a measure of one variable that by themselves make a proposition true.
  const answersThatMake = (proposition: Proposition, { answers }: Measure): number[] =>
    [...answers.keys()].filter((index) => {
      const { when } = answers[index]!
      if (when.is !== 'in') throw new TypeError('A measure of a variable has ranges of it.')
      const said: (number | null)[] = variables.map(() => null)
      said[when.position - 1] = when.ranges[0]![0]
      return holds(proposition, said)
    })
  const told = (names: readonly string[], proposition: Proposition) =>
    [...new Set(names)].flatMap((name) => {
      const measure = byName.get(name)
      return measure === undefined ? [] : [{ measure: name, answers: answersThatMake(proposition, measure) }]
    })

  return measures.map((measure): Disclosed => {
    const { name, health, answers, criticalAnswers, from = [] } = measure
    const disclosed = {
      name,
      answers: answers.map((answer) => answer.name),
      health,
      ...(criticalAnswers === undefined ? {} : { critical: criticalAnswers[0]! }),
    }
    if (measure.kind === 'variable') {
      const { question } = variables.find((variable) => variable.name === name)!
      if (question.showIf === undefined) return disclosed
      const asked = askedBy(question.showIf).flatMap((each) =>
        variablesByQuestion(document)
          .get(each)!
          .map((variable) => variable.name),
      )
      const follows = told(asked, conditionHolds(document, question.showIf))
      return follows.length === 0 ? disclosed : { ...disclosed, follows }
    }
    const [only, ...others] = from
    const finest = only === undefined ? undefined : byName.get(only)
    if (finest !== undefined && others.length === 0) {
      const unites = answers.map(({ when }) => answersThatMake(when, finest))
      const all = unites.flat().length === finest.answers.length
      if (all) return { ...disclosed, coarsens: { measure: finest.name, unites } }
    }
    const combines = combinationOf(document, measure)
    return {
      ...disclosed,
      follows: told(from, answers[0]!.when),
      ...(combines === undefined ? {} : { combines }),
    }
  })
}

/** How the answers to several questions make a need area critical; undefined where a score does, or ticks of one question. */
function combinationOf(document: Questionnaire, { needArea, from = [] }: Measure): 'any' | 'all' | undefined {
  if (document.instruments?.some(({ needAreas }) => needAreas.includes(needArea!))) return undefined
  const rules = document.criticalWhen ?? {}
  if (!Object.hasOwn(rules, needArea!) || rules[needArea!] === 'any') return 'any'
  const questions = variablesOf(document)
    .filter(({ name }) => from.includes(name))
    .map(({ question }) => question.name)
  return new Set(questions).size === questions.length ? 'all' : undefined
}
