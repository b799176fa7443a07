import { expect, test } from 'vitest'
import { readChart } from '../../../../testing/read-chart.ts'
import { type ToldCounts, toldRelease, toldTable } from '../../../../testing/told-release.ts'
import type { ToldRelease } from '../read-release.ts'
import { contrastOf } from './colour.ts'
import { tableChart } from './table-chart.ts'
import { themesChart } from './themes-chart.ts'

const answersOf = (many: number) => Array.from({ length: many }, (_, index) => `answer ${index}`)
const chartOf = (answers: number, counts: ToldCounts) =>
  readChart(tableChart(toldRelease(), toldTable(answersOf(answers), counts)))
/** A row for each answer, of people who all gave it, so that its share is written. */
const chartOfEach = (answers: number) =>
  chartOf(
    answers,
    Object.fromEntries(
      answersOf(answers).map((name, row) => [name, answersOf(answers).map((_, i) => (i === row ? 100 : 0))]),
    ),
  )
const partsOf = ({ marks }: ReturnType<typeof readChart>) => marks.filter(({ height }) => height === 30)
const swatchesOf = ({ marks }: ReturnType<typeof readChart>) => marks.filter(({ height }) => height === 14)

test.each([1, 2, 3, 5, 7, 10])('each of %d answers has a colour of its own', (answers) => {
  const chart = chartOfEach(answers)
  const colours = partsOf(chart).map(({ fill }) => fill)
  expect(new Set(colours).size).toBe(answers)
  expect(swatchesOf(chart).map(({ fill }) => fill)).toEqual(colours)
})

// 11 are the points of a scale from 0 to 10, 60 the most options that a question may have.
test.each([1, 2, 3, 5, 7, 10, 11, 15, 40, 60])('of %d answers each is legible, and seen on paper', (answers) => {
  const { texts, marks, paper } = chartOfEach(answers)
  expect(texts.filter(({ text }) => text === '100 %')).toHaveLength(answers)
  for (const { text, fill, behind } of texts) expect(contrastOf(fill, behind), text).toBeGreaterThanOrEqual(4.5)
  for (const { fill, stroke } of marks) expect(contrastOf(stroke ?? fill, paper)).toBeGreaterThanOrEqual(3)
})

test.each([11, 15, 40, 60])('each of %d answers has a bar with its name before and its number behind it', (answers) => {
  const counts = answersOf(answers).map((_, index) => index * 5)
  const { texts, marks } = chartOf(answers, { '': counts })
  expect(marks).toHaveLength(answers - 1)
  const sum = counts.reduce((sum, count) => sum + count, 0)
  for (const [index, name] of answersOf(answers).entries()) {
    const label = texts.find(({ text }) => text === name)!
    const middle = (label.box.top + label.box.bottom) / 2
    const [number] = texts.filter(({ box, text }) => /%$/.test(text) && box.top < middle && middle < box.bottom)
    expect(number!.text).toBe(`${Math.round((counts[index]! * 1000) / sum) / 10} %`)
    const bar = marks.find(({ y, height }) => y < middle && middle < y + height)
    if (index === 0) expect(bar).toBeUndefined()
    else expect(label.box.right < bar!.x && number!.box.left > bar!.x + bar!.width).toBe(true)
  }
})

test('where a part is too narrow for its number, all follow below in the order of the answers', () => {
  const { texts } = chartOf(4, { '': [5, 180, 15, 0], men: [50, 50, 50, 50] })
  const below = texts.map(({ text }) => text).filter((text) => text.includes('answers'))
  expect(below).toEqual(['200 answers: 2.5 · 90 · 7.5 · 0 %', '200 answers'])
})

