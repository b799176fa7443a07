/** Bounds: of numbers and their bands, of ticks and of ranks. */
import type { Flaw } from '../flaw.ts'
import type { QuestionOf } from '../model.ts'
import { noSuchCode } from './criteria.ts'
import { findRepeated } from './names.ts'
import type { Path, Visit } from './visit-questions.ts'

/** Of a number: bounds that are crossed, and bands that don't fill them in order. Of ticks and ranks: more than there are options. */
export function findBrokenBounds({ question, path }: Visit): Flaw[] {
  switch (question.kind) {
    case 'number':
      return question.min >= question.max
        ? [{ path: [...path, 'max'], message: 'is not above min', fix: 'write the smaller number as min' }]
        : findBrokenBands(question, path)
    case 'multiple': {
      const { options, atLeast = 0, atMost = options.length, exclusive = [] } = question
      return [
        ...(atMost > options.length || atLeast > atMost
          ? [
              {
                path: [...path, atMost > options.length ? 'atMost' : 'atLeast'],
                message: atMost > options.length ? 'is more than there are options' : 'is more than may be ticked',
                fix: 'lower it',
              },
            ]
          : []),
        ...exclusive
          .map((code, index) => ({ code, at: [...path, 'exclusive', String(index)] }))
          .filter(({ code }) => code < 1 || code > options.length)
          .map(({ code, at }) => noSuchCode(at, code, 1, options.length)),
        ...findRepeated(exclusive, (index) => [...path, 'exclusive', String(index)], 'name each option once'),
        ...(exclusive.length > 0 && atLeast > 1
          ? [
              {
                path: [...path, 'exclusive'],
                message: 'stand alone, where at least two options must be ticked',
                fix: 'lower atLeast to 1, or drop exclusive',
              },
            ]
          : []),
      ]
    }
    case 'ranking':
      return (question.ranks ?? 1) > question.options.length
        ? [{ path: [...path, 'ranks'], message: 'is more than there are options', fix: 'lower it' }]
        : []
    default:
      return []
  }
}

function findBrokenBands({ min, max, bands }: QuestionOf<'number'>, path: Path): Flaw[] {
  if (bands === undefined) return []
  const flaws = bands.flatMap(({ from, to }, index): Flaw[] => {
    const at = [...path, 'bands', String(index)]
    const expected = index === 0 ? min : bands[index - 1]!.to + 1
    if (from !== expected) {
      return [{ path: [...at, 'from'], message: `leaves a gap or overlaps`, fix: `begin it at ${expected}` }]
    }
    return to < from ? [{ path: [...at, 'to'], message: 'is below from', fix: 'write the larger number as to' }] : []
  })
  const last = bands.at(-1)!
  return last.to === max || flaws.length > 0
    ? flaws
    : [
        {
          path: [...path, 'bands', String(bands.length - 1), 'to'],
          message: 'is not where numbers end',
          fix: `end it at ${max}`,
        },
      ]
}
