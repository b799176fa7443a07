/** Whether a value is what its field holds, and the form in which it is stored. */
import type { FieldType } from '../hsds/model.ts'
import { isStorable } from './identify.ts'

export type Checked =
  | { ok: true; value: string | number | boolean | null }
  | { ok: false; message: string; fix: string }

/** Checks one value. Empty text is no value; whether a value must be there is told of the whole record, later. */
export function checkValue(field: FieldType, value: unknown): Checked {
  if (value === null || value === undefined || value === '') {
    return right(null)
  }
  if (typeof value === 'object') return wrong('is a list or object', 'give a single value')
  if (typeof value === 'string' && !isStorable(value)) return wrong(...unstorable)
  const text = typeof value === 'string' ? value.trim() : String(value)
  switch (field.kind) {
    case 'text':
      return right(typeof value === 'string' ? value : text)
    case 'code':
      return field.values.includes(text) ? right(text) : wrong('is not a known code', `use ${field.values.join(', ')}`)
    case 'number':
      return isNumber(text) ? right(Number(text)) : wrong('is not a number', 'write digits, with a point for decimals')
    case 'latitude':
      return within(text, 90)
        ? right(Number(text))
        : wrong('is not a latitude', 'write degrees from -90 to 90 (WGS 84)')
    case 'longitude':
      return within(text, 180)
        ? right(Number(text))
        : wrong('is not a longitude', 'write degrees from -180 to 180 (WGS 84)')
    case 'integer':
      return /^-?\d{1,9}$/.test(text) ? right(Number(text)) : wrong('is not a whole number', 'write digits only')
    case 'yes-no':
      return text === 'true' || text === 'false'
        ? right(text === 'true')
        : wrong('is not true or false', 'write true or false')
    case 'date':
      return isDate(text) ? right(text) : wrong('is not a date', 'write YYYY-MM-DD')
    case 'instant':
      return isInstant(text) ? right(text) : wrong('is not a moment', 'write YYYY-MM-DDTHH:MM:SSZ (RFC 3339)')
    case 'time':
      return time.test(text)
        ? right(text)
        : wrong('is not a time of day', 'write HH:MM, with Z or an offset if not local')
    case 'email':
      return email.test(text) ? right(text) : wrong('is not an e-mail address', 'write name@domain')
    case 'uri':
      return isUri(text) ? right(text) : wrong('is not a web address', 'begin with https:// or http://')
  }
}

/** What is wrong with text that PostgreSQL can't hold, and what to do. */
export const unstorable = [
  'holds a character that no text can hold',
  'remove the NUL or the broken emoji; they come from files that were cut or converted wrongly',
] as const

const decimal = /^-?\d{1,15}(\.\d+)?([eE][-+]?\d{1,2})?$/
const time = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)?$/
const email = /^[^\s@"]+@[^\s@.]+(\.[^\s@.]+)+$/

// A number with more digits is told in full by no computer; one that a computer wrote is.
function isNumber(text: string): boolean {
  return decimal.test(text) || (Number.isFinite(Number(text)) && String(Number(text)) === text)
}

function within(text: string, bound: number): boolean {
  return isNumber(text) && Math.abs(Number(text)) <= bound
}

/** Whether the text is a day that the calendar has, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || text.startsWith('0000')) return false
  const date = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
}

function isInstant(text: string): boolean {
  // PostgreSQL knows offsets up to 15:59, and no fraction of hundreds of digits.
  const match = /^(\d{4}-\d\d-\d\d)[Tt ]\d\d:\d\d:\d\d(\.\d{1,30})?([Zz]|[+-](?:0\d|1[0-5]):[0-5]\d)$/.exec(text)
  if (match === null || !isDate(match[1]!)) return false
  const moment = new Date(text.replace(' ', 'T'))
  // An offset must not carry it out of the years that can be written.
  return !Number.isNaN(moment.getTime()) && isDate(moment.toISOString().split('T')[0]!)
}

function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\S+$/i.test(text) && URL.canParse(text)
}

function right(value: string | number | boolean | null): Checked {
  return { ok: true, value }
}

function wrong(message: string, fix: string): Checked {
  return { ok: false, message, fix }
}
