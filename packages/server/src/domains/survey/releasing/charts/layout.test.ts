/** That nothing in a chart lies on something else or outside of the picture, in the hardest cases there are. */
import { describe, expect, test } from 'vitest'
import { type ChartText, readChart } from '../../../../testing/read-chart.ts'
import { toldNeedArea, toldRelease, toldTable, toldTheme } from '../../../../testing/told-release.ts'
import type { ToldRelease, ToldTable } from '../read-release.ts'
import { tableChart } from './table-chart.ts'
import { themesChart } from './themes-chart.ts'

const long =
  'Conciliazione dei tempi di vita e di lavoro per chi assiste familiari anziani non autosufficienti o con disabilità gravi'
const wide = 'W'.repeat(90)
const many = <T>(length: number, make: (index: number) => T) => Array.from({ length }, (_, index) => make(index))

const answers = {
  usual: many(5, (index) => String(index + 1)),
  long: many(5, (index) => `${long}, ${index}`),
  wide: [`${wide} A`, `${wide} B`, 'WWWWWWWW MMMMMMM WWWWWWW', wide.slice(0, 30), 'NO'],
}
const groups = {
  one: { '': [1, 200, 0, 3, 96] },
  forty: { '': [100, 200, 300, 50, 10], ...byName(40, (index) => `${long}, fascia d’età ${20 + index} anni`) },
  companies: { '': null, ...byName(14, (index) => `Università ${index} di WWWWWWWWWWWWWWWWWWWWWWWWW S.p.A.`) },
  suppressed: Object.fromEntries(['', wide, `${wide}B`, 'donne'].map((name) => [name, null])),
  nothing: { '': [0, 0, 0, 0, 0], donne: [0, 0, 0, 0, 0] },
}
function byName(length: number, name: (index: number) => string) {
  return Object.fromEntries(many(length, (index) => [name(index), index % 3 === 0 ? null : [5, 25, 30 + index, 5, 40]]))
}

const releases: [string, Partial<ToldRelease>][] = [
  ['as usual', { language: 'it' }],
  [
    'of long names',
    { language: 'en', campaign: `${long} ${long}`, organization: `${long} ${long}`, demonstration: true },
  ],
  ['of wide names', { language: 'de', campaign: wide + wide, organization: wide, demonstration: true }],
]

describe.each(releases)('a release %s', (_, given) => {
  const release = toldRelease(given)

  test.each(
    Object.entries(answers).flatMap(([ofAnswers, answers]) =>
      Object.entries(groups).map(([ofGroups, groups]) => [ofAnswers, ofGroups, toldTable(answers, groups)] as const),
    ),
  )('table of %s answers, groups %s', (_, __, table) => {
    checkLayout(tableChart(release, { ...table, text: `${long} ${wide}` }))
  })

  test.each([11, 15, 60])('table of %d answers', (length) => {
    const names = many(length, (index) => `${index % 2 ? long : wide} ${index}`)
    const counts = (count: number) => many(length, () => count)
    const table = toldTable(names, {
      '': counts(10),
      donne: null,
      [long]: counts(0),
      uomini: [100, ...counts(0).slice(1)],
    })
    checkLayout(tableChart(release, table))
  })

  test.each<[string, Partial<ToldRelease>]>([
    ['25 themes', { themes: many(25, (index) => ({ ...toldTheme(`need-${index}`), text: `${long}, ${index}` })) }],
    [
      'themes and what is suppressed',
      { themes: [toldTheme(wide)], tables: [wide, long].map((name) => toldNeedArea(name, null)) },
    ],
    ['all suppressed', { tables: many(12, (index) => toldNeedArea(`${wide}${index}`, null)) }],
    ['none critical', { tables: [toldNeedArea('a', [20, 230])] }],
    ['none critical of the published ones', { tables: [toldNeedArea('a', [20, 230]), toldNeedArea(long, null)] }],
    ['none measured', { tables: [] }],
  ])('%s', (_, themes) => {
    checkLayout(themesChart({ ...release, ...themes }))
  })
})

test.each(Object.keys(groups) as (keyof typeof groups)[])('labels of groups that differ are told apart: %s', (name) => {
  const table: ToldTable = toldTable(answers.usual, groups[name])
  const { texts } = readChart(tableChart(toldRelease(), table))
  const columns = texts.filter(({ box }) => box.right < 250 && box.right > 230)
  // Lines of one label are nearer to each other than labels are.
  const labels = new Set<string>()
  let label: ChartText[] = []
  for (const line of [...columns, undefined]) {
    if (line !== undefined && (label.length === 0 || line.box.top - label.at(-1)!.box.top < 20)) label.push(line)
    else {
      labels.add(label.map(({ text }) => text).join(' '))
      label = line === undefined ? [] : [line]
    }
  }
  expect(labels.size).toBe(table.groups.length)
})

/** Every text lies within the picture, and none on another. */
function checkLayout(svg: string): void {
  const { texts, width, height } = readChart(svg)
  expect(texts.length).toBeGreaterThan(1)
  for (const { text, box } of texts) {
    expect(box.left, text).toBeGreaterThanOrEqual(0)
    expect(box.right, text).toBeLessThanOrEqual(width)
    expect(box.top, text).toBeGreaterThanOrEqual(0)
    expect(box.bottom, text).toBeLessThanOrEqual(height)
  }
  const overlapping = texts.flatMap((one, index) =>
    texts.slice(index + 1).flatMap((other) => (isOver(one.box, other.box) ? [[one.text, other.text]] : [])),
  )
  expect(overlapping).toEqual([])
}

function isOver(one: ChartText['box'], other: ChartText['box']): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}
