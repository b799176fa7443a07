import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { describeProblem, SourceRefused } from '../../../sources/problem.ts'
import { csvText } from '../../../testing/csv-text.ts'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { writeFolder } from '../../../testing/write-files.ts'
import { encodeAnswers, type Response } from './answers.ts'
import { describeFlaw } from './flaw.ts'
import { jsonSchemaOf } from './json-schema.ts'
import { type Mapping, mappingModel, readMapping } from './mapping.ts'
import type { Questionnaire } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'
import { type ReadRow, readResponses } from './read-responses.ts'
import { variablesOf } from './variables.ts'

const text = { it: 'testo' }
const options = [{ text }, { text }, { text }]

const read = readQuestionnaire({
  name: 'test',
  title: text,
  languages: ['it'],
  defaultLanguage: 'it',
  sections: [
    {
      title: text,
      questions: [
        { kind: 'single', name: 'age', text, options, required: true },
        { kind: 'number', name: 'hours', text, min: 0, max: 60, notApplicable: text },
        { kind: 'multiple', name: 'ticks', text, options, atMost: 2 },
        { kind: 'ranking', name: 'order', text, options },
        { kind: 'text', name: 'words', text, maxLength: 10, showIf: { question: 'age', anyOf: [2] } },
      ],
    },
  ],
})
if ('flaws' in read) throw new Error(read.flaws.map(describeFlaw).join('\n'))
const document = read.questionnaire

const mapping: Mapping = {
  questionnaire: 'test',
  missing: ['NA', '999'],
  company: { column: 'firm', names: { s: 'Sebaste' } },
  refuse: [
    { reason: 'works longer than there are hours', where: [{ column: 'h', above: 168 }] },
    {
      reason: 'is a child that works',
      where: [
        { column: 'years', below: 15 },
        { column: 'h', above: 0 },
      ],
    },
  ],
  variables: {
    age: {
      column: 'years',
      bands: [
        { from: 0, to: 29, code: 1 },
        { from: 30, to: 99, code: 2 },
      ],
    },
    hours: { column: 'h', codes: { None: 0, 'does not work': 'not-applicable', '?': null }, ignoreCase: true },
    'ticks.1': { column: 't1', codes: { x: 1 }, otherwise: 0 },
    'ticks.2': { column: 't2' },
    'ticks.3': { column: 't3' },
    'order.1': { column: 'r1' },
    'order.2': { column: 'r2' },
    'order.3': { column: 'r3' },
    words: { column: 'says' },
  },
}

const columns = 'firm,years,h,t1,t2,t3,r1,r2,r3,says'

async function readText(text: string, by: Mapping = mapping, of: Questionnaire = document): Promise<ReadRow[]> {
  const { folder, remove } = writeFolder({ 'answers.csv': text })
  const rows: ReadRow[] = []
  try {
    for await (const row of readResponses(join(folder, 'answers.csv'), by, of)) rows.push(row)
  } finally {
    remove()
  }
  return rows
}

async function readLine(line: string): Promise<ReadRow> {
  const [row] = await readText(`${columns}\n${line}\n`)
  return row!
}

async function told(line: string): Promise<string[]> {
  const row = await readLine(line)
  return 'problems' in row ? row.problems.map(describeProblem) : []
}

test('the mapping is right', () => {
  expect(readMapping(mapping, document)).toEqual({ mapping })
})

describe('a row becomes a response', () => {
  const nothing = new Array<null>(7).fill(null)
  const rows: [string, string, (number | null)[]][] = [
    ['by bands', 's,29,,,,,,,,', [1, null, null, null, null, null, null, null]],
    ['by texts, whatever their case', 's,30,NONE,,,,,,,', [2, 0, null, null, null, null, null, null]],
    ['with codes as they stand', 's,30,38,,0,1,2,3,1,', [2, 38, 0, 0, 1, 2, 3, 1]],
    ['with what is not applicable', 's,30,does not work,,,,,,,', [2, -1, null, null, null, null, null, null]],
    ['with the code of what is not applicable', 's,30,-1,,,,,,,', [2, -1, null, null, null, null, null, null]],
    ['without what is missing', 's,30,NA,NA,NA,,,,,', [2, null, null, null, null, null, null, null]],
    ['without what is missing, though such a number could not be true', 's,30,999,,,,,,,', [2, ...nothing]],
    ['without what means nothing', 's,30, ? ,,,,,,,', [2, null, null, null, null, null, null, null]],
    ['with what any other text means', 's,30,,y,,,,,,', [2, null, 0, 0, 0, null, null, null]],
  ]
  test.for(rows)('%s', async ([, line, values]) => {
    expect(await readLine(line)).toEqual({ line: 2, company: 'Sebaste', response: { values, texts: [] } })
  })

  test('with its texts apart, and the company as the column has it', async () => {
    expect(await readLine('Dimar,40,,,,,,,," Va, bene"')).toMatchObject({
      company: 'Dimar',
      response: { texts: [{ question: 'words', text: ' Va, bene' }] },
    })
  })
})

