import { parse } from 'csv-parse/sync'
import fc, { type GeneratorValue } from 'fast-check'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { toldRelease } from '../../../testing/told-release.ts'
import { usualThresholds } from '../disclosure/thresholds.ts'
import { measuresOf } from '../questionnaire/measures.ts'
import { type Questionnaire, textIn } from '../questionnaire/model.ts'
import { categoriesOf } from '../questionnaire/recode.ts'
import { variablesOf } from '../questionnaire/variables.ts'
import type { Plan } from './plan.ts'
import type { ReadRelease, ToldGroup } from './read-release.ts'
import { type ReleaseCodebook, releaseCodebookOf } from './release-codebook.ts'
import { releaseCodebookXml } from './release-codebook-xml.ts'
import { releaseCsv } from './release-csv.ts'

const document: Questionnaire = {
  name: 'test',
  title: { it: 'Prova', en: 'Test' },
  attribution: 'R&D',
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
          needAreas: ['healthy-lifestyles'],
          critical: { atLeast: 2 },
          rows: [{ name: 'bad', text: { it: 'dorme <male>?', en: 'do you "sleep" badly?' } }],
          answers: { scale: 'often' },
          notApplicable: { it: 'Non so' },
        },
        { kind: 'scale', name: 'calm', text: { it: 'Calma' }, scale: 'often' },
        { kind: 'number', name: 'hours', text: { it: 'Ore' }, min: 0, max: 24, unit: { it: 'ore' } },
        { kind: 'text', name: 'other', text: { it: 'Altro' }, maxLength: 10 },
      ],
    },
  ],
  instruments: [
    {
      name: 'rest',
      text: { it: 'Riposo' },
      needAreas: ['healthy-lifestyles'],
      items: [
        { question: 'sleep', row: 'bad' },
        { question: 'calm', reversed: true, factor: 2 },
      ],
      critical: { atLeast: 7 },
    },
  ],
}

const plan: Plan = {
  recodes: [
    {
      name: 'work',
      text: { it: 'Lavoro', en: 'Work' },
      variable: 'hours',
      categories: [
        { name: 'short', text: { it: 'poco' }, values: [{ from: 0, to: 4 }] },
        {
          name: 'long',
          text: { it: 'molto' },
          values: [
            { from: 5, to: 5 },
            { from: 6, to: 24 },
          ],
        },
      ],
    },
  ],
  tables: [['company', 'work']],
  companies: 'own',
}

const read = (given: Partial<ReadRelease> = {}): Omit<ReadRelease, 'release'> => ({
  document,
  plan,
  thresholds: usualThresholds,
  needAreas: new Map([['need-area:healthy-lifestyles', { it: 'Stili di vita', en: 'Healthy lifestyles' }]]),
  ...given,
})

