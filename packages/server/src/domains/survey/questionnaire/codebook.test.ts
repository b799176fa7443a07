import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { encodeAnswers, type Response } from './answers.ts'
import { type Codebook, codebookOf } from './codebook.ts'
import type { CodebookScore, NeedAreaRule, ValuesOf } from './codebook-measures.ts'
import { criticalOf, measuresOf } from './measures.ts'
import type { Questionnaire } from './model.ts'
import { holds } from './proposition.ts'
import { variablesOf } from './variables.ts'

const document: Questionnaire = {
  name: 'test',
  title: { it: 'Prova', en: 'Test' },
  license: 'EUPL-1.2',
  languages: ['it', 'en'],
  defaultLanguage: 'it',
  scales: { often: { min: 1, max: 3, labels: { 1: { it: 'Mai', en: 'Never' }, 3: { it: 'Sempre' } } } },
  sections: [
    {
      title: { it: 'Prova' },
      questions: [
        {
          kind: 'matrix',
          name: 'sleep',
          text: { it: 'Quanto spesso', en: 'How often' },
          health: true,
          required: true,
          needAreas: ['healthy-lifestyles'],
          critical: { atLeast: 3 },
          rows: [{ name: 'bad', text: { it: 'dorme <male>?', en: 'do you "sleep" badly?' } }],
          answers: { scale: 'often' },
          notApplicable: { it: 'Non so' },
        },
        { kind: 'number', name: 'hours', text: { it: 'Ore' }, min: 0, max: 24, unit: { it: 'ore' } },
        { kind: 'text', name: 'other', text: { it: 'Altro' }, maxLength: 10 },
      ],
    },
  ],
}

const needs: Questionnaire = {
  name: 'needs',
  title: { it: 'Bisogni' },
  languages: ['it'],
  defaultLanguage: 'it',
  scales: { often: { min: 1, max: 5, labels: { 1: { it: 'Mai' }, 5: { it: 'Sempre' } } } },
  sections: [
    {
      title: { it: 'Bisogni' },
      questions: [
        {
          kind: 'number',
          name: 'hours',
          text: { it: 'Ore' },
          ...{ min: 0, max: 99 },
          bands: [
            { text: { it: 'meno di 30' }, from: 0, to: 29 },
            { text: { it: '30 e più' }, from: 30, to: 99 },
          ],
          needAreas: ['care'],
          critical: { atLeast: 30 },
        },
        {
          kind: 'multiple',
          name: 'ticks',
          text: { it: 'Debiti' },
          options: [
            { text: { it: 'con amici' }, needAreas: ['care'] },
            { text: { it: 'con banche' } },
            { text: { it: 'nessuno' } },
          ],
          needAreas: ['debt'],
          critical: { anyOf: [1, 2] },
        },
        { kind: 'scale', name: 'calm', text: { it: 'Calma' }, scale: 'often', health: true },
        { kind: 'scale', name: 'joy', text: { it: 'Gioia' }, scale: 'often' },
        {
          kind: 'ranking',
          name: 'wishes',
          text: { it: 'Desideri' },
          options: [{ text: { it: 'tempo' } }, { text: { it: 'denaro' } }],
        },
      ],
    },
  ],
  instruments: [
    {
      name: 'strain',
      text: { it: 'Fatica' },
      needAreas: ['strain'],
      items: [
        { question: 'calm', reversed: true },
        { question: 'joy', factor: 2 },
      ],
      atLeastAnswered: 1,
      critical: { atLeast: 12 },
    },
  ],
  criticalWhen: { care: 'all' },
}

test('the codebook says of each variable what its codes mean', () => {
  expect(codebookOf(document)).toMatchObject({
    name: 'test',
    title: { it: 'Prova', en: 'Test' },
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    license: 'EUPL-1.2',
    variables: [
      {
        name: 'sleep.bad',
        position: 1,
        label: { it: 'dorme <male>?', en: 'do you "sleep" badly?' },
        question: {
          name: 'sleep',
          kind: 'matrix',
          text: { it: 'Quanto spesso', en: 'How often' },
          required: true,
          health: true,
        },
        range: { min: 1, max: 3 },
        categories: [
          { code: 1, text: { it: 'Mai', en: 'Never' }, isMissing: false },
          { code: 2, text: { en: '2' }, isMissing: false },
          { code: 3, text: { it: 'Sempre' }, isMissing: false },
          { code: -1, text: { it: 'Non so' }, isMissing: true },
        ],
        needAreas: ['healthy-lifestyles'],
      },
      {
        name: 'hours',
        position: 2,
        label: { it: 'Ore' },
        question: { name: 'hours', kind: 'number', text: { it: 'Ore' }, required: false, health: false },
        range: { min: 0, max: 24 },
        unit: { it: 'ore' },
        categories: [],
        needAreas: [],
      },
    ],
  })
})

test('every variable of any questionnaire is in it once, in order', () => {
  const property = fc.property(fc.gen(), (gen) => {
    const document = makeQuestionnaire(gen)
    const names = variablesOf(document).map(({ name }) => name)
    expect(codebookOf(document).variables.map(({ name }) => name)).toEqual(names)
  })
  fc.assert(property, { numRuns: 50 })
})