describe('a row is refused', () => {
  const refusals: [string, string, string[]][] = [
    [
      'that can not be true',
      's,30,200,,,,,,,',
      ['answers.csv:2 h "200": works longer than there are hours (correct the source, or leave the row out)'],
    ],
    [
      'whose cells together can not be true',
      's,14,10,,,,,,,',
      ['answers.csv:2 years "14": is a child that works (correct the source, or leave the row out)'],
    ],
    [
      'with a number in no band',
      's,-1,,,,,,,,',
      ['answers.csv:2 years "-1": is in no band of the mapping (correct the source, or add a band)'],
    ],
    [
      'with a text in place of a number',
      's,old,,,,,,,,',
      ['answers.csv:2 years "old": is not a whole number (correct the source, or give the text a code in the mapping)'],
    ],
    [
      'with a text that has no code',
      's,30,plenty,,,,,,,',
      [
        'answers.csv:2 h "plenty": has no code in the mapping (correct the source, or give the text a code in the mapping)',
      ],
    ],
    [
      'with a number out of bounds',
      's,30,61,,,,,,,',
      ['answers.csv:2 h "61": 61 is out of bounds (send a number from 0 to 60)'],
    ],
    [
      'with half a number',
      's,30,,,0.5,,,,,',
      ['answers.csv:2 t2 "0.5": is not a whole number (correct the source, or give the text a code in the mapping)'],
    ],
    [
      'with a tick that is none',
      's,30,,,2,,,,,',
      ['answers.csv:2 t1 "": has ticks that are neither 0 nor 1 (write 1 for chosen, 0 for not)'],
    ],
    ['with too many ticks', 's,30,,x,1,1,,,,', ['answers.csv:2 t1 "x": has 3 ticks (tick at most 2)']],
    [
      'with ranks with a gap',
      's,30,,,,,1,3,4,',
      ['answers.csv:2 r1 "1": has ranks with a gap, or twice the same (rank 1, 2, 3 and so on, each once)'],
    ],
    [
      'with a rank twice',
      's,30,,,,,1,1,2,',
      ['answers.csv:2 r1 "1": has ranks with a gap, or twice the same (rank 1, 2, 3 and so on, each once)'],
    ],
    [
      'that ranks too few',
      's,30,,,,,2,1,,',
      ['answers.csv:2 r1 "2": ranks 2 options (rank 3, each once, or leave the question out)'],
    ],
    [
      'that lacks what is required',
      's,NA,,,,,,,,',
      ['answers.csv:2 years "NA": is not answered (answer it: it is required)'],
    ],
    [
      'that answers what it was not asked',
      's,20,,,,,,,,si',
      [
        'answers.csv:2 says "si": is answered, and the other answers do not lead to it (remove the answer, or correct those before it)',
      ],
    ],
    [
      'with a text that is too long',
      's,40,,,,,,,,12345678901',
      ['answers.csv:2 says "12345678901": is 11 characters long (write at most 10)'],
    ],
    [
      'that is cut after its first cell',
      's',
      ['answers.csv:2: has 1 cell, the header has 10 (write every cell, the empty ones too)'],
    ],
    ['of no company', ',40,,,,,,,,', ['answers.csv:2 firm "": names no company (say whose answers these are)']],
    [
      'with a cell too many, whatever stands in it',
      's,30,1,5,,,,,,,',
      ['answers.csv:2: has 11 cells, the header has 10 (quote cells that hold commas)'],
    ],
    [
      'with cells too few',
      's,30',
      ['answers.csv:2: has 2 cells, the header has 10 (write every cell, the empty ones too)'],
    ],
    [
      'with every reason',
      ',-1,200,,a,,,,,',
      [
        'answers.csv:2 h "200": works longer than there are hours (correct the source, or leave the row out)',
        'answers.csv:2 years "-1": is a child that works (correct the source, or leave the row out)',
        'answers.csv:2 t2 "a": is not a whole number (correct the source, or give the text a code in the mapping)',
        'answers.csv:2 firm "": names no company (say whose answers these are)',
      ],
    ],
  ]
  test.for(refusals)('%s', async ([, line, expected]) => {
    expect(await told(line)).toEqual(expected)
  })

  test('and the next one is read', async () => {
    const rows = await readText(`${columns}\ns,-1,,,,,,,,\ns,20,,,,,,,,\n`)
    expect(rows.map(({ line, ...row }) => [line, 'response' in row])).toEqual([
      [2, false],
      [3, true],
    ])
  })
})

