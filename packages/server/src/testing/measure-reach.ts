/** How much of a campaign is released, beside what plain thresholding would release without any protection. */
import { byCompany } from '../domains/survey/disclosure/counted-tables.ts'
import type { Precautions } from '../domains/survey/disclosure/hide-distributions.ts'
import { protect, protectFrom } from '../domains/survey/disclosure/protect.ts'
import type { Published } from '../domains/survey/disclosure/publish.ts'
import { usualThresholds } from '../domains/survey/disclosure/thresholds.ts'
import type { Campaign } from './invent-campaign.ts'

/** Each distribution judged by itself, as most publishers of surveys do. */
const plainThresholding: Precautions = { insiders: false, complements: false, waves: false }

export interface Share {
  of: number
  plain: number
  released: number
}

export interface ReachedCampaign {
  /** Distributions of each company as a whole, with its head-count: the questions, without need areas. */
  companies: (Share & { population: number })[]
  questions: Share
  /** Of companies that a recode divides. */
  divided: Share
  totals: Share
  /**
   * Themes of the network by the true counts, but for those so nearly of everybody that the distribution must not be shown;
   * how many of them plain thresholding finds; and how many the release has.
   */
  themes: { true: number; dominated: number; plain: number; released: number }
  seconds: number
}

export async function measureReach({ counted, populations }: Campaign): Promise<ReachedCampaign> {
  const plain = await protectFrom(plainThresholding, counted, usualThresholds)
  const started = performance.now()
  const release = await protect(counted, usualThresholds)
  const seconds = (performance.now() - started) / 1000

  const areas = new Set(counted.measures.flatMap(({ name, critical }) => (critical === undefined ? [] : [name])))
  const shareOf = (matches: (result: Published['results'][number]) => boolean): Share => {
    const indexes = [...release.results.keys()].filter((index) => matches(release.results[index]!))
    const shown = ({ results }: Published) => indexes.filter((index) => 'value' in results[index]!.distribution).length
    return { of: indexes.length, plain: shown(plain), released: shown(release) }
  }
  const isQuestionOf = (company: string | undefined) => (result: Published['results'][number]) =>
    !areas.has(result.measure) &&
    Object.keys(result.group).join() === byCompany &&
    (company === undefined || result.group[byCompany] === company)
  const themesOf = ({ criticalThemes }: Published) => criticalThemes.filter(({ group }) => !(byCompany in group))
  const everybody = counted.groups.find(({ key }) => Object.keys(key).length === 0)!
  const shares = counted.measures.flatMap(({ critical }, measure) => {
    const counts = everybody.counts[measure]!
    return critical === undefined ? [] : [counts[critical]! / counts.reduce((sum, count) => sum + count, 0)]
  })
  return {
    companies: counted.companies.map((company, index) => ({
      population: populations[index]!,
      ...shareOf(isQuestionOf(company)),
    })),
    questions: shareOf(isQuestionOf(undefined)),
    divided: shareOf(({ group }) => byCompany in group && Object.keys(group).length > 1),
    totals: shareOf(({ group }) => !(byCompany in group)),
    themes: {
      true: shares.filter((share) => share > 0.5 && share < 0.9).length,
      dominated: shares.filter((share) => share >= 0.9).length,
      plain: themesOf(plain).length,
      released: themesOf(release).length,
    },
    seconds,
  }
}
