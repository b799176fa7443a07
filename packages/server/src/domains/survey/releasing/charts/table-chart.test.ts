import { expect, test } from 'vitest'
import { readChart } from '../../../../testing/read-chart.ts'
import { type ToldCounts, toldRelease, toldTable } from '../../../../testing/told-release.ts'
import { contrastOf } from './colour.ts'
import { tableChart } from './table-chart.ts'

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

// 11 are the points of a scale from 0 to 10, 60 the most options that a question may have.
test.each([1, 2, 3, 5, 7, 10, 11, 15, 40, 60])('each of %d answers has a colour of its own', (answers) => {
  const chart = chartOfEach(answers)
  const colours = partsOf(chart).map(({ fill }) => fill)
  expect(new Set(colours).size).toBe(answers)
  expect(swatchesOf(chart).map(({ fill }) => fill)).toEqual(colours)
})

test.each([1, 2, 3, 5, 7, 10, 11, 15, 40, 60])('of %d answers each is legible, and seen on paper', (answers) => {
  const { texts, marks, paper } = chartOfEach(answers)
  expect(texts.filter(({ text }) => text === '100 %')).toHaveLength(answers)
  for (const { text, fill, behind } of texts) expect(contrastOf(fill, behind), text).toBeGreaterThanOrEqual(4.5)
  for (const { stroke } of marks) expect(contrastOf(stroke!, paper)).toBeGreaterThanOrEqual(3)
})

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
  const bars = marks.filter(({ fill }) => fill === 'url(#hatched)')
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
