import { expect, test } from 'vitest'
import { type Attack, attack, type Knowledge } from './adversary.ts'
import { allPrecautions, attackAs, attackCampaign, attackWaves } from './attack-campaign.ts'
import { drawCampaigns } from './generate-campaign.ts'
import { inventCampaign, randomFrom, secondWave } from './invent-campaign.ts'
import type { AskedIf } from './who-was-asked.ts'

// Thousands are attacked by `pnpm bench:disclosure`.
const drawn = drawCampaigns(24, 11)
const breaksOf = (attacks: readonly Attack[]) => attacks.flatMap(({ breaks }) => breaks)

test('nothing comes out of any release, nor of two waves', { timeout: 240_000 }, async () => {
  let attacked = 0
  for (const { shape, wave } of drawn) {
    const campaign = inventCampaign(shape)
    const { attacks } = await attackCampaign(campaign, 4)
    const ofWaves = await attackWaves(campaign, wave, 2)
    expect({ shape, breaks: breaksOf([...attacks, ...ofWaves]) }).toEqual({ shape, breaks: [] })
    attacked += [...attacks, ...ofWaves].reduce((sum, { narrowed }) => sum + narrowed, 0)
  }
  expect(attacked).toBeGreaterThan(100)
})

test('nothing comes out of a large release that is protected level by level', { timeout: 120_000 }, async () => {
  const shape = secondWave(5, [
    ['company', 'gender'],
    ['gender', 'age'],
  ])
  const few = { ...shape, questions: shape.questions.slice(0, 3), areas: [{ questions: [0] }, { questions: [1, 2] }] }
  const { attacks } = await attackCampaign(inventCampaign(few), 6)
  expect(attacks.every(({ narrowed }) => narrowed === 6)).toBe(true)
  expect(breaksOf(attacks)).toEqual([])
})

test('nothing comes out for a company of nearly half the people, who are part of what is hidden', async () => {
  const companies = [
    { population: 174, rate: 0.5 },
    { population: 37, rate: 0.8 },
    { population: 12, rate: 0.5 },
    { population: 32, rate: 0.95 },
    { population: 4, rate: 1 },
  ]
  const campaign = inventCampaign({
    seed: 500201999,
    companies,
    recodes: [
      { name: 'gender', categories: ['woman', 'man'] },
      { name: 'age', categories: ['under 40', '40 and over'] },
    ],
    tables: [['company'], ['gender', 'age']],
    questions: [{ weights: [5, 1], criticalUpTo: 0, health: true, skipped: 0.05 }],
    areas: [{ questions: [0] }],
    variety: 0,
  })
  const { release } = await attackCampaign(campaign, 0)
  for (const insider of campaign.counted.companies) {
    const { breaks } = await attackAs(insider, campaign, release, 12, randomFrom(1))
    expect({ insider, breaks }).toEqual({ insider, breaks: [] })
  }
})

test('without secondary suppression hidden distributions are computed from shown ones', async () => {
  const ways = new Set<string>()
  for (const { shape } of drawn) {
    const { attacks } = await attackCampaign(inventCampaign(shape), 0, { ...allPrecautions, complements: false })
    for (const { way } of breaksOf(attacks)) ways.add(way)
  }
  expect(ways).toContain('computed')
})

test('without the insider rule a company sees the answers of another', async () => {
  const ways = new Set<string>()
  for (const { shape } of drawn) {
    const { attacks } = await attackCampaign(inventCampaign(shape), 0, { ...allPrecautions, insiders: false })
    expect(attacks[0]!.breaks).toEqual([])
    for (const { way } of attacks[1]!.breaks) ways.add(way)
  }
  expect(ways.size).toBeGreaterThan(0)
})

test('without the rule for waves an answer is laid at the door of who joined', async () => {
  const ways = new Set<string>()
  for (const { shape, wave } of drawn) {
    const attacks = await attackWaves(inventCampaign(shape), wave, 0, { ...allPrecautions, waves: false })
    for (const { way } of breaksOf(attacks)) ways.add(way)
  }
  expect(ways).toContain('isolated')
})

