import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { describeFlaw } from './flaw.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { questionnaireModel, textIn } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'
import { textKeys } from './rules/texts.ts'

const schema = jsonSchemaOf(questionnaireModel, 'questionnaire')
const isValid = new Ajv2020({ strict: false }).compile(schema)

/** A right document, as JSON, to be put wrong. */
const right = () => {
  const text = () => ({ it: 'testo' }) as Record<string, string>
  return {
    name: 'test',
    title: text(),
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    scales: { often: { min: 1, max: 5, labels: { 1: text(), 5: text() } } },
    sections: [
      {
        title: text(),
        questions: [
          { kind: 'single', name: 'choice', text: text(), options: [{ text: text() }, { text: text() }] },
          {
            kind: 'multiple',
            name: 'ticks',
            text: text(),
            options: [{ text: text(), needAreas: ['debt'] }, { text: text() }],
            critical: { anyOf: [1] },
          },
          {
            kind: 'scale',
            name: 'stress',
            text: text(),
            scale: 'often',
            needAreas: ['work-stress'],
            critical: { atLeast: 4 },
          },
        ],
      },
      {
        title: text(),
        questions: [
          {
            kind: 'number',
            name: 'age',
            text: text(),
            min: 16,
            max: 99,
            bands: [
              { text: text(), from: 16, to: 40 },
              { text: text(), from: 41, to: 99 },
            ],
          },
          {
            kind: 'matrix',
            name: 'grid',
            text: text(),
            rows: [
              { name: 'one', text: text() },
              { name: 'two', text: text() },
            ],
            answers: { scale: 'often' },
          },
          { kind: 'ranking', name: 'order', text: text(), options: [{ text: text() }, { text: text() }] },
          {
            kind: 'text',
            name: 'words',
            text: text(),
            maxLength: 100,
            showIf: {
              all: [{ question: 'choice', anyOf: [1] }, { not: { question: 'grid', row: 'one', atLeast: 3 } }],
            },
          },
        ],
      },
    ],
    instruments: [
      {
        name: 'sum',
        text: text(),
        needAreas: ['work-stress'],
        items: [{ question: 'stress' }, { question: 'grid', row: 'two' }],
        critical: { atLeast: 8 },
      },
    ],
    criticalWhen: { 'work-stress': 'all' },
  }
}

const areas = new Set(['debt', 'work-stress'])
// A flaw is made at a place, in JSON: any value may stand anywhere.
type Json = ReturnType<typeof JSON.parse>

function flawsAfter(change: (document: Json) => void): string[] {
  const document = right()
  change(document)
  const read = readQuestionnaire(document, areas)
  return 'flaws' in read ? read.flaws.map(describeFlaw) : []
}

test('a right document is given back as it is', () => {
  const document = right()
  expect(readQuestionnaire(document, areas)).toEqual({ questionnaire: right() })
})

const question = (document: Json, index: number): Json =>
  document.sections.flatMap((section: Json) => section.questions)[index]
const [choice, ticks, stress, age, grid, order, words] = [0, 1, 2, 3, 4, 5, 6]

