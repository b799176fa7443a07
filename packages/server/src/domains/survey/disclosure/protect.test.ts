import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { campaignShapes, drawCampaigns } from '../../../testing/generate-campaign.ts'
import { inventCampaign, inventNextWave, secondWave } from '../../../testing/invent-campaign.ts'
import { measureReach } from '../../../testing/measure-reach.ts'
import type { CountedTables, GroupKey, Measure } from './counted-tables.ts'
import { protect, protectionVersion } from './protect.ts'
import type { Published } from './publish.ts'
import { loadSolver } from './solve-bounds.ts'
import { usualThresholds } from './thresholds.ts'

const balance: Measure = { name: 'balance', answers: ['bad', 'middling', 'good'] }

/** One question, answered in companies of ten times as many people. */
function countCompanies(companies: Record<string, number[]>, measure = balance): CountedTables {
  const names = Object.keys(companies)
  const total = measure.answers.map((_, answer) => names.reduce((sum, name) => sum + companies[name]![answer]!, 0))
  const groups = [['', total] as const, ...names.map((name) => [name, companies[name]!] as const)]
  return {
    companies: names,
    recodes: [],
    tables: [['company']],
    measures: [measure],
    groups: groups.map(([company, counts]) => ({
      key: company === '' ? {} : { company },
      population: counts.reduce((sum, count) => sum + count, 0) * 10,
      counts: [[...counts]],
    })),
  }
}

function shownOf({ results }: Published, group: GroupKey, measure = 'balance') {
  const result = results.find(
    (each) => each.measure === measure && JSON.stringify(each.group) === JSON.stringify(group),
  )
  const { distribution } = result!
  return 'value' in distribution ? distribution.value.counts : 'suppressed'
}

test('a small company is hidden, with another one, and the total stays', async () => {
  const release = await protect(
    countCompanies({ alba: [1, 1, 1], bra: [10, 12, 9], cherasco: [30, 20, 30], dogliani: [40, 40, 30] }),
    usualThresholds,
  )
  expect(shownOf(release, { company: 'alba' })).toBe('suppressed')
  expect(shownOf(release, { company: 'bra' })).toBe('suppressed')
  expect(shownOf(release, {})).toEqual([80, 75, 70])
})

test('why a distribution is suppressed is not told', async () => {
  const { results } = await protect(
    countCompanies({ alba: [1, 1, 1], bra: [10, 12, 9], cherasco: [30, 20, 30], dogliani: [40, 40, 30] }),
    usualThresholds,
  )
  const hidden = results.filter(({ distribution }) => 'suppressed' in distribution)
  expect(hidden.map(({ distribution }) => distribution)).toEqual(hidden.map(() => ({ suppressed: true })))
})

test('a total of two companies is hidden, though each of them is shown', async () => {
  const release = await protect(countCompanies({ alba: [10, 10, 10], bra: [10, 12, 9] }), usualThresholds)
  expect(shownOf(release, {})).toBe('suppressed')
  expect(shownOf(release, { company: 'alba' })).toEqual([10, 10, 10])
})

test('a need area of one question is hidden with its question, and only there', async () => {
  const area: Measure = {
    name: 'area',
    answers: ['critical', 'not critical'],
    critical: 0,
    coarsens: { measure: 'balance', unites: [[0], [1, 2]] },
  }
  const counted = countCompanies({
    alba: [1, 20, 0],
    bra: [10, 12, 9],
    cherasco: [30, 20, 30],
    dogliani: [40, 40, 30],
  })
  const both = {
    ...counted,
    measures: [balance, area],
    groups: counted.groups.map(({ counts: [counts], ...group }) => ({
      ...group,
      counts: [counts!, [counts![0]!, counts![1]! + counts![2]!]],
    })),
  }
  const release = await protect(both, usualThresholds)
  // 20 of 21 gave one answer.
  expect(shownOf(release, { company: 'alba' })).toBe('suppressed')
  for (const company of counted.companies) {
    expect(shownOf(release, { company }, 'area') === 'suppressed').toBe(shownOf(release, { company }) === 'suppressed')
  }
})

test('themes are what more than half report, by the rounded numbers, with their interval', async () => {
  const area: Measure = { name: 'family', answers: ['critical', 'not critical'], critical: 0 }
  const { criticalThemes } = await protect(
    countCompanies({ alba: [30, 21], bra: [20, 40], cherasco: [50, 20] }, area),
    usualThresholds,
  )
  expect(criticalThemes.map(({ group, n, critical }) => ({ group, n, critical }))).toEqual([
    { group: {}, n: 180, critical: 100 },
    { group: { company: 'alba' }, n: 50, critical: 30 },
    { group: { company: 'cherasco' }, n: 70, critical: 50 },
  ])
  expect(criticalThemes[0]!.responseRate).toBeCloseTo(0.0994, 4)
  // 100 of 180.
  expect(criticalThemes[0]!.interval.low).toBeCloseTo(0.4826, 3)
  expect(criticalThemes[0]!.interval.high).toBeCloseTo(0.6262, 3)
})

