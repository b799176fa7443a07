/** Plays a campaign through: counts, protects, and sets the adversary on what was released, with and without an insider. */
import type { Precautions } from '../domains/survey/disclosure/hide-distributions.ts'
import { protectFrom } from '../domains/survey/disclosure/protect.ts'
import type { Published } from '../domains/survey/disclosure/publish.ts'
import { usualThresholds } from '../domains/survey/disclosure/thresholds.ts'
import { type Attack, attack, type Knowledge } from './adversary.ts'
import { type Campaign, inventNextWave, type NextWave, randomFrom } from './invent-campaign.ts'

export const allPrecautions: Precautions = { insiders: true, complements: true, waves: true }

/** Releases the campaign and attacks it, as an outsider and as an insider of a company, `cells` counts each. */
export async function attackCampaign(
  campaign: Campaign,
  cells: number,
  precautions: Precautions = allPrecautions,
): Promise<{ attacks: Attack[]; release: Published }> {
  const { companies } = campaign.counted
  const release = await protectFrom(precautions, campaign.counted, usualThresholds)
  const random = randomFrom(campaign.shape.seed + 1)
  const insider = companies[Math.floor(random() * companies.length)]!
  const attacks: Attack[] = []
  for (const who of [null, insider]) attacks.push(await attackAs(who, campaign, release, cells, random))
  return { attacks, release }
}

/** Attacks what was released of a campaign as an insider of a company, or of none. */
export function attackAs(
  insider: string | null,
  campaign: Attacked,
  release: Published,
  cells: number,
  random: () => number,
): Promise<Attack> {
  return attack(knowledgeOf(insider, campaign, release), cells, random)
}

/** Releases two waves, and attacks the second with what the first told, as an outsider and as an insider of a company. */
export async function attackWaves(
  first: Campaign,
  next: NextWave,
  cells: number,
  precautions: Precautions = allPrecautions,
): Promise<Attack[]> {
  const second = inventNextWave(first, next)
  const before = await protectFrom(precautions, first.counted, usualThresholds)
  const now = await protectFrom(precautions, second.counted, usualThresholds, [
    { published: before, changes: second.changes },
  ])
  const random = randomFrom(next.seed)
  const { companies } = second.counted
  const insiders = [null, companies[Math.floor(random() * companies.length)]!]
  const earlier = [{ release: before, changes: second.changes, counted: first.counted.groups }]
  const attacks: Attack[] = []
  for (const insider of insiders) {
    const knowledge = { ...knowledgeOf(insider, second, now), earlier }
    attacks.push(await attack(knowledge, cells, random))
  }
  return attacks
}

type Attacked = Pick<Campaign, 'counted' | 'measures'>

function knowledgeOf(insider: string | null, { counted, measures }: Attacked, release: Published): Knowledge {
  const least = { usual: usualThresholds.least, health: usualThresholds.leastOfHealth }
  return { release, plan: { ...counted, measures }, counted: counted.groups, insider, least }
}
