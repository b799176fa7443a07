import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFulfilled, makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { type AnswerFlaw, decodeAnswers, encodeAnswers } from './answers.ts'
import { type Question, type Questionnaire, questionsOf } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'
import { variablesOf } from './variables.ts'

const text = { it: 'testo' }
const three = [{ text }, { text }, { text }]

function documentOf(...questions: Question[]): Questionnaire {
  const scales = { points: { min: -1, max: 3, labels: { '-1': text, 3: text } } }
  const sections = [{ title: text, questions }]
  const read = readQuestionnaire({
    name: 'test',
    title: text,
    languages: ['it'],
    defaultLanguage: 'it',
    scales,
    sections,
  })
  if ('flaws' in read) throw new Error(JSON.stringify(read.flaws))
  return read.questionnaire
}

const single: Question = { kind: 'single', name: 'q', text, options: three }
const multiple: Question = { kind: 'multiple', name: 'q', text, options: three, atLeast: 1, atMost: 2, exclusive: [3] }
const scale: Question = { kind: 'scale', name: 'q', text, scale: 'points', notApplicable: text }
const number: Question = { kind: 'number', name: 'q', text, min: -1, max: 120, notApplicable: text }
const rows = ['a', 'b'].map((name) => ({ name, text }))
const matrix: Question = { kind: 'matrix', name: 'q', text, rows, answers: { options: three }, notApplicable: text }
const constructorRow: Question = { ...matrix, rows: ['constructor', 'b'].map((name) => ({ name, text })) }
const ranking: Question = { kind: 'ranking', name: 'q', text, options: three }
const topTwo: Question = { ...ranking, ranks: 2 }
const free: Question = { kind: 'text', name: 'q', text, maxLength: 3 }

describe('an answer becomes a value for each variable', () => {
  const encoded: [string, Question, unknown, (number | null)[]][] = [
    ['a choice its position', single, 2, [2]],
    ['ticks 1 and 0', multiple, [2], [0, 1, 0]],
    ['a point its value', scale, -1, [-1]],
    ['a number itself', number, 0, [0]],
    ['minus zero zero', number, -0, [0]],
    ['rows theirs', matrix, { b: 3, a: 1 }, [1, 3]],
    ['a row that is left out null', matrix, { b: 3 }, [null, 3]],
    ['a row by its own name alone', constructorRow, { b: 3 }, [null, 3]],
    ['a ranking ranks', ranking, [3, 1, 2], [2, 3, 1]],
    ['what is not ranked 0', topTwo, [3, 1], [2, 0, 1]],
    ['not applicable -1', matrix, { a: 'not-applicable', b: 1 }, [-1, 1]],
    ['not applicable less, where -1 is a point', scale, 'not-applicable', [-2]],
    ['not applicable less, where -1 is a number', number, 'not-applicable', [-2]],
    ['no answer null', single, undefined, [null]],
    ['null null', multiple, null, [null, null, null]],
    ['a matrix without rows null', matrix, {}, [null, null]],
    ['a text nothing', free, 'sì', []],
  ]
  test.for(encoded)('%s', ([, question, answer, values]) => {
    expect(encodeAnswers(documentOf(question), { q: answer })).toMatchObject({ values })
  })

  test('not ticking anything is an answer, where it is allowed', () => {
    const document = documentOf({ ...multiple, atLeast: 0 })
    expect(encodeAnswers(document, { q: [] })).toEqual({ values: [0, 0, 0], texts: [] })
  })

  test('a text stands apart, as it was written', () => {
    expect(encodeAnswers(documentOf(free), { q: ' 🙂è' })).toEqual({
      values: [],
      texts: [{ question: 'q', text: ' 🙂è' }],
    })
  })

  test('a text of blanks is none', () => {
    expect(encodeAnswers(documentOf(free), { q: ' \n' })).toEqual({ values: [], texts: [] })
  })
})

