import { expect, test } from 'vitest'
import { drawAnswered } from '../../../testing/answer-questionnaire.ts'
import { attackAs } from '../../../testing/attack-campaign.ts'
import { randomFrom } from '../../../testing/invent-campaign.ts'
import { readConditions } from '../../../testing/read-conditions.ts'
import type { CountedTables } from '../disclosure/counted-tables.ts'
import { protect } from '../disclosure/protect.ts'
import { usualThresholds } from '../disclosure/thresholds.ts'
import type { Condition, Question, Questionnaire } from '../questionnaire/model.ts'
import { disclosedMeasures } from './disclosed-measures.ts'

const options = [1, 2, 3, 4].map((code) => ({ text: { it: String(code) } }))
const single = (name: string, rest: object = {}) =>
  ({ kind: 'single', name, text: { it: name }, options, ...rest }) as Question
const numberOf = (name: string, rest: object = {}) =>
  ({ kind: 'number', name, text: { it: name }, min: 0, max: 9, ...rest }) as Question
const bands = [0, 5].map((from) => ({ text: { it: 'fascia' }, from, to: from + 4 }))

function ask(...questions: Question[]): Questionnaire {
  return {
    name: 'condizioni',
    title: { it: 'Condizioni' },
    languages: ['it'],
    defaultLanguage: 'it',
    sections: [{ title: { it: 'Domande' }, questions }],
  }
}

/** What is told of the answers before a question that is asked on this condition. */
function followsOf(condition: Condition) {
  const document = ask(
    single('home'),
    single('work'),
    numberOf('age', { bands }),
    numberOf('years', { showIf: { question: 'work', anyOf: [2, 3] } }),
    single('asked', { showIf: condition }),
  )
  return disclosedMeasures(document).find(({ name }) => name === 'asked')!.follows
}

test('a condition of one comparison tells of the answers that it means', () => {
  expect(followsOf({ question: 'home', anyOf: [1, 2] })).toEqual([{ measure: 'home', answers: [0, 1] }])
})

test('of several comparisons each tells of its own, whether all of them or any is needed', () => {
  const parts = [
    { question: 'home', anyOf: [1, 2] },
    { question: 'work', anyOf: [4] },
  ]
  const both = [
    { measure: 'home', answers: [0, 1] },
    { measure: 'work', answers: [3] },
  ]
  expect(followsOf({ all: parts })).toEqual(both)
  expect(followsOf({ any: [parts[0]!, { not: parts[1]! }] })).toEqual(both)
})

test('comparisons with the same question tell of all that they come to together', () => {
  const overlapping = { all: [1, 2].map((code) => ({ question: 'home', atLeast: code, atMost: code + 1 })) }
  expect(followsOf(overlapping)?.map(({ answers }) => answers)).toEqual([[0], [1], [2]])
})

test('a band of which some numbers are meant is told apart from those that are meant whole', () => {
  expect(followsOf({ question: 'age', atLeast: 3 })?.map(({ answers }) => answers)).toEqual([[0], [1]])
})

test('through a number without bands, which is not counted, it tells of what that hangs on', () => {
  expect(followsOf({ question: 'years', atLeast: 3 })).toEqual([{ measure: 'work', answers: [1, 2] }])
})

test('whatever is asked, results can be protected, and nothing comes out', { timeout: 120_000 }, async () => {
  let hidden = 0
  for (const { document, ...answered } of drawAnswered(40, 3)) {
    const release = await protect(answered.counted, usualThresholds)
    for (const insider of [null, answered.counted.companies[0]!]) {
      const attacked = await attackAs(insider, answered, release, 6, randomFrom(1))
      expect({ document, breaks: attacked.breaks }).toEqual({ document, breaks: [] })
      hidden += attacked.hidden
    }
  }
  expect(hidden).toBeGreaterThan(1000)
})

test('a need area that a number without bands is part of has more critical people than its questions tell', () => {
  const parts = { needAreas: ['strain'] }
  const document = ask(
    single('tired', { ...parts, critical: { anyOf: [1] } }),
    numberOf('hours', { ...parts, critical: { atLeast: 8 } }),
  )
  const [, strain] = disclosedMeasures(document)
  expect(strain).toMatchObject({
    name: 'need-area:strain',
    combines: 'any',
    combinesMore: true,
    follows: [{ measure: 'tired', answers: [0] }],
  })
  expect(strain).not.toHaveProperty('coarsens')
})

test('what a number without bands hides, questions that hang on it do not give away', async () => {
  const two = options.slice(0, 2)
  const document = ask(
    single('children', { options: two, required: true }),
    numberOf('years', { showIf: { question: 'children', anyOf: [1] } }),
    single('tired', { options: two, showIf: { question: 'years', atLeast: 1 } }),
  )
  const companies = {
    alba: [
      [52, 2],
      [28, 23],
    ],
    bra: [
      [20, 40],
      [8, 7],
    ],
    cherasco: [
      [60, 50],
      [30, 25],
    ],
    dogliani: [
      [90, 80],
      [40, 30],
    ],
  }
  const counted: CountedTables = {
    companies: Object.keys(companies),
    recodes: [],
    tables: [['company']],
    measures: disclosedMeasures(document),
    groups: [
      { key: {}, population: null, counts: [0, 1].map((measure) => [0, 1].map((answer) => sum(measure, answer))) },
      ...Object.entries(companies).map(([company, counts]) => ({ key: { company }, population: null, counts })),
    ],
  }
  function sum(measure: number, answer: number) {
    return Object.values(companies).reduce((sum, counts) => sum + counts[measure]![answer]!, 0)
  }
  const conditional = readConditions(document)
  const measures = counted.measures.map(({ follows: _, ...each }) => ({ ...each, ...conditional.get(each.name) }))
  const attackOn = async (tables: CountedTables) => {
    const release = await protect(tables, usualThresholds)
    const { breaks } = await attackAs(null, { counted, measures }, release, 20, randomFrom(1))
    return new Set(breaks.map(({ way, group }) => `${way} ${group}`))
  }
  expect(await attackOn({ ...counted, measures: counted.measures.map(({ follows: _, ...each }) => each) })).toEqual(
    new Set(['narrowed company=alba']),
  )
  expect(await attackOn(counted)).toEqual(new Set())
})

