/** What campaigns need at their hours: those are closed whose time is over, and releases are made that were asked for. */
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type Action, recordAct } from '../trace/record-act.ts'
import { releaseRequested } from './releasing/release-results.ts'
import { closeCampaignsDue } from './running/campaigns.ts'

export async function runCampaigns(prisma: PrismaClient, now: Date): Promise<{ closed?: number; released?: number }> {
  const closed = await prisma.$transaction(async (tx) => {
    const closed = await closeCampaignsDue(tx, now)
    for (const campaign of closed) await recordAct(tx, byServer('campaign.close', campaign))
    return closed
  })
  const released = await releaseRequested(prisma, now, (tx, campaign) =>
    recordAct(tx, byServer('release.create', campaign)),
  )
  return {
    ...(closed.length > 0 ? { closed: closed.length } : {}),
    ...(released.length > 0 ? { released: released.length } : {}),
  }
}

function byServer(action: Action, { id, networkId }: { id: string; networkId: string }) {
  return { doer: { kind: 'server' }, action, networkId, recordKey: id, requestId: null } as const
}
