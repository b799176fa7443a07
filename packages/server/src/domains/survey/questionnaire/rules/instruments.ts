/** Instruments: items that can be added up, and a cut-off among their sums. */
import type { Flaw } from '../flaw.ts'
import { type Instrument, type Questionnaire, questionsOf } from '../model.ts'
import { variablesByQuestion } from '../variables.ts'
import { findBrokenRow } from './criteria.ts'
import { findRepeated } from './names.ts'
import type { Path } from './visit-questions.ts'

/** Items that are no points of scales, or are there twice; a cut-off that every score reaches, or none. */
export function findBrokenInstruments(document: Questionnaire): Flaw[] {
  const questions = new Map(questionsOf(document).map((question) => [question.name, question]))
  return (document.instruments ?? []).flatMap((instrument, index) => {
    const path = ['instruments', String(index)]
    const items = instrument.items.flatMap((item, index): Flaw[] => {
      const at = [...path, 'items', String(index)]
      const question = questions.get(item.question)
      if (question === undefined) {
        return [
          { path: [...at, 'question'], message: `there is no question "${item.question}"`, fix: 'correct the name' },
        ]
      }
      const isScale = question.kind === 'scale' || (question.kind === 'matrix' && 'scale' in question.answers)
      return isScale
        ? findBrokenRow(question, item.row, [...at, 'row'])
        : [
            {
              path: [...at, 'question'],
              message: `"${item.question}" is no scale`,
              fix: 'add up points of scales only',
            },
          ]
    })
    const repeated = findRepeated(
      instrument.items.map(({ question, row }) => (row === undefined ? question : `${question}.${row}`)),
      (index) => [...path, 'items', String(index)],
      'count each item once',
    )
    return items.length > 0 || repeated.length > 0
      ? [...items, ...repeated]
      : findBrokenCutOff(document, instrument, path)
  })
}

function findBrokenCutOff(document: Questionnaire, instrument: Instrument, path: Path): Flaw[] {
  const { items, critical, atLeastAnswered } = instrument
  if (atLeastAnswered !== undefined && atLeastAnswered > items.length) {
    return [{ path: [...path, 'atLeastAnswered'], message: 'is more than there are items', fix: 'lower it' }]
  }
  const bounds = items.map(({ question, factor = 1 }) => {
    const { min, max } = variablesByQuestion(document).get(question)![0]!
    return { min: factor * min, max: factor * max }
  })
  const min = bounds.reduce((sum, bound) => sum + bound.min, 0)
  const max = bounds.reduce((sum, bound) => sum + bound.max, 0)
  const splits =
    'atLeast' in critical
      ? critical.atLeast > min && critical.atLeast <= max
      : critical.atMost >= min && critical.atMost < max
  return splits
    ? []
    : [
        {
          path: [...path, 'critical'],
          message: `does not split the scores, which go from ${min} to ${max}`,
          fix: 'choose a cut-off that some scores reach and some do not',
        },
      ]
}
