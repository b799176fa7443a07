import { expect, test } from 'vitest'
import { inventCampaign } from '../../../testing/invent-campaign.ts'
import { type CountedTables, readTables } from './counted-tables.ts'
import { asPart } from './levels.ts'
import { findFamilies } from './measure-families.ts'
import { roundDistribution } from './publish.ts'
import { boundsFor, type Revealed, reveal } from './revealed.ts'
import { Extremes, loadSolver } from './solve-bounds.ts'
import { isTelling } from './suppress-primary.ts'
import { AnswerSwaps } from './swap-answers.ts'
import { usualThresholds } from './thresholds.ts'
import { widthFromEachAlone } from './what-one-table-tells.ts'

/** A question with two answers in these companies, and what is known when those of these indexes are hidden (0 is the total). */
function revealCompanies(
  companies: readonly (readonly number[])[],
  hidden: readonly number[],
  populations: readonly number[] = [],
): Revealed {
  const names = companies.map((_, index) => `company ${index + 1}`)
  const sum = (answer: number) => companies.reduce((sum, counts) => sum + counts[answer]!, 0)
  const counted: CountedTables = {
    companies: names,
    recodes: [],
    tables: [['company']],
    measures: [{ name: 'balance', answers: ['no', 'yes'] }],
    groups: [
      { key: {}, population: null, counts: [[sum(0), sum(1)]] },
      ...companies.map((counts, index) => ({
        key: { company: names[index]! },
        population: populations[index] ?? null,
        counts: [counts],
      })),
    ],
  }
  return revealCounted(counted, hidden)
}

function revealCounted(counted: CountedTables, hidden: readonly number[]): Revealed {
  const lattice = readTables(counted)
  const surroundings = {
    showsAs: (measure: number, group: number) => ({
      distribution: roundDistribution(lattice.counts[measure]![group]!, usualThresholds.base),
      repeats: false,
    }),
    told: () => undefined,
    remembers: () => undefined,
  }
  return reveal(asPart(lattice), findFamilies(lattice)[0]!, new Set(hidden), surroundings, usualThresholds)
}

/** To what width the solver finds the number of people of a group open who said no. */
async function widthBySolver(revealed: Revealed, attacker: number | null, group: number) {
  const others = [...revealed.lattice.companies.keys()].filter((company) => company !== attacker)
  const extremes = new Extremes(await loadSolver(), revealed, new Set(others), boundsFor(revealed, attacker))
  let width = 0
  while (extremes.isWide(group, [0], width + 1)) width++
  extremes.dispose()
  return width
}

test('of one hidden company the shown total leaves what rounding conceals', async () => {
  // The total is 43 … 47 beside 38 … 42, company 2 has 18 … 22 beside 23 … 27, company 3 13 … 17 beside 8 … 12.
  const revealed = revealCompanies(
    [
      [10, 5],
      [20, 25],
      [15, 10],
    ],
    [1],
  )
  // At most 15, and no fewer than 43 − 22 − 17 or 15 − (42 − 23 − 8).
  expect(await widthBySolver(revealed, null, 1)).toBe(11)
})

test('two hidden companies may have swapped all their answers, for all that is known', async () => {
  const revealed = revealCompanies(
    [
      [2, 1],
      [10, 12],
      [20, 25],
    ],
    [1, 2],
  )
  expect(await widthBySolver(revealed, null, 1)).toBe(3)
  const reach = new AnswerSwaps(revealed).reach(1, [0], null, boundsFor(revealed, null), 3)
  expect(reach.width).toBe(3)
})

test.each([1, 2, 3, 4, 5, 6])(
  'where two tables divide companies, the solver finds what trying all answers does (%i)',
  async (seed) => {
    const { counted } = inventCampaign({
      seed,
      companies: [
        { population: 10, rate: 1 },
        { population: 9, rate: 1 },
      ],
      recodes: [
        { name: 'gender', categories: ['woman', 'man'] },
        { name: 'age', categories: ['under 40', '40 and over'] },
      ],
      tables: [
        ['company', 'gender'],
        ['company', 'age'],
      ],
      questions: [{ weights: [2, 3], criticalUpTo: 0, skipped: 0 }],
      areas: [],
      variety: 0,
    })
    const { groups, counts, measures } = readTables(counted)
    const divided = groups.filter(({ key }) => Object.keys(key).length === 2).map(({ index }) => index)
    // Of divided companies each time another group is shown, if it may be.
    const hidden = groups
      .filter(
        ({ index, population }) =>
          (divided.includes(index) && index !== divided[seed]) ||
          isTelling(measures[0]!, counts[0]![index]!, population, usualThresholds),
      )
      .map(({ index }) => index)
    const revealed = revealCounted(counted, hidden)
    for (const group of hidden) expect(await widthBySolver(revealed, null, group)).toBe(widthByTrying(revealed, group))
  },
)

