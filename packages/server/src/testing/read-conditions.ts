/** What who reads a questionnaire knows of who is asked what: its conditions, put as answers to what is counted. */
import type { Condition, Critical, Question, Questionnaire } from '../domains/survey/questionnaire/model.ts'
import { type Variable, variablesByQuestion, variablesOf } from '../domains/survey/questionnaire/variables.ts'
import type { AskedIf, Gave } from './who-was-asked.ts'

type Range = readonly [from: number, to: number]

const everybody: AskedIf = { all: [] }
const nobody: AskedIf = { any: [] }

export interface Conditional {
  askedIf: AskedIf
  /** Where it must be answered: answers after which everybody is asked it, and so answers. */
  answeredAfter: Gave[]
}

/** Of each variable whose question is not for everybody, by name. */
export function readConditions(document: Questionnaire): Map<string, Conditional> {
  const conditional = variablesOf(document).flatMap(({ name, question }): [string, Conditional][] => {
    const { showIf } = question
    if (showIf === undefined) return []
    const answeredAfter = isAlwaysAnswered(question) ? readSufficient(document, showIf) : []
    return [[name, { askedIf: readIf(document, showIf), answeredAfter }]]
  })
  return new Map(conditional)
}

function readIf(document: Questionnaire, condition: Condition): AskedIf {
  if ('all' in condition) return { all: condition.all.map((part) => readIf(document, part)) }
  if ('any' in condition) return { any: condition.any.map((part) => readIf(document, part)) }
  if ('not' in condition) return readUnless(document, condition.not)
  const asked = lookedAt(document, condition)
  return { any: asked.map((variable) => gaveOne(document, variable, meant(variable, condition))) }
}

/** When a condition isn't fulfilled: nothing is sure of who need not answer what it looks at. */
function readUnless(document: Questionnaire, condition: Condition): AskedIf {
  if ('all' in condition) return { any: condition.all.map((part) => readUnless(document, part)) }
  if ('any' in condition) return { all: condition.any.map((part) => readUnless(document, part)) }
  if ('not' in condition) return readIf(document, condition.not)
  const asked = lookedAt(document, condition)
  const { question } = asked[0]!
  if (!isAlwaysAnswered(question)) return everybody
  const others = asked.map((variable) => gaveOne(document, variable, allBut(variable, meant(variable, condition))))
  const unasked = question.showIf === undefined ? nobody : readUnless(document, question.showIf)
  return { any: [{ all: others }, unasked] }
}

/** Answers each of which alone fulfils a condition. */
function readSufficient(document: Questionnaire, condition: Condition): Gave[] {
  if ('any' in condition) return condition.any.flatMap((part) => readSufficient(document, part))
  if ('all' in condition || 'not' in condition) return []
  return lookedAt(document, condition).flatMap((variable) => {
    const ranges = meant(variable, condition)
    const answers = rangesOfAnswers(variable).flatMap((answer, index) =>
      overlap(answer, ranges) === answer[1] - answer[0] + 1 ? [index] : [],
    )
    return answers.length === 0 ? [] : [{ measure: variable.name, answers }]
  })
}

function lookedAt(document: Questionnaire, { question, row }: { question: string; row?: string | undefined }) {
  return variablesByQuestion(document)
    .get(question)!
    .filter((variable) => variable.row === row)
}

/** That a variable has one of these values: of a number that isn't counted no more is sure than that it was asked. */
function gaveOne(document: Questionnaire, variable: Variable, values: readonly Range[]): AskedIf {
  const counted = rangesOfAnswers(variable)
  const { showIf } = variable.question
  if (counted.length === 0) return showIf === undefined ? everybody : readIf(document, showIf)
  const answers = counted.flatMap((answer, index) => (overlap(answer, values) > 0 ? [index] : []))
  return { measure: variable.name, answers }
}

/** Which values a comparison means; of several options, each its own variable, 1 of those that it names. */
function meant({ option, min, max }: Variable, criterion: Critical): Range[] {
  if (option !== undefined) return 'anyOf' in criterion && criterion.anyOf.includes(option) ? [[1, 1]] : []
  if ('anyOf' in criterion) return [...new Set(criterion.anyOf)].map((code) => [code, code])
  return [['atLeast' in criterion ? criterion.atLeast : min, criterion.atMost ?? max]]
}

function allBut({ min, max }: Variable, ranges: readonly Range[]): Range[] {
  const others: Range[] = []
  let next = min
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    if (next < from) others.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  return next <= max ? [...others, [next, max]] : others
}

/** The values of each answer that is counted; none of a number without bands. */
function rangesOfAnswers({ categories, question }: Variable): Range[] {
  if (categories !== undefined) return categories.map(({ code }) => [code, code])
  return question.kind === 'number' ? (question.bands ?? []).map(({ from, to }) => [from, to]) : []
}

/** How many values of a range are in others, which don't overlap. */
function overlap([from, to]: Range, others: readonly Range[]): number {
  return others.reduce((sum, [low, high]) => sum + Math.max(0, Math.min(to, high) - Math.max(from, low) + 1), 0)
}

function isAlwaysAnswered(question: Question): boolean {
  return question.required === true && !('notApplicable' in question && question.notApplicable !== undefined)
}
