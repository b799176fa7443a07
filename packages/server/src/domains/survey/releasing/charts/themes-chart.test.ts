import { describe, expect, test } from 'vitest'
import { readChart } from '../../../../testing/read-chart.ts'
import { toldNeedArea, toldRelease, toldTable, toldTheme } from '../../../../testing/told-release.ts'
import type { ToldRelease } from '../read-release.ts'
import { contrastOf } from './colour.ts'
import { themesChart } from './themes-chart.ts'

const chartOf = (given: Partial<ToldRelease>) => {
  const chart = readChart(themesChart(toldRelease(given)))
  return {
    ...chart,
    said: chart.texts.map(({ text }) => text),
    hatchedBars: chart.marks.filter(({ fill }) => fill === 'hatched'),
  }
}
const stress = toldNeedArea('stress', [160, 90])
const care = toldNeedArea('care', null)
const health = toldNeedArea('health', null)
const housing = toldNeedArea('housing', [20, 230])

describe('a need area that is suppressed', () => {
  test('is hatched below the critical themes, and said not to be published', () => {
    const { hatchedBars, said, description, marks } = chartOf({
      tables: [stress, care, health, housing],
      themes: [toldTheme('stress')],
    })
    expect(hatchedBars).toHaveLength(2)
    expect(marks.map(({ fill }) => fill).slice(1)).toEqual(hatchedBars.map(({ fill }) => fill))
    expect(Math.min(...hatchedBars.map(({ y }) => y))).toBeGreaterThan(marks[0]!.y + marks[0]!.height)
    expect(said).toEqual(expect.arrayContaining(['stress', 'care', 'health']))
    expect(said.filter((text) => text === 'not published')).toHaveLength(2)
    expect(said).not.toContain('housing')
    expect(description).toBe(
      'Everybody. stress: 64 %, 160 of 250; between 58 and 70 %; 72 % answered. care: not published. health: not published.',
    )
  })

  test('is said not to be published in Italian, too', () => {
    const { said, description } = chartOf({ tables: [care], language: 'it' })
    expect(said).toContain('non pubblicato')
    expect(description).toBe('Tutte le persone. care: non pubblicato.')
  })

  test('is one of these people as a whole; a question and a part of the people are none', () => {
    const ofWomen = toldTable(['critical', 'not critical'], { '': [20, 230], women: null }, 'housing')
    const ofPartsAlone = toldTable(['critical', 'not critical'], { women: null }, 'leisure')
    const question = toldTable(['yes', 'no'], { '': null })
    expect(chartOf({ tables: [ofWomen, ofPartsAlone, question] }).hatchedBars).toEqual([])
  })
})

describe('that no need is critical', () => {
  // A sentence may have several lines.
  const saidBy = ({ said }: ReturnType<typeof chartOf>) => said.join(' ')
  const sentences = [
    'By the published, rounded numbers, no need is critical to more than half of those who answered',
    'By the published, rounded numbers, none of the published needs is critical to more than half of those who answered',
    'The survey measures no need area',
  ]
  const claims = (text: string) => sentences.filter((sentence) => text.includes(sentence))
  const question = toldTable(['yes', 'no'], { '': [60, 40] })

  test.each([
    ['is said where all are published', [housing], sentences.slice(0, 1)],
    ['is said of the published ones where others are not', [housing, care], sentences.slice(1, 2)],
    ['is not said where none is published', [care, health], []],
    ['is not said where none is measured, but that', [question], sentences.slice(2)],
  ])('%s', (_, tables, expected) => {
    const chart = chartOf({ tables })
    expect(claims(saidBy(chart))).toEqual(expected)
    expect(claims(chart.description)).toEqual(expected)
  })

  test.each([
    [
      [housing],
      'Secondo i numeri pubblicati, arrotondati, nessun bisogno è critico per più della metà di chi ha risposto',
    ],
    [
      [housing, care],
      'Secondo i numeri pubblicati, arrotondati, nessuno dei bisogni pubblicati è critico per più della metà di chi ha risposto',
    ],
    [[question], 'Il questionario non misura nessun’area di bisogno'],
  ])('is said in Italian, too', (tables, sentence) => {
    const chart = chartOf({ tables, language: 'it' })
    expect(saidBy(chart)).toContain(sentence)
    expect(chart.description).toContain(`${sentence}.`)
  })

  test('is not said where one is', () => {
    const chart = chartOf({ tables: [stress, care], themes: [toldTheme('stress')] })
    expect(claims(saidBy(chart))).toEqual([])
    expect(claims(chart.description)).toEqual([])
  })
})

test('a theme is told with its own numbers, whatever a table says', () => {
  const theme = { ...toldTheme('stress'), respondents: 150, critical: 100, percent: 66.7 }
  const { said, description } = chartOf({ tables: [stress], themes: [theme] })
  expect(said.filter((text) => text.includes('100 of 150'))).toHaveLength(1)
  expect(description).toContain('66.7 %, 100 of 150')
})

test('in a language that it has no words in, its English words are said to be English', () => {
  const theme = { ...toldTheme('Arbeit'), percent: 66.7 }
  const { language, languageOfWords, texts } = chartOf({ language: 'de', tables: [stress, care], themes: [theme] })
  expect([language, languageOfWords]).toEqual(['de', ['en', 'en']])
  const tagged = texts.filter((text) => text.language === 'en').map(({ text }) => text)
  expect(tagged.map((text) => text.slice(0, 8))).toEqual(['Critical', 'Everybod', 'critical', '160 of 2', 'not publ'])
  expect(texts.map(({ text }) => text)).toContain('66,7 %')
})

test('what is written is legible, and what is drawn is seen on paper', () => {
  for (const tables of [[stress, care], [housing, care], [housing]])
    for (const themes of [[], [toldTheme('stress')]]) {
      const { texts, marks, hatchedBars, hatched, paper } = chartOf({ tables, themes, demonstration: true })
      for (const { text, fill, behind } of texts) expect(contrastOf(fill, behind), text).toBeGreaterThanOrEqual(4.5)
      for (const { fill } of marks.filter((mark) => !hatchedBars.includes(mark)))
        expect(contrastOf(fill, paper)).toBeGreaterThanOrEqual(3)
      for (const { stroke } of hatchedBars) expect(contrastOf(stroke!, paper)).toBeGreaterThanOrEqual(3)
      expect(contrastOf(hatched.stripe, hatched.ground)).toBeGreaterThanOrEqual(3)
    }
})

test('long names are written in several lines, to their end', () => {
  const campaign = 'Wellbeing of everybody who works here '.repeat(3).trim()
  const organization = 'A cooperative of cooperatives '.repeat(5).trim()
  const { said, width, texts } = chartOf({ campaign, organization })
  expect(said).not.toContain(`Critical themes: ${campaign}`)
  expect(said.join(' ')).toContain(`Critical themes: ${campaign} ${organization} critical to more than half`)
  for (const { text, box } of texts) expect(box.right, text).toBeLessThanOrEqual(width)
})