test.for([
  `${columns.replace('firm', 'company').replace('r2,', '')}\ns,30,,,,,,,\n`,
  'company,years,h,t1,t2,t3,r1,r3,says',
])('a file without columns of the mapping is refused as a whole', async (text) => {
  const refusal = await readText(text).catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(SourceRefused)
  expect((refusal as SourceRefused).problems.map(describeProblem)).toEqual([
    'answers.csv:1: has no column "r2" (add it, or name another in the mapping)',
    'answers.csv:1: has no column "firm" (add it, or name another in the mapping)',
  ])
})

test('rows are dealt to synthetic companies by their shares, whether they are taken or not', async () => {
  const synthetic = [
    { name: 'Synthetic company A', share: 2 },
    { name: 'Azienda sintetica B', share: 1 },
  ]
  const rows = await readText(`${columns}\n${'s,30,,,,,,,,\ns,-1,,,,,,,,\n'.repeat(3)}`, {
    ...mapping,
    company: { synthetic },
  })
  expect(rows.map((row) => ('company' in row ? row.company.at(-1) : undefined))).toEqual([
    ...['A', undefined, 'B', undefined, 'A', undefined],
  ])
})

describe('a mapping is refused', () => {
  const variable = (name: string, rule: object) => ({ ...mapping, variables: { ...mapping.variables, [name]: rule } })
  const { age: _, ...withoutAge } = mapping.variables
  const { 'ticks.2': __, ...withoutTick } = mapping.variables
  const { 'order.3': ___, ...withoutRank } = mapping.variables
  const flaws: [string, object, string][] = [
    [
      'of another questionnaire',
      { ...mapping, questionnaire: 'other' },
      '/questionnaire: is "other", and this is "test" (use the one that belongs to it)',
    ],
    [
      'with a variable that is none',
      variable('ticks.4', { column: 'a' }),
      '/variables/ticks.4: is no variable of the questionnaire (write one of age, hours, ticks.1, ticks.2, ticks.3, order.1, order.2, order.3, words)',
    ],
    [
      'with a code that is none',
      variable('age', { column: 'a', codes: { x: 4 }, otherwise: 0 }),
      '/variables/age/codes/x: 4 is no answer of the variable (write a code from 1 to 3)',
    ],
    [
      'with what is not applicable where it is not offered',
      variable('age', { column: 'a', otherwise: 'not-applicable' }),
      '/variables/age/otherwise: is not applicable, which the question does not offer (write a code or null)',
    ],
    [
      'with bands that overlap',
      variable('age', {
        column: 'a',
        bands: [
          { from: 1, to: 5, code: 1 },
          { from: 5, to: 9, code: 2 },
        ],
      }),
      '/variables/age/bands/1: is upside down, or overlaps another (let each number lie in one band)',
    ],
    [
      'with codes for a free text',
      variable('words', { column: 'a', codes: { x: 1 } }),
      '/variables/words: gives codes to a free text (name its column alone)',
    ],
    [
      'without what is required',
      { ...mapping, variables: withoutAge },
      '/variables/age: is missing, and its question is required (name its column, or do not require the question)',
    ],
    [
      'with a text that would be dropped without a word',
      variable('age', { column: 'a', codes: JSON.parse('{"__proto__":1}') }),
      '/variables/age/codes/__proto__: is no name that can be used (choose another)',
    ],
    [
      'of nothing',
      { ...mapping, variables: {} },
      '/variables: is empty, so that nothing would be read (name the column of a variable)',
    ],
    [
      'with some options of a multiple choice alone',
      { ...mapping, variables: withoutTick },
      '/variables/ticks.2: is missing, and other options of its question are there (name the columns of all options, or of none)',
    ],
    [
      'with some options of a ranking alone',
      { ...mapping, variables: withoutRank },
      '/variables/order.3: is missing, and other options of its question are there (name the columns of all options, or of none)',
    ],
    [
      'with two meanings of a text where case is ignored',
      variable('age', { column: 'a', codes: { Si: 1, SI: 2, no: 3 }, ignoreCase: true }),
      '/variables/age/codes/SI: means something else than "Si", which is the same where case is ignored (give both the same code, or do not ignore case)',
    ],
    [
      'with made-up companies that are not called so',
      { ...mapping, company: { synthetic: [{ name: 'Sebaste', share: 1 }] } },
      '/company/synthetic/0/name: does not begin with "Synthetic company" or "Azienda sintetica" (correct it as the JSON Schema says)',
    ],
    [
      'with made-up companies of one name',
      {
        ...mapping,
        company: {
          synthetic: [
            { name: 'Synthetic company A', share: 1 },
            { name: 'Synthetic company A', share: 2 },
          ],
        },
      },
      '/company/synthetic/1/name: "Synthetic company A" is there twice (give each company a name of its own)',
    ],
    ['with an unknown key', { ...mapping, colums: 1 }, '/colums: is not known here (remove it, or correct its name)'],
  ]
  test.for(flaws)('%s', ([, input, flaw]) => {
    const read = readMapping(input, document)
    expect('flaws' in read ? read.flaws.map(describeFlaw) : []).toContain(flaw)
  })
})

