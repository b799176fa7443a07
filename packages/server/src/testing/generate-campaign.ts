/** Any campaign that disclosure control could meet: few companies or many, tiny or large, skewed, empty, with linked tables. */
import fc from 'fast-check'
import type { CampaignShape, NextWave, Question } from './invent-campaign.ts'

const weights = fc
  .integer({ min: 2, max: 5 })
  .chain((answers) =>
    fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(0, 1, 400)), {
      minLength: answers,
      maxLength: answers,
    }),
  )
  .filter((weights) => weights.some((weight) => weight > 0))

const company = fc.record({
  population: fc.oneof(
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 5, max: 60 }),
    fc.integer({ min: 60, max: 900 }),
  ),
  rate: fc.constantFrom(0.2, 0.5, 0.8, 0.95, 1),
  alike: fc.constantFrom(false, false, false, false, true),
})

/** Tables that cross companies with recodes have many more groups, so there are fewer companies then; with many, it is a large plan. */
const companiesAndTables = fc.oneof(
  {
    weight: 24,
    arbitrary: fc.record({
      companies: fc.array(company, { minLength: 2, maxLength: 40, size: 'max' }),
      tables: fc.constantFrom<string[][]>([['company']], [['company'], ['gender']], [['company'], ['gender', 'age']]),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      companies: fc.array(company, { minLength: 2, maxLength: 5 }),
      tables: fc.constantFrom<string[][]>(
        [['company', 'gender']],
        [['company', 'gender'], ['age']],
        [
          ['company', 'gender'],
          ['gender', 'age'],
        ],
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      companies: fc.array(company, { minLength: 8, maxLength: 20, size: 'max' }),
      tables: fc.constantFrom<string[][]>(
        [
          ['company', 'gender'],
          ['gender', 'age'],
        ],
        [
          ['company', 'gender'],
          ['company', 'age'],
        ],
        [['company', 'gender', 'age']],
      ),
    }),
  },
)

export const campaignShapes: fc.Arbitrary<CampaignShape> = fc
  .record({
    seed: fc.nat(),
    plan: companiesAndTables,
    questions: fc.array(
      fc.record({
        weights,
        criticalUpTo: fc.constant(0),
        health: fc.boolean(),
        skipped: fc.constantFrom(0, 0.05, 0.4),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    conditions: fc.constantFrom<Conditions>('none', 'none', 'one', 'chain', 'all', 'any'),
    areas: fc.constantFrom<Areas>('none', 'one question', 'any question', 'all questions', 'shared questions'),
    variety: fc.constantFrom(0, 1, 4),
  })
  .map(({ seed, plan, questions, conditions, areas, variety }) => ({
    seed,
    companies: limitPeople(plan.companies, 5000),
    recodes: [
      { name: 'gender', categories: ['woman', 'man'] },
      { name: 'age', categories: ['under 40', '40 and over'] },
    ],
    tables: plan.tables,
    questions: questions.map((question, index) => {
      const ifCritical = conditionOf(conditions, index)
      return ifCritical === undefined ? question : { ...question, ifCritical }
    }),
    areas: areasOf(conditions === 'none' || areas === 'none' ? areas : 'one question', questions.length),
    variety,
  }))

/** The second question may hang on the first; the third on the second, and so on both, or on both by itself. */
type Conditions = 'none' | 'one' | 'chain' | 'all' | 'any'

function conditionOf(conditions: Conditions, question: number): Question['ifCritical'] {
  if (question === 1 && (conditions === 'one' || conditions === 'chain')) return { all: [0] }
  if (question !== 2) return undefined
  if (conditions === 'chain') return { all: [1] }
  if (conditions === 'all') return { all: [0, 1] }
  return conditions === 'any' ? { any: [0, 1] } : undefined
}

type Areas = 'none' | 'one question' | 'any question' | 'all questions' | 'shared questions'

function areasOf(areas: Areas, questions: number): CampaignShape['areas'] {
  const all = [...Array(questions).keys()]
  switch (areas) {
    case 'none':
      return []
    case 'one question':
      return [{ questions: [0] }]
    case 'any question':
      return [{ questions: all }]
    case 'all questions':
      return [{ questions: all, combines: 'all' }]
    case 'shared questions':
      return [{ questions: all }, { questions: all.slice(0, 2) }, { questions: all.slice(-2), combines: 'all' }]
  }
}

/** How a wave follows on another: in how many companies somebody joins or leaves, and which share changes its mind. */
const nextWaves: fc.Arbitrary<NextWave> = fc.record({
  seed: fc.nat(),
  participation: fc.array(fc.constantFrom(0, 0, 0, 1, -1, 3), { minLength: 1, maxLength: 5 }),
  joined: fc.array(fc.constantFrom(0, 1, 1, 2), { minLength: 1, maxLength: 5 }),
  left: fc.array(fc.constantFrom(0, 0, 1), { minLength: 1, maxLength: 5 }),
  changed: fc.constantFrom(0, 0, 0.05, 0.5),
})

function limitPeople(companies: CampaignShape['companies'], most: number) {
  let left = most
  return companies.map((each) => {
    const population = Math.max(1, Math.min(each.population, left))
    left -= population
    return { ...each, population }
  })
}

/** Campaigns with the wave that follows each: the same for the same seed. */
export function drawCampaigns(count: number, seed: number) {
  return fc.sample(fc.record({ shape: campaignShapes, wave: nextWaves }), { numRuns: count, seed })
}