/** The same by trying all numbers of people who gave the first of two answers, in all groups of companies. */
function widthByTrying(revealed: Revealed, group: number): number {
  const { lattice, respondents } = revealed
  const { low, high } = boundsFor(revealed, null)
  const isFirst = new Map<number, readonly number[]>()
  for (const { total, parts } of lattice.sums) if (!isFirst.has(total)) isFirst.set(total, parts)
  const smallest = lattice.groups.filter(({ index, planned }) => planned && !isFirst.has(index))
  const fits = (each: number, first: number) =>
    low[each * 2]! <= first &&
    first <= high[each * 2]! &&
    low[each * 2 + 1]! <= respondents[each]! - first &&
    respondents[each]! - first <= high[each * 2 + 1]!
  /** All groups from these, the parts first; nothing where they contradict what is known. */
  const complete = (given: ReadonlyMap<number, number>) => {
    const all = new Map(given)
    for (const { total, parts } of lattice.sums.toReversed()) {
      if (!parts.every((part) => all.has(part))) continue
      const sum = parts.reduce((sum, part) => sum + all.get(part)!, 0)
      if ((all.get(total) ?? sum) !== sum || !fits(total, sum)) return undefined
      all.set(total, sum)
    }
    return all
  }
  let ways: ReadonlyMap<number, number>[] = [new Map()]
  for (const { index } of smallest) {
    const possible = Array.from({ length: respondents[index]! + 1 }, (_, first) => first)
    ways = ways.flatMap((way) =>
      possible
        .filter((first) => fits(index, first))
        .map((first) => new Map([...way, [index, first]]))
        .filter((longer) => complete(longer) !== undefined),
    )
  }
  const found = ways.map((way) => complete(way)!.get(group)!)
  return Math.max(...found) - Math.min(...found)
}

test('swaps leave the people of an insider alone, and go no further than the solver', async () => {
  const revealed = revealCompanies(
    [
      [9, 9],
      [10, 12],
      [20, 25],
    ],
    [1, 2],
  )
  const bounds = boundsFor(revealed, 1)
  const reach = new AnswerSwaps(revealed).reach(1, [0], 1, bounds, 100)
  expect(reach.companies.has(1)).toBe(false)
  expect(reach.width).toBeGreaterThanOrEqual(5)
  expect(reach.width).toBeLessThanOrEqual(await widthBySolver(revealed, 1, 1))
})

test('a number is as open as the narrowest single group around it leaves it', () => {
  // In the whole network one said no: shown as 0, so 2 at most.
  const revealed = revealCompanies(
    [
      [1, 30],
      [0, 40],
      [0, 50],
    ],
    [1],
  )
  expect(widthFromEachAlone(revealed, 1, [0], null)).toBe(2)
  // Whoever answered for company 2 knows that none of those was there.
  expect(widthFromEachAlone(revealed, 1, [0], 1)).toBe(2)
})

test('with the total hidden too, all is open', () => {
  const revealed = revealCompanies(
    [
      [1, 30],
      [0, 40],
      [0, 50],
    ],
    [0, 1],
  )
  expect(widthFromEachAlone(revealed, 1, [0], null)).toBe(31)
})

test('that a distribution is shown tells that it is fit to be', () => {
  const companies = [
    [2, 3],
    [4, 5],
    [3, 3],
  ]
  const of = (group: number, populations: readonly number[]) => {
    const { low, high } = boundsFor(revealCompanies(companies, [], populations), null)
    return [low[group * 2]!, high[group * 2]!]
  }
  // Shown as 0, so at most two. Were these five people all, somebody said no.
  expect(of(1, [])).toEqual([0, 2])
  expect(of(1, [5])).toEqual([1, 2])
  // Shown as 5, so up to seven; but of six people at most five said no, and at most four were these all.
  expect(of(3, [])).toEqual([3, 5])
  expect(of(3, [5, 9, 6])).toEqual([3, 4])
})