test('as DDI-Codebook it is in one language, and falls back to the default', () => {
  const category = (value: number | string, label: string, of = '') =>
    `<catgry><catValu>${value}</catValu><labl>${label}</labl>${of && `<txt>${of}</txt>`}</catgry>`
  const lines = releaseCodebookXml(releaseCodebookOf(read()), 'en').split('\n')
  expect(lines.filter((line) => !line.startsWith('<var ID="F'))).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="en">',
    '<stdyDscr><citation><titlStmt><titl>Test</titl></titlStmt><notes>R&amp;D</notes></citation></stdyDscr>',
    '<fileDscr ID="CSV"><fileTxt><fileName>results.csv</fileName><fileType charset="UTF-8">text/csv</fileType></fileTxt></fileDscr>',
    '<fileDscr ID="JSON"><fileTxt><fileName>results.json</fileName><fileType charset="UTF-8">application/json</fileType></fileTxt></fileDscr>',
    '<dataDscr>',
    '<varGrp type="pragmatic" name="responses" var="V1 V2 V3"><labl>What was asked, a variable each</labl></varGrp>',
    '<varGrp type="pragmatic" name="measures" var="M1 M2 M3"><labl>What was counted: categories stand in the column &quot;answer&quot;</labl></varGrp>',
    '<varGrp type="pragmatic" name="recodes" var="R1"><labl>By what tables are divided: categories stand in the column &quot;group&quot;</labl></varGrp>',
    expect.stringMatching(
      /^<varGrp type="pragmatic" name="fields" var="F1 F2 [F0-9 ]+"><labl>What stands in the files<\/labl><\/varGrp>$/,
    ),
    [
      '<var ID="V1" name="sleep.bad" intrvl="discrete"><labl>do you &quot;sleep&quot; badly?</labl>',
      '<qstn><qstnLit>How often</qstnLit></qstn><valrng><range min="1" max="3"/></valrng>',
      category(1, 'Never') + category(2, '2') + category(3, 'Sempre'),
      '<catgry missing="Y"><catValu>-1</catValu><labl>Non so</labl></catgry>',
      '<concept vocab="need areas">healthy-lifestyles</concept><varFormat type="numeric"/></var>',
    ].join(''),
    [
      '<var ID="V2" name="calm" intrvl="discrete"><labl>Calma</labl><qstn><qstnLit>Calma</qstnLit></qstn>',
      '<valrng><range min="1" max="3"/></valrng>',
      category(1, 'Never') + category(2, '2') + category(3, 'Sempre'),
      '<varFormat type="numeric"/></var>',
    ].join(''),
    [
      '<var ID="V3" name="hours" intrvl="contin"><labl>Ore</labl><qstn><qstnLit>Ore</qstnLit></qstn>',
      '<valrng><range min="0" max="24"/></valrng><varFormat type="numeric"/></var>',
    ].join(''),
    [
      '<var ID="M1" name="sleep.bad" intrvl="discrete"><labl>do you &quot;sleep&quot; badly?</labl>',
      category(1, 'Never', 'sleep.bad = 1') + category(2, '2', 'sleep.bad = 2'),
      category(3, 'Sempre', 'sleep.bad = 3'),
      '<derivation var="V1"/><varFormat type="character"/></var>',
    ].join(''),
    [
      '<var ID="M2" name="calm" intrvl="discrete"><labl>Calma</labl>',
      category(1, 'Never', 'calm = 1') + category(2, '2', 'calm = 2') + category(3, 'Sempre', 'calm = 3'),
      '<derivation var="V2"/><varFormat type="character"/></var>',
    ].join(''),
    [
      '<var ID="M3" name="need-area:healthy-lifestyles" intrvl="discrete"><labl>Healthy lifestyles</labl>',
      category('critical', 'critical') + category('not-critical', 'not critical'),
      '<derivation var="V1 V2"><drvdesc>Critical where any of these is so, not critical for everyone else who answered ',
      'one of them: sleep.bad = 2..3; rest (sleep.bad + 2 × (1 + 3 − calm)) ≥ 7, at least 2 of 2 answered; the sum is ',
      'scaled to all.</drvdesc></derivation><varFormat type="character"/></var>',
    ].join(''),
    [
      '<var ID="R1" name="work" intrvl="discrete"><labl>Work</labl>',
      category('short', 'poco', 'hours = 0..4') + category('long', 'molto', 'hours = 5, 6..24'),
      category('unstated', 'not stated'),
      '<derivation var="V3"/><varFormat type="character"/></var>',
    ].join(''),
    expect.stringMatching(
      /^<notes type="disclosure control">Not shown is what fewer than 5 people answered \(10 about health\)/,
    ),
    '</dataDscr>',
    '</codeBook>',
    '',
  ])
  expect(lines).toContain(
    '<var ID="F14" name="suppressed" files="CSV JSON"><labl>Whether it is not shown</labl>' +
      '<txt>results.json: tables.groups.distribution.suppressed</txt>' +
      category('true', 'not shown, so that all that follows is empty') +
      category('false', 'shown') +
      '<varFormat type="character"/></var>',
  )
})

