/** Critical answers: there are some, not all are, and each is so for a need area, as each need area has some. */
import type { Flaw } from '../flaw.ts'
import type { Critical, Question, QuestionOf } from '../model.ts'
import { boundsOf, findBrokenCriterion } from './criteria.ts'
import type { Path, Visit } from './visit-questions.ts'

/**
 * Need areas without critical answers, and the reverse; answers that are none; all answers critical; bands or options that are so
 * in part.
 */
export function findBrokenCritical({ document, question, path }: Visit): Flaw[] {
  if (question.kind === 'text' || question.kind === 'ranking') return []
  const { critical } = question
  const named = namedBy(question)
  if (critical === undefined) {
    return named.map((at) => ({
      path: [...path, ...at, 'needAreas'],
      message: 'are named, but nothing is critical for them',
      fix: 'say in critical which answers are, or remove them: an instrument names its own',
    }))
  }
  const at = [...path, 'critical']
  const flaws = findBrokenCriterion(document, question, critical, at)
  if (flaws.length > 0) return flaws
  if (named.length === 0) {
    return [{ path: at, message: 'says what is critical, but for no need area', fix: 'name the need areas' }]
  }
  if (question.kind === 'multiple') return findIdleOptions(question, path)
  const [min, max] = boundsOf(document, question)
  const covers =
    'anyOf' in critical
      ? critical.anyOf.length === max - min + 1
      : (!('atLeast' in critical) || critical.atLeast === min) && (critical.atMost ?? max) === max
  const cut = question.kind === 'number' ? findCutBands(question, critical, at) : []
  if (cut.length > 0) return cut
  return covers
    ? [{ path: at, message: 'makes every answer critical', fix: 'leave at least one answer that is not' }]
    : []
}

/** The ways from a question to whatever of it names need areas: itself, its rows and its options. */
function namedBy(question: Exclude<Question, QuestionOf<'text' | 'ranking'>>): Path[] {
  const [key, parts] =
    question.kind === 'matrix'
      ? (['rows', question.rows] as const)
      : (['options', question.kind === 'multiple' ? question.options : []] as const)
  return [
    ...(question.needAreas === undefined ? [] : [[]]),
    ...parts.flatMap(({ needAreas }, index) => (needAreas === undefined ? [] : [[key, String(index)]])),
  ]
}

// All of several options may be critical, for ticking nothing is an answer, too; but each for some need area.
function findIdleOptions({ options, needAreas, critical }: QuestionOf<'multiple'>, path: Path): Flaw[] {
  const ticked = critical !== undefined && 'anyOf' in critical ? critical.anyOf : []
  return [
    ...ticked.flatMap((code, index): Flaw[] =>
      (options[code - 1]!.needAreas ?? needAreas) === undefined
        ? [
            {
              path: [...path, 'critical', 'anyOf', String(index)],
              message: `${code} is critical, but for no need area`,
              fix: 'name the need areas of the option, or remove its code',
            },
          ]
        : [],
    ),
    ...options.flatMap((option, index): Flaw[] =>
      option.needAreas === undefined || ticked.includes(index + 1)
        ? []
        : [
            {
              path: [...path, 'options', String(index), 'needAreas'],
              message: 'are of an option that is not critical',
              fix: `add ${index + 1} to critical, or remove them`,
            },
          ],
    ),
  ]
}

// Bands are counted, not the numbers in them: of one that is critical in part it wouldn't tell what its number means.
function findCutBands({ min, max, bands = [] }: QuestionOf<'number'>, critical: Critical, path: Path): Flaw[] {
  const howManyOf = (from: number, to: number) => {
    if ('anyOf' in critical) return critical.anyOf.filter((code) => from <= code && code <= to).length
    const least = 'atLeast' in critical ? critical.atLeast : min
    return Math.max(0, Math.min(to, critical.atMost ?? max) - Math.max(from, least) + 1)
  }
  return bands
    .filter(({ from, to }) => howManyOf(from, to) > 0 && howManyOf(from, to) < to - from + 1)
    .map(({ from, to }) => ({
      path,
      message: `means only some of the band from ${from} to ${to}`,
      fix: 'let bands begin and end where critical answers do',
    }))
}
