/** Opening hours in words, for a person. */
import { english } from './english.ts'
import { italian } from './italian.ts'
import type { DaysOfMonth, Language, NamedDay } from './language.ts'
import { type Hours, type HoursSchedule, type ReadSchedule, readHours, readSchedule } from './read-schedule.ts'

export type { HoursSchedule } from './read-schedule.ts'

/** An exception on given days, as a directory has it. */
export interface HoursException {
  startDate: Date
  endDate: Date
  yearly: boolean
  closed: boolean
  opensAt: string | null
  closesAt: string | null
}

export const languages = { it: italian, en: english }
export type LanguageCode = keyof typeof languages

/**
 * What the schedules and exceptions say together, such as "Lunedì–venerdì 9:00–12:30 e 14:00–17:00; chiuso il 25
 * dicembre"; null when they say nothing. What ended before `today` is left out, unless all has; the year of a date too,
 * when it is that of `today`. A schedule that can't be evaluated is told by its own description.
 */
export function describeHours(
  schedules: HoursSchedule[],
  exceptions: HoursException[],
  code: LanguageCode,
  today: Date,
): string | null {
  const language = languages[code]
  const read = schedules.map(readSchedule).filter((rule) => rule !== undefined)
  const current = read.filter(({ last }) => last === null || last >= today)
  const sentences = [
    ...describeWeeks(current.filter(isPlainWeek), language, today),
    ...describeOthers(
      current.filter((rule) => !isPlainWeek(rule)),
      language,
      today,
    ),
    ...schedules.filter((schedule) => readSchedule(schedule) === undefined).map(ownWords),
  ].filter((sentence) => sentence !== '')
  if (sentences.length === 0) return describeEnd(read, language, today)
  const unique = [...new Set([...sentences, ...describeExceptions(exceptions, language, today)])]
  const text = unique.join('; ')
  return text.charAt(0).toLocaleUpperCase(language.locale) + text.slice(1)
}

function describeEnd(ended: ReadSchedule[], language: Language, today: Date): string | null {
  const last = ended.flatMap(({ last }) => last ?? []).sort((a, b) => b.getTime() - a.getTime())[0]
  return last === undefined ? null : language.ended(last, today)
}

function ownWords({ description }: HoursSchedule): string {
  return (description ?? '').trim().replace(/\.$/, '')
}

// A schedule that every week of its validity repeats alike: only such can be told together, as the hours of a week.
function isPlainWeek(rule: ReadSchedule): boolean {
  return (
    rule.every === 1 &&
    rule.count === null &&
    rule.weeks.length + rule.yearDays.length + rule.monthDays.length === 0 &&
    rule.days.every(({ ordinal }) => ordinal === null)
  )
}

function describeWeeks(rules: ReadSchedule[], language: Language, today: Date): string[] {
  const periods = Map.groupBy(rules, (rule) => periodOf(rule, language, today))
  return [...periods]
    .sort(([, [a]], [, [b]]) => byStart(a!, b!, today))
    .map(([period, rules]) => withPeriod(period, describeWeek(rules, language)))
}

// What holds already comes before what is to come; of that, the first to come.
function byStart(a: ReadSchedule, b: ReadSchedule, today: Date): number {
  const start = ({ first }: ReadSchedule) => Math.max(first?.getTime() ?? 0, today.getTime())
  const end = ({ last }: ReadSchedule) => last?.getTime() ?? Number.POSITIVE_INFINITY
  return start(a) - start(b) || (end(a) === end(b) ? 0 : end(b) - end(a))
}

function describeWeek(rules: ReadSchedule[], language: Language): string {
  const byDay = new Map<number, Hours[]>()
  for (const { days, hours } of rules) {
    for (const { weekday } of days) byDay.set(weekday, [...(byDay.get(weekday) ?? []), hours])
  }
  const told = [...byDay]
    .sort(([a], [b]) => a - b)
    .map(([day, hours]) => [day, describeIntervals(hours, language)] as const)
  return [...Map.groupBy(told, ([, hours]) => hours)]
    .map(
      ([hours, days]) =>
        `${describeDays(
          days.map(([day]) => day),
          language,
        )} ${hours}`,
    )
    .join(', ')
}

/** Several intervals of one day, in their order, each once. */
function describeIntervals(hours: Hours[], language: Language): string {
  const inOrder = [...hours].sort((a, b) => a.opens - b.opens || a.closes - b.closes)
  return language.and([...new Set(inOrder.map((interval) => describeInterval(interval, language)))])
}

function describeInterval({ opens, closes, offset }: Hours, language: Language): string {
  // Who writes 23:59 means midnight.
  if (opens === 0 && closes >= 1439) return language.allDay
  const zone = offset === null ? '' : ` (${describeOffset(offset)})`
  return `${describeClock(opens)}–${describeClock(closes)}${zone}`
}

function describeClock(minutes: number): string {
  const shown = minutes === 1440 ? 1440 : minutes % 1440
  return `${Math.floor(shown / 60)}:${String(shown % 60).padStart(2, '0')}`
}

