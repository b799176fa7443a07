/** What is wrong with a document that somebody wrote: where, what, and what to do; all of it at once. */
import type { z } from 'zod'
import { isStorable } from '../../directory/import/identify.ts'

export interface Flaw {
  /** The way to what is wrong: names and positions (from 0), as in a JSON Pointer. */
  path: readonly string[]
  /** What is wrong, as the end of a sentence that begins with the place. */
  message: string
  /** What to do about it. */
  fix: string
}

/** One line: `/sections/0/questions/2/name: is used twice (give each question a name of its own)`; of the whole, without a place. */
export function describeFlaw({ path, message, fix }: Flaw): string {
  const place = path.length === 0 ? '' : `${pointer(path)}: `
  return `${place}${message} (${fix})`
}

/** A JSON Pointer (RFC 6901), its steps as they are shown. */
function pointer(path: readonly string[]): string {
  return shownPath(path)
    .map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

const longestStep = 60

/** A path as it is told: somebody else chose its keys, and a long one is cut, so that no refusal is larger than what it refuses. */
export function shownPath(path: readonly string[]): string[] {
  return path.map((step) => (step.length <= longestStep ? step : `${step.slice(0, longestStep).toWellFormed()}…`))
}

/**
 * A value as a model takes it, or every flaw of its shape. Where a value may be several things, what is told is of the likeliest.
 */
export function readShape<Model extends z.ZodType>(
  model: Model,
  input: unknown,
): { value: z.output<Model> } | { flaws: Flaw[] } {
  const parsed = model.safeParse(input, { error: inPlainWords })
  return parsed.success
    ? { value: parsed.data }
    : { flaws: (parsed.error.issues as Issue[]).flatMap((issue) => flawsOf(issue, [], input)) }
}

type Issue = z.core.$ZodIssue

/** What is wrong, where a model has no words of its own for it. */
const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return `is not ${kinds[issue.expected] ?? 'what may stand here'}`
    case 'invalid_value':
      return `is not ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`
    case 'too_big':
      if (issue.origin === 'string') return `is longer than ${issue.maximum} characters`
      return issue.origin === 'array' ? `holds more than ${issue.maximum}` : `is above ${issue.maximum}`
    case 'too_small':
      if (issue.origin !== 'string' && issue.origin !== 'array') return `is below ${issue.minimum}`
      return issue.minimum === 1 ? 'is empty' : `holds fewer than ${issue.minimum}`
    default:
      return 'is not what may stand here'
  }
}

const kinds: Partial<Record<z.core.$ZodInvalidTypeExpected, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  null: 'null',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

function flawsOf(issue: Issue, above: readonly string[], input: unknown): Flaw[] {
  const path = [...above, ...issue.path.map(String)]
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: 'is not known here',
      fix: 'remove it, or correct its name',
    }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return likeliest(issue.errors).flatMap((inner) => flawsOf(inner, path, input))
  }
  if (issue.code === 'invalid_key') return issue.issues.flatMap((inner) => flawsOf(inner, path, input))
  const isMissing = valueAt(input, path) === undefined
  return [
    isMissing
      ? { path, message: 'is missing', fix: 'add it' }
      : { path, message: issue.message, fix: 'correct it as the JSON Schema says' },
  ]
}

// Who wrote a key meant the variant that knows it: fewest unknown keys first, then fewest faults.
function likeliest(variants: Issue[][]): Issue[] {
  const faults = (issues: Issue[]) =>
    issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? 1_000 * issue.keys.length : 1), 0)
  return variants.reduce((best, variant) => (faults(variant) < faults(best) ? variant : best))
}

function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, step)
        ? (at as Record<string, unknown>)[step]
        : undefined,
    input,
  )
}

/**
 * What is wrong with the mere size of a value, told before anything walks it by recursion.
 * Nothing, where it has at most so many values, nested at most so deep.
 */
export function findTooLarge(input: unknown, most: { values: number; depth: number }): Flaw | undefined {
  let level: unknown[] = [input]
  let values = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    values += level.length
    if (values > most.values) {
      return { path: [], message: `holds more than ${most.values} values`, fix: 'make it smaller' }
    }
    if (depth > most.depth) {
      return { path: [], message: `is nested more than ${most.depth} deep`, fix: 'make it flatter' }
    }
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []))
  }
  return undefined
}

/**
 * Every text that the database can't hold, and every key `__proto__`, which would be dropped without a word. The value must not
 * be too large: it is walked by recursion.
 */
export function findUnstorable(value: unknown, path: readonly string[] = []): Flaw[] {
  if (typeof value === 'string' && !isStorable(value)) {
    return [{ path, message: 'holds a character that is none', fix: 'write Unicode text, without NUL' }]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = [...path, key]
    return key === '__proto__'
      ? [{ path: at, message: 'is no name that can be used', fix: 'choose another' }]
      : findUnstorable(inner, at)
  })
}
