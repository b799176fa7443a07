/** Conditions and criteria of a document, as propositions about a response. */
import type { Condition, Critical, Questionnaire } from './model.ts'
import type { Proposition, Range } from './proposition.ts'
import { type Variable, variablesByQuestion } from './variables.ts'

/** When a condition of a checked document is fulfilled. */
export function conditionHolds(document: Questionnaire, condition: Condition): Proposition {
  if ('all' in condition) return { is: 'all', of: condition.all.map((part) => conditionHolds(document, part)) }
  if ('any' in condition) return { is: 'any', of: condition.any.map((part) => conditionHolds(document, part)) }
  if ('not' in condition) return { is: 'not', of: conditionHolds(document, condition.not) }
  const variables = variablesByQuestion(document)
    .get(condition.question)!
    .filter(({ row }) => row === condition.row)
  return { is: 'any', of: variables.map((variable) => isMeant(variable, condition)) }
}

/** When a variable has one of the values that a criterion means. */
export function isMeant({ position, option, min, max }: Variable, criterion: Critical): Proposition {
  // Of several options, each its own variable, those are meant that are ticked.
  const ranges = rangesOf(criterion, min, max)
  if (option === undefined) return { is: 'in', position, ranges }
  const isNamed = 'anyOf' in criterion && criterion.anyOf.includes(option)
  return { is: 'in', position, ranges: isNamed ? [[1, 1]] : [] }
}

/** When a variable has an answer that is not "not applicable". */
export function isAnswered({ position, min, max }: Variable): Proposition {
  return { is: 'in', position, ranges: [[min, max]] }
}

/** The questions that a condition looks at. */
export function askedBy(condition: Condition): string[] {
  return comparisonsOf(condition).map(({ question }) => question)
}

export type Comparison = Extract<Condition, { question: string }>

/** The comparisons that a condition is made of. */
export function comparisonsOf(condition: Condition): Comparison[] {
  if ('all' in condition) return condition.all.flatMap(comparisonsOf)
  if ('any' in condition) return condition.any.flatMap(comparisonsOf)
  return 'not' in condition ? comparisonsOf(condition.not) : [condition]
}

function rangesOf(criterion: Critical, min: number, max: number): Range[] {
  if ('anyOf' in criterion) return criterion.anyOf.map((code) => [code, code])
  return [['atLeast' in criterion ? criterion.atLeast : min, criterion.atMost ?? max]]
}
