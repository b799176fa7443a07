import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { type Answers, encodeAnswers } from './answers.ts'
import { criticalOf, type Measure, measuresOf, scoreOf } from './measures.ts'
import { type Questionnaire, questionsOf, scaleOf } from './model.ts'
import { holds } from './proposition.ts'
import { readQuestionnaire } from './read-questionnaire.ts'
import { categoriesOf, findBrokenRecode, type Recode, recodeModel, recodeOf } from './recode.ts'

const text = { it: 'testo' }
const points = (name: string) => ({ kind: 'scale', name, text, scale: 'points', notApplicable: text }) as const
const two = [{ text }, { text }]

function read(document: object): Questionnaire {
  const read = readQuestionnaire({
    name: 'test',
    title: text,
    languages: ['it'],
    defaultLanguage: 'it',
    scales: { points: { min: 1, max: 5, labels: { 1: text, 5: text } } },
    ...document,
  })
  if ('flaws' in read) throw new Error(JSON.stringify(read.flaws))
  return read.questionnaire
}

const document = read({
  sections: [
    {
      title: text,
      questions: [
        { ...points('calm'), needAreas: ['stress'], critical: { atMost: 2 } },
        { ...points('rest'), needAreas: ['stress', 'sleep'], critical: { anyOf: [1, 2] }, health: true },
        {
          kind: 'multiple',
          name: 'worries',
          text,
          options: [{ text, needAreas: ['debt'] }, { text, needAreas: ['debt', 'housing'] }, { text }],
          critical: { anyOf: [1, 2] },
        },
        {
          kind: 'number',
          name: 'age',
          text,
          min: 16,
          max: 99,
          bands: [
            { text, from: 16, to: 40 },
            { text, from: 41, to: 99 },
          ],
        },
        { kind: 'number', name: 'hours', text, min: 0, max: 80, needAreas: ['hours'], critical: { atLeast: 48 } },
        {
          kind: 'matrix',
          name: 'mood',
          text,
          rows: ['cheerful', 'tired'].map((name) => ({ name, text })),
          answers: { scale: 'points' },
          notApplicable: text,
        },
        { kind: 'ranking', name: 'wishes', text, options: [...two, { text }], ranks: 2 },
      ],
    },
  ],
  instruments: [
    {
      name: 'wellbeing',
      text,
      needAreas: ['mood'],
      items: [
        { question: 'mood', row: 'cheerful', factor: 2 },
        { question: 'mood', row: 'tired', reversed: true },
      ],
      atLeastAnswered: 1,
      critical: { atMost: 7 },
    },
  ],
  criticalWhen: { stress: 'all' },
})

function valuesOf(answers: Answers, of = document): (number | null)[] {
  const response = encodeAnswers(of, answers)
  if ('flaws' in response) throw new Error(JSON.stringify(response.flaws))
  return response.values
}

const measures = measuresOf(document)
const named = (name: string): Measure => measures.find((measure) => measure.name === name)!

/** The answer of a measure that a respondent counts for. */
function countedFor(measure: Measure, values: (number | null)[]): string | undefined {
  const [one, other] = measure.answers.filter(({ when }) => holds(when, values))
  expect(other).toBeUndefined()
  return one?.name
}

describe('what is counted', () => {
  test('are variables with categories and rankings, then need areas', () => {
    expect(measures.map(({ name }) => name)).toEqual([
      ...['calm', 'rest', 'worries.1', 'worries.2', 'worries.3', 'age', 'mood.cheerful', 'mood.tired'],
      'wishes',
      ...['stress', 'sleep', 'debt', 'housing', 'hours', 'mood'].map((code) => `need-area:${code}`),
    ])
  })

  test('is about health where any of it is', () => {
    const health = measures.filter(({ health }) => health).map(({ name }) => name)
    expect(health).toEqual(['rest', 'need-area:stress', 'need-area:sleep'])
  })

  test('is told of a need area by what it is made from', () => {
    expect(named('need-area:stress').from).toEqual(['calm', 'rest'])
    expect(named('need-area:debt').from).toEqual(['worries.1', 'worries.2'])
    expect(named('need-area:mood').from).toEqual(['mood.cheerful', 'mood.tired'])
    expect(named('need-area:hours').from).toEqual([])
    // A number without bands is not counted.
    expect(measures.filter(({ fromMore }) => fromMore).map(({ name }) => name)).toEqual(['need-area:hours'])
  })

  const counted: [string, string, Answers, string | undefined][] = [
    ['a point', 'calm', { calm: 3 }, '3'],
    ['what comes first', 'wishes', { wishes: [3, 1] }, '3'],
    ['no ranking', 'wishes', {}, undefined],
    ['no "not applicable"', 'calm', { calm: 'not-applicable' }, undefined],
    ['no missing answer', 'calm', {}, undefined],
    ['a tick', 'worries.2', { worries: [2] }, '1'],
    ['what is not ticked', 'worries.2', { worries: [] }, '0'],
    ['a number in its band', 'age', { age: 41 }, '41-99'],
    ['a critical respondent', 'need-area:sleep', { rest: 2 }, 'critical'],
    ['a respondent who is not critical', 'need-area:sleep', { rest: 3 }, 'not-critical'],
    ['no respondent without a valid answer', 'need-area:sleep', { calm: 1, rest: 'not-applicable' }, undefined],
  ]
  test.for(counted)('%s: %s', ([, name, answers, answer]) => {
    expect(countedFor(named(name), valuesOf(answers))).toBe(answer)
  })
})

