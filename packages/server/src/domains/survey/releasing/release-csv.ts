/** A release as CSV: a row for each answer of each group, and one for each group that is not shown. */
import { csvLine } from '../../../sources/write-csv.ts'
import type { ToldRelease } from './read-release.ts'

/** Its columns, in order. */
export const columns = [
  'organization',
  'measure',
  'text',
  'group',
  'population',
  'suppressed',
  'respondents',
  'answer',
  'answer_text',
  'count',
  'percent',
] as const

export type Column = (typeof columns)[number]

export function releaseCsv({ organization, tables }: ToldRelease): string {
  const lines = [csvLine(columns)]
  for (const { measure, text, answers, groups } of tables) {
    for (const { dimensions, population, distribution } of groups) {
      const group = Object.entries(dimensions).map(([recode, category]) => `${recode}=${category}`)
      const of = [organization, measure, text, group.join(' '), population]
      if ('suppressed' in distribution) {
        lines.push(csvLine([...of, true, ...columns.slice(of.length + 1).map(() => null)]))
        continue
      }
      const { n, counts, percents } = distribution.value
      for (const [index, answer] of answers.entries())
        lines.push(csvLine([...of, false, n, answer.name, answer.text, counts[index], percents[index]]))
    }
  }
  return lines.join('')
}
