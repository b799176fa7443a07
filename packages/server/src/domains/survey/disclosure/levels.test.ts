import { expect, test } from 'vitest'
import { inventCampaign, secondWave } from '../../../testing/invent-campaign.ts'
import { keyText, readTables } from './counted-tables.ts'
import { type Choose, Levels } from './levels.ts'
import { protect } from './protect.ts'
import type { Published } from './publish.ts'
import { usualThresholds } from './thresholds.ts'

const releaseOf = (seed: number, tables: string[][]) =>
  protect(inventCampaign(secondWave(seed, tables, 1)).counted, usualThresholds)

const sharesOf = ({ results }: Published) => {
  const shown = results.filter(({ distribution }) => 'value' in distribution)
  const tablesOf = (all: Published['results']) => Map.groupBy(all, ({ group }) => Object.keys(group).sort().join(' × '))
  return new Map(
    [...tablesOf(results)].map(([name, all]) => [name, [tablesOf(shown).get(name)?.length ?? 0, all.length]]),
  )
}

test('a table too fine to be protected is withdrawn, and the others are released as if nobody had planned it', async () => {
  const fine = await releaseOf(2024, [['company', 'gender', 'age']])
  const coarse = await releaseOf(2024, [
    ['company', 'gender'],
    ['company', 'age'],
    ['gender', 'age'],
  ])
  const shares = sharesOf(fine)
  expect(shares.get('age × company × gender')).toEqual([0, 252])
  expect(shares.get('company')![0]).toBe(14)
  const others = fine.results.filter(({ group }) => Object.keys(group).length < 3)
  expect(others).toEqual(coarse.results)
})

test.each([
  { ofKnownSize: [], beside: [] },
  { ofKnownSize: ['company,gender'], beside: ['company,gender'] },
])(
  'what is left is protected against who knows the sizes of groups in $ofKnownSize',
  async ({ ofKnownSize, beside }) => {
    const { counted } = inventCampaign(
      secondWave(
        2024,
        [
          ['company', 'gender'],
          ['company', 'age'],
        ],
        1,
      ),
    )
    const whole = readTables(counted)
    const levels = new Levels(counted, whole)
    const last = new Map<string, { of: string[]; withdrawn: string[] }>()
    const tablesOf = (groups: typeof whole.groups) => levels.tablesOf(groups.filter(({ planned }) => planned))
    // Companies by gender can't be protected, nor everybody if they are there.
    const choose: Choose = async ({ lattice, added = new Set(), withdrawn }, hidden) => {
      const [name] = tablesOf(lattice.groups.filter(({ index }) => added.has(index)))
      last.set(name ?? '', {
        of: tablesOf(lattice.groups),
        withdrawn: tablesOf(lattice.groups.filter(({ index }) => withdrawn.has(index))),
      })
      if (name === 'company,gender') return hidden.union(added)
      return withdrawn.size > 0 ? new Set(hidden).add(0) : hidden
    }
    const hidden = await levels.protect(new Set(), new Set(ofKnownSize), choose, async (_, hidden) => hidden)
    expect(last.get('')).toEqual({ of: beside, withdrawn: beside })
    expect(last.get('age,company')).toEqual({ of: [...beside, 'age,company'], withdrawn: beside })
    const shown = whole.groups.filter(({ index, planned }) => planned && !hidden.has(index))
    expect(levels.tablesOf(shown)).toEqual(['age,company'])
    expect(shown.some(({ key }) => keyText(key) === keyText({}))).toBe(beside.length === 0)
  },
)