test('any text is text in the XML, and never markup', () => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const xml = releaseCodebookXml(releaseCodebookOf(read({ document: { ...document, title: { it: text } } })), 'it')
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

test('all that the CSV and the JSON of any release hold is in it, in JSON and in XML', () => {
  const property = fc.property(fc.gen(), (gen) => {
    const document = makeQuestionnaire(gen)
    const plan = makePlan(gen, document)
    const told = readTold(document, plan, gen(fc.constantFrom, 'it', 'en', 'de'))
    const codebook = releaseCodebookOf(told)
    const { language } = told.release

    const names = new Set(codebook.fields.map(({ path }) => path))
    expect([...pathsOf(told.release)].filter((path) => !names.has(path))).toEqual([])
    const [header, ...lines] = parse(releaseCsv(told.release)) as string[][]
    expect(codebook.fields.flatMap(({ column }) => column ?? []).sort()).toEqual([...header!].sort())
    const inJson = wordsOf(codebook, language)
    const inXml = wordsOfXml(releaseCodebookXml(codebook, language))
    for (const line of lines) {
      const cell = Object.fromEntries(
        header!.map((name, index) => [name, line[index]!.replace(/^'(?=[=+\-@\s＝＋－＠])/, '')]),
      )
      for (const words of [inJson, inXml]) {
        expect(words.get(`measure ${cell.measure}`)).toBe(cell.text)
        expect(words.get(`suppressed ${cell.suppressed}`)).toBeTruthy()
        if (cell.suppressed === 'false')
          expect(words.get(`answer ${cell.measure} ${cell.answer}`)).toBe(cell.answer_text)
        for (const category of cell.group!.split(' ').filter((text) => text !== ''))
          expect(words.get(`group ${category}`)).toBeTruthy()
      }
    }
  })
  fc.assert(property, { numRuns: 50 })
})

/** One recode of two categories, where there is a variable that has them. */
function makePlan(gen: GeneratorValue, document: Questionnaire): Plan {
  const variables = variablesOf(document).filter(({ min, max }) => max > min)
  if (variables.length === 0) return { recodes: [], tables: [['company']], companies: 'own' }
  const { name: variable, min, max } = gen(fc.constantFrom, ...variables)
  const category = (name: string, from: number, to: number) => ({ name, text: { it: name }, values: [{ from, to }] })
  const categories = [category('low', min, min), category('high', min + 1, max)]
  return {
    recodes: [{ name: 'split', text: { it: 'Altro' }, variable, categories }],
    tables: [['split']],
    companies: 'own',
  }
}

/** A release of every measure by every category; of each measure the last group is suppressed. */
function readTold(document: Questionnaire, plan: Plan, language: string): ReadRelease {
  const needAreas = new Map(
    measuresOf(document).flatMap(({ name, needArea }) =>
      needArea === undefined ? [] : [[name, { it: `Area ${needArea}` }]],
    ),
  )
  const categories = plan.recodes.flatMap((recode) =>
    categoriesOf(document, recode).map(({ name }) => [recode.name, name]),
  )
  const dimensions = [{}, ...categories.map((pair) => Object.fromEntries([pair])), {}]
  const tables = measuresOf(document).map(({ name, needArea = null, text, answers }, index) => ({
    ...{
      position: index + 1,
      measure: name,
      needArea,
      text: textIn((text ?? needAreas.get(name))!, language, document),
    },
    answers: answers.map(({ name, text }) => ({ name, text: textIn(text, language, document) })),
    groups: dimensions.map((dimensions, group): ToldGroup => {
      const counts = answers.map(() => 5)
      const value = { n: 5 * answers.length, counts, percents: counts.map(() => 100 / answers.length) }
      const distribution = group === categories.length + 1 ? { suppressed: true as const } : { value }
      return { dimensions, text: null, population: null, distribution }
    }),
  }))
  const theme = {
    needArea: 'debt',
    text: 'debt',
    respondents: 10,
    critical: 10,
    percent: 100,
    responseRate: null,
    low: 0,
    high: 1,
  }
  return {
    document,
    plan,
    thresholds: usualThresholds,
    needAreas,
    release: toldRelease({ language, tables, themes: [theme] }),
  }
}

/** The ways to all values of a release, without the places in lists; groups are dimensions of their own. */
function pathsOf(value: unknown, path: string[] = []): Set<string> {
  const isLeaf = typeof value !== 'object' || value === null || path.at(-1) === 'dimensions'
  if (isLeaf) return new Set([path.join('.')])
  const parts = Array.isArray(value) ? value.map((part) => pathsOf(part, path)) : []
  const fields = Array.isArray(value) ? [] : Object.entries(value).map(([key, part]) => pathsOf(part, [...path, key]))
  return new Set([...parts, ...fields].flatMap((paths) => [...paths]))
}

/** What the codebook calls each measure, answer and category. */
function wordsOf(codebook: ReleaseCodebook, language: string): Map<string, string> {
  const { measures, recodes, fields } = codebook
  return new Map(
    [
      ...measures.flatMap(({ name, label, categories }) => [
        [`measure ${name}`, label] as const,
        ...categories.map(({ value, text }) => [`answer ${name} ${value}`, text] as const),
      ]),
      ...recodes.flatMap(({ name, categories }) =>
        categories.map(({ value, text }) => [`group ${name}=${value}`, text] as const),
      ),
      ...fields.flatMap(({ column, categories = [] }) =>
        categories.map(({ value, text }) => [`${column} ${value}`, text] as const),
      ),
    ].map(([name, text]) => [name, textIn(text, language, codebook)]),
  )
}

/** The same, as the XML says it. */
function wordsOfXml(xml: string): Map<string, string> {
  expect(XMLValidator.validate(xml)).toBe(true)
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    isArray: (name) => name === 'catgry',
  })
  interface Var {
    ID: string
    name: string
    labl: string
    catgry?: { catValu: string; labl: string }[]
  }
  const variables: Var[] = parser.parse(xml).codeBook.dataDscr.var
  return new Map(
    variables.flatMap(({ ID, name, labl, catgry = [] }): [string, string][] => {
      const of = (write: (value: string) => string) =>
        catgry.map(({ catValu, labl }): [string, string] => [write(catValu), labl])
      if (ID.startsWith('M')) return [[`measure ${name}`, labl], ...of((value) => `answer ${name} ${value}`)]
      if (ID.startsWith('R')) return of((value) => `group ${name}=${value}`)
      return ID.startsWith('F') ? of((value) => `${name} ${value}`) : []
    }),
  )
}