test.each([
  [2, 'en', 'all counts shown are 0', 'Everybody, 5 answers'],
  [2, 'it', 'tutti i conteggi pubblicati sono 0', 'Tutte le persone, 5 risposte'],
  [11, 'en', 'all counts shown are 0', 'Everybody, 5 answers'],
])(
  'where all counts of %d answers are shown as 0 that is said in %s, and no percentage',
  (answers, language, nothing, of) => {
    const table = toldTable(answersOf(answers), { '': answersOf(answers).map(() => 0) })
    const value = { n: 5, counts: answersOf(answers).map(() => 0), percents: answersOf(answers).map(() => null) }
    table.groups[0]!.distribution = { value }
    const { texts, description } = readChart(tableChart(toldRelease({ language }), table))
    expect(texts.filter(({ text }) => text === nothing)).toHaveLength(1)
    expect(texts.filter(({ text }) => text.includes('%'))).toEqual([])
    expect(description).toBe(`${of}: ${nothing}.`)
  },
)

test('between two parts there is paper', () => {
  const parts = partsOf(chartOf(11, { '': answersOf(11).map(() => 10) }))
  for (const [index, { x }] of parts.slice(1).entries()) {
    const before = parts[index]!
    // Half of each outline lies outside of its part.
    expect(x - 0.5 - (before.x + before.width + 0.5)).toBeGreaterThanOrEqual(1)
  }
})

test('a group that is suppressed is hatched, and said not to be published', () => {
  const { marks, texts, hatched, paper, description } = chartOf(2, { '': [60, 40], women: null, men: null })
  const bars = marks.filter(({ fill }) => fill === 'hatched')
  expect(bars).toHaveLength(2)
  for (const { stroke } of bars) expect(contrastOf(stroke!, paper)).toBeGreaterThanOrEqual(3)
  expect(contrastOf(hatched.stripe, hatched.ground)).toBeGreaterThanOrEqual(3)
  const said = texts.filter(({ text }) => text === 'not published')
  expect(said).toHaveLength(2)
  for (const { fill, behind } of said) expect(contrastOf(fill, behind)).toBeGreaterThanOrEqual(4.5)
  expect(description).toBe(
    'Everybody, 100 answers: answer 0 60 %, answer 1 40 %. women: not published. men: not published.',
  )
})

test('names of its parts are those of no other chart of the release, and the same every time', () => {
  const chart = (place: number, given: Partial<ToldRelease> = {}) =>
    readChart(tableChart(toldRelease(given), { ...toldTable(['a', 'b'], { '': null }), position: place }))
  const charts = [
    ...[chart(1), chart(2), chart(1, { organization: 'A' }), chart(1, { organization: 'B' })],
    ...[chart(1, { hash: 'cd' }), chart(1, { language: 'it' }), readChart(themesChart(toldRelease()))],
  ]
  const ids = charts.flatMap(({ ids }) => ids)
  expect(ids).toHaveLength(3 * charts.length)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { ids, labelledBy } of charts) expect(labelledBy).toEqual(ids.slice(0, 2))
  expect(chart(1).ids).toEqual(charts[0]!.ids)
})

test.each([
  ['it', 'Tutte le persone', '3 risposte: 0,1', undefined],
  ['it-CH', 'Tutte le persone', '3 risposte: 0.1', undefined],
  ['en', 'Everybody', '3 answers: 0.1', undefined],
  ['de', 'Everybody', '3 answers: 0,1', 'en'],
])(
  'in %s its own words are said to be in the language that they are in, and numbers are written as there',
  (language, everybody, numbers, tag) => {
    const table = toldTable(['ja', 'nein'], { '': [1, 999], Frauen: null })
    const { distribution } = table.groups[0]!
    if ('value' in distribution) table.groups[0]!.distribution = { value: { ...distribution.value, n: 3 } }
    const chart = readChart(tableChart(toldRelease({ language, demonstration: true }), table))
    expect(chart.language).toBe(language)
    const own = chart.texts.filter(({ text }) => /^(Everybody|Tutte|3 |not pub|non pub|invented|dati)/.test(text))
    expect(own).toHaveLength(4)
    expect(own.map(({ text }) => text)).toEqual(
      expect.arrayContaining([everybody, expect.stringMatching(`^${numbers.replace('.', '\\.')}`)]),
    )
    expect(new Set(own.map(({ language }) => language))).toEqual(new Set([tag]))
    for (const { text, language } of chart.texts.filter((text) => !own.includes(text)))
      expect(language, text).toBeUndefined()
  },
)
