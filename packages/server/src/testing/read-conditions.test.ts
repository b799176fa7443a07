import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeAnswers } from '../domains/survey/questionnaire/answers.ts'
import { measuresOf } from '../domains/survey/questionnaire/measures.ts'
import type { Condition, Question, Questionnaire } from '../domains/survey/questionnaire/model.ts'
import { holds } from '../domains/survey/questionnaire/proposition.ts'
import { makeAnswers, makeQuestionnaire } from './generate-questionnaire.ts'
import { readConditions } from './read-conditions.ts'
import { certainOf, type Gave } from './who-was-asked.ts'

/** What is certain of all answers to each question that not everybody is asked. */
function readCertain(document: Questionnaire) {
  const conditional = readConditions(document)
  const measures = measuresOf(document).map(({ name }) => ({ name, ...conditional.get(name) }))
  return measures.flatMap(({ name, askedIf, answeredAfter = [] }) =>
    askedIf === undefined ? [] : [{ name, certain: certainOf(askedIf, measures), answeredAfter }],
  )
}

test('whoever answers what a questionnaire asks, everything that is taken for certain is so', () => {
  let seen = 0
  fc.assert(
    fc.property(fc.gen(), (gen) => {
      const document = makeQuestionnaire(gen)
      const response = encodeAnswers(document, makeAnswers(gen, document))
      if ('flaws' in response) throw new Error(JSON.stringify(response.flaws))
      const given = new Map(
        measuresOf(document).map(({ name, answers }) => [
          name,
          answers.findIndex(({ when }) => holds(when, response.values)),
        ]),
      )
      const wasGiven = ({ measure, answers }: Gave) => answers.includes(given.get(measure)!)
      for (const { name, certain, answeredAfter } of readCertain(document)) {
        const answered = given.get(name)! >= 0
        if (answered) for (const gave of certain) expect(gave.some(wasGiven)).toBe(true)
        if (answeredAfter.some(wasGiven)) expect(answered).toBe(true)
        seen += Number(answered && certain.length > 0)
      }
    }),
    { numRuns: 1_000, seed: 7 },
  )
  expect(seen).toBeGreaterThan(100)
})

const options = [1, 2, 3].map((code) => ({ text: { it: String(code) } }))
const single = (name: string, rest: object = {}) =>
  ({ kind: 'single', name, text: { it: name }, options, ...rest }) as Question

/** The same of one question, the last after these. */
function certainAfter(questions: Question[], showIf: Condition) {
  const asked = [...questions, single('asked', { showIf, required: true })]
  const document: Questionnaire = {
    name: 'condizioni',
    title: { it: 'Condizioni' },
    languages: ['it'],
    defaultLanguage: 'it',
    sections: [{ title: { it: 'Domande' }, questions: asked }],
  }
  return readCertain(document).find(({ name }) => name === 'asked')!
}

test('who must answer a condition’s question and did not give an answer gave another, or was not asked', () => {
  const not = { not: { question: 'home', anyOf: [1] } }
  expect(certainAfter([single('home', { required: true })], not).certain).toEqual([
    [{ measure: 'home', answers: [1, 2] }],
  ])
  expect(certainAfter([single('home')], not).certain).toEqual([])
  const work = single('work', { required: true })
  const home = single('home', { required: true, showIf: { question: 'work', anyOf: [1] } })
  expect(certainAfter([work, home], not).certain).toContainEqual([
    { measure: 'home', answers: [1, 2] },
    { measure: 'work', answers: [1, 2] },
  ])
})

test('through a number that is not counted, what that hangs on is certain', () => {
  const years = {
    kind: 'number' as const,
    name: 'years',
    text: { it: 'Anni' },
    min: 0,
    max: 50,
    showIf: { question: 'work', anyOf: [2] },
  }
  const { certain } = certainAfter([single('work'), years], { question: 'years', atLeast: 10 })
  expect(certain).toEqual([[{ measure: 'work', answers: [1] }]])
})

test('who gives an answer on which a question is asked that must be answered has answered it', () => {
  const { answeredAfter } = certainAfter([single('home'), single('work')], {
    any: [
      { question: 'home', anyOf: [1] },
      { question: 'work', anyOf: [2, 3] },
    ],
  })
  expect(answeredAfter).toEqual([
    { measure: 'home', answers: [0] },
    { measure: 'work', answers: [1, 2] },
  ])
})
