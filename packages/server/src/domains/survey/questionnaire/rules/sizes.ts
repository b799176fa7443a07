/** How much a document may ask. */
import type { Flaw } from '../flaw.ts'
import { limits, type Question, type Questionnaire, questionsOf } from '../model.ts'

/** More scales, questions or variables than are taken. What else is bounded, the model says. */
export function findTooMany(document: Questionnaire): Flaw[] {
  const scales = Object.keys(document.scales ?? {}).length
  if (scales > limits.scales) {
    const message = `holds ${scales} scales; at most ${limits.scales} are taken`
    return [{ path: ['scales'], message, fix: 'let questions share scales' }]
  }
  const questions = questionsOf(document)
  if (questions.length > limits.questions) {
    return [
      {
        path: ['sections'],
        message: `hold ${questions.length} questions; at most ${limits.questions} are taken`,
        fix: 'ask less',
      },
    ]
  }
  const variables = questions.reduce((sum, question) => sum + countVariables(question), 0)
  return variables <= limits.variables
    ? []
    : [
        {
          path: ['sections'],
          message: `come to ${variables} variables (options and rows counted); at most ${limits.variables} are taken`,
          fix: 'ask less',
        },
      ]
}

function countVariables(question: Question): number {
  if (question.kind === 'matrix') return question.rows.length
  return question.kind === 'multiple' || question.kind === 'ranking' ? question.options.length : 1
}
