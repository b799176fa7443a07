/** Conditions: they look back only, so that none can lead in a circle. */
import type { Flaw } from '../flaw.ts'
import { type Condition, limits, questionsOf } from '../model.ts'
import { findBrokenCriterion, findBrokenRow } from './criteria.ts'
import type { Path, Visit } from './visit-questions.ts'

/** What is wrong with `showIf`: that it looks forward, at what has no codes, at codes that are none, or is nested too deep. */
export function findBrokenCondition({ document, question, path, earlier }: Visit): Flaw[] {
  const walk = (condition: Condition, at: Path, depth: number): Flaw[] => {
    if (depth > limits.conditionDepth) {
      return [{ path: at, message: `is nested more than ${limits.conditionDepth} deep`, fix: 'make it flatter' }]
    }
    if ('not' in condition) return walk(condition.not, [...at, 'not'], depth + 1)
    if ('all' in condition || 'any' in condition) {
      const [key, parts] = 'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const)
      return parts.flatMap((part, index) => walk(part, [...at, key, String(index)], depth + 1))
    }
    const asked = earlier.get(condition.question)
    if (asked === undefined) {
      const stands = questionsOf(document).some(({ name }) => name === condition.question)
      return [
        {
          path: [...at, 'question'],
          message: stands
            ? `"${condition.question}" does not stand before this question`
            : `there is no question "${condition.question}"`,
          fix: 'name a question that is asked earlier',
        },
      ]
    }
    if (asked.kind === 'text' || asked.kind === 'ranking') {
      return [
        {
          path: [...at, 'question'],
          message: `"${asked.name}" is a ${asked.kind}: its answers have no codes`,
          fix: 'name a question with choices, a scale or a number',
        },
      ]
    }
    return [
      ...findBrokenRow(asked, condition.row, [...at, 'row']),
      ...findBrokenCriterion(document, asked, condition, at),
    ]
  }
  return question.showIf === undefined ? [] : walk(question.showIf, [...path, 'showIf'], 1)
}