const shapes: [string, (document: Json) => void, string][] = [
  ['an unknown key', (d) => (d.sction = []), '/sction: is not known here (remove it, or correct its name)'],
  ['a missing key', (d) => delete d.title, '/title: is missing (add it)'],
  [
    'an unknown kind',
    (d) => (question(d, choice).kind = 'choice'),
    '/sections/0/questions/0/kind: is no question: its kind is single, multiple, scale, number, matrix, ranking or text (correct it as the JSON Schema says)',
  ],
  [
    'a name that is none',
    (d) => (question(d, choice).name = 'Età'),
    '/sections/0/questions/0/name: is not a name: small letters, digits and underscores, a letter first (correct it as the JSON Schema says)',
  ],
  ['a text of blanks', (d) => (d.title.it = ' '), '/title/it: is empty (correct it as the JSON Schema says)'],
  [
    'a language that is none',
    (d) => (d.title.italiano = 'a'),
    '/title/italiano: is not a language: write it, en or de-CH (correct it as the JSON Schema says)',
  ],
  [
    'a misspelt condition',
    (d) => (question(d, words).showIf.all[0] = { qestion: 'choice', anyOf: [1] }),
    '/sections/1/questions/3/showIf/all/0/question: is missing (add it)',
  ],
  [
    'half a code',
    (d) => (question(d, stress).critical = { atLeast: 1.5 }),
    '/sections/0/questions/2/critical/atLeast: is not a whole number (correct it as the JSON Schema says)',
  ],
  [
    'a number for a text',
    (d) => (question(d, choice).text.it = 1),
    '/sections/0/questions/0/text/it: is not a text (correct it as the JSON Schema says)',
  ],
  ['a text for a list', (d) => (d.sections = 'none'), '/sections: is not a list (correct it as the JSON Schema says)'],
  [
    'a word for yes or no',
    (d) => (question(d, choice).required = 'yes'),
    '/sections/0/questions/0/required: is not true or false (correct it as the JSON Schema says)',
  ],
  ['no language at all', (d) => (d.languages = []), '/languages: is empty (correct it as the JSON Schema says)'],
  [
    'a length of nothing',
    (d) => (question(d, words).maxLength = 0),
    '/sections/1/questions/3/maxLength: is below 1 (correct it as the JSON Schema says)',
  ],
  [
    'a rule that is neither any nor all',
    (d) => (d.criticalWhen['work-stress'] = 'most'),
    '/criticalWhen/work-stress: is not "any" or "all" (correct it as the JSON Schema says)',
  ],
  [
    'need areas of a ranking',
    (d) => (question(d, order).needAreas = ['debt']),
    '/sections/1/questions/2/needAreas: is not known here (remove it, or correct its name)',
  ],
  [
    'need areas of a free text',
    (d) => (question(d, words).needAreas = ['debt']),
    '/sections/1/questions/3/needAreas: is not known here (remove it, or correct its name)',
  ],
]

const idle = 'are named, but nothing is critical for them'
const nameSome = 'say in critical which answers are, or remove them: an instrument names its own'

/** One is declared without the other, which the JSON Schema tells as well. */
const halves: [string, (document: Json) => void, string][] = [
  [
    'critical answers for no need area',
    (d) => (question(d, age).critical = { atLeast: 41 }),
    '/sections/1/questions/0/critical: says what is critical, but for no need area (name the need areas)',
  ],
  [
    'need areas without critical answers',
    (d) => delete question(d, stress).critical,
    `/sections/0/questions/2/needAreas: ${idle} (${nameSome})`,
  ],
  [
    'need areas of a number without critical answers',
    (d) => (question(d, age).needAreas = ['debt']),
    `/sections/1/questions/0/needAreas: ${idle} (${nameSome})`,
  ],
  [
    'need areas of a matrix without critical answers',
    (d) => (question(d, grid).needAreas = ['debt']),
    `/sections/1/questions/1/needAreas: ${idle} (${nameSome})`,
  ],
  [
    'need areas of a multiple choice without critical answers',
    (d) => {
      question(d, ticks).needAreas = ['debt']
      delete question(d, ticks).critical
    },
    `/sections/0/questions/1/needAreas: ${idle} (${nameSome})`,
  ],
]

