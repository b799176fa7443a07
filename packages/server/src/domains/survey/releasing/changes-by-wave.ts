/** How the people of organizations changed between waves. */
import type { Transaction } from '../../../database/connect.ts'
import type { Campaign, CampaignOrganization } from '../../../generated/prisma/client.ts'

/** How many joined and left, by row key of the organization. */
export type Changes = Record<string, { joined: number; left: number }>

/** A campaign, as far as it tells of the wave before it. */
export interface Wave extends Pick<Campaign, 'id' | 'earlierCampaignId'> {
  /** Whose people it asks, and how many of them joined and left since the wave before. */
  organizations: readonly Pick<CampaignOrganization, 'organizationId' | 'joiners' | 'leavers'>[]
}

/**
 * How many joined and left from each wave before a campaign to it, by row key of the wave: over all waves between, and of those
 * organizations for which each of them told. The chain is walked once.
 */
export async function changesByWave(prisma: Transaction, later: Wave): Promise<ReadonlyMap<string, Changes>> {
  const found = new Map<string, Changes>()
  let changes: Changes = Object.fromEntries(
    later.organizations.map(({ organizationId }) => [organizationId, { joined: 0, left: 0 }]),
  )
  let wave: Wave | null = later
  while (wave !== null && !found.has(wave.id)) {
    found.set(wave.id, changes)
    const told = new Map(wave.organizations.map((each) => [each.organizationId, each]))
    changes = Object.fromEntries(
      Object.entries(changes).flatMap(([organization, { joined, left }]) => {
        const { joiners = null, leavers = null } = told.get(organization) ?? {}
        if (joiners === null || leavers === null) return []
        return [[organization, { joined: joined + joiners, left: left + leavers }]]
      }),
    )
    const earlierId: string | null = wave.earlierCampaignId
    wave =
      earlierId === null
        ? null
        : await prisma.campaign.findUnique({ where: { id: earlierId }, include: { organizations: true } })
  }
  found.delete(later.id)
  return found
}
