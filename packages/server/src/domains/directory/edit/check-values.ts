/** Holds what somebody wrote against what the directory can keep: the rules of the import, told as refusals. */
import type { Frequency, Weekday } from '../../../generated/prisma/enums.ts'
import { Refused } from '../../../refused.ts'
import { checkIdentifier } from '../../network/check-identifier.ts'
import { hsds } from '../hsds/model.ts'
import { checkField } from '../import/check-record.ts'
import { type HoursSchedule, readSchedule } from '../opening/read-schedule.ts'
import { type EditedKind, inputNameOf, type RowData, referencesOf } from './edited-kinds.ts'

/** The fields as they are stored. Throws a {@link Refused} with the way to the first that is wrong. */
export function checkFields(entity: EditedKind, values: Record<string, unknown>): RowData {
  const checked: RowData = {}
  for (const [name, field] of Object.entries(hsds[entity].fields)) {
    if (values[name] === undefined) continue
    const result = checkField(name, field, values[name])
    if (!result.ok) throw wrong(entity, name, 'VALUE_INVALID', result)
    // As the database tells moments.
    const isMoment = field.kind === 'instant' && result.value !== null
    checked[name] = isMoment ? momentOf(String(result.value)) : result.value
  }
  return checked
}

/** Looks at a row as a whole. Throws a {@link Refused}. */
export function checkRow(entity: EditedKind, data: RowData): void {
  for (const [name, { required }] of Object.entries({ ...hsds[entity].fields, ...hsds[entity].references })) {
    if (required && (data[name] ?? null) === null) {
      const fix = `every ${words(entity)} needs it`
      throw wrong(entity, name, 'VALUE_MISSING', { message: 'is missing', fix })
    }
  }
  const holders = referencesOf(entity).filter(({ holds }) => holds)
  const isPart = holders.length > 0 && entity !== 'location'
  if (isPart && holders.every(({ column }) => (data[column] ?? null) === null)) {
    const names = holders.map(({ column }) => inputNameOf(entity, column)).join(', ')
    throw new Refused('HOLDER_MISSING', `Say what the ${words(entity)} belongs to: ${names}.`)
  }
  if (entity === 'organization_identifier') {
    const fault = checkIdentifier(String(data.identifier_scheme ?? ''), String(data.identifier ?? ''))
    if (fault !== undefined) throw wrong(entity, 'identifier', 'VALUE_INVALID', fault)
  }
  if (entity === 'schedule') checkRule(data)
}

/** A kind of record in words. */
export function words(entity: EditedKind): string {
  return entity.replaceAll('_', ' ')
}

// A schedule may be told in words alone. One that has a rule is asked when it is open, so the rule must be one.
function checkRule(data: RowData): void {
  if ((data.freq ?? null) === null) return
  for (const name of ['byday', 'byweekno', 'bymonthday', 'byyearday'] as const) {
    const alone = { freq: 'WEEKLY', dtstart: '2024-01-01', [name]: data[name] ?? null }
    if (readSchedule(scheduleOf(alone)) === undefined) {
      const fix = 'write it as RFC 5545 does, such as MO,WE or 1,15'
      throw wrong('schedule', name, 'RULE_INVALID', { message: 'can not be read', fix })
    }
  }
  if (readSchedule(scheduleOf(data)) !== undefined) return
  const advice =
    'name days or a dtstart; give interval and count a dtstart or valid_from; a count or interval is 1 or more'
  throw new Refused('RULE_INVALID', `Nobody could say when this schedule is open: ${advice}.`)
}

function scheduleOf(data: RowData): HoursSchedule {
  const text = (name: string) => (data[name] ?? null) as string | null
  const number = (name: string) => (data[name] ?? null) as number | null
  const day = (name: string) => (text(name) === null ? null : new Date(`${text(name)}T00:00:00Z`))
  return {
    validFrom: day('valid_from'),
    validTo: day('valid_to'),
    dtstart: day('dtstart'),
    timezone: number('timezone'),
    until: day('until'),
    count: number('count'),
    wkst: text('wkst') as Weekday | null,
    freq: text('freq') as Frequency | null,
    interval: number('interval'),
    byday: text('byday'),
    byweekno: text('byweekno'),
    bymonthday: text('bymonthday'),
    byyearday: text('byyearday'),
    description: text('description'),
    // Hours may be missing: then the days are known, and no more is asked.
    opensAt: text('opens_at') ?? '00:00',
    closesAt: text('closes_at') ?? '00:00',
  }
}

function momentOf(text: string): string {
  return new Date(text.replace(' ', 'T')).toISOString().replace(/\.?0*Z$/, 'Z')
}

function wrong(entity: EditedKind, column: string, code: string, fault: { message: string; fix: string }): Refused {
  const name = inputNameOf(entity, column)
  return new Refused(code, `${name}: ${fault.message} (${fault.fix})`, [name])
}
