/** Opening hours of several places in words: told once where they are the same, by name of the place where not. */
import { describeHours, type LanguageCode } from './describe-hours.ts'
import type { PlacedHours } from './load-hours.ts'

/** The hours of a service at its places; null when nothing is known of them. `today` is a day at midnight UTC. */
export function describePlaces(places: PlacedHours[], language: LanguageCode, today: Date): string | null {
  const told = places.flatMap(({ place, schedules, exceptions }) => {
    const hours = describeHours(schedules, exceptions, language, today)
    return hours === null ? [] : [{ place, hours }]
  })
  const byHours = Map.groupBy(told, ({ hours }) => hours)
  if (byHours.size < 2) return told[0]?.hours ?? null
  return [...byHours]
    .map(([hours, places]) => {
      const names = places.flatMap(({ place }) => place ?? [])
      return names.length === 0 ? hours : `${names.join(', ')}: ${hours}`
    })
    .join('. ')
}
