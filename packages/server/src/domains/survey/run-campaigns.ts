/** What campaigns need at their hours: those are closed whose time is over, and releases are made that were asked for. */
import { takeTime } from '../../database/take-time.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type Action, recordAct } from '../trace/record-act.ts'
import { releaseResults, releasesRequested } from './releasing/release-results.ts'
import { campaignsDue, closeCampaignDue } from './running/campaigns.ts'

interface Run {
  closed?: number
  released?: number
}

/** Each campaign by itself: one that can't be closed or released keeps no other waiting. The first failure is thrown at the end. */
export async function runCampaigns(prisma: PrismaClient, now: Date): Promise<Run> {
  const done: Run = {}
  let failure: { error: unknown } | undefined
  const attempt = async (what: keyof Run, act: () => Promise<boolean>) => {
    try {
      if (await act()) done[what] = (done[what] ?? 0) + 1
    } catch (error) {
      failure ??= { error }
    }
  }
  for (const campaign of await campaignsDue(prisma, now)) {
    await attempt('closed', () =>
      takeTime(prisma, async (tx) => {
        const isClosed = await closeCampaignDue(tx, campaign.id, now)
        if (isClosed) await recordAct(tx, byServer('campaign.close', campaign))
        return isClosed
      }),
    )
  }
  for (const campaignId of await releasesRequested(prisma)) {
    await attempt('released', () =>
      releaseResults(prisma, campaignId, now, (tx, campaign) => recordAct(tx, byServer('release.create', campaign))),
    )
  }
  if (failure !== undefined) throw failure.error
  return done
}

function byServer(action: Action, { id, networkId }: { id: string; networkId: string }) {
  return { doer: { kind: 'server' }, action, networkId, recordKey: id, requestId: null } as const
}