const rules: [string, (document: Json) => void, string][] = [
  [
    'a text without the default language',
    (d) => (question(d, choice).options[1].text = { en: 'a' }),
    '/sections/0/questions/0/options/1/text: has no text in it, the default language (write it)',
  ],
  [
    'a text in a language that is not named',
    (d) => (d.scales.often.labels[1].fr = 'a'),
    '/scales/often/labels/1/fr: is in a language that the document does not name (add it to languages, or remove the text)',
  ],
  [
    'a default language that is not named',
    (d) => (d.languages = ['en', 'en']),
    '/defaultLanguage: is not one of the languages (add it to languages)',
  ],
  ['a language twice', (d) => d.languages.push('it'), '/languages/2: "it" is there twice (name each language once)'],
  [
    'a name of a question twice',
    (d) => (question(d, words).name = 'choice'),
    '/sections/1/questions/3/name: "choice" is used twice (give each question a name of its own)',
  ],
  [
    'a name of a row twice',
    (d) => (question(d, grid).rows[1].name = 'one'),
    '/sections/1/questions/1/rows/1/name: "one" is there twice (give each row a name of its own)',
  ],
  [
    'a name of an instrument twice',
    (d) => d.instruments.push(d.instruments[0]),
    '/instruments/1/name: "sum" is there twice (give each instrument a name of its own)',
  ],
  [
    'a scale upside down',
    (d) => (d.scales.often.min = 6),
    '/scales/often/max: is not above min (write the first point as min)',
  ],
  [
    'a scale without end',
    (d) => (d.scales.often.max = 50),
    '/scales/often: has more than 11 points (make it shorter, or ask for a number)',
  ],
  [
    'a scale whose end has no label',
    (d) => delete d.scales.often.labels[5],
    '/scales/often/labels/5: is missing (say what this end of the scale means)',
  ],
  [
    'a label of no point',
    (d) => (d.scales.often.labels[6] = { it: 'a' }),
    '/scales/often/labels/6: labels a point that the scale does not have (label points from 1 to 5)',
  ],
  [
    'a scale that is not declared',
    (d) => (question(d, stress).scale = 'constructor'),
    '/sections/0/questions/2/scale: there is no scale "constructor" (declare it under scales, or correct the name)',
  ],
  [
    'a matrix of a scale that is not declared',
    (d) => (question(d, grid).answers.scale = 'never'),
    '/sections/1/questions/1/answers/scale: there is no scale "never" (declare it under scales, or correct the name)',
  ],
  [
    'more ticks than options',
    (d) => (question(d, ticks).atMost = 3),
    '/sections/0/questions/1/atMost: is more than there are options (lower it)',
  ],
  [
    'more ticks at least than at most',
    (d) => Object.assign(question(d, ticks), { atLeast: 2, atMost: 1 }),
    '/sections/0/questions/1/atLeast: is more than may be ticked (lower it)',
  ],
  [
    'an option alone that is none',
    (d) => (question(d, ticks).exclusive = [3]),
    '/sections/0/questions/1/exclusive/0: 3 is no answer of the question (use codes from 1 to 2)',
  ],
  [
    'an option alone twice',
    (d) => (question(d, ticks).exclusive = [2, 2]),
    '/sections/0/questions/1/exclusive/1: "2" is there twice (name each option once)',
  ],
  [
    'an option alone among two at least',
    (d) => Object.assign(question(d, ticks), { atLeast: 2, exclusive: [2] }),
    '/sections/0/questions/1/exclusive: stand alone, where at least two options must be ticked (lower atLeast to 1, or drop exclusive)',
  ],
  [
    'more ranks than options',
    (d) => (question(d, order).ranks = 3),
    '/sections/1/questions/2/ranks: is more than there are options (lower it)',
  ],
  [
    'bounds upside down',
    (d) => (question(d, age).max = 16),
    '/sections/1/questions/0/max: is not above min (write the smaller number as min)',
  ],
  [
    'bands with a gap',
    (d) => (question(d, age).bands[1].from = 42),
    '/sections/1/questions/0/bands/1/from: leaves a gap or overlaps (begin it at 41)',
  ],
  [
    'bands that end early',
    (d) => (question(d, age).bands[1].to = 80),
    '/sections/1/questions/0/bands/1/to: is not where numbers end (end it at 99)',
  ],
  [
    'a band upside down',
    (d) => (question(d, age).bands[1].to = 40),
    '/sections/1/questions/0/bands/1/to: is below from (write the larger number as to)',
  ],
  [
    'a band that is critical in part',
    (d) => Object.assign(question(d, age), { critical: { atLeast: 60, atMost: 99 }, needAreas: ['work-stress'] }),
    '/sections/1/questions/0/critical: means only some of the band from 41 to 99 (let bands begin and end where critical answers do)',
  ],
  [
    'a condition on a later question',
    (d) => (question(d, choice).showIf = { question: 'age', atLeast: 18 }),
    '/sections/0/questions/0/showIf/question: "age" does not stand before this question (name a question that is asked earlier)',
  ],
  [
    'a condition of a question on itself',
    (d) => (question(d, choice).showIf = { question: 'choice', anyOf: [1] }),
    '/sections/0/questions/0/showIf/question: "choice" does not stand before this question (name a question that is asked earlier)',
  ],
  [
    'a condition on no question',
    (d) => (question(d, words).showIf = { any: [{ question: 'nothing', anyOf: [1] }] }),
    '/sections/1/questions/3/showIf/any/0/question: there is no question "nothing" (name a question that is asked earlier)',
  ],
  [
    'a condition on a code that is none',
    (d) => (question(d, words).showIf = { question: 'choice', anyOf: [3] }),
    '/sections/1/questions/3/showIf/anyOf/0: 3 is no answer of the question (use codes from 1 to 2)',
  ],
  [
    'a condition on the value of an untick',
    (d) => (question(d, words).showIf = { question: 'ticks', anyOf: [0] }),
    '/sections/1/questions/3/showIf/anyOf/0: 0 is no answer of the question (use codes from 1 to 2)',
  ],
  [
    'a condition that compares ticks',
    (d) => (question(d, words).showIf = { question: 'ticks', atLeast: 1 }),
    '/sections/1/questions/3/showIf: compares the ticks of "ticks" with a number (write anyOf, with the codes of options)',
  ],
  [
    'a condition between bounds that are crossed',
    (d) => (question(d, words).showIf = { question: 'age', atLeast: 60, atMost: 50 }),
    '/sections/1/questions/3/showIf/atMost: is below atLeast (write the smaller number as atLeast)',
  ],
  [
    'a condition beyond the bounds',
    (d) => (question(d, words).showIf = { question: 'age', atMost: 15 }),
    '/sections/1/questions/3/showIf/atMost: 15 is no answer of the question (use codes from 16 to 99)',
  ],
  [
    'a condition on a ranking',
    (d) => (question(d, words).showIf = { question: 'order', anyOf: [1] }),
    '/sections/1/questions/3/showIf/question: "order" is a ranking: its answers have no codes (name a question with choices, a scale or a number)',
  ],
  [
    'a condition on a matrix without a row',
    (d) => (question(d, words).showIf = { question: 'grid', anyOf: [1] }),
    '/sections/1/questions/3/showIf/row: is missing (name a row of the matrix: one, two)',
  ],
  [
    'a condition on a row that is none',
    (d) => (question(d, words).showIf = { question: 'grid', row: 'three', anyOf: [1] }),
    '/sections/1/questions/3/showIf/row: "grid" has no row "three" (name one of its rows: one, two)',
  ],
  [
    'a condition on a row of no matrix',
    (d) => (question(d, words).showIf = { question: 'choice', row: 'one', anyOf: [1] }),
    '/sections/1/questions/3/showIf/row: "choice" is no matrix and has no rows (leave the row out)',
  ],
  [
    'a condition that is nested too deep',
    (d) => {
      let condition: Json = { question: 'choice', anyOf: [1] }
      for (let depth = 0; depth < 6; depth += 1) condition = { not: condition }
      question(d, words).showIf = condition
    },
    '/sections/1/questions/3/showIf/not/not/not/not/not: is nested more than 5 deep (make it flatter)',
  ],
  [
    'a critical code that is none',
    (d) => (question(d, stress).critical = { atLeast: 6 }),
    '/sections/0/questions/2/critical/atLeast: 6 is no answer of the question (use codes from 1 to 5)',
  ],
  [
    'need areas of a row without critical answers',
    (d) => (question(d, grid).rows[1].needAreas = ['debt']),
    `/sections/1/questions/1/rows/1/needAreas: ${idle} (${nameSome})`,
  ],
  [
    'need areas of an option without critical answers',
    (d) => delete question(d, ticks).critical,
    `/sections/0/questions/1/options/0/needAreas: ${idle} (${nameSome})`,
  ],
  [
    'critical answers of a matrix for no need area',
    (d) => (question(d, grid).critical = { atLeast: 4 }),
    '/sections/1/questions/1/critical: says what is critical, but for no need area (name the need areas)',
  ],
  [
    'a critical option for no need area',
    (d) => (question(d, ticks).critical = { anyOf: [1, 2] }),
    '/sections/0/questions/1/critical/anyOf/1: 2 is critical, but for no need area (name the need areas of the option, or remove its code)',
  ],
  [
    'need areas of an option that is not critical',
    (d) => (question(d, ticks).options[1].needAreas = ['debt']),
    '/sections/0/questions/1/options/1/needAreas: are of an option that is not critical (add 2 to critical, or remove them)',
  ],
  [
    'only critical answers',
    (d) => (question(d, stress).critical = { anyOf: [1, 2, 3, 4, 5] }),
    '/sections/0/questions/2/critical: makes every answer critical (leave at least one answer that is not)',
  ],
  [
    'a need area that the network does not have',
    (d) => (question(d, ticks).options[0].needAreas = ['dept']),
    '/sections/0/questions/1/options/0/needAreas/0: the network has no need area "dept" (correct the code, or import the need area first)',
  ],
  [
    'a need area twice',
    (d) => question(d, stress).needAreas.push('work-stress'),
    '/sections/0/questions/2/needAreas/1: "work-stress" is there twice (name each need area once)',
  ],
  [
    'a rule for a need area that nothing measures',
    (d) => (d.criticalWhen.housing = 'all'),
    '/criticalWhen/housing: is a need area that nothing measures (remove it)',
  ],
  [
    'an item that is no question',
    (d) => (d.instruments[0].items[0].question = 'calm'),
    '/instruments/0/items/0/question: there is no question "calm" (correct the name)',
  ],
  [
    'an item that is no scale',
    (d) => (d.instruments[0].items[0].question = 'age'),
    '/instruments/0/items/0/question: "age" is no scale (add up points of scales only)',
  ],
  [
    'an item that is no row',
    (d) => (d.instruments[0].items[1].row = 'three'),
    '/instruments/0/items/1/row: "grid" has no row "three" (name one of its rows: one, two)',
  ],
  [
    'an item twice',
    (d) => d.instruments[0].items.push({ question: 'stress' }),
    '/instruments/0/items/2: "stress" is there twice (count each item once)',
  ],
  [
    'more items to answer than there are',
    (d) => (d.instruments[0].atLeastAnswered = 3),
    '/instruments/0/atLeastAnswered: is more than there are items (lower it)',
  ],
  [
    'a cut-off that nobody reaches',
    (d) => (d.instruments[0].critical.atLeast = 11),
    '/instruments/0/critical: does not split the scores, which go from 2 to 10 (choose a cut-off that some scores reach and some do not)',
  ],
  [
    'a cut-off that everyone reaches',
    (d) => (d.instruments[0].critical = { atMost: 10 }),
    '/instruments/0/critical: does not split the scores, which go from 2 to 10 (choose a cut-off that some scores reach and some do not)',
  ],
]

