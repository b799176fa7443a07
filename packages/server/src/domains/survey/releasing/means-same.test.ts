import { expect, test } from 'vitest'
import { measuresOf } from '../questionnaire/measures.ts'
import type { Question, Questionnaire } from '../questionnaire/model.ts'
import { meansSame } from './means-same.ts'

const asked: Questionnaire = {
  name: 'benessere',
  title: { it: 'Benessere' },
  languages: ['it'],
  defaultLanguage: 'it',
  scales: { accordo: { min: 1, max: 3, labels: { '1': { it: 'no' }, '3': { it: 'sì' } } } },
  sections: [
    {
      title: { it: 'Lavoro' },
      questions: [
        {
          ...{ kind: 'single', name: 'figli', text: { it: 'Ha figli?' } },
          options: [{ text: { it: 'sì' } }, { text: { it: 'no' } }],
        },
        {
          ...{ kind: 'scale', name: 'stress', text: { it: 'Sono stanco' }, scale: 'accordo', needAreas: ['work'] },
          critical: { atLeast: 3 },
        },
        {
          ...{ kind: 'multiple', name: 'aiuti', text: { it: 'Chi aiuta?' }, needAreas: ['work'] },
          options: [{ text: { it: 'nonni' } }, { text: { it: 'nessuno' } }],
          critical: { anyOf: [2] },
          showIf: { question: 'figli', anyOf: [1] },
        },
        {
          ...{ kind: 'matrix', name: 'peso', text: { it: 'Quanto pesa' }, answers: { scale: 'accordo' } },
          rows: [
            { name: 'orario', text: { it: "l'orario" } },
            { name: 'viaggio', text: { it: 'il viaggio' } },
          ],
        },
        { kind: 'number', name: 'ore', text: { it: 'Ore' }, min: 0, max: 60, bands: bands(20) },
      ],
    },
  ],
  instruments: [
    {
      ...{ name: 'carico', text: { it: 'Carico' }, needAreas: ['load'], critical: { atLeast: 5 } },
      items: [
        { question: 'peso', row: 'orario' },
        { question: 'peso', row: 'viaggio' },
      ],
    },
  ],
}

function bands(cut: number) {
  return [
    { text: { it: 'poche' }, from: 0, to: cut },
    { text: { it: 'molte' }, from: cut + 1, to: 60 },
  ]
}

/** Measures that mean something else after an edit. */
function changedBy(edit: (document: Questionnaire) => void): string[] {
  const later = structuredClone(asked)
  edit(later)
  const answersOf = (document: Questionnaire, measure: string) =>
    measuresOf(document).find(({ name }) => name === measure)?.answers
  return measuresOf(asked).flatMap(({ name, answers }) => {
    const then = answersOf(later, name)
    return then !== undefined && meansSame({ document: asked, answers }, { document: later, answers: then })
      ? []
      : [name]
  })
}

const questions = ({ sections }: Questionnaire) => sections[0]!.questions

function question<Kind extends Question['kind']>(document: Questionnaire, kind: Kind) {
  return questions(document).find((each) => each.kind === kind) as Extract<Question, { kind: Kind }>
}

const ticks = ['aiuti.1', 'aiuti.2']
const rows = ['peso.orario', 'peso.viaggio']
const areas = ['need-area:work', 'need-area:load']

test.each<[string, (document: Questionnaire) => void, string[]]>([
  ['nothing', () => {}, []],
  ['another title, and another introduction', (document) => Object.assign(document, { title: { it: 'Altro' } }), []],
  [
    'a question before all others',
    (document) =>
      questions(document).unshift({ kind: 'scale', name: 'sonno', text: { it: 'Sonno' }, scale: 'accordo' }),
    [],
  ],
  ['another order', (document) => questions(document).push(questions(document).splice(1, 1)[0]!), []],
  [
    'a translation',
    (document) => {
      document.languages.push('en')
      for (const { text } of questions(document)) text.en = 'in English'
    },
    [],
  ],
  [
    'other words',
    (document) => Object.assign(question(document, 'scale').text, { it: 'Sono stanca' }),
    ['stress', areas[0]!],
  ],
  [
    'a help that was not there',
    (document) => Object.assign(question(document, 'scale'), { help: { it: 'Nell’ultimo mese' } }),
    ['stress', areas[0]!],
  ],
  [
    'another critical answer',
    (document) => Object.assign(question(document, 'scale'), { critical: { atLeast: 2 } }),
    [areas[0]!],
  ],
  [
    'another question of the area',
    (document) => Object.assign(question(document, 'single'), { needAreas: ['work'], critical: { anyOf: [1] } }),
    [areas[0]!],
  ],
  ['all instead of any', (document) => Object.assign(document, { criticalWhen: { work: 'all' } }), [areas[0]!]],
  [
    'another cut-off of a score',
    (document) => Object.assign(document.instruments![0]!, { critical: { atLeast: 6 } }),
    [areas[1]!],
  ],
  [
    'another point of a scale',
    (document) => Object.assign(document.scales!.accordo!.labels, { '2': { it: 'forse' } }),
    ['stress', ...rows, ...areas],
  ],
  [
    'another answer of the question that a condition looks at',
    (document) => Object.assign(question(document, 'single').options[0]!.text, { it: 'sì, minori' }),
    ['figli', ...ticks, areas[0]!],
  ],
  ['no condition', (document) => void delete question(document, 'multiple').showIf, [...ticks, areas[0]!]],
  [
    'a tick more',
    (document) => question(document, 'multiple').options.push({ text: { it: 'amici' } }),
    [...ticks, areas[0]!],
  ],
  ['a row more', (document) => question(document, 'matrix').rows.push({ name: 'pausa', text: { it: 'la pausa' } }), []],
  ['other bands', (document) => Object.assign(question(document, 'number'), { bands: bands(30) }), ['ore']],
  [
    'no language that was there',
    (document) => Object.assign(document, { languages: ['en'] }),
    measuresOf(asked).map(({ name }) => name),
  ],
])('after %s, these measures mean something else', (_what, edit, changed) => {
  expect(changedBy(edit).sort()).toEqual(changed.toSorted())
})
