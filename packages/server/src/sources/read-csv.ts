/** Rows of a CSV file (RFC 4180) as cells by column, each with the line on which it begins. */
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { SourceRefused } from './problem.ts'
import { readText } from './read-text.ts'

export interface CsvRow {
  /** Line on which the row begins, from 1. */
  line: number
  /** Cells by column name; what stands beyond the last column is under `column 7`, `column 8` and so on. */
  cells: Record<string, string>
}

/** Yields the rows of a file; calls `onHeader` first. Throws {@link SourceRefused} where the file is no CSV. */
export async function* readCsv(
  path: string,
  onHeader: (columns: string[]) => void,
  onBytes: (bytes: number) => void,
): AsyncGenerator<CsvRow> {
  const file = basename(path)
  const parser = parse({ relaxColumnCount: true, skipEmptyLines: true, info: true })
  // pipe() drops the errors of its source: whoever reads the rows must meet them.
  const text = Readable.from(readText(path, onBytes))
  text.on('error', (error) => parser.destroy(error))
  text.pipe(parser)
  let columns: string[] | undefined
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      if (columns === undefined) {
        columns = checkHeader(file, record)
        onHeader(columns)
        continue
      }
      const names = columns
      const cells = Object.fromEntries(record.map((cell, index) => [names[index] ?? `column ${index + 1}`, cell]))
      yield { line: info.lines - record.reduce((lines, cell) => lines + cell.split('\n').length - 1, 0), cells }
    }
  } catch (error) {
    if (error instanceof CsvError) throw notCsv(file, error)
    throw error
  }
  if (columns === undefined) throw refuse(file, 1, 'is empty', 'a CSV file begins with a line of column names')
}

function checkHeader(file: string, header: string[]): string[] {
  const columns = header.map((name) => name.trim())
  const twice = columns.find((name, index) => columns.indexOf(name) !== index)
  if (twice !== undefined) throw refuse(file, 1, `has the column "${twice}" twice`, 'rename or remove one of them')
  if (columns.includes('')) throw refuse(file, 1, 'has a column without a name', 'name every column in the first line')
  return columns
}

function notCsv(file: string, error: CsvError): SourceRefused {
  const line = typeof error.lines === 'number' ? error.lines : 1
  return error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? refuse(file, line, 'ends inside a quoted cell', 'close the quote; double a quote that belongs to the text')
    : refuse(file, line, 'is not CSV here', 'quote cells that hold quotes, commas or line breaks, and double their quotes')
}

function refuse(file: string, line: number, message: string, fix: string): SourceRefused {
  const problem = { at: { file, line }, message, fix, scope: 'file' as const }
  return new SourceRefused(`${file} ${message}; nothing was imported.`, [problem])
}