function describeOffset(offset: number): string {
  const minutes = Math.abs(offset)
  const rest = minutes % 60 === 0 ? '' : `:${String(minutes % 60).padStart(2, '0')}`
  return `UTC${offset < 0 ? '-' : '+'}${Math.floor(minutes / 60)}${rest}`
}

/** Days of the week: runs of three and more as from–to, the others by name. */
function describeDays(days: number[], language: Language): string {
  if (days.length === 7) return language.everyDay
  const runs: number[][] = []
  for (const day of days) {
    const run = runs.at(-1)
    if (run?.at(-1) === day - 1) run.push(day)
    else runs.push([day])
  }
  const name = (day: number | undefined) => language.weekdays[day! - 1]!
  const told = runs.flatMap((run) => (run.length > 2 ? [`${name(run[0])}–${name(run.at(-1))}`] : run.map(name)))
  return language.and(told)
}

function describeOthers(rules: ReadSchedule[], language: Language, today: Date): string[] {
  // The same days at several times are told once.
  const groups = Map.groupBy(rules, (rule) => withPeriod(periodOf(rule, language, today), describeRule(rule, language)))
  return [...groups]
    .sort(([, [a]], [, [b]]) => byStart(a!, b!, today))
    .map(
      ([days, rules]) =>
        `${days} ${describeIntervals(
          rules.map(({ hours }) => hours),
          language,
        )}`,
    )
}

function describeRule(rule: ReadSchedule, language: Language): string {
  const days = describeDaysOfRule(rule, language)
  const weeks = rule.weeks.length === 0 ? '' : `, ${language.weeksOfYear(rule.weeks)}`
  const interval = rule.every === 1 ? '' : `${language.every(rule.every, rule.monthly ? 'months' : 'weeks')} `
  const count = rule.count === null ? '' : `, ${language.times(rule.count)}`
  const additions = `${weeks}${count}`
  return `${interval}${days}${additions}${additions === '' ? '' : ','}`
}

function describeDaysOfRule(rule: ReadSchedule, language: Language): string {
  const weekdays = rule.days.filter(({ ordinal }) => ordinal === null).map(({ weekday }) => weekday)
  const ordinals = rule.days.filter((day): day is NamedDay => day.ordinal !== null)
  // "Of the month" says too little of a rule that skips months: that one says how many itself.
  const month: DaysOfMonth = rule.monthly && rule.every > 1 ? 'that month' : 'every month'
  const named = [
    ...(weekdays.length === 0 ? [] : [describeDays(weekdays, language)]),
    ...(ordinals.length === 0 ? [] : [language.ordinalDays(inMonth(ordinals), month)]),
  ]
  const counted = [
    ...(rule.monthDays.length === 0 ? [] : [language.daysOfMonth(rule.monthDays, month)]),
    ...(rule.yearDays.length === 0 ? [] : [language.daysOfYear(rule.yearDays)]),
  ]
  if (counted.length === 0) return language.and(named)
  const days = counted.join(', ')
  return named.length === 0 ? days : `${days}, ${language.ifItIs(language.and(named))},`
}

function inMonth(days: NamedDay[]): NamedDay[] {
  const place = ({ ordinal }: NamedDay) => (ordinal > 0 ? ordinal : 10 + ordinal)
  return [...days].sort((a, b) => place(a) - place(b) || a.weekday - b.weekday)
}

// An anchor matters to who has to count weeks or times; without one, the start matters until it is there.
function periodOf(rule: ReadSchedule, language: Language, today: Date): string {
  const counted = rule.every > 1 || rule.count !== null
  const first = rule.first !== null && (counted || rule.first > today) ? rule.first : null
  return language.period(first, rule.last, today)
}

function withPeriod(period: string, hours: string): string {
  return period === '' ? hours : `${period}: ${hours}`
}

function describeExceptions(exceptions: HoursException[], language: Language, today: Date): string[] {
  const current = exceptions
    .filter(({ yearly, startDate, endDate }) => yearly || (endDate >= today && endDate >= startDate))
    .sort((a, b) => orderInYear(a, today) - orderInYear(b, today))
  const when = ({ startDate, endDate, yearly }: HoursException) =>
    language.exceptionDays(startDate, endDate, yearly ? null : today)
  const closed = current.filter(({ closed }) => closed).map(when)
  const others = current.flatMap((exception) => {
    const hours = exception.closed ? undefined : readHours(exception.opensAt, exception.closesAt, null)
    return hours === undefined ? [] : [{ days: when(exception), hours }]
  })
  return [
    ...(closed.length === 0 ? [] : [language.closed([...new Set(closed)])]),
    ...[...Map.groupBy(others, ({ days }) => days)].map(
      ([days, others]) =>
        `${days} ${describeIntervals(
          others.map(({ hours }) => hours),
          language,
        )}`,
    ),
  ]
}

// Those of one year come when they come; those of every year when they come next.
function orderInYear({ startDate, endDate, yearly }: HoursException, today: Date): number {
  if (!yearly) return startDate.getTime()
  const on = (date: Date, year: number) => Date.UTC(year, date.getUTCMonth(), date.getUTCDate())
  const year = today.getUTCFullYear()
  return on(endDate, year) >= today.getTime() ? on(startDate, year) : on(startDate, year + 1)
}
