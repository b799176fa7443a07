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
    hatchedBars: chart.marks.filter(({ fill }) => fill === 'url(#hatched)'),
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
  const claims = (texts: string[]) => texts.filter((text) => /critical to more than half(?!.*interval)|^No/.test(text))

  test.each([
    ['is said where all are published', [housing], ['No need is critical to more than half of those who answered']],
    [
      'is said of the published ones where others are not',
      [housing, care],
      ['None of the published needs is critical to more than half of those who answered'],
    ],
    ['is not said where none is published', [care, health], []],
  ])('%s', (_, tables, expected) => {
    const { said, description } = chartOf({ tables })
    expect(claims(said)).toEqual(expected)
    expect(claims(description.split(/\. ?/))).toEqual(expected)
  })

  test('is not said where one is', () => {
    const { said, description } = chartOf({ tables: [stress, care], themes: [toldTheme('stress')] })
    expect(claims(said)).toEqual([])
    expect(claims(description.split(/\. ?/))).toEqual([])
  })
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

test('long names are written in two lines', () => {
  const { said } = chartOf({ campaign: 'Wellbeing of everybody '.repeat(8), organization: 'A cooperative '.repeat(10) })
  for (const text of said) expect(text.length).toBeLessThanOrEqual(118)
})
