import { describe, expect, test } from 'vitest'
import { attack, type PublicMeasure } from '../../../testing/adversary.ts'
import type { CountedTables, Ticks } from './counted-tables.ts'
import { protect } from './protect.ts'
import { usualThresholds } from './thresholds.ts'

/** Of each company how many answered, and how many ticked each option. */
type Companies = Readonly<Record<string, { people: number; ticks: readonly number[] }>>

function campaignOf(companies: Companies, health: boolean, limits: Pick<Ticks, 'atLeast' | 'atMost'>, alone?: number) {
  const names = Object.keys(companies)
  const counts = Object.values(companies).map(({ people, ticks }) => ticks.map((count) => [people - count, count]))
  const sum = (option: number, answer: number) => counts.reduce((sum, each) => sum + each[option]![answer]!, 0)
  const options = [...companies.alba!.ticks.keys()]
  return {
    companies: names,
    recodes: [],
    tables: [['company']],
    measures: options.map((option) => ({
      name: `option ${option + 1}`,
      answers: ['not ticked', 'ticked'],
      health,
      ticks: { question: 'options', ticked: 1, isAlone: option === alone, ...limits },
    })),
    groups: [
      { key: {}, population: null, counts: options.map((option) => [sum(option, 0), sum(option, 1)]) },
      ...names.map((company, index) => ({ key: { company }, population: null, counts: counts[index]! })),
    ],
  } satisfies CountedTables
}

/** What comes out of a release that knows of the ticks, or doesn't; whoever reads the questionnaire does. */
async function attackOn(counted: CountedTables & { measures: PublicMeasure[] }, knowsOfTicks: boolean) {
  const measures = counted.measures.map(({ ticks: _, ...each }) => each)
  const release = await protect(knowsOfTicks ? counted : { ...counted, measures }, usualThresholds)
  const least = { usual: usualThresholds.least, health: usualThresholds.leastOfHealth }
  let turn = 0
  const knowledge = { release, plan: counted, counted: counted.groups, insider: null, least }
  const { breaks } = await attack(knowledge, 40, () => (turn++ * 0.618034) % 1)
  return { breaks, release }
}

const others = {
  bra: { people: 60, ticks: [20, 25, 22] },
  cherasco: { people: 80, ticks: [30, 30, 28] },
  dogliani: { people: 70, ticks: [25, 28, 25] },
}

describe('what ticks tell of each other', () => {
  test('however many tick «none of these», no more than the rest tick anything', async () => {
    const counted = campaignOf(
      { alba: { people: 50, ticks: [4, 3, 44] }, ...others },
      true,
      { atLeast: 1, atMost: 2 },
      2,
    )
    expect((await attackOn(counted, false)).breaks).toContainEqual(expect.objectContaining({ way: 'narrowed' }))
    const { breaks, release } = await attackOn(counted, true)
    expect(breaks).toEqual([])
    const ofAlba = release.results.filter(({ group }) => group.company === 'alba')
    expect(ofAlba.every(({ distribution }) => 'suppressed' in distribution)).toBe(true)
    // Two others beside alba, so that none of the three can compute the third.
    const shown = release.results.filter(({ distribution }) => 'value' in distribution)
    expect(new Set(shown.map(({ group }) => group.company ?? 'all'))).toEqual(new Set(['all', 'cherasco']))
  })

  test('where each ticks one, the last option is what the others leave', async () => {
    const companies = {
      alba: { people: 50, ticks: [42, 8, 0] },
      bra: { people: 60, ticks: [20, 25, 15] },
      cherasco: { people: 80, ticks: [30, 30, 20] },
      dogliani: { people: 70, ticks: [25, 28, 17] },
    }
    const counted = campaignOf(companies, false, { atLeast: 1, atMost: 1 })
    expect((await attackOn(counted, false)).breaks).toContainEqual(
      expect.objectContaining({ measure: 'option 3', group: 'company=alba' }),
    )
    expect((await attackOn(counted, true)).breaks).toEqual([])
  })

  test('numbers of ticks that nobody can have made are refused with the place', async () => {
    const companies = { alba: { people: 50, ticks: [5, 5, 5] }, bra: { people: 60, ticks: [40, 25, 10] } }
    const counted = campaignOf(companies, false, { atLeast: 0, atMost: 1 })
    await expect(protect(counted, usualThresholds)).rejects.toThrow(/bra.* options: more or fewer ticks than it allows/)
  })
})
