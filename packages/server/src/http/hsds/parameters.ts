/** The parameters of the HSDS API, each checked: what its OpenAPI document names, and nothing else. */
import { z } from 'zod'
import { checkValue } from '../../domains/directory/import/check-value.ts'
import { limits } from '../../graphql/limits.ts'

/** A parameter is wrong; the message names it, says what is wrong and what to do. */
export class ParameterRefused extends Error {}

const id = z.uuid('is not an identifier. Give the UUID of the record')
const yesNo = z.enum(['true', 'false'], 'is neither true nor false').transform((text) => text === 'true')
const text = (most: number) =>
  z
    .string()
    .trim()
    .min(1, 'is empty. Leave it out, or give it a value')
    .max(most, `is longer than ${most} characters. Shorten it`)
const wholeNumber = (most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `is not a whole number. Give one from 1 to ${most}`)
    .transform(Number)
    .refine((number) => number >= 1 && number <= most, `is out of bounds. Give a number from 1 to ${most}`)

const parameters = {
  search: text(limits.words),
  page: wholeNumber(999_999_999),
  per_page: wholeNumber(limits.pageSize),
  format: z.enum(['json', 'ndjson'], 'is not a format that is given here. Use json or ndjson'),
  taxonomy_term_id: id,
  taxonomy_id: id,
  organization_id: id,
  modified_after: z.string().transform((given, context) => {
    const moment = checkValue({ kind: 'date' }, given).ok ? `${given}T00:00:00Z` : given
    if (given !== '' && checkValue({ kind: 'instant' }, moment).ok) return moment
    const message = 'is not a moment. Write 2026-09-25T14:23:06Z or 2026-09-25; a + is written %2B in an address'
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }),
  minimal: yesNo,
  full: yesNo,
  full_service: yesNo,
  top_only: yesNo,
  parent_id: id,
  postcode: text(20),
  proximity: z
    .string()
    .regex(/^\d{1,8}(\.\d{1,9})?$/, 'is not a distance. Give metres, such as 15000')
    .transform(Number),
} as const

export type ParameterName = keyof typeof parameters
export type Parameters = { [Name in ParameterName]?: z.output<(typeof parameters)[Name]> | undefined }

/** Reads the parameters of an address, of which only those are known here. Throws {@link ParameterRefused}. */
export function readParameters(search: URLSearchParams, known: readonly ParameterName[]): Parameters {
  const given: Record<string, unknown> = {}
  for (const [name, value] of search) {
    if (!known.some((one) => one === name)) {
      const names = known.length === 0 ? 'none' : known.join(', ')
      throw new ParameterRefused(`${shown(name)} is not a parameter of this path. It takes ${names}.`)
    }
    if (Object.hasOwn(given, name)) throw new ParameterRefused(`${name} is given twice. Give it once.`)
    if (value.includes('\0')) throw new ParameterRefused(`${name} has the character NUL (%00). Leave it out.`)
    const parsed = parameters[name as ParameterName].safeParse(value)
    if (!parsed.success) throw new ParameterRefused(`${name} ${parsed.error.issues[0]!.message}.`)
    given[name] = parsed.data
  }
  const read: Parameters = given
  if (read.minimal && read.full) throw new ParameterRefused('minimal and full exclude each other. Give one of them.')
  if (read.proximity !== undefined && read.postcode === undefined) {
    throw new ParameterRefused('proximity needs a postcode: it is the distance from there. Give both.')
  }
  return read
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 40))
}
