/** Which answers of a question are meant, where a condition or a rule names them. */
import type { Flaw } from '../flaw.ts'
import type { Critical, Question, Questionnaire } from '../model.ts'
import { variablesByQuestion } from '../variables.ts'
import { findRepeated } from './names.ts'
import type { Path } from './visit-questions.ts'

/**
 * What is wrong with the answers that a condition or `critical` means, of this question: codes beyond its own or there twice, bounds
 * that are crossed, a number that ticks are compared with.
 */
export function findBrokenCriterion(
  document: Questionnaire,
  question: Question,
  criterion: Critical,
  path: Path,
): Flaw[] {
  const [min, max] = boundsOf(document, question)
  if ('anyOf' in criterion) {
    return [
      ...findRepeated(criterion.anyOf, (index) => [...path, 'anyOf', String(index)], 'name each code once'),
      ...criterion.anyOf.flatMap((code, index) =>
        code < min || code > max ? [noSuchCode([...path, 'anyOf', String(index)], code, min, max)] : [],
      ),
    ]
  }
  if (question.kind === 'multiple') {
    const fix = 'write anyOf, with the codes of options'
    return [{ path, message: `compares the ticks of "${question.name}" with a number`, fix }]
  }
  const atLeast = 'atLeast' in criterion ? criterion.atLeast : undefined
  const atMost = criterion.atMost
  return [
    ...[atLeast, atMost].flatMap((bound, index) =>
      bound !== undefined && (bound < min || bound > max)
        ? [noSuchCode([...path, index === 0 ? 'atLeast' : 'atMost'], bound, min, max)]
        : [],
    ),
    ...(atLeast !== undefined && atMost !== undefined && atLeast > atMost
      ? [{ path: [...path, 'atMost'], message: 'is below atLeast', fix: 'write the smaller number as atLeast' }]
      : []),
  ]
}

/** A row that a matrix lacks, that is not said of a matrix, or that is said of another kind of question. */
export function findBrokenRow(question: Question, row: string | undefined, path: Path): Flaw[] {
  if (question.kind !== 'matrix') {
    return row === undefined
      ? []
      : [{ path, message: `"${question.name}" is no matrix and has no rows`, fix: 'leave the row out' }]
  }
  if (question.rows.some(({ name }) => name === row)) return []
  const rows = question.rows.map(({ name }) => name).join(', ')
  return [
    row === undefined
      ? { path, message: 'is missing', fix: `name a row of the matrix: ${rows}` }
      : { path, message: `"${question.name}" has no row "${row}"`, fix: `name one of its rows: ${rows}` },
  ]
}

/**
 * The first and the last code that an answer can mean, of a question that has codes; of a multiple choice those that can be ticked,
 * not the 0 and 1 of its variables.
 */
export function boundsOf(document: Questionnaire, question: Question): [min: number, max: number] {
  if (question.kind === 'multiple') return [1, question.options.length]
  const { min, max } = variablesByQuestion(document).get(question.name)![0]!
  return [min, max]
}

/** The flaw of a code that is none from `min` to `max`. */
export function noSuchCode(path: Path, code: number, min: number, max: number): Flaw {
  return { path, message: `${code} is no answer of the question`, fix: `use codes from ${min} to ${max}` }
}
