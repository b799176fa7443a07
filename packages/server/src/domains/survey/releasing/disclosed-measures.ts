/** What the measures of a questionnaire tell of each other: what disclosure control has to know of them. */
import type { Measure as Disclosed, Ticks } from '../disclosure/counted-tables.ts'
import { type Comparison, comparisonsOf, isMeant } from '../questionnaire/condition.ts'
import { type Measure, measuresOf } from '../questionnaire/measures.ts'
import type { Condition, Questionnaire } from '../questionnaire/model.ts'
import { holds, type Proposition, type Range } from '../questionnaire/proposition.ts'
import { type Variable, variablesByQuestion, variablesOf } from '../questionnaire/variables.ts'

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
    const { name, health, answers, criticalAnswers, from = [], fromMore = false } = measure
    const disclosed = {
      name,
      answers: answers.map((answer) => answer.name),
      health,
      ...(criticalAnswers === undefined ? {} : { critical: criticalAnswers[0]! }),
    }
    if (measure.kind !== 'need-area') {
      const variable = variables.find((each) => (measure.kind === 'ranking' ? each.question : each).name === name)!
      const { showIf } = variable.question
      const follows = showIf === undefined ? [] : lookedAt(document, showIf, byName)
      const ticks = ticksOf(variable)
      return {
        ...disclosed,
        ...(follows.length === 0 ? {} : { follows }),
        ...(ticks === undefined ? {} : { ticks }),
      }
    }
    const [only, ...others] = from
    const finest = only === undefined ? undefined : byName.get(only)
    if (finest !== undefined && others.length === 0 && !fromMore) {
      const unites = answers.map(({ when }) => answersThatMake(when, finest))
      const all = unites.flat().length === finest.answers.length
      if (all) return { ...disclosed, coarsens: { measure: finest.name, unites } }
    }
    const combines = combinationOf(document, measure)
    return {
      ...disclosed,
      follows: told(from, answers[0]!.when),
      ...(combines === undefined ? {} : { combines, ...(fromMore ? { combinesMore: true } : {}) }),
    }
  })
}

/** How an option of a multiple choice is ticked; undefined of others, and where each is ticked or not whatever else is. */
function ticksOf({ question, option }: Variable): Ticks | undefined {
  if (question.kind !== 'multiple') return undefined
  const { name, options, atLeast = 0, exclusive = [] } = question
  const others = options.length - new Set(exclusive).size
  const atMost = Math.min(others, question.atMost ?? others)
  if (atLeast === 0 && atMost === others && exclusive.length === 0) return undefined
  return { question: name, ticked: 1, isAlone: exclusive.includes(option!), atLeast, atMost }
}

/**
 * What a condition looks at: each measure with the sets of answers that its comparisons tell apart, so that whatever they
 * come to together, of one measure, is a sum of such sets. All options or rows of a question are looked at together.
 */
function lookedAt(document: Questionnaire, condition: Condition, byName: ReadonlyMap<string, Measure>) {
  const byQuestion = variablesByQuestion(document)
  const comparisons = countedComparisons(document, condition, byName)
  return [...new Set(comparisons.map(({ question }) => question))].flatMap((question) =>
    byQuestion.get(question)!.flatMap((variable) => {
      const ranges = comparisons
        .filter((each) => each.question === question && each.row === variable.row)
        .map((comparison) => rangesOf(isMeant(variable, comparison)))
      const { name, answers } = byName.get(variable.name)!
      const sets = Map.groupBy(answers.keys(), (index) =>
        ranges.map((meant) => shareOf(rangesOf(answers[index]!.when), meant)).join(),
      )
      const told = [...sets].filter(([shares]) => /some|all/.test(shares)).map(([, answers]) => answers)
      return (told.length > 0 ? told : [[]]).map((answers) => ({ measure: name, answers }))
    }),
  )
}

/** A number without bands isn't counted: of who answered it is told on what answers it was asked. */
function countedComparisons(
  document: Questionnaire,
  condition: Condition,
  byName: ReadonlyMap<string, Measure>,
): Comparison[] {
  return comparisonsOf(condition).flatMap((comparison) => {
    const [variable] = variablesByQuestion(document).get(comparison.question)!
    const { showIf } = variable!.question
    if (byName.has(variable!.name)) return [comparison]
    return showIf === undefined ? [] : countedComparisons(document, showIf, byName)
  })
}

function rangesOf(proposition: Proposition): readonly Range[] {
  if (proposition.is !== 'in') throw new TypeError('A measure of a variable has ranges of it.')
  return proposition.ranges
}

/** Whether all, some or none of the values of an answer are meant. */
function shareOf(answer: readonly Range[], meant: readonly Range[]): 'none' | 'some' | 'all' {
  const size = answer.reduce((sum, [from, to]) => sum + to - from + 1, 0)
  const both = answer
    .flatMap(([from, to]) => meant.map(([low, high]) => Math.max(0, Math.min(to, high) - Math.max(from, low) + 1)))
    .reduce((sum, values) => sum + values, 0)
  return both === 0 ? 'none' : both === size ? 'all' : 'some'
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