/** Three companies of which the first is hidden; the second shows its counts unless they are left out. */
function threeCompanies(second: readonly number[] | undefined) {
  const counts = { alba: [2, 1], bra: [10, 12], cherasco: [20, 25] }
  const total = [32, 38]
  const measure = { name: 'balance', answers: ['no', 'yes'] }
  const show = (group: Record<string, string>, shown: readonly number[] | undefined) => ({
    measure: 'balance',
    group,
    distribution: shown === undefined ? ({ suppressed: true } as const) : { value: { counts: shown } },
  })
  return {
    release: {
      measures: [measure],
      results: [
        show({}, [30, 40]),
        show({ company: 'alba' }, undefined),
        show({ company: 'bra' }, second),
        show({ company: 'cherasco' }, [20, 25]),
      ],
    },
    plan: { companies: Object.keys(counts), recodes: [], measures: [measure] },
    counted: [
      { key: {}, counts: [total] },
      ...Object.entries(counts).map(([company, counts]) => ({ key: { company }, counts: [counts] })),
    ],
    insider: null,
    least: { usual: 5, health: 10 },
  }
}

test('the adversary finds the one company that is left of a total', async () => {
  const { breaks } = await attack(threeCompanies([10, 10]), 4, () => 0)
  expect(new Set(breaks.map(({ way }) => way))).toEqual(new Set(['computed', 'handful']))
})

test('with another company hidden it is not found, but by that company', async () => {
  const knowledge = threeCompanies(undefined)
  expect((await attack(knowledge, 4, () => 0)).breaks).toEqual([])
  const insider = await attack({ ...knowledge, insider: 'bra' }, 0, () => 0)
  expect(insider.breaks.map(({ way }) => way)).toContain('computed')
})

/** Two companies hide who works much, and show how those answered who care for somebody and work much. */
function carersWhoWork(askedIf: AskedIf): Knowledge {
  const yesNo = ['yes', 'no']
  const measures = [
    { name: 'cares', answers: yesNo },
    { name: 'works much', answers: yesNo },
    { name: 'is helped', answers: yesNo, askedIf },
  ]
  const counts = {
    alba: [
      [38, 10],
      [38, 2],
      [19, 19],
    ],
    bra: [
      [40, 30],
      [38, 2],
      [15, 20],
    ],
    cherasco: [
      [60, 50],
      [40, 30],
      [18, 20],
    ],
  }
  const total = [
    [138, 90],
    [116, 34],
    [52, 59],
  ]
  const groups = [
    { key: {}, counts: total },
    ...Object.entries(counts).map(([company, counts]) => ({ key: { company }, counts })),
  ]
  const isHidden = (company: string | undefined, measure: string) =>
    measure === 'works much' && (company === 'alba' || company === 'bra')
  return {
    release: {
      measures,
      results: groups.flatMap(({ key, counts }) =>
        measures.map(({ name }, index) => ({
          measure: name,
          group: key,
          distribution: isHidden('company' in key ? key.company : undefined, name)
            ? ({ suppressed: true } as const)
            : { value: { counts: counts[index]!.map((count) => 5 * Math.round(count / 5)) } },
        })),
      ),
    },
    plan: { companies: Object.keys(counts), recodes: [], measures },
    counted: groups,
    insider: null,
    least: { usual: 5, health: 10 },
  }
}

test('a second condition gives away what the first does not', async () => {
  const [first, second] = [
    { measure: 'cares', answers: [0] },
    { measure: 'works much', answers: [0] },
  ]
  expect((await attack(carersWhoWork(first!), 4, () => 0)).breaks).toEqual([])
  const { breaks } = await attack(carersWhoWork({ all: [first!, second!] }), 1, () => 0)
  expect(breaks).toEqual([
    { way: 'narrowed', measure: 'works much', group: 'company=alba', detail: 'answer 0: 36–40, alone 3–40' },
  ])
})