describe('a need area is critical', () => {
  const cases: [string, string, Answers, boolean | null][] = [
    ['by all of several questions, where the document says so', 'stress', { calm: 1, rest: 2 }, true],
    ['not by one of several then', 'stress', { calm: 1, rest: 3 }, false],
    ['by all that were answered', 'stress', { calm: 1 }, true],
    ['by none that is not applicable', 'stress', { calm: 1, rest: 'not-applicable' }, true],
    ['to nobody who answered nothing', 'stress', { age: 20 }, null],
    ['by any tick', 'debt', { worries: [1] }, true],
    ['by a tick of its own options only', 'housing', { worries: [1] }, false],
    ['not by an option that is not critical', 'debt', { worries: [3] }, false],
    ['not by ticking nothing', 'debt', { worries: [] }, false],
    ['by a number', 'hours', { hours: 48 }, true],
    ['not by a smaller one', 'hours', { hours: 47 }, false],
    // 2 × 2 + (1 + 5 - 3) = 7
    ['by a score at the cut-off', 'mood', { mood: { cheerful: 2, tired: 3 } }, true],
    ['not by a score beyond it', 'mood', { mood: { cheerful: 2, tired: 2 } }, false],
    // 2 × 2 × 3 / 2 = 6, and 3 × 2 × 3 / 2 = 9
    ['by a score of what was answered', 'mood', { mood: { cheerful: 2 } }, true],
    [
      'not by a score of what was answered beyond it',
      'mood',
      { mood: { cheerful: 3, tired: 'not-applicable' } },
      false,
    ],
    ['by no score where too little was answered', 'mood', { mood: { cheerful: 'not-applicable' } }, null],
    ['to nobody, where nothing measures it', 'mobility', { calm: 1 }, null],
  ]
  test.for(cases)('%s', ([, area, answers, critical]) => {
    expect(criticalOf(document, area, valuesOf(answers))).toBe(critical)
  })
})

test('a score that lacks items is scaled to all, without rounding', () => {
  const { instruments } = document
  expect(scoreOf(document, instruments![0]!, valuesOf({ mood: { cheerful: 2 } }))).toBe(6)
  expect(scoreOf(document, instruments![0]!, valuesOf({ mood: { tired: 4 } }))).toBe(6)
  expect(scoreOf(document, instruments![0]!, valuesOf({}))).toBeNull()
})

test('of any questionnaire, everyone counts once at most, and for need areas as the answers say', () => {
  const property = fc.property(fc.gen(), (gen) => {
    const document = makeQuestionnaire(gen)
    const answers = makeAnswers(gen, document)
    const values = valuesOf(answers, document)
    for (const measure of measuresOf(document)) {
      const answer = countedFor(measure, values)
      if (measure.kind === 'ranking') {
        const [first] = Object.hasOwn(answers, measure.name) ? (answers[measure.name] as number[]) : []
        expect(answer).toBe(first === undefined ? undefined : String(first))
      }
      if (measure.kind !== 'need-area') continue
      const expected = judge(document, measure.needArea!, answers)
      expect(answer).toBe(expected === null ? undefined : expected ? 'critical' : 'not-critical')
      expect(criticalOf(document, measure.needArea!, values)).toBe(expected)
    }
  })
  fc.assert(property, { numRuns: 300 })
})

