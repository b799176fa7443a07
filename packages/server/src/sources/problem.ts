/** What is wrong with a source, told so that whoever keeps it can put it right. */

/** Where in a source something stands. */
export interface Place {
  /** File name, relative to what was imported. */
  file: string
  /** Line, from 1; of the first line of the record in a CSV or JSON Lines file. */
  line?: number | undefined
  /** JSON Pointer (RFC 6901) inside the document. */
  pointer?: string | undefined
}

export interface Problem {
  at: Place
  /** The column or key. */
  column?: string | undefined
  /** The value as the source has it. */
  value?: unknown
  /** What is wrong. */
  message: string
  /** What to do about it. */
  fix: string
  /** What is left out when the import skips what is invalid: this value alone, the whole record, or the whole file. */
  scope: 'value' | 'record' | 'file'
}

const shownLength = 80

/** One line: `services.csv:214 location_id "973": no such location (fix the row or import the location first)`. */
export function describeProblem({ at, column, value, message, fix }: Problem): string {
  const line = at.line === undefined ? '' : `:${at.line}`
  const pointer = at.pointer ? ` ${at.pointer}` : ''
  const where = column === undefined ? '' : ` ${column}`
  const what = value === undefined ? '' : ` ${quote(value)}`
  return `${at.file}${line}${pointer}${where}${what}: ${message} (${fix})`
}

/** The source can't be read at all, or has problems and nothing was imported. */
export class SourceRefused extends Error {
  readonly problems: readonly Problem[]

  constructor(message: string, problems: readonly Problem[] = []) {
    super(message)
    this.problems = problems
  }
}

/** The refusal of a source that has these problems. */
export function refuseAll(problems: Problem[]): SourceRefused {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`
  return new SourceRefused(`${count} in the source. Nothing was imported.`, problems)
}

function quote(value: unknown): string {
  const shown = typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? String(value))
  return shown.length <= shownLength ? shown : `${shown.slice(0, shownLength)}…`
}
