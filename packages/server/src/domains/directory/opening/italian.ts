/** Opening hours in Italian. */
import { datesOf, fromTheFirst, isOfAnotherYear, isTheDayBefore, type Language, type NamedDay } from './language.ts'

const months = 'gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre'.split(
  ' ',
)
const weekdays = ['lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato', 'domenica']
const numbers = 'zero uno due tre quattro cinque sei sette otto nove dieci undici dodici'.split(' ')
// In the masculine; Sunday is the one feminine day.
const ordinals = new Map([
  [1, 'primo'],
  [2, 'secondo'],
  [3, 'terzo'],
  [4, 'quarto'],
  [5, 'quinto'],
  [-1, 'ultimo'],
  [-2, 'penultimo'],
  [-3, 'terzultimo'],
  [-4, 'quartultimo'],
  [-5, 'quintultimo'],
])

export const italian: Language = {
  locale: 'it',
  weekdays,
  everyDay: 'tutti i giorni',
  allDay: '24 ore su 24',
  and,
  every: (number, unit) => `ogni ${numbers[number] ?? number} ${unit === 'weeks' ? 'settimane' : 'mesi'},`,
  ordinalDays: (days, month) => `${and(ordinalNames(days))}${ofMonth(month)}`,
  daysOfMonth: (days, month) => `${and(fromTheFirst(days).map(dayOfMonth))}${ofMonth(month)}`,
  daysOfYear: (days) => `${and(fromTheFirst(days).map(countedDay))} dell'anno`,
  weeksOfYear: (weeks) =>
    `${weeks.length === 1 ? 'nella settimana' : 'nelle settimane'} ${and(fromTheFirst(weeks).map(counted))} dell'anno`,
  ifItIs: (days) => `se è ${days}`,
  times: (count) => (count === 1 ? 'una volta sola' : `per ${count} volte`),
  period: (first, last, today) => {
    if (first !== null && last !== null) {
      if (first.getTime() === last.getTime()) return on(first, isOfAnotherYear(first, today))
      const [from, to] = datesOf(first, last, today, (date, { month, year }) => dateOf(date, month, year))
      return `${da(first)}${from} ${a(last)}${to}`
    }
    if (first !== null) return `${da(first)}${dateOf(first, true, isOfAnotherYear(first, today))}`
    if (last !== null) return `fino ${a(last)}${dateOf(last, true, isOfAnotherYear(last, today))}`
    return ''
  },
  exceptionDays: (first, last, today) => {
    const [from, to] = datesOf(first, last, today, (date, { month, year }) => dateOf(date, month, year))
    if (first.getTime() === last.getTime()) return `${il(first)}${to}`
    if (isTheDayBefore(first, last)) return `${il(first)}${from} e ${il(last)}${to}`
    return `${da(first)}${from} ${a(last)}${to}`
  },
  closed: (days) => `chiuso ${and(days)}`,
  ended: (last, today) => `Orario terminato ${il(last)}${dateOf(last, true, isOfAnotherYear(last, today))}`,
}

function and(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} e ${items.at(-1)}`
}

function ofMonth(month: 'every month' | 'that month'): string {
  return month === 'every month' ? ' del mese' : ''
}

// Il primo e il terzo sabato: the day is said once when it stays the same.
function ordinalNames(days: NamedDay[]): string[] {
  const same = days.every(({ weekday }) => weekday === days[0]!.weekday)
  return days.map(({ weekday, ordinal }, index) => {
    const feminine = weekday === 7
    const word = ordinals.get(ordinal)!
    const named = feminine ? word.replace(/o$/, 'a') : word
    const article = /^[u]/.test(named) ? "l'" : feminine ? 'la ' : 'il '
    return same && index < days.length - 1 ? `${article}${named}` : `${article}${named} ${weekdays[weekday - 1]}`
  })
}

function dayOfMonth(day: number): string {
  if (day > 0) return day === 1 ? 'il 1°' : `${day === 8 || day === 11 ? "l'" : 'il '}${day}`
  const word = ordinals.get(day)
  if (word === undefined) return `il ${-day}° giorno dalla fine`
  return `${word.startsWith('u') ? "l'" : 'il '}${word} giorno`
}

function countedDay(day: number): string {
  return day > 0 ? `il ${day}° giorno` : day === -1 ? "l'ultimo giorno" : `il ${-day}° giorno dalla fine`
}

function counted(week: number): string {
  return week > 0 ? String(week) : week === -1 ? 'ultima' : `${-week}ª dalla fine`
}

function dateOf(date: Date, month: boolean, year: boolean): string {
  const day = date.getUTCDate()
  const words = [day === 1 ? '1°' : String(day)]
  if (month) words.push(months[date.getUTCMonth()]!)
  if (year) words.push(String(date.getUTCFullYear()))
  return words.join(' ')
}

function on(date: Date, year: boolean): string {
  return `${il(date)}${dateOf(date, true, year)}`
}

// Before 8 and 11, which begin with a vowel, the article is elided.
function elides(date: Date): boolean {
  return date.getUTCDate() === 8 || date.getUTCDate() === 11
}
const il = (date: Date) => (elides(date) ? "l'" : 'il ')
const da = (date: Date) => (elides(date) ? "dall'" : 'dal ')
const a = (date: Date) => (elides(date) ? "all'" : 'al ')
