/** Schedules of a directory, read for being told in words. Whether one is open at a moment, the database alone decides. */
import type { Frequency, Weekday } from '../../../generated/prisma/client.ts'

/** A schedule, as a directory has it. */
export interface HoursSchedule {
  validFrom: Date | null
  validTo: Date | null
  dtstart: Date | null
  timezone: number | null
  until: Date | null
  count: number | null
  wkst: Weekday | null
  freq: Frequency | null
  interval: number | null
  byday: string | null
  byweekno: string | null
  bymonthday: string | null
  byyearday: string | null
  description: string | null
  opensAt: string | null
  closesAt: string | null
}

/** Minutes after midnight; closing is more than 1440 after midnight. */
export interface Hours {
  opens: number
  closes: number
  /** Minutes east of UTC; null for the time in Italy. */
  offset: number | null
}

export interface ReadSchedule {
  hours: Hours
  monthly: boolean
  /** Every how many weeks or months. */
  every: number
  /** ISO weekdays, in order. */
  days: { weekday: number; ordinal: number | null }[]
  monthDays: number[]
  yearDays: number[]
  weeks: number[]
  count: number | null
  first: Date | null
  last: Date | null
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** What a schedule says; undefined when it can't be evaluated. */
export function readSchedule(schedule: HoursSchedule): ReadSchedule | undefined {
  const { freq, validFrom, validTo, dtstart, until, count } = schedule
  const hours = readHours(schedule.opensAt, schedule.closesAt, schedule.timezone)
  const every = schedule.interval ?? 1
  const days = readDays(schedule.byday)
  const monthDays = readNumbers(schedule.bymonthday, 31)
  const yearDays = readNumbers(schedule.byyearday, 366)
  const weeks = readNumbers(schedule.byweekno, 53)
  const start = dtstart ?? validFrom
  if (freq === null || hours === undefined || every < 1 || (count ?? 1) < 1) return undefined
  if (days === undefined || monthDays === undefined || yearDays === undefined || weeks === undefined) return undefined
  if (start === null && (every > 1 || count !== null)) return undefined
  const monthly = freq === 'MONTHLY'
  const rule = {
    hours,
    monthly,
    every,
    days,
    monthDays,
    yearDays,
    weeks,
    count,
    ...boundsOf(validFrom, validTo, dtstart, until),
  }
  if (days.length + monthDays.length + yearDays.length > 0) return rule
  // A rule that names no day means that of its start.
  if (dtstart === null) return undefined
  if (monthly && weeks.length === 0) return { ...rule, monthDays: [dtstart.getUTCDate()] }
  return { ...rule, days: [{ weekday: dtstart.getUTCDay() || 7, ordinal: null }] }
}

function boundsOf(validFrom: Date | null, validTo: Date | null, dtstart: Date | null, until: Date | null) {
  const latest = (dates: (Date | null)[]) => dates.filter((date) => date !== null).sort((a, b) => +b - +a)[0] ?? null
  const earliest = (dates: (Date | null)[]) => dates.filter((date) => date !== null).sort((a, b) => +a - +b)[0] ?? null
  return { first: latest([validFrom, dtstart]), last: earliest([validTo, until]) }
}

/** Opening and closing; undefined when one is missing or no time of day. */
export function readHours(opensAt: string | null, closesAt: string | null, timezone: number | null): Hours | undefined {
  const opens = readClock(opensAt, false)
  const closes = readClock(closesAt, true)
  if (opens === undefined || closes === undefined || Math.abs(timezone ?? 0) > 14) return undefined
  const east = timezone === null ? null : Math.round(timezone * 60)
  const opensEast = opens.offset ?? east ?? closes.offset
  const closesEast = closes.offset ?? east ?? opens.offset
  if (Math.abs(opensEast ?? 0) > 840 || Math.abs(closesEast ?? 0) > 840) return undefined
  const length = closes.minutes - opens.minutes + (opensEast ?? 0) - (closesEast ?? 0)
  return {
    opens: opens.minutes,
    closes: opens.minutes + ((length - 1 + 2 * 2880) % 1440) + 1,
    offset: opensEast,
  }
}

function readClock(text: string | null, upwards: boolean): { minutes: number; offset: number | null } | undefined {
  const match = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?(Z|[+-]\d\d:\d\d)?$/.exec(text ?? '')
  if (match === null) return undefined
  const [, hour, minute, second = '00', zone] = match
  const minutes = Number(hour) * 60 + Number(minute) + (upwards && second !== '00' ? 1 : 0)
  if (zone === undefined) return { minutes, offset: null }
  if (zone === 'Z') return { minutes, offset: 0 }
  return { minutes, offset: Number(`${zone[0]}1`) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) }
}

function readDays(text: string | null): ReadSchedule['days'] | undefined {
  const list = (text ?? '').replaceAll(/\s/g, '').toUpperCase()
  if (list === '') return []
  const days = list.split(',').map((day) => {
    const [, ordinal, name] = /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/.exec(day) ?? []
    return name === undefined
      ? undefined
      : { weekday: weekdays.indexOf(name) + 1, ordinal: ordinal === undefined ? null : Number(ordinal) }
  })
  if (days.includes(undefined)) return undefined
  const known = days.filter((day) => day !== undefined)
  // All Mondays hold the first of them too.
  const plain = new Set(known.filter(({ ordinal }) => ordinal === null).map(({ weekday }) => weekday))
  const unique = new Map(
    known
      .filter(({ weekday, ordinal }) => ordinal === null || !plain.has(weekday))
      .map((day) => [`${day.ordinal} ${day.weekday}`, day]),
  )
  return [...unique.values()].sort((a, b) => a.weekday - b.weekday)
}

function readNumbers(text: string | null, most: number): number[] | undefined {
  if (text === null || text.trim() === '') return []
  if (!/^\s*[+-]?\d{1,3}\s*(,\s*[+-]?\d{1,3}\s*)*$/.test(text)) return undefined
  const numbers = [...new Set(text.split(',').map(Number))]
  return numbers.every((number) => number !== 0 && Math.abs(number) <= most) ? numbers.sort((a, b) => a - b) : undefined
}
