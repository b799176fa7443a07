/**
 * A release as CSV: a row for each answer of each group, and one for each group that is not shown. Names and texts are others'
 * own, and whoever opens the file in a spreadsheet trusts it, so that none is a formula there.
 */
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

/** Name of a column. */
export type Column = (typeof columns)[number]

/** Those with words that begin as somebody wishes; names of measures and groups begin with a letter. */
export const freeColumns: readonly Column[] = ['organization', 'text', 'answer', 'answer_text']

/** The whole file, its first line the names of the columns. */
export function releaseCsv({ organization, tables }: ToldRelease): string {
  const lines = [csvLine(columns)]
  for (const { measure, text, answers, groups } of tables) {
    for (const { dimensions, population, distribution } of groups) {
      const group = Object.entries(dimensions).map(([recode, category]) => `${recode}=${category}`)
      const of = [organization, measure, text, group.join(' '), population]
      if ('suppressed' in distribution) {
        lines.push(lineOf([...of, true, ...columns.slice(of.length + 1).map(() => null)]))
        continue
      }
      const { n, counts, percents } = distribution.value
      for (const [index, answer] of answers.entries())
        lines.push(lineOf([...of, false, n, answer.name, answer.text, counts[index], percents[index]]))
    }
  }
  return lines.join('')
}

type Cell = string | number | boolean | null | undefined

function lineOf(cells: readonly Cell[]): string {
  return csvLine(cells.map((cell) => (typeof cell === 'string' ? withoutFormula(cell) : cell)))
}

/**
 * A text with an apostrophe before what a spreadsheet would begin a formula with (OWASP, CSV Injection). An answer that is a number
 * below zero stays one.
 */
function withoutFormula(text: string): string {
  return /^[=+\-@\t\r\n＝＋－＠]/.test(text) && !/^-\d+$/.test(text) ? `'${text}` : text
}
