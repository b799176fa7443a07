/** Scales: their ends, their labels, and whether what is used is declared. */
import type { Flaw } from '../flaw.ts'
import { limits, type Questionnaire, scaleOf } from '../model.ts'
import { visitQuestions } from './visit-questions.ts'

/** Scales that are upside down, too long, without words for their ends, or with words for no point; and those that questions name in vain. */
export function findBrokenScales(document: Questionnaire): Flaw[] {
  const declared = Object.entries(document.scales ?? {}).flatMap(([name, { min, max, labels }]): Flaw[] => {
    const path = ['scales', name]
    if (min >= max)
      return [{ path: [...path, 'max'], message: 'is not above min', fix: 'write the first point as min' }]
    if (max - min + 1 > limits.scalePoints) {
      return [
        { path, message: `has more than ${limits.scalePoints} points`, fix: 'make it shorter, or ask for a number' },
      ]
    }
    const ends = [min, max].filter((end) => !Object.hasOwn(labels, String(end)))
    const beyond = Object.keys(labels).filter((value) => Number(value) < min || Number(value) > max)
    return [
      ...ends.map((end) => ({
        path: [...path, 'labels', String(end)],
        message: 'is missing',
        fix: 'say what this end of the scale means',
      })),
      ...beyond.map((value) => ({
        path: [...path, 'labels', value],
        message: 'labels a point that the scale does not have',
        fix: `label points from ${min} to ${max}`,
      })),
    ]
  })
  const used = visitQuestions(document, ({ question, path }) => {
    const [name, at] =
      question.kind === 'scale'
        ? [question.scale, [...path, 'scale']]
        : question.kind === 'matrix' && 'scale' in question.answers
          ? [question.answers.scale, [...path, 'answers', 'scale']]
          : [undefined, path]
    return name === undefined || scaleOf(document, name) !== undefined
      ? []
      : [{ path: at, message: `there is no scale "${name}"`, fix: 'declare it under scales, or correct the name' }]
  })
  return [...declared, ...used]
}
