/** Opening hours in English. */
import { datesOf, fromTheFirst, isOfAnotherYear, isTheDayBefore, type Language, type NamedDay } from './language.ts'

const months = 'January February March April May June July August September October November December'.split(' ')
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const numbers = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')
const ordinals = new Map([
  [1, 'first'],
  [2, 'second'],
  [3, 'third'],
  [4, 'fourth'],
  [5, 'fifth'],
  [-1, 'last'],
  [-2, 'second to last'],
  [-3, 'third to last'],
  [-4, 'fourth to last'],
  [-5, 'fifth to last'],
])

export const english: Language = {
  locale: 'en',
  weekdays,
  everyDay: 'every day',
  allDay: '24 hours a day',
  and,
  every: (number, unit) => `every ${numbers[number] ?? number} ${unit},`,
  ordinalDays: (days, month) => `${ordinalNames(days)}${ofMonth(month)}`,
  daysOfMonth: (days, month) => `${and(fromTheFirst(days).map(dayOfMonth))}${ofMonth(month)}`,
  daysOfYear: (days) => `${and(fromTheFirst(days).map(countedDay))} of the year`,
  weeksOfYear: (weeks) =>
    `in ${weeks.length === 1 ? 'week' : 'weeks'} ${and(fromTheFirst(weeks).map(countedWeek))} of the year`,
  ifItIs: (days) => `if it is ${days}`,
  times: (count) => (count === 1 ? 'once' : `${count} times`),
  period: (first, last, today) => {
    if (first !== null && last !== null) {
      if (first.getTime() === last.getTime()) return `on ${dateOf(first, true, isOfAnotherYear(first, today))}`
      return `from ${datesOf(first, last, today, tell).join(' to ')}`
    }
    if (first !== null) return `from ${dateOf(first, true, isOfAnotherYear(first, today))}`
    if (last !== null) return `until ${dateOf(last, true, isOfAnotherYear(last, today))}`
    return ''
  },
  exceptionDays: (first, last, today) => {
    const [from, to] = datesOf(first, last, today, tell)
    if (first.getTime() === last.getTime()) return `on ${to}`
    return isTheDayBefore(first, last) ? `on ${from} and ${to}` : `from ${from} to ${to}`
  },
  closed: (days) => `closed ${and(days)}`,
  ended: (last, today) => `Hours ended on ${dateOf(last, true, isOfAnotherYear(last, today))}`,
}

function and(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

function ofMonth(month: 'every month' | 'that month'): string {
  return month === 'every month' ? ' of the month' : ''
}

// The first and third Saturday: the day is said once when it stays the same.
function ordinalNames(days: NamedDay[]): string {
  const same = days.every(({ weekday }) => weekday === days[0]!.weekday)
  const day = (weekday: number) => weekdays[weekday - 1]!
  if (same) return `the ${and(days.map(({ ordinal }) => ordinals.get(ordinal)!))} ${day(days[0]!.weekday)}`
  return and(days.map(({ weekday, ordinal }) => `the ${ordinals.get(ordinal)} ${day(weekday)}`))
}

function dayOfMonth(day: number): string {
  if (day > 0) return `the ${counted(day)}`
  const word = ordinals.get(day)
  return word === undefined ? `the ${counted(-day)} day from the end` : `the ${word} day`
}

function countedDay(day: number): string {
  return day > 0 ? `the ${counted(day)} day` : day === -1 ? 'the last day' : `the ${counted(-day)} day from the end`
}

function countedWeek(week: number): string {
  return week > 0 ? String(week) : week === -1 ? 'the last' : `the ${counted(-week)} from the end`
}

function counted(number: number): string {
  const ending = Math.floor(number / 10) % 10 === 1 ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')
  return `${number}${ending}`
}

function tell(date: Date, { month, year }: { month: boolean; year: boolean }): string {
  return dateOf(date, month, year)
}

function dateOf(date: Date, month: boolean, year: boolean): string {
  const words = [String(date.getUTCDate())]
  if (month) words.push(months[date.getUTCMonth()]!)
  if (year) words.push(String(date.getUTCFullYear()))
  return words.join(' ')
}
