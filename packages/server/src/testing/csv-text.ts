/** Rows as the text of a CSV file. */
import { csvLine } from '../sources/write-csv.ts'

/** The header and one line a row; a cell that a row doesn't have is empty. */
export function csvText(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? row[column] : '')))]
    .map(csvLine)
    .join('')
}
