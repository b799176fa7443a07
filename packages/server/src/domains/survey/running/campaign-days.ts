/** The days of a campaign: whoever plans one names days on the calendar in Italy; what is kept are their midnights there. */

/**
 * The midnight with which a day begins in Europe/Rome, whether the clocks are set forward or back on it or not. Days are given
 * as midnight UTC, as the scalar Date has them, and from the year 2000 on: before, clocks in Italy changed at midnight, too.
 */
export function midnightBefore(day: Date): Date {
  // The clocks may be changed between the guess and midnight, so that it is taken as they go there.
  const guess = new Date(day.getTime() - aheadOfUtc(day))
  return new Date(day.getTime() - aheadOfUtc(guess))
}

/** The midnight with which a day ends in Europe/Rome: that before the next, 23, 24 or 25 hours after the one before it. */
export function midnightAfter(day: Date): Date {
  return midnightBefore(new Date(day.getTime() + dayInUtc))
}

/** The day in Europe/Rome of the first moment at which answers are taken, be it a midnight or not. */
export function firstDay(opensAt: Date): Date {
  return dayOf(opensAt)
}

/** The day in Europe/Rome of the last moment before the one from which no answer is taken, be it a midnight or not. */
export function lastDay(closesAt: Date): Date {
  return dayOf(new Date(closesAt.getTime() - 1))
}

// In UTC all days are as long.
const dayInUtc = 24 * 60 * 60 * 1000

// The Swedish write YYYY-MM-DD HH:MM:SS.
const clocks = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome', dateStyle: 'short', timeStyle: 'medium' })

/** The day in Europe/Rome of a moment, as midnight UTC. */
export function dayOf(moment: Date): Date {
  return new Date(clocks.format(moment).slice(0, 'YYYY-MM-DD'.length))
}

/** By how many milliseconds the clocks in Italy are ahead of UTC, at a whole second. */
function aheadOfUtc(moment: Date): number {
  const shown = clocks.format(moment).replace(' ', 'T')
  return Date.parse(`${shown}Z`) - moment.getTime()
}