describe('a bad answer is refused, with its place', () => {
  const required = { required: true }
  const bad: [string, Question, unknown, AnswerFlaw['code'], string][] = [
    ['text for a choice', single, 'due', 'NOT_AN_ANSWER', 'q'],
    ['half a code', single, 1.5, 'NOT_AN_ANSWER', 'q'],
    ['no number', single, Number.NaN, 'NOT_AN_ANSWER', 'q'],
    ['a code in quotes', single, '1', 'NOT_AN_ANSWER', 'q'],
    ['an object for a choice', single, {}, 'NOT_AN_ANSWER', 'q'],
    ['a list for a choice', single, [1], 'NOT_AN_ANSWER', 'q'],
    ['yes', single, true, 'NOT_AN_ANSWER', 'q'],
    ['a code below the options', single, 0, 'UNKNOWN_CODE', 'q'],
    ['a code beyond the options', single, 4, 'UNKNOWN_CODE', 'q'],
    ['the code of "not applicable"', { ...single, notApplicable: text }, -1, 'UNKNOWN_CODE', 'q'],
    ['"not applicable" where it is not offered', single, 'not-applicable', 'NEVER_NOT_APPLICABLE', 'q'],
    ['no answer to a required choice', { ...single, ...required }, undefined, 'ANSWER_MISSING', 'q'],
    ['null for a required choice', { ...single, ...required }, null, 'ANSWER_MISSING', 'q'],
    ['a single tick', multiple, 1, 'NOT_AN_ANSWER', 'q'],
    ['a tick that is no number', multiple, ['a'], 'NOT_AN_ANSWER', 'q/0'],
    ['a tick of no option', multiple, [1, 4], 'UNKNOWN_CODE', 'q/1'],
    ['a tick of zero', multiple, [0], 'UNKNOWN_CODE', 'q/0'],
    ['a tick twice', multiple, [2, 2], 'TICKED_TWICE', 'q/1'],
    ['too few ticks', multiple, [], 'TOO_FEW_TICKS', 'q'],
    ['too many ticks', { ...multiple, exclusive: undefined }, [1, 2, 3], 'TOO_MANY_TICKS', 'q'],
    ['none of these, and one of these', multiple, [3, 1], 'NOT_ALONE', 'q'],
    ['no answer to a required multiple choice', { ...multiple, ...required }, undefined, 'ANSWER_MISSING', 'q'],
    ['a point below the scale', scale, -2, 'UNKNOWN_CODE', 'q'],
    ['a point above the scale', scale, 4, 'UNKNOWN_CODE', 'q'],
    ['a point between points', scale, 0.5, 'NOT_AN_ANSWER', 'q'],
    ['no answer to a required scale', { ...scale, ...required }, undefined, 'ANSWER_MISSING', 'q'],
    ['a number below its bounds', number, -2, 'OUT_OF_BOUNDS', 'q'],
    ['a number above its bounds', number, 99_999_999_999, 'OUT_OF_BOUNDS', 'q'],
    ['infinity', number, Number.POSITIVE_INFINITY, 'NOT_AN_ANSWER', 'q'],
    ['no answer to a required number', { ...number, ...required }, undefined, 'ANSWER_MISSING', 'q'],
    ['a list for a matrix', matrix, [1, 2], 'NOT_AN_ANSWER', 'q'],
    ['a row that is none', matrix, { a: 1, c: 1 }, 'UNKNOWN_ROW', 'q/c'],
    ['a row named as objects name theirs', matrix, { a: 1, constructor: 1 }, 'UNKNOWN_ROW', 'q/constructor'],
    ['a bad code in a row', matrix, { a: 1, b: 4 }, 'UNKNOWN_CODE', 'q/b'],
    ['a required matrix with a row missing', { ...matrix, ...required }, { a: 1 }, 'ROW_MISSING', 'q/b'],
    ['no answer to a required matrix', { ...matrix, ...required }, {}, 'ANSWER_MISSING', 'q'],
    ['a number for a ranking', ranking, 1, 'NOT_AN_ANSWER', 'q'],
    ['a ranking with a gap', ranking, [1, null, 2], 'NOT_AN_ANSWER', 'q/1'],
    ['a ranking that repeats', ranking, [1, 2, 1], 'RANKED_TWICE', 'q/2'],
    ['a ranking of too few', ranking, [1, 2], 'RANKING_INCOMPLETE', 'q'],
    ['an empty ranking', ranking, [], 'RANKING_INCOMPLETE', 'q'],
    ['a ranking of too many', topTwo, [1, 2, 3], 'RANKING_TOO_LONG', 'q'],
    ['a rank for no option', ranking, [1, 2, 4], 'UNKNOWN_CODE', 'q/2'],
    ['no answer to a required ranking', { ...ranking, ...required }, undefined, 'ANSWER_MISSING', 'q'],
    ['a number for a text', free, 1, 'NOT_AN_ANSWER', 'q'],
    ['a text that is too long', free, 'àèìò', 'TEXT_TOO_LONG', 'q'],
    ['half a character', free, '\ud83d', 'TEXT_NOT_STORABLE', 'q'],
    ['the character that PostgreSQL can not store', free, 'a\0', 'TEXT_NOT_STORABLE', 'q'],
    ['blanks for a required text', { ...free, ...required }, '  ', 'ANSWER_MISSING', 'q'],
  ]
  test.for(bad)('%s', ([, question, answer, code, path]) => {
    const told = encodeAnswers(documentOf(question), { q: answer })
    expect(told).toEqual({ flaws: [expect.objectContaining({ code, path: path.split('/') })] })
  })

  test('an answer to no question', () => {
    expect(encodeAnswers(documentOf(single), JSON.parse('{"x":1,"__proto__":2}'))).toMatchObject({
      flaws: [
        { code: 'UNKNOWN_QUESTION', path: ['x'] },
        { code: 'UNKNOWN_QUESTION', path: ['__proto__'] },
      ],
    })
  })

  test.for([[[]], [null], ['q'], [3]])('%s for answers', ([answers]) => {
    expect(encodeAnswers(documentOf(single), answers)).toMatchObject({ flaws: [{ code: 'NOT_AN_ANSWER', path: [] }] })
  })

  test('answers without end', () => {
    const answers = { q: new Array(20_000).fill(1) }
    expect(encodeAnswers(documentOf(multiple), answers)).toMatchObject({ flaws: [{ code: 'TOO_LARGE' }] })
  })

  test('every one of several, at once', () => {
    const document = documentOf({ ...single, name: 'a' }, { ...scale, name: 'b' }, { ...single, name: 'c' })
    const told = encodeAnswers(document, { a: 9, b: 9, c: 1 })
    expect(told).toMatchObject({ flaws: [{ path: ['a'] }, { path: ['b'] }] })
  })
})

