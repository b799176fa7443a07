/**
 * Critical themes: need areas that more than half of those who answered report as critical. Decided on the numbers that
 * are shown, so that whoever reads a release comes to the same themes.
 */
import { byCompany, keyText, type Measure } from './counted-tables.ts'
import type { CriticalTheme, Result } from './publish.ts'
import { wilsonInterval } from './wilson-interval.ts'

/** The themes of the network first, then those of each company; in each the most critical first. */
export function findCriticalThemes(measures: readonly Measure[], results: readonly Result[]): CriticalTheme[] {
  const criticalOf = new Map(measures.map(({ name, critical }) => [name, critical]))
  const tookPart = new Map<string, number>()
  for (const { group, distribution } of results) {
    const shown = 'value' in distribution ? distribution.value.n : 0
    tookPart.set(keyText(group), Math.max(shown, tookPart.get(keyText(group)) ?? 0))
  }
  const themes = new Map<string, CriticalTheme[]>()
  for (const { measure, group, population, distribution } of results) {
    const answer = criticalOf.get(measure)
    const dimensions = Object.keys(group)
    if (answer === undefined || dimensions.some((dimension) => dimension !== byCompany)) continue

    const name = group[byCompany] ?? ''
    const ofGroup = themes.get(name) ?? []
    themes.set(name, ofGroup)
    if ('suppressed' in distribution) continue
    const { counts, percents } = distribution.value
    const critical = counts[answer]!
    const n = counts.reduce((sum, count) => sum + count, 0)
    if (critical * 2 <= n) continue
    ofGroup.push({
      measure,
      group,
      n,
      critical,
      percent: percents[answer]!,
      responseRate:
        population === null || population === 0 ? null : Math.min(1, tookPart.get(keyText(group))! / population),
      interval: wilsonInterval(critical, n),
    })
  }
  return [...themes.values()].flatMap((ofGroup) => ofGroup.sort((a, b) => b.percent - a.percent))
}
