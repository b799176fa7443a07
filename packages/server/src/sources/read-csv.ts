/** Rows of a CSV file (RFC 4180) as cells by column, each with the line on which it begins. */
import { basename } from 'node:path'
import { pipeline } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { SourceRefused } from './problem.ts'
import { readText } from './read-text.ts'

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  line: number
  /** Cells by column name; what stands beyond the last column is under `column 7`, `column 8` and so on. */
  cells: Record<string, string>
  /** How many cells the row has, those beyond the last column included. */
  size: number
}

/**
 * Yields the rows of a file; calls `onHeader` first. A row without any text says nothing and is passed over.
 * Throws {@link SourceRefused} where the file is no CSV.
 */
export async function* readCsv(
  path: string,
  onHeader: (columns: string[]) => void,
  onBytes: (bytes: number) => void,
): AsyncGenerator<CsvRow> {
  const file = basename(path)
  // The parser's own count of lines takes a Windows line break inside a cell for two.
  let nextLine = 1
  const parser = parse({
    relaxColumnCount: true,
    skipEmptyLines: true,
    recordDelimiter: ['\r\n', '\n', '\r'],
    raw: true,
    // The types do not know that `raw` makes a record of a row and its text.
    onRecord: (row) => placeRow(row as unknown as { record: string[]; raw: string }) as unknown as string[],
  })
  const placeRow = ({ record, raw }: { record: string[]; raw: string }): { record: string[]; line: number } => {
    const line = nextLine + countBreaks(/^[\r\n]*/.exec(raw)![0])
    nextLine += countBreaks(raw)
    return { record, line }
  }
  // Whoever reads the rows meets the errors of the text; it ends when they read no further.
  pipeline(readText(path, onBytes), parser, () => {})
  let columns: string[] | undefined
  try {
    for await (const { record, line } of parser as AsyncIterable<{ record: string[]; line: number }>) {
      if (columns === undefined) {
        columns = checkHeader(file, line, record)
        onHeader(columns)
      } else if (record.some((cell) => cell.trim() !== '')) {
        const names = columns
        yield {
          line,
          size: record.length,
          cells: Object.fromEntries(record.map((cell, index) => [names[index] ?? `column ${index + 1}`, cell])),
        }
      }
    }
  } catch (error) {
    if (error instanceof CsvError) throw notCsv(file, nextLine, error)
    throw error
  }
  if (columns === undefined) throw refuse(file, 1, 'is empty', 'a CSV file begins with a line of column names')
}

function checkHeader(file: string, line: number, header: string[]): string[] {
  const columns = header.map((name) => name.trim())
  const separator = columns.length === 1 ? /[;\t]/.exec(columns[0]!)?.[0] : undefined
  if (separator !== undefined) {
    const found = separator === ';' ? 'semicolons' : 'tabs'
    throw refuse(file, line, `has ${found} between its cells`, 'save it with commas between the cells')
  }
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (columns.includes('')) {
    throw refuse(file, line, 'has a column without a name', 'name every column in the first line')
  }
  if (twice !== undefined) {
    throw refuse(file, line, `has the column ${JSON.stringify(twice)} twice`, 'rename or remove one of them')
  }
  return columns
}

function notCsv(file: string, line: number, error: CsvError): SourceRefused {
  return error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? refuse(file, line, 'opens a quote here and never closes it', 'close it; double a quote that belongs to the text')
    : refuse(file, line, 'is not CSV here', 'quote cells that hold quotes, commas or line breaks; double their quotes')
}

function refuse(file: string, line: number, message: string, fix: string): SourceRefused {
  const problem = { at: { file, line }, message, fix, scope: 'file' as const }
  return new SourceRefused(`${file} ${message}; nothing was imported.`, [problem])
}

function countBreaks(text: string): number {
  return text.match(/\r\n|\n|\r/g)?.length ?? 0
}