describe('a question that depends on another', () => {
  const document = documentOf(
    { ...single, name: 'children', required: true },
    { ...single, name: 'school', required: true, showIf: { question: 'children', anyOf: [2, 3] } },
    { ...single, name: 'why', showIf: { not: { question: 'school', atMost: 1 } } },
  )
  const flaws = (answers: object) => {
    const told = encodeAnswers(document, answers)
    return 'flaws' in told ? told.flaws.map(({ code, path }) => `${path}: ${code}`) : told.values
  }

  test('is required where it is shown', () => {
    expect(flaws({ children: 2 })).toEqual(['school: ANSWER_MISSING'])
  })

  test('is not required where it is not shown', () => {
    expect(flaws({ children: 1 })).toEqual([1, null, null])
  })

  test('is refused where it is not shown', () => {
    expect(flaws({ children: 1, school: 1 })).toEqual(['school: NOT_SHOWN'])
  })

  test('is shown where what it must not be was not asked', () => {
    expect(flaws({ children: 1, why: 1 })).toEqual([1, null, 1])
  })

  test('is not judged by an answer that is wrong itself', () => {
    expect(flaws({ children: 9, school: 1 })).toEqual(['children: UNKNOWN_CODE'])
    expect(flaws({ children: 9 })).toEqual(['children: UNKNOWN_CODE'])
    expect(flaws({ children: 9, school: 1, why: 1 })).toEqual(['children: UNKNOWN_CODE'])
    expect(flaws({ children: 9, school: 7, why: 2 })).toEqual(['children: UNKNOWN_CODE', 'school: UNKNOWN_CODE'])
  })
})

describe('of any questionnaire and any answers to it', () => {
  const runs = { numRuns: 300 }

  test('the answers are taken, and come back as they went in', () => {
    const property = fc.property(fc.gen(), (gen) => {
      const read = readQuestionnaire(makeQuestionnaire(gen))
      expect(read).not.toHaveProperty('flaws')
      const document = (read as { questionnaire: Questionnaire }).questionnaire
      const answers = makeAnswers(gen, document)
      const response = encodeAnswers(document, answers)
      if ('flaws' in response) throw new Error(JSON.stringify({ flaws: response.flaws, answers, document }))
      expect(response.values.length).toBe(variablesOf(document).length)
      const sorted = Object.fromEntries(
        Object.entries(answers).map(([name, answer]) => {
          const isTicks = questionsOf(document).find((question) => question.name === name)!.kind === 'multiple'
          return [name, isTicks ? [...(answer as number[])].sort((one, other) => one - other) : answer]
        }),
      )
      expect(decodeAnswers(document, response)).toEqual(sorted)
      expect(encodeAnswers(document, decodeAnswers(document, response))).toEqual(response)
    })
    fc.assert(property, runs)
  })

  test('a question is shown when its condition is fulfilled, and only then', () => {
    const property = fc.property(fc.gen(), (gen) => {
      const document = makeQuestionnaire(gen)
      const answers = makeAnswers(gen, document)
      for (const { name, showIf } of questionsOf(document)) {
        if (showIf === undefined || isFulfilled(showIf, answers)) continue
        // Any answer does: it is refused before anyone looks at it.
        const told = encodeAnswers(document, { ...answers, [name]: 1 })
        expect(told).toMatchObject({ flaws: [{ code: 'NOT_SHOWN', path: [name] }] })
      }
    })
    fc.assert(property, runs)
  })

  test('every value lies within the bounds of its variable', () => {
    const property = fc.property(fc.gen(), (gen) => {
      const document = makeQuestionnaire(gen)
      const response = encodeAnswers(document, makeAnswers(gen, document))
      if ('flaws' in response) throw new Error(JSON.stringify(response.flaws))
      for (const { position, min, max, notApplicable } of variablesOf(document)) {
        const value = response.values[position - 1]!
        const isRight = value === null || value === notApplicable?.code || (min <= value && value <= max)
        expect(isRight).toBe(true)
        expect(notApplicable === undefined || notApplicable.code < min).toBe(true)
      }
    })
    fc.assert(property, runs)
  })
})
