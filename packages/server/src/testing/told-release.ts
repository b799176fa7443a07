/** Releases as they are told, for tests of what is made of them. */
import type { ToldGroup, ToldRelease, ToldTable, ToldTheme } from '../domains/survey/releasing/read-release.ts'

export function toldRelease(given: Partial<ToldRelease> = {}): ToldRelease {
  return {
    ...{ campaign: 'Wellbeing 2026', demonstration: false, releasedOn: '2026-11-23', hash: 'ab', language: 'en' },
    ...{ organization: null, tables: [], themes: [] },
    ...given,
  }
}

/** How many of a group gave each answer; null where it is suppressed. The group of no name is everybody. */
export type ToldCounts = Record<string, number[] | null>

export function toldTable(answers: string[], counts: ToldCounts, needArea: string | null = null): ToldTable {
  return {
    position: 1,
    measure: needArea === null ? 'mood' : `need-area:${needArea}`,
    needArea,
    text: needArea ?? 'How are you?',
    answers: answers.map((text, index) => ({ name: String(index), text })),
    groups: Object.entries(counts).map(([name, counts]) => toldGroup(name, counts)),
  }
}

/** The table of a need area: how many say that it is critical, and how many that it isn't. */
export function toldNeedArea(needArea: string, counts: number[] | null): ToldTable {
  return toldTable(['critical', 'not critical'], { '': counts }, needArea)
}

export function toldTheme(needArea: string): ToldTheme {
  return {
    ...{ needArea, text: needArea, respondents: 250, critical: 160, percent: 64 },
    ...{ responseRate: 0.72, low: 0.58, high: 0.7 },
  }
}

function toldGroup(name: string, counts: number[] | null): ToldGroup {
  const sum = (counts ?? []).reduce((sum, count) => sum + count, 0)
  return {
    dimensions: name === '' ? {} : { gender: name },
    text: name === '' ? null : name,
    population: null,
    distribution:
      counts === null
        ? { suppressed: true }
        : { value: { n: sum, counts, percents: counts.map((count) => Math.round((count * 1000) / sum) / 10) } },
  }
}
