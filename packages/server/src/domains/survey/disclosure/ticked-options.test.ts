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
  const measures = counted.measures.map(({ ticks: _, ...each }): PublicMeasure => each)
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

  test('what a total leaves is less by what is known of others in it', async () => {
    // All but 23 people ticked one; 20 of the 23 are in companies of which everything is shown.
    const counted = campaignOf(
      {
        alba: { people: 104, ticks: [52, 42, 8] },
        bra: { people: 60, ticks: [5, 50, 5] },
        cherasco: { people: 65, ticks: [5, 54, 5] },
        dogliani: { people: 70, ticks: [6, 58, 6] },
        moncalvo: { people: 81, ticks: [34, 14, 33] },
        neive: { people: 84, ticks: [35, 14, 35] },
        envie: { people: 174, ticks: [52, 52, 52] },
        fossano: { people: 146, ticks: [53, 48, 43] },
      },
      false,
      { atLeast: 0, atMost: 1 },
    )
    expect((await attackOn(counted, false)).breaks).toContainEqual(expect.objectContaining({ way: 'narrowed' }))
    expect((await attackOn(counted, true)).breaks).toEqual([])
  })

  test('a need area that unites options is hidden with all of them', async () => {
    const options = campaignOf(
      {
        alba: { people: 101, ticks: [43, 53] },
        bra: { people: 100, ticks: [45, 48] },
        cherasco: { people: 120, ticks: [60, 52] },
        dogliani: { people: 110, ticks: [50, 53] },
      },
      false,
      { atLeast: 0, atMost: 1 },
    )
    const follows = options.measures.map(({ name }) => ({ measure: name, answers: [1] }))
    const area = { name: 'debt', answers: ['critical', 'not critical'], critical: 0, combines: 'any' as const, follows }
    const counted = {
      ...options,
      measures: [...options.measures, area],
      groups: options.groups.map(({ counts, ...group }) => {
        const [critical, people] = [counts[0]![1]! + counts[1]![1]!, counts[0]![0]! + counts[0]![1]!]
        return { ...group, counts: [...counts, [critical, people - critical]] }
      }),
    }
    expect((await attackOn(counted, false)).breaks).toContainEqual(expect.objectContaining({ measure: 'debt' }))
    const { breaks, release } = await attackOn(counted, true)
    expect(breaks).toEqual([])
    expect(release.results.every(({ distribution }) => 'suppressed' in distribution)).toBe(true)
  })

  test('numbers of ticks that nobody can have made are refused with the place', async () => {
    const companies = { alba: { people: 50, ticks: [5, 5, 5] }, bra: { people: 60, ticks: [40, 25, 10] } }
    const counted = campaignOf(companies, false, { atLeast: 0, atMost: 1 })
    await expect(protect(counted, usualThresholds)).rejects.toThrow(/bra.* options: more or fewer ticks than it allows/)
  })
})
