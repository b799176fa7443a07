/** Critical answers: there are some, not all are, and they are so for a need area. */
import type { Flaw } from '../flaw.ts'
import type { Critical, QuestionOf } from '../model.ts'
import { boundsOf, findBrokenCriterion } from './criteria.ts'
import type { Path, Visit } from './visit-questions.ts'

export function findBrokenCritical({ document, question, path }: Visit): Flaw[] {
  if (question.kind === 'text' || question.kind === 'ranking' || question.critical === undefined) return []
  const { critical } = question
  const at = [...path, 'critical']
  const flaws = findBrokenCriterion(document, question, critical, at)
  if (flaws.length > 0) return flaws
  const parts = question.kind === 'matrix' ? question.rows : question.kind === 'multiple' ? question.options : []
  const named = [question, ...parts].some(({ needAreas }) => needAreas !== undefined)
  if (!named) {
    return [{ path: at, message: 'says what is critical, but for no need area', fix: 'name the need areas' }]
  }
  const [min, max] = boundsOf(document, question)
  const covers =
    'anyOf' in critical
      ? critical.anyOf.length === max - min + 1
      : (!('atLeast' in critical) || critical.atLeast === min) && (critical.atMost ?? max) === max
  const cut = question.kind === 'number' ? findCutBands(question, critical, at) : []
  if (cut.length > 0) return cut
  // Ticking nothing is an answer, too.
  return covers && question.kind !== 'multiple'
    ? [{ path: at, message: 'makes every answer critical', fix: 'leave at least one answer that is not' }]
    : []
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