test('half is no majority', async () => {
  const area: Measure = { name: 'family', answers: ['critical', 'not critical'], critical: 0 }
  const { criticalThemes } = await protect(
    countCompanies({ alba: [20, 20], bra: [20, 20], cherasco: [20, 20] }, area),
    usualThresholds,
  )
  expect(criticalThemes).toEqual([])
})

test('tables that contradict each other are refused, with the place', async () => {
  const counted = countCompanies({ alba: [10, 10, 10], bra: [10, 12, 9] })
  const wrong = { ...counted, groups: counted.groups.with(0, { ...counted.groups[0]!, counts: [[21, 22, 19]] }) }
  await expect(protect(wrong, usualThresholds)).rejects.toThrow('[] balance: its parts add up to 20 for "bad"')
})

test('rounding that would tell nothing is refused', async () => {
  const counted = countCompanies({ alba: [10, 10, 10], bra: [10, 12, 9] })
  await expect(protect(counted, { ...usualThresholds, base: 4 })).rejects.toThrow('base 4')
})

test('the same counts give the same release, in whatever order they come', async () => {
  await fc.assert(
    fc.asyncProperty(campaignShapes, fc.infiniteStream(fc.nat()), async (shape, order) => {
      const { counted } = inventCampaign(shape)
      const shuffled = [...counted.groups]
        .map((group) => ({ group, place: order.next().value as number }))
        .sort((a, b) => a.place - b.place)
        .map(({ group }) => group)
      const read = JSON.parse(JSON.stringify({ ...counted, groups: shuffled })) as CountedTables
      expect(JSON.stringify(await protect(read, usualThresholds))).toBe(
        JSON.stringify(await protect(counted, usualThresholds)),
      )
    }),
    { numRuns: 4, seed: 3 },
  )
}, 60_000)

test('the solver gets all its memory back, which nobody else would free', async () => {
  const solver = await loadSolver()
  const { createModel } = solver
  onTestFinished(() => {
    solver.createModel = createModel
  })
  let made = 0
  let living = 0
  solver.createModel = (source) => {
    const model = createModel(source)
    const dispose = model.dispose.bind(model)
    made += 1
    living += 1
    model.dispose = () => {
      living -= 1
      dispose()
    }
    return model
  }
  for (const { shape } of drawCampaigns(12, 1)) await protect(inventCampaign(shape).counted, usualThresholds)
  expect(made).toBeGreaterThan(10)
  expect(living).toBe(0)
})

test('nothing that is shown is further from the truth than rounding takes it', async () => {
  const { counted } = inventCampaign(secondWave(3))
  const { results } = await protect(counted, usualThresholds)
  const truth = new Map(counted.groups.map(({ key, counts }) => [JSON.stringify(key), counts]))
  for (const { measure, group, distribution } of results) {
    if ('suppressed' in distribution) continue
    const counts = truth.get(JSON.stringify(group))![counted.measures.findIndex(({ name }) => name === measure)]!
    for (const [answer, shown] of distribution.value.counts.entries()) {
      expect(Math.abs(shown - counts[answer]!)).toBeLessThanOrEqual(2)
    }
  }
})

const crossed = [
  ['company', 'gender'],
  ['gender', 'age'],
]

test.each([1, 2, 3])('of a campaign like the second wave nearly all is released (%i)', async (seed) => {
  const { questions, themes } = await measureReach(inventCampaign(secondWave(seed)))
  expect(questions.released / questions.of).toBeGreaterThanOrEqual(0.8)
  expect(themes.true).toBeGreaterThan(0)
  expect(themes.released).toBe(themes.true)
})

test('where recodes divide its companies, most is released too', async () => {
  const { questions, divided } = await measureReach(inventCampaign(secondWave(1, crossed, 10)))
  expect(questions.released / questions.of).toBeGreaterThanOrEqual(0.8)
  expect(divided.released / divided.of).toBeGreaterThanOrEqual(0.6)
})

