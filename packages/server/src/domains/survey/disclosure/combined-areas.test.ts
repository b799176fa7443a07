import { expect, test } from 'vitest'
import { attack } from '../../../testing/adversary.ts'
import type { CountedTables, Measure } from './counted-tables.ts'
import { protect } from './protect.ts'
import type { Published } from './publish.ts'
import { usualThresholds } from './thresholds.ts'

// What weighs on people (for two of them what is at home; for nearly all of Alba nothing), whether they sleep badly, and of how
// many the one or the other is critical.
const weighs = { name: 'weighs', answers: ['at home', 'at work', 'nothing'] }
const sleeps = { name: 'sleeps badly', answers: ['yes', 'no'] }
const either = (combines: 'any' | 'all'): Measure => ({
  name: 'strain',
  answers: ['critical', 'not critical'],
  critical: 0,
  health: true,
  combines,
  follows: [
    { measure: 'weighs', answers: combines === 'any' ? [0] : [1, 2] },
    { measure: 'sleeps badly', answers: combines === 'any' ? [0] : [1] },
  ],
})

/** Where `all` has to be critical, who is critical here is not there, and the other way round: the numbers tell as much. */
function campaignOf(combines: 'any' | 'all'): CountedTables {
  const side = (critical: number, others: number) => (combines === 'any' ? [critical, others] : [others, critical])
  const companies = {
    alba: [[1, 3, 40], [25, 19], side(25, 19)],
    bra: [[1, 40, 3], [20, 24], side(21, 23)],
    cherasco: [[0, 2, 2], [15, 15], side(15, 15)],
    dogliani: [[0, 50, 70], [60, 60], side(60, 60)],
    govone: [[0, 70, 60], [60, 70], side(60, 70)],
  }
  const sum = (measure: number) =>
    companies.alba[measure]!.map((_, answer) =>
      Object.values(companies).reduce((sum, counts) => sum + counts[measure]![answer]!, 0),
    )
  return {
    companies: Object.keys(companies),
    recodes: [],
    tables: [['company']],
    measures: [weighs, sleeps, either(combines)],
    groups: [
      { key: {}, population: 600, counts: [sum(0), sum(1), sum(2)] },
      ...Object.entries(companies).map(([company, counts]) => ({ key: { company }, population: 200, counts })),
    ],
  }
}

const shownTo = (release: Published, measure: string, company?: string) => {
  const found = release.results.find((result) => result.measure === measure && result.group.company === company)!
  return 'value' in found.distribution ? found.distribution.value.counts : undefined
}

/** The adversary on all that is hidden of strain. */
const attackStrain = (counted: CountedTables, release: Published) => {
  let turn = 0
  return attack(
    {
      release,
      plan: counted,
      counted: counted.groups,
      insider: null,
      least: { usual: 5, health: 10 },
    },
    200,
    // One number after the other, and of each all answers.
    () => (turn++ * 0.618034) % 1,
  )
}

test.each(['any', 'all'] as const)(
  'where a question would tell the number of a hidden need area of %s, it is hidden too',
  async (combines) => {
    const counted = campaignOf(combines)
    const release = await protect(counted, usualThresholds)

    // Nearly all of Alba said that nothing weighs on them, which hides that question there, and so the need area.
    expect(shownTo(release, 'weighs')).toEqual([0, 165, 175])
    expect(shownTo(release, 'weighs', 'alba')).toBeUndefined()
    expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
    // As at most two are strained at home, who is strained would be who sleeps badly.
    expect(shownTo(release, 'sleeps badly', 'alba')).toBeUndefined()
    expect(shownTo(release, 'sleeps badly')).toEqual([180, 190])
    expect((await attackStrain(counted, release)).breaks).toEqual([])

    const sleeping = release.results.map((result) =>
      result.measure === 'sleeps badly' && result.group.company === 'alba'
        ? { ...result, distribution: { value: { n: 45, counts: [25, 20], percents: [55.6, 44.4] } } }
        : result,
    )
    const { breaks } = await attackStrain(counted, { ...release, results: sleeping })
    expect(breaks.filter(({ way, measure }) => way === 'narrowed' && measure === 'strain')).not.toEqual([])
  },
)

test('where people are critical for something that is not counted as well, the question tells less, and is shown', async () => {
  const counted = campaignOf('any')
  const measures = counted.measures.map((measure) =>
    measure.combines === undefined ? measure : { ...measure, combinesMore: true },
  )
  const release = await protect({ ...counted, measures }, usualThresholds)
  expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
  expect(shownTo(release, 'sleeps badly', 'alba')).toEqual([25, 20])
  expect((await attackStrain({ ...counted, measures }, release)).breaks).toEqual([])
})