describe('a document is refused, with the place and what to do, for', () => {
  test.for([...shapes, ...halves, ...rules])('%s', ([, change, told]) => {
    expect(flawsAfter(change)).toContain(told)
  })

  test.each(['a\ud83d', '\udc00', 'a\0b'])('text that the database can not hold (%j), wherever it stands', (text) => {
    const told = flawsAfter((document) => {
      document.$schema = text
      document.license = text
      document.sections[0].questions[0].options[1].text.en = text
      document.scales.often.labels[5].it = text
    })
    const flaw = 'holds a character that is none (write Unicode text, without NUL)'
    expect(told).toEqual([
      `/scales/often/labels/5/it: ${flaw}`,
      `/sections/0/questions/0/options/1/text/en: ${flaw}`,
      `/$schema: ${flaw}`,
      `/license: ${flaw}`,
    ])
  })

  test('keys that would be dropped without a word', () => {
    const drop = (record: Json) => Object.defineProperty(record, '__proto__', { value: { it: 'x' }, enumerable: true })
    const told = flawsAfter((document) => {
      drop(document.title)
      drop(document.scales)
      drop(document.scales.often.labels)
      drop(document.criticalWhen)
    })
    const flaw = 'is no name that can be used (choose another)'
    expect(told).toEqual(
      ['/title', '/scales/often/labels', '/scales', '/criticalWhen'].map((place) => `${place}/__proto__: ${flaw}`),
    )
  })

  test('more scales than anyone needs', () => {
    const told = flawsAfter((document) => {
      for (let count = 0; count < 100; count += 1) document.scales[`scale_${count}`] = document.scales.often
    })
    expect(told).toEqual(['/scales: holds 101 scales; at most 100 are taken (let questions share scales)'])
  })

  test('everything at once', () => {
    const flaws = flawsAfter((document) => {
      document.defaultLanguage = 'en'
      question(document, ticks).atMost = 3
      document.instruments[0].critical.atLeast = 11
    })
    expect(flaws.length).toBeGreaterThan(15)
  })
})