test('a mapping with a variable that is none is told few of the many that there are', () => {
  const questions = Array.from({ length: 100 }, (_, index) => ({
    kind: 'single',
    name: `q${index + 1}`,
    text,
    options,
  }))
  const long = { ...document, sections: [{ title: text, questions }] } as Questionnaire
  const read = readMapping({ ...mapping, variables: { q0: { column: 'a' } } }, long)
  const twenty = Array.from({ length: 20 }, (_, index) => `q${index + 1}`).join(', ')
  expect('flaws' in read && read.flaws.map(describeFlaw)).toContain(
    `/variables/q0: is no variable of the questionnaire (write one of ${twenty} and 80 more)`,
  )
})

test.each([
  ['none of the options of a multiple choice', { age: { column: 'a' } }],
  ['one meaning of a text, however it is written', { age: { column: 'a', codes: { Si: 1, SI: 1 }, ignoreCase: true } }],
  ['two meanings where case is not ignored', { age: { column: 'a', codes: { Si: 1, SI: 2 } } }],
])('a mapping is taken with %s', (_what, variables) => {
  expect(readMapping({ ...mapping, variables }, document)).not.toHaveProperty('flaws')
})

describe('the JSON Schema of mappings', () => {
  const schema = jsonSchemaOf(mappingModel, 'response-mapping')

  test('is the one that is published', async () => {
    const published = '../../../../schemas/response-mapping.schema.json'
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot(published)
  })

  test('takes a right mapping, and no other', () => {
    const isValid = new Ajv2020({ strict: false }).compile(schema)
    expect(isValid(mapping)).toBe(true)
    expect(isValid({ ...mapping, variables: {} })).toBe(false)
    expect(isValid({ ...mapping, company: { synthetic: [{ name: 'Sebaste', share: 1 }] } })).toBe(false)
  })
})

test('any answers, written under the names of their variables, are read as they were', async () => {
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const document = makeQuestionnaire(gen)
    const responses = Array.from({ length: 3 }, () => encodeAnswers(document, makeAnswers(gen, document)) as Response)
    const names = variablesOf(document).map(({ name }) => name)
    const texts = responses.flatMap((response) => response.texts.map(({ question }) => question))
    const columns = ['$company', ...names, ...new Set(texts)]
    const rows = responses.map(({ values, texts }) => ({
      $company: 'Sebaste',
      ...Object.fromEntries(values.flatMap((value, index) => (value === null ? [] : [[names[index]!, String(value)]]))),
      ...Object.fromEntries(texts.map(({ question, text }) => [question, text])),
    }))
    const mapping = readMapping(
      {
        questionnaire: document.name,
        company: { column: '$company' },
        variables: Object.fromEntries(
          document.sections
            .flatMap(({ questions }) => questions)
            .flatMap(({ name, kind }) =>
              kind === 'text' ? [name] : names.filter((variable) => variable.split('.')[0] === name),
            )
            .map((name) => [name, { column: name }]),
        ),
      },
      document,
    )
    if ('flaws' in mapping) throw new Error(JSON.stringify(mapping.flaws))
    const all = [...new Set([...columns, ...Object.keys(mapping.mapping.variables)])]
    const read = await readText(csvText(all, rows), mapping.mapping, document)
    expect(read.map((row) => ('response' in row ? row.response : row))).toEqual(responses)
  })
  await fc.assert(property, { numRuns: 60 })
})
