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

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)

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

/** That the adversary would know of strain, were this shown of Alba as well. */
async function expectTold(counted: CountedTables, release: Published, measure: string, counts: readonly number[]) {
  const results = release.results.map((result) =>
    result.measure === measure && result.group.company === 'alba'
      ? { ...result, distribution: { value: { n: sumOf(counts), counts: [...counts], percents: [] } } }
      : result,
  )
  const { breaks } = await attackStrain(counted, { ...release, results })
  expect(breaks.filter(({ way, measure }) => way === 'narrowed' && measure === 'strain')).not.toEqual([])
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

    await expectTold(counted, release, 'sleeps badly', [25, 20])
  },
)

test('where people are critical for something that is not counted as well, the question tells less, and is shown', async () => {
  const counted = campaignOf('any')
  const measures = counted.measures.map((measure) =>
    measure.combines === undefined ? measure : { ...measure, combinesMore: true },
  )
  const alsoStrained = (more: Readonly<Record<string, number>>): CountedTables => ({
    ...counted,
    measures,
    groups: counted.groups.map(({ key, population, counts: [weighs, sleeps, strain] }) => {
      const here = more[String(key.company)] ?? (key.company === undefined ? sumOf(Object.values(more)) : 0)
      return { key, population, counts: [weighs!, sleeps!, [strain![0]! + here, strain![1]! - here]] }
    }),
  })
  // In all companies together hardly anybody is strained who doesn't sleep badly, and so hardly anybody of Alba.
  const hardlyAny = alsoStrained({})
  const hiding = await protect(hardlyAny, usualThresholds)
  expect(shownTo(hiding, 'strain', 'alba')).toBeUndefined()
  expect(shownTo(hiding, 'sleeps badly', 'alba')).toBeUndefined()
  expect((await attackStrain(hardlyAny, hiding)).breaks).toEqual([])

  const many = alsoStrained({ bra: 15, dogliani: 20 })
  const release = await protect(many, usualThresholds)
  expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
  expect(shownTo(release, 'sleeps badly', 'alba')).toEqual([25, 20])
  expect((await attackStrain(many, release)).breaks).toEqual([])
})

const worries = { name: 'worries', answers: ['yes', 'no'] }
const alsoWorries = ({ follows = [], ...strain }: Measure): Measure => ({
  ...strain,
  follows: [...follows, { measure: 'worries', answers: [0] }],
})

test('a need area that shares questions with a hidden one is hidden too, as it would tell its number', async () => {
  const counted = campaignOf('any')
  const [weighs, sleeps, strain] = counted.measures as [Measure, Measure, Measure]
  const unrest = alsoWorries({ ...strain, name: 'unrest', follows: [{ measure: 'sleeps badly', answers: [0] }] })
  // Of Alba nearly all sleep badly or worry, which is no secret yet; with what weighs at home all too many are strained.
  const ofAlba = [
    [4, 20, 20],
    [20, 24],
    [20, 24],
    [41, 3],
    [38, 6],
  ]
  const ofBra = [
    [6, 19, 19],
    [20, 24],
    [20, 24],
    [32, 12],
    [30, 14],
  ]
  const ofCherasco = [
    [4, 13, 13],
    [12, 18],
    [10, 20],
    [18, 12],
    [17, 13],
  ]
  const ofDogliani = [
    [20, 50, 50],
    [50, 70],
    [50, 70],
    [80, 40],
    [75, 45],
  ]
  const counts = [ofAlba, ofBra, ofCherasco, ofDogliani, ofDogliani]
  const all = ofAlba.map((each, measure) => each.map((_, answer) => sumOf(counts.map((of) => of[measure]![answer]!))))
  const restless: CountedTables = {
    ...counted,
    measures: [weighs, sleeps, worries, alsoWorries(strain), unrest],
    groups: counted.groups.map((group, index) => ({ ...group, counts: index === 0 ? all : counts[index - 1]! })),
  }
  const release = await protect(restless, usualThresholds)
  expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
  expect(shownTo(release, 'unrest', 'alba')).toBeUndefined()
  expect(shownTo(release, 'worries', 'alba')).toEqual([20, 25])
  expect(shownTo(release, 'unrest')).toEqual([235, 125])
  expect((await attackStrain(restless, release)).breaks).toEqual([])
  await expectTold(restless, release, 'unrest', [40, 5])
})

test('who is critical in any and who is critical in all questions are hidden together, as their numbers add up', async () => {
  const counted = campaignOf('any')
  const [weighs, sleeps, strain] = counted.measures as [Measure, Measure, Measure]
  // How many are not at ease at home, how many sleep badly, and how many both: of Alba, 92 % are in strain.
  const people = [
    [70, 55, 15, 120],
    [57, 37, 27, 104],
    [67, 47, 27, 114],
    [167, 127, 97, 304],
    [167, 137, 97, 324],
  ] as const
  const counts = people.map(([home, badly, both, all]) => [
    [home, all - home, 0],
    [badly, all - badly],
    [home + badly - both, all - home - badly + both],
    [both, all - both],
  ])
  const total = counts[0]!.map((each, measure) =>
    each.map((_, answer) => sumOf(counts.map((company) => company[measure]![answer]!))),
  )
  const restless: CountedTables = {
    ...counted,
    measures: [weighs, sleeps, strain, { ...strain, name: 'collapse', combines: 'all' }],
    groups: counted.groups.map(({ key }, index) => ({
      key,
      population: 1000,
      counts: index === 0 ? total : counts[index - 1]!,
    })),
  }
  const release = await protect(restless, usualThresholds)
  expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
  expect(shownTo(release, 'collapse', 'alba')).toBeUndefined()
  expect(shownTo(release, 'sleeps badly', 'alba')).toEqual([55, 65])
  expect(shownTo(release, 'collapse', 'govone')).toEqual([95, 225])
  expect((await attackStrain(restless, release)).breaks).toEqual([])
  await expectTold(restless, release, 'collapse', [15, 105])
})

test('where in all companies hardly anybody is critical in two questions, their sum would tell the number of a hidden need area', async () => {
  const counted = campaignOf('any')
  const [weighs, sleeps, strain] = counted.measures as [Measure, Measure, Measure]
  const worried: Readonly<Record<string, number>> = { alba: 12, bra: 12, cherasco: 6, dogliani: 30, govone: 30 }
  const apart: CountedTables = {
    ...counted,
    measures: [weighs, sleeps, worries, alsoWorries({ ...strain, health: false })],
    groups: counted.groups.map(({ key, population, counts: [weighs, sleeps, strain] }) => {
      const here = worried[String(key.company)] ?? sumOf(Object.values(worried))
      return {
        key,
        population,
        counts: [weighs!, sleeps!, [here, sumOf(sleeps!) - here], [strain![0]! + here, strain![1]! - here]],
      }
    }),
  }
  const release = await protect(apart, usualThresholds)
  expect(shownTo(release, 'strain')).toEqual([270, 95])
  expect(shownTo(release, 'strain', 'alba')).toBeUndefined()
  const questions = ['sleeps badly', 'worries'].map((question) => shownTo(release, question, 'alba'))
  expect(questions).toContain(undefined)
  expect((await attackStrain(apart, release)).breaks).toEqual([])
})