describe('a document is taken', () => {
  test.for<[string, (document: Json) => void]>([
    [
      'where a row of a matrix has no need area, and so is never critical',
      (d) => (Object.assign(question(d, grid), { critical: { atLeast: 4 } }).rows[0].needAreas = ['debt']),
    ],
    [
      'where all options are critical, because none may be ticked',
      (d) => Object.assign(question(d, ticks), { needAreas: ['debt'], critical: { anyOf: [1, 2] } }),
    ],
    ['with a rule for a need area that one question alone measures', (d) => (d.criticalWhen = { debt: 'all' })],
    [
      'where an instrument alone measures a need area',
      (d) => {
        delete question(d, stress).needAreas
        delete question(d, stress).critical
      },
    ],
  ])('%s', ([, change]) => {
    expect(flawsAfter(change)).toEqual([])
  })
})

describe('the enormous is refused:', () => {
  test.for<[string, (document: Json) => void, RegExp]>([
    ['a text', (d) => (d.title.it = 'a'.repeat(4_001)), /^\/title\/it: is longer than 4000 characters/],
    [
      'options',
      (d) => (question(d, choice).options = new Array(61).fill({ text: { it: 'a' } })),
      /options: holds more than 60 \(/,
    ],
    [
      'questions',
      (d) => {
        const one = question(d, choice)
        const questions = (part: number) =>
          Array.from({ length: 100 }, (_, index) => ({ ...one, name: `q${part}_${index}` }))
        d.sections.push(...[0, 1, 2].map((part) => ({ title: { it: 'a' }, questions: questions(part) })))
      },
      /^\/sections: hold 307 questions; at most 300 are taken/,
    ],
    [
      'variables',
      (d) => {
        const rows = Array.from({ length: 40 }, (_, index) => ({ name: `r${index}`, text: { it: 'a' } }))
        const questions = Array.from({ length: 26 }, (_, index) => ({ ...question(d, grid), name: `g${index}`, rows }))
        d.sections.push({ title: { it: 'a' }, questions })
      },
      /^\/sections: come to 1050 variables/,
    ],
    ['a number', (d) => (question(d, age).max = 2 ** 31), /max: is above 1000000000 \(/],
    [
      'a list',
      (d) => (d.languages = new Array(200_000).fill('it')),
      /^holds more than 100000 values \(make it smaller\)$/,
    ],
    [
      'a depth that would exhaust the stack',
      (d) => {
        let deep: Json = []
        for (let depth = 0; depth < 50_000; depth += 1) deep = { not: deep }
        question(d, words).showIf = deep
      },
      /^is nested more than 24 deep/,
    ],
  ])('%s', ([, change, told]) => {
    expect(flawsAfter(change)).toContainEqual(expect.stringMatching(told))
  })
})

test.for([[null], ['text'], [[]], [7]])('%j is no questionnaire, which is told without a place', ([input]) => {
  const read = readQuestionnaire(input)
  const told = 'is not an object (correct it as the JSON Schema says)'
  expect('flaws' in read && read.flaws.map(describeFlaw)).toEqual([told])
})

test('nothing is no questionnaire', () => {
  expect(readQuestionnaire(undefined)).toHaveProperty('flaws')
})

test('a key of any length is told in few words', () => {
  const [told] = flawsAfter((document) => (document['\ud83d\ude00'.repeat(5_000)] = 1))
  expect(told).toBe(`/${'\ud83d\ude00'.repeat(30)}…: is not known here (remove it, or correct its name)`)
})

test.each([
  ['en-US', { it: 'a', en: 'b', 'en-US': 'c' }, 'c'],
  ['en-US', { it: 'a', en: 'b' }, 'b'],
  ['en-US', { it: 'a' }, 'a'],
  ['en', { it: 'a', 'en-US': 'c' }, 'a'],
  ['constructor', { it: 'a' }, 'a'],
])('in %s the text of %j is %s', (language, text, said) => {
  expect(textIn(text, language, { defaultLanguage: 'it' })).toBe(said)
})

describe('the JSON Schema', () => {
  test('is the one that is published', async () => {
    const published = '../../../../schemas/questionnaire.schema.json'
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(published)
  })

  test('takes a right document', () => {
    expect(isValid(right())).toBe(true)
  })

  test.for([...shapes, ...halves])('refuses %s', ([, change]) => {
    const document = right()
    change(document)
    expect(isValid(document)).toBe(false)
  })

  test('takes every questionnaire that is read', () => {
    const property = fc.property(fc.gen(), (gen) => {
      const document: Json = JSON.parse(JSON.stringify(makeQuestionnaire(gen)))
      expect(readQuestionnaire(document)).toEqual({ questionnaire: document })
      expect(isValid(document)).toBe(true)
    })
    fc.assert(property, { numRuns: 100 })
  })

  test('names every key that holds a text', () => {
    const keys = new Set<string>()
    const walk = (value: unknown) => {
      if (typeof value !== 'object' || value === null) return
      for (const [key, part] of Object.entries(value)) {
        if ((part as { $ref?: string })?.$ref === '#/$defs/Text' && key !== 'additionalProperties') keys.add(key)
        walk(part)
      }
    }
    walk(schema)
    expect(keys).toEqual(textKeys)
  })
})
