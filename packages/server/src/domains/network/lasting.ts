/** What lasts from one day to another. */
import { Refused } from '../../refused.ts'

export interface Lasting {
  /** First day. */
  startsOn: Date
  /** Last day; null where none is told. */
  endsOn: Date | null
}

/** The days, in order. Throws a {@link Refused} where the last is before the first. */
export function readDays({ startsOn, endsOn }: Lasting): Lasting {
  if (endsOn === null || startsOn <= endsOn) return { startsOn, endsOn }
  const message = `endsOn: ${day(endsOn)} is before the first day, ${day(startsOn)}.`
  throw new Refused('DAYS_REVERSED', message, ['endsOn'])
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
