import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { codebookOf, codebookXml } from './codebook.ts'
import type { Questionnaire } from './model.ts'
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

test('the codebook says of each column what its codes mean', () => {
  expect(codebookOf(document)).toEqual({
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

test('as DDI-Codebook it is in one language, and falls back to the default', () => {
  const category = (code: number, label: string, missing = '') =>
    `<catgry${missing}><catValu>${code}</catValu><labl>${label}</labl></catgry>`
  expect(codebookXml(document, 'en').split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="en">',
    '<stdyDscr><citation><titlStmt><titl>Test</titl></titlStmt></citation></stdyDscr>',
    '<dataDscr>',
    [
      '<var ID="V1" name="sleep.bad" intrvl="discrete"><labl>do you &quot;sleep&quot; badly?</labl>',
      '<qstn><qstnLit>How often</qstnLit></qstn><valrng><range min="1" max="3"/></valrng>',
      category(1, 'Never') + category(2, '2') + category(3, 'Sempre') + category(-1, 'Non so', ' missing="Y"'),
      '<concept vocab="need areas">healthy-lifestyles</concept><varFormat type="numeric"/></var>',
    ].join(''),
    [
      '<var ID="V2" name="hours" intrvl="contin"><labl>Ore</labl><qstn><qstnLit>Ore</qstnLit></qstn>',
      '<valrng><range min="0" max="24"/></valrng><varFormat type="numeric"/></var>',
    ].join(''),
    '</dataDscr>',
    '</codeBook>',
    '',
  ])
})

test('any text is text in the XML, and never markup', () => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const xml = codebookXml({ ...document, title: { it: text } }, 'it')
    const written = /<titl>([^<]*)<\/titl>/.exec(xml)![1]!
    expect(written).not.toMatch(/&(?!(amp|lt|gt|quot);)/)
    const plain = written
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
    // What XML has no place for is left out; all else is there.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is left out.
    expect(plain).toBe(text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '').toWellFormed())
  })
  fc.assert(property)
})

test('every variable of any questionnaire is in it once, in order', () => {
  const property = fc.property(fc.gen(), (gen) => {
    const document = makeQuestionnaire(gen)
    const names = variablesOf(document).map(({ name }) => name)
    expect(codebookOf(document).variables.map(({ name }) => name)).toEqual(names)
    const written = [...codebookXml(document, 'it').matchAll(/<var ID="V(\d+)" name="([^"]*)"/g)]
    expect(written.map(([, position, name]) => [Number(position), name])).toEqual(
      names.map((name, index) => [index + 1, name]),
    )
  })
  fc.assert(property, { numRuns: 50 })
})
