/** Answers from a CSV file, row by row: encoded, or refused with every reason. Nothing is held but the row. */
import { basename } from 'node:path'
import { type Problem, refuseAll } from '../../../sources/problem.ts'
import { type CsvRow, readCsv } from '../../../sources/read-csv.ts'
import { type Answer, type Answers, encodeAnswers, notApplicable, type Response } from './answers.ts'
import type { CellTest, Mapping, MappingRule, Meaning } from './mapping.ts'
import { type Question, type Questionnaire, questionsOf } from './model.ts'
import { type Variable, variablesByQuestion } from './variables.ts'

export type ReadRow =
  | { line: number; company: string; response: Response }
  /** All reasons for which the row is refused; their scope is `record`. */
  | { line: number; problems: Problem[] }

/**
 * Reads a file with a checked mapping of the document. Columns that the mapping doesn't name are passed over.
 * Throws a SourceRefused where the file is no CSV or lacks a column.
 */
export async function* readResponses(path: string, mapping: Mapping, document: Questionnaire): AsyncGenerator<ReadRow> {
  const file = basename(path)
  let columns: string[] = []
  const keep = (names: string[]) => {
    columns = names
  }
  const kinds = new Map(questionsOf(document).map(({ name, kind }) => [name, kind]))
  let row = 0
  let isChecked = false
  for await (const { line, cells, size } of readCsv(path, keep, () => {})) {
    if (!isChecked) requireColumns(file, mapping, columns)
    isChecked = true
    const at = { file, line }
    const shifted = findShifted(at, size, columns.length)
    yield shifted === undefined ? readRow({ at, cells, row, mapping, document, kinds }) : { line, problems: [shifted] }
    row += 1
  }
  if (!isChecked) requireColumns(file, mapping, columns)
}

// Of a row with a cell too many or too few nobody knows which answer stands under which question.
function findShifted(at: { file: string; line: number }, size: number, columns: number): Problem | undefined {
  if (size === columns) return undefined
  const message = `has ${size} ${size === 1 ? 'cell' : 'cells'}, the header has ${columns}`
  const fix = size > columns ? 'quote cells that hold commas' : 'write every cell, the empty ones too'
  return { at, message, fix, scope: 'record' }
}

function requireColumns(file: string, mapping: Mapping, columns: readonly string[]): void {
  const { variables, refuse = [], company } = mapping
  const named = [
    ...Object.values(variables).map(({ column }) => column),
    ...refuse.flatMap(({ where }) => where.map(({ column }) => column)),
    ...('column' in company ? [company.column] : []),
  ]
  const missing = [...new Set(named)].filter((column) => !columns.includes(column))
  if (missing.length === 0) return
  throw refuseAll(
    missing.map((column) => ({
      at: { file, line: 1 },
      message: `has no column ${JSON.stringify(column)}`,
      fix: 'add it, or name another in the mapping',
      scope: 'file',
    })),
  )
}

interface Reading {
  at: { file: string; line: number }
  cells: CsvRow['cells']
  /** Position of the row among all rows, from 0. */
  row: number
  mapping: Mapping
  document: Questionnaire
  /** Kinds of the questions by name. */
  kinds: ReadonlyMap<string, Question['kind']>
}

function readRow(reading: Reading): ReadRow {
  const { at, mapping, document } = reading
  const values = new Map<string, Exclude<Meaning, null>>()
  const texts = new Map<string, string>()
  const problems = findUntrue(reading)
  const told = new Set(problems.map(({ column }) => column))
  for (const [name, rule] of Object.entries(mapping.variables)) {
    const cell = cellOf(reading, rule.column)
    if (cell === '' || told.has(rule.column)) continue
    const kind = reading.kinds.get(name)
    if (kind === 'text') texts.set(name, reading.cells[rule.column]!)
    else {
      const meaning = readCell(cell, rule, kind === 'number')
      if (typeof meaning === 'object' && meaning !== null) {
        problems.push({ at, column: rule.column, value: reading.cells[rule.column], ...meaning, scope: 'record' })
      } else if (meaning !== null) values.set(name, meaning)
    }
  }
  const company = companyOf(reading)
  if (typeof company !== 'string') problems.push(company)
  // What a bad cell leads to is no reason of its own.
  if (problems.length > 0 || typeof company !== 'string') return { line: at.line, problems }
  const answers = gather(document, values, texts, (question, fault) => {
    problems.push({ at, ...placeOf(reading, [question]), ...fault, scope: 'record' })
  })
  if (problems.length > 0) return { line: at.line, problems }
  const response = encodeAnswers(document, answers)
  if (!('flaws' in response)) return { line: at.line, company, response }
  return {
    line: at.line,
    problems: response.flaws.map(({ path, message, fix }) => ({
      at,
      ...placeOf(reading, path),
      message,
      fix,
      scope: 'record' as const,
    })),
  }
}

function findUntrue(reading: Reading): Problem[] {
  const { at, cells, mapping } = reading
  return (mapping.refuse ?? [])
    .filter(({ where }) => where.every((test) => passes(cellOf(reading, test.column), test)))
    .map(({ reason, where }) => {
      const { column } = where[0]!
      const fix = 'correct the source, or leave the row out'
      return { at, column, value: cells[column], message: reason, fix, scope: 'record' as const }
    })
}