test.each([4, 6])(
  'no company loses by a table that divides it, nor where all its people are alike (%i)',
  async (seed) => {
    const shapeOf = (tables: string[][]) => {
      const shape = secondWave(seed, tables, 10)
      const companies = shape.companies.map((company, index) => ({ ...company, alike: index % 5 === 2 }))
      return inventCampaign({ ...shape, companies })
    }
    const whole = await measureReach(shapeOf([['company'], ['gender', 'age']]))
    const divided = await measureReach(shapeOf(crossed))
    expect(divided.questions.released).toBe(whole.questions.released)
    expect(divided.divided.released).toBeGreaterThan(0)
  },
)

test('a second table that divides companies is not withdrawn for the first', async () => {
  const twice = [
    ['company', 'gender'],
    ['company', 'age'],
  ]
  const { counted } = inventCampaign(secondWave(1, twice, 2))
  const { results } = await protect(counted, usualThresholds)
  const shownBy = (name: string) =>
    results.filter(({ group, distribution }) => 'company' in group && name in group && 'value' in distribution).length
  expect(shownBy('gender')).toBeGreaterThan(0)
  expect(shownBy('age')).toBeGreaterThan(0)
})

/** Three options of which the last stands alone, and a need area by a score of two items. */
const ticksAndScore: CountedTables = {
  companies: ['alba', 'bra', 'cherasco', 'dogliani'],
  recodes: [],
  tables: [['company']],
  measures: [
    ...[1, 2, 3].map((option) => ({
      name: `option ${option}`,
      answers: ['not ticked', 'ticked'],
      ticks: { question: 'options', ticked: 1, isAlone: option === 3, atLeast: 1, atMost: 2 },
    })),
    { name: 'item 1', answers: ['yes', 'no'] },
    { name: 'item 2', answers: ['yes', 'no'] },
    {
      name: 'score',
      answers: ['critical', 'not critical'],
      critical: 0,
      follows: [1, 2].map((item) => ({ measure: `item ${item}`, answers: [] })),
    },
  ],
  groups: [
    {
      key: {},
      population: null,
      counts: [
        [181, 79],
        [174, 86],
        [141, 119],
        [130, 130],
        [122, 138],
        [118, 142],
      ],
    },
    {
      key: { company: 'alba' },
      population: null,
      counts: [
        [46, 4],
        [47, 3],
        [6, 44],
        [46, 4],
        [24, 26],
        [22, 28],
      ],
    },
    {
      key: { company: 'bra' },
      population: null,
      counts: [
        [40, 20],
        [35, 25],
        [38, 22],
        [22, 38],
        [28, 32],
        [26, 34],
      ],
    },
    {
      key: { company: 'cherasco' },
      population: null,
      counts: [
        [50, 30],
        [50, 30],
        [52, 28],
        [32, 48],
        [36, 44],
        [38, 42],
      ],
    },
    {
      key: { company: 'dogliani' },
      population: null,
      counts: [
        [45, 25],
        [42, 28],
        [45, 25],
        [30, 40],
        [34, 36],
        [32, 38],
      ],
    },
  ],
}

test('the same counts give the same release as ever: where they no longer do, it is another version', {
  timeout: 60_000,
}, async () => {
  const small = {
    seed: 7,
    companies: [40, 25, 8, 90, 60].map((population) => ({ population, rate: 0.8 })),
    recodes: [{ name: 'gender', categories: ['woman', 'man'] }],
    tables: [['company'], ['gender']],
    questions: [
      { weights: [5, 3, 2], criticalUpTo: 0, skipped: 0.1 },
      { weights: [2, 3, 4], criticalUpTo: 1, skipped: 0, health: true },
    ],
    areas: [{ questions: [0, 1] }, { questions: [0, 1], combines: 'all' as const }, { questions: [1] }],
    variety: 2,
  }
  const hash = createHash('sha256')
  const update = (release: unknown) => hash.update(canonicalize(release)!)
  for (const shape of [small, secondWave(1), secondWave(2, crossed, 10)])
    update(await protect(inventCampaign(shape).counted, usualThresholds))
  const first = inventCampaign(small)
  const second = inventNextWave(first, {
    seed: 8,
    participation: [1, 2],
    joined: [1, 0, 1],
    left: [0, 1],
    changed: 0.05,
  })
  const published = await protect(first.counted, usualThresholds)
  update(await protect(second.counted, usualThresholds, [{ published, changes: second.changes }]))
  update(await protect(ticksAndScore, usualThresholds))
  const known = { version: protectionVersion, sha256: hash.digest('hex') }
  expect(known).toEqual({ version: 4, sha256: 'bfca4483f7e0d175f6e48e23bba1543455dc9ffa2ef3e25245652a6b9e12dc5c' })
})
