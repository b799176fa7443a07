/** What a language must be able to say, for opening hours to be told in it. */

export interface NamedDay {
  /** ISO day of the week. */
  weekday: number
  /** Which of its kind in the month; negative from the end. */
  ordinal: number
}

/** Whether days are those of every month, or of the months that an interval counts. */
export type DaysOfMonth = 'every month' | 'that month'

export interface Language {
  locale: string
  /** Monday first. */
  weekdays: readonly string[]
  everyDay: string
  allDay: string
  /** A list in which the last two are joined by a word. */
  and(items: string[]): string
  /** Every two weeks. */
  every(number: number, unit: 'weeks' | 'months'): string
  /** The first Monday and the third Tuesday of the month. */
  ordinalDays(days: NamedDay[], month: DaysOfMonth): string
  /** The 1st and the last day of the month. */
  daysOfMonth(days: number[], month: DaysOfMonth): string
  daysOfYear(days: number[]): string
  weeksOfYear(weeks: number[]): string
  ifItIs(days: string): string
  times(count: number): string
  /** From, until, or both; empty when there is neither. */
  period(first: Date | null, last: Date | null, today: Date): string
  /** A day or days; without their year for those that return every year (`today` is null). */
  exceptionDays(first: Date, last: Date, today: Date | null): string
  closed(days: string[]): string
  /** A whole sentence: there is no opening after a day. */
  ended(last: Date, today: Date): string
}

/** Two dates of a period, with as much of each as is needed: 10 to 21 August 2027. */
export function datesOf(
  first: Date,
  last: Date,
  today: Date | null,
  tell: (date: Date, parts: { month: boolean; year: boolean }) => string,
): [first: string, last: string] {
  const sameYear = first.getUTCFullYear() === last.getUTCFullYear()
  const sameMonth = sameYear && first.getUTCMonth() === last.getUTCMonth()
  const year = today !== null && (!sameYear || last.getUTCFullYear() !== today.getUTCFullYear())
  const month = !sameMonth || first.getUTCDate() === last.getUTCDate()
  return [tell(first, { month, year: year && !sameYear }), tell(last, { month: true, year })]
}

/** Whether the year of a date has to be told. */
export function isOfAnotherYear(date: Date, today: Date): boolean {
  return date.getUTCFullYear() !== today.getUTCFullYear()
}

export function isTheDayBefore(first: Date, last: Date): boolean {
  return last.getTime() - first.getTime() === 86_400_000
}

/** Numbers as they come in a month or year, those from its end last. */
export function fromTheFirst(numbers: number[]): number[] {
  const place = (number: number) => (number > 0 ? number : 1000 + number)
  return [...numbers].sort((a, b) => place(a) - place(b))
}