test('it says of each measure what its answers count', () => {
  const { measures } = codebookOf(needs)
  const values = (variable: string, from: number, to = from) => ({ variable, from, to })
  expect(measures.map(({ name, kind, health }) => [name, kind, health])).toEqual([
    ['hours', 'variable', false],
    ['ticks.1', 'variable', false],
    ['ticks.2', 'variable', false],
    ['ticks.3', 'variable', false],
    ['calm', 'variable', true],
    ['joy', 'variable', false],
    ['wishes', 'ranking', false],
    ['need-area:care', 'need-area', false],
    ['need-area:debt', 'need-area', false],
    ['need-area:strain', 'need-area', true],
  ])
  const categoriesOf = (name: string) => measures.find((measure) => measure.name === name)!.categories
  expect(categoriesOf('hours')).toEqual([
    { value: '0-29', text: { it: 'meno di 30' }, of: [values('hours', 0, 29)] },
    { value: '30-99', text: { it: '30 e più' }, of: [values('hours', 30, 99)] },
  ])
  expect(categoriesOf('wishes')).toEqual([
    { value: '1', text: { it: 'tempo' }, of: [values('wishes.1', 1)] },
    { value: '2', text: { it: 'denaro' }, of: [values('wishes.2', 1)] },
  ])
  expect(categoriesOf('need-area:debt').map(({ value }) => value)).toEqual(['critical', 'not-critical'])
  expect(Object.fromEntries(measures.flatMap(({ name, rule }) => (rule === undefined ? [] : [[name, rule]])))).toEqual({
    'need-area:care': {
      critical: 'all',
      questions: [
        { variables: ['hours'], critical: [values('hours', 30, 99)] },
        { variables: ['ticks.1'], critical: [values('ticks.1', 1)] },
      ],
      scores: [],
    },
    'need-area:debt': {
      critical: 'any',
      questions: [{ variables: ['ticks.1', 'ticks.2'], critical: [values('ticks.1', 1), values('ticks.2', 1)] }],
      scores: [],
    },
    'need-area:strain': {
      critical: 'any',
      questions: [],
      scores: [
        {
          name: 'strain',
          label: { it: 'Fatica' },
          items: [
            { variable: 'calm', min: 1, max: 5, factor: 1, reversed: true },
            { variable: 'joy', min: 1, max: 5, factor: 2, reversed: false },
          ],
          atLeastAnswered: 1,
          critical: { atLeast: 12 },
        },
      ],
    },
  })
})

test('every measure of any questionnaire is in it, and means what is counted', () => {
  const property = fc.property(fc.gen(), (gen) => {
    const document = makeQuestionnaire(gen)
    const measures = measuresOf(document)
    const codebook = codebookOf(document)
    const named = measures.map(({ name, answers }) => [name, answers.map(({ name }) => name)])
    expect(codebook.measures.map(({ name, categories }) => [name, categories.map(({ value }) => value)])).toEqual(named)

    for (let person = 0; person < 5; person += 1) {
      const { values } = encodeAnswers(document, makeAnswers(gen, document)) as Response
      const read = readerOf(codebook, values)
      for (const [index, { answers, needArea }] of measures.entries()) {
        const { categories, rule } = codebook.measures[index]!
        if (needArea === undefined) {
          const counted = answers.map(({ when }) => holds(when, values))
          expect(categories.map(({ of }) => of.some(isOne(read)))).toEqual(counted)
        } else {
          expect(judge(rule!, read)).toBe(criticalOf(document, needArea, values))
        }
      }
    }
  })
  fc.assert(property, { numRuns: 100 })
})

/** The value of a variable; none where it isn't an answer. */
type Read = (variable: string) => number | undefined

const readerOf =
  ({ variables }: Codebook, values: Response['values']): Read =>
  (name) => {
    const { position, range } = variables.find((variable) => variable.name === name)!
    const value = values[position - 1] ?? null
    return value === null || value < range.min || value > range.max ? undefined : value
  }

const isOne =
  (read: Read) =>
  ({ variable, from, to }: ValuesOf) => {
    const value = read(variable)
    return value !== undefined && from <= value && value <= to
  }

/** Whether a need area is critical, by nothing but what the codebook says of it; null where nothing of it was answered. */
function judge({ critical, questions, scores }: NeedAreaRule, read: Read): boolean | null {
  const judged = [
    ...questions
      .filter(({ variables }) => variables.some((variable) => read(variable) !== undefined))
      .map(({ critical }) => critical.some(isOne(read))),
    ...scores.flatMap((score) => judgeScore(score, read) ?? []),
  ]
  if (judged.length === 0) return null
  return critical === 'any' ? judged.includes(true) : !judged.includes(false)
}

function judgeScore({ items, atLeastAnswered, critical }: CodebookScore, read: Read): boolean | undefined {
  const answered = items.filter(({ variable }) => read(variable) !== undefined)
  if (answered.length < atLeastAnswered) return undefined
  const factors = (some: CodebookScore['items']) => some.reduce((sum, { factor }) => sum + factor, 0)
  const sum = answered.reduce((sum, { variable, min, max, factor, reversed }) => {
    const value = read(variable)!
    return sum + factor * (reversed ? min + max - value : value)
  }, 0)
  const [score, cutOff] = [sum * factors(items), factors(answered)]
  return 'atLeast' in critical ? score >= critical.atLeast * cutOff : score <= critical.atMost * cutOff
}
