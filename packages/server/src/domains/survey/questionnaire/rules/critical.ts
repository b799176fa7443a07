/** Critical answers: there are some, not all are, and they are so for a need area. */
import type { Flaw } from '../flaw.ts'
import { boundsOf, findBrokenCriterion } from './criteria.ts'
import type { Visit } from './visit-questions.ts'

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
  // Ticking nothing is an answer, too.
  return covers && question.kind !== 'multiple'
    ? [{ path: at, message: 'makes every answer critical', fix: 'leave at least one answer that is not' }]
    : []
}
