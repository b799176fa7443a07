/** Rows as the text of a CSV file (RFC 4180). */

/** The header and one line a row; a cell that a row doesn't have is empty. */
export function csvText(columns: readonly string[], rows: readonly Record<string, unknown>[]): string {
  return [columns, ...rows.map((row) => columns.map((column) => (Object.hasOwn(row, column) ? row[column] : '')))]
    .map(csvLine)
    .join('')
}

function csvLine(cells: readonly unknown[]): string {
  return `${cells.map((cell) => csvCell(cell == null ? '' : String(cell))).join(',')}\r\n`
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