/** The same judgement, from the answers themselves. */
function judge(document: Questionnaire, area: string, answers: Answers): boolean | null {
  const verdicts = questionsOf(document).flatMap((question): boolean[] => {
    if (!('critical' in question) || !question.critical || !question.needAreas?.includes(area)) return []
    const answer = answers[question.name]
    const { critical } = question
    const isCritical = (value: number) =>
      'anyOf' in critical
        ? critical.anyOf.includes(value)
        : value >= ('atLeast' in critical ? critical.atLeast : -Infinity) && value <= (critical.atMost ?? Infinity)
    if (Array.isArray(answer)) return [answer.some(isCritical)]
    const given = typeof answer === 'object' ? Object.values(answer) : [answer]
    return given.filter((value) => typeof value === 'number').map(isCritical)
  })
  for (const { needAreas, items, critical, atLeastAnswered } of document.instruments ?? []) {
    if (!needAreas.includes(area)) continue
    const answered = items.flatMap(({ question, row, reversed, factor = 1 }) => {
      const answer = answers[question]
      const value = typeof answer === 'object' && !Array.isArray(answer) ? answer[row!] : answer
      if (typeof value !== 'number') return []
      const asked = questionsOf(document).find(({ name }) => name === question)!
      const name = asked.kind === 'scale' ? asked.scale : asked.kind === 'matrix' ? Object.values(asked.answers)[0] : ''
      const { min, max } = scaleOf(document, name as string)!
      return [{ value: reversed ? max + min - value : value, factor }]
    })
    if (answered.length < atLeastAnswered!) continue
    const score =
      (answered.reduce((sum, { value, factor }) => sum + value * factor, 0) *
        items.reduce((sum, { factor = 1 }) => sum + factor, 0)) /
      answered.reduce((sum, { factor }) => sum + factor, 0)
    // Divided, and rounded: near a cut-off the division may err by less than this.
    verdicts.push('atLeast' in critical ? score > critical.atLeast - 1e-9 : score < critical.atMost + 1e-9)
  }
  if (verdicts.length === 0) return null
  return document.criticalWhen?.[area] === 'all' ? !verdicts.includes(false) : verdicts.includes(true)
}

describe('a recode', () => {
  const recode: Recode = {
    name: 'age_band',
    text,
    variable: 'age',
    categories: [
      { name: 'young', text, values: [{ from: 16, to: 29 }] },
      {
        name: 'older',
        text,
        values: [
          { from: 30, to: 64 },
          { from: 70, to: 99 },
        ],
      },
    ],
  }

  test.for<[Answers, string]>([
    [{ age: 29 }, 'young'],
    [{ age: 30 }, 'older'],
    [{ age: 99 }, 'older'],
    [{ age: 66 }, 'unstated'],
    [{}, 'unstated'],
  ])('of %j is %s', ([answers, category]) => {
    const values = valuesOf(answers)
    expect(recodeOf(document, recode, values)).toBe(category)
    expect(categoriesOf(document, recode).filter(({ when }) => holds(when, values))).toHaveLength(1)
  })

  test('that is right has no flaws', () => {
    expect(recodeModel.parse(recode)).toEqual(recode)
    expect(findBrokenRecode(document, recode)).toEqual([])
  })

  test('has no category of the name that all others are in', () => {
    const [first, second] = recode.categories
    const told = recodeModel.safeParse({ ...recode, categories: [first, { ...second, name: 'unstated' }] })
    expect(told.error?.issues).toMatchObject([{ path: ['categories', 1, 'name'] }])
  })

  const flaws: [string, Recode, string][] = [
    ['of no variable', { ...recode, variable: 'worries' }, 'there is no variable "worries"'],
    ['of values that are no answers', { ...recode, variable: 'calm' }, '16 to 29 are no answers of "calm"'],
    [
      'whose categories overlap',
      { ...recode, categories: [recode.categories[0]!, { name: 'old', text, values: [{ from: 29, to: 99 }] }] },
      'are taken already, in part at least',
    ],
    [
      'with a category twice',
      { ...recode, categories: [recode.categories[0]!, recode.categories[0]!] },
      '"young" is used twice',
    ],
  ]
  test.for(flaws)('%s is refused', ([, recode, message]) => {
    expect(findBrokenRecode(document, recode)).toContainEqual(expect.objectContaining({ message }))
  })
})