function passes(text: string, test: CellTest): boolean {
  if ('is' in test) return test.is.includes(text)
  const number = text === '' ? Number.NaN : Number(text)
  return 'below' in test ? number < test.below : number > test.above
}

// An empty text is nothing, and so is what the mapping says is.
function cellOf({ cells, mapping }: Reading, column: string): string {
  const text = (cells[column] ?? '').trim()
  return mapping.missing?.includes(text) ? '' : text
}

function readCell(cell: string, rule: MappingRule, isNumber: boolean): Meaning | { message: string; fix: string } {
  const { codes, bands, otherwise } = rule
  const coded = codes === undefined ? undefined : lookUp(codes, cell, rule.ignoreCase ?? false)
  if (coded !== undefined) return coded
  const number = /^[+-]?\d{1,15}$/.test(cell) ? Number(cell) : undefined
  const band = bands?.find(({ from, to }) => number !== undefined && from <= number && number <= to)
  if (band !== undefined) return band.code
  // Texts may have codes beside the numbers of a question that asks for one.
  if ((codes === undefined || isNumber) && bands === undefined && number !== undefined) return number
  if (otherwise !== undefined) return otherwise
  if (bands !== undefined && number !== undefined) {
    return { message: 'is in no band of the mapping', fix: 'correct the source, or add a band' }
  }
  return codes === undefined
    ? { message: 'is not a whole number', fix: 'correct the source, or give the text a code in the mapping' }
    : { message: 'has no code in the mapping', fix: 'correct the source, or give the text a code in the mapping' }
}

function lookUp(codes: Record<string, Meaning>, cell: string, ignoreCase: boolean): Meaning | undefined {
  if (!ignoreCase) return Object.hasOwn(codes, cell) ? codes[cell] : undefined
  return Object.entries(codes).find(([text]) => text.toLowerCase() === cell.toLowerCase())?.[1]
}

function companyOf(reading: Reading): string | Problem {
  const { at, cells, row, mapping } = reading
  const { company } = mapping
  if ('synthetic' in company) {
    const round = company.synthetic.reduce((sum, { share }) => sum + share, 0)
    let place = row % round
    for (const { name, share } of company.synthetic) {
      if (place < share) return name
      place -= share
    }
  } else {
    const { column, names = {} } = company
    const cell = cellOf(reading, column)
    if (cell !== '') return Object.hasOwn(names, cell) ? names[cell]! : cell
    const fault = { message: 'names no company', fix: 'say whose answers these are' }
    return { at, column, value: cells[column], ...fault, scope: 'record' }
  }
  throw new Error('a place in the round is below the sum of all shares')
}

/** Answers as people give them, from one value for each variable. Ranks that are no order are told. */
function gather(
  document: Questionnaire,
  values: ReadonlyMap<string, Exclude<Meaning, null>>,
  texts: ReadonlyMap<string, string>,
  refuse: (question: string, fault: { message: string; fix: string }) => void,
): Answers {
  const byQuestion = variablesByQuestion(document)
  const answerOf = (question: Question, variables: readonly Variable[]): Answer | undefined => {
    const given = variables.flatMap((variable) => {
      const value = values.get(variable.name)
      // The code of "not applicable" is what an export of ours has for it.
      return value === undefined
        ? []
        : [{ variable, value: value === variable.notApplicable?.code ? notApplicable : value } as const]
    })
    if (question.kind === 'text') return texts.get(question.name)
    if (given.length === 0) return undefined
    if (question.kind === 'matrix')
      return Object.fromEntries(given.map(({ variable, value }) => [variable.row!, value]))
    if (question.kind === 'multiple') {
      if (given.some(({ value }) => value !== 0 && value !== 1)) {
        refuse(question.name, { message: 'has ticks that are neither 0 nor 1', fix: 'write 1 for chosen, 0 for not' })
      }
      return given.filter(({ value }) => value === 1).map(({ variable }) => variable.option!)
    }
    if (question.kind === 'ranking') {
      const ranked = given
        .filter(({ value }) => value !== 0)
        .sort((one, other) => Number(one.value) - Number(other.value))
      if (ranked.some(({ value }, index) => value !== index + 1)) {
        refuse(question.name, {
          message: 'has ranks with a gap, or twice the same',
          fix: 'rank 1, 2, 3 and so on, each once',
        })
      }
      return ranked.map(({ variable }) => variable.option!)
    }
    return given[0]!.value
  }
  const answers = questionsOf(document).flatMap((question): [string, Answer][] => {
    const answer = answerOf(question, byQuestion.get(question.name)!)
    return answer === undefined ? [] : [[question.name, answer]]
  })
  return Object.fromEntries(answers)
}

/** The column that a flaw is in; of several, the first. */
function placeOf({ cells, mapping }: Reading, path: readonly string[]): { column: string; value?: unknown } {
  const [question, part] = path
  const names = Object.keys(mapping.variables)
  const name =
    names.find((name) => name === `${question}.${part}`) ??
    names.find((name) => name === question || name.startsWith(`${question}.`))
  if (name === undefined) return { column: question! }
  const { column } = mapping.variables[name]!
  return { column, value: cells[column] }
}