test('of options that stand alone, or of which only so many are ticked, it is told how they are ticked', () => {
  const ticksOf = (rest: object) => {
    const document = ask({ kind: 'multiple', name: 'needs', text: { it: 'needs' }, options, ...rest } as Question)
    return disclosedMeasures(document).map(({ ticks }) => ticks)
  }
  const needs = { question: 'needs', ticked: 1, isAlone: false, atLeast: 0, atMost: 3 }
  expect(ticksOf({ exclusive: [4] })).toEqual([needs, needs, needs, { ...needs, isAlone: true }])
  expect(ticksOf({ atLeast: 1, atMost: 2 })[0]).toEqual({ ...needs, atLeast: 1, atMost: 2 })
  expect(ticksOf({})).toEqual([undefined, undefined, undefined, undefined])
})

test('a score is hidden where any of its items is, and all its items where it is', async () => {
  let hidden = 0
  for (const { counted } of drawAnswered(120, 5)) {
    const scores = counted.measures.filter(
      ({ critical, coarsens, combines }) => critical !== undefined && coarsens === undefined && combines === undefined,
    )
    if (scores.length === 0) continue
    const { results } = await protect(counted, usualThresholds)
    for (const { name, follows = [] } of scores) {
      for (const { key } of counted.groups) {
        const ofGroup = results.filter(({ group }) => group.company === key.company)
        const isHidden = (of: string) => 'suppressed' in ofGroup.find(({ measure }) => measure === of)!.distribution
        const items = follows.map(({ measure }) => isHidden(measure))
        expect(items).toEqual(items.map(() => isHidden(name)))
        hidden += Number(isHidden(name))
      }
    }
  }
  expect(hidden).toBeGreaterThan(10)
})

test('nothing is shown where something that it follows is hidden', async () => {
  let hidden = 0
  for (const { counted } of drawAnswered(120, 6)) {
    const { results } = await protect(counted, usualThresholds)
    const isHidden = (of: string, company?: string) =>
      'suppressed' in results.find(({ measure, group }) => measure === of && group.company === company)!.distribution
    for (const { name, follows = [] } of counted.measures) {
      for (const { key } of counted.groups) {
        if (!follows.some(({ measure }) => isHidden(measure, key.company))) continue
        expect([name, key, isHidden(name, key.company)]).toEqual([name, key, true])
        hidden++
      }
    }
  }
  expect(hidden).toBeGreaterThan(100)
})

test('what hangs on an item of a score is hidden where the score hides the item', async () => {
  const health = true
  const items = ['item 1', 'item 2'].map((name) => ({ name, answers: ['1', '2', '3'], health }))
  const companies: Record<string, number[][]> = {
    alba: [
      [20, 20, 20],
      [58, 1, 1],
      [10, 10],
      [20, 40],
    ],
    bra: [
      [30, 10, 10],
      [30, 30, 20],
      [16, 14],
      [20, 30],
    ],
    cherasco: [
      [30, 30, 30],
      [10, 20, 45],
      [15, 15],
      [25, 65],
    ],
    dogliani: [
      [40, 30, 30],
      [15, 15, 20],
      [23, 17],
      [30, 70],
    ],
    envie: [
      [40, 30, 30],
      [20, 20, 15],
      [22, 18],
      [30, 70],
    ],
    fossano: [
      [80, 70, 60],
      [80, 60, 70],
      [40, 40],
      [80, 130],
    ],
  }
  const total = companies.alba!.map((counts, measure) =>
    counts.map((_, answer) => Object.values(companies).reduce((sum, each) => sum + each[measure]![answer]!, 0)),
  )
  const { results } = await protect(
    {
      companies: Object.keys(companies),
      recodes: [],
      tables: [['company']],
      measures: [
        ...items,
        { name: 'asked', answers: ['1', '2'], follows: [{ measure: 'item 1', answers: [0] }] },
        {
          name: 'score',
          answers: ['critical', 'not critical'],
          critical: 0,
          health,
          follows: items.map(({ name: measure }) => ({ measure, answers: [] })),
        },
      ],
      groups: [
        { key: {}, population: null, counts: total },
        ...Object.entries(companies).map(([company, counts]) => ({ key: { company }, population: null, counts })),
      ],
    },
    usualThresholds,
  )
  const hiddenOf = (of: string) =>
    results
      .filter(({ measure, distribution }) => measure === of && 'suppressed' in distribution)
      .map(({ group }) => group)
  expect(hiddenOf('item 1').length).toBeGreaterThan(1)
  expect(hiddenOf('asked')).toEqual(expect.arrayContaining(hiddenOf('item 1')))
})
