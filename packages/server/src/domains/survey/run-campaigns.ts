/**
 * What campaigns need at their hours: those are closed whose time is over, what closing deleted leaves the files, and releases are
 * made that were asked for.
 */
import type { Transaction } from '../../database/connect.ts'
import { takeTime } from '../../database/take-time.ts'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { type Action, recordAct } from '../trace/record-act.ts'
import { releaseResults, releasesRequested } from './releasing/release-results.ts'
import { campaignsDue, closeCampaignDue } from './running/campaigns.ts'
import { sweepAnswers } from './running/sweep-answers.ts'

interface Run {
  closed?: number
  released?: number
}

/** Each campaign by itself: one that can't be closed or released keeps no other waiting. The first failure is thrown at the end. */
export async function runCampaigns(prisma: PrismaClient, now: Date): Promise<Run> {
  const done: Run = {}
  let failure: { error: unknown } | undefined
  const count = (what: keyof Run, isDone: boolean) => {
    if (isDone) done[what] = (done[what] ?? 0) + 1
  }
  const attempt = async (act: () => Promise<unknown>) => {
    try {
      await act()
    } catch (error) {
      failure ??= { error }
    }
  }
  for (const campaign of await campaignsDue(prisma, now)) {
    await attempt(async () => {
      const isClosed = await takeTime(prisma, async (tx) => {
        const isClosed = await closeCampaignDue(tx, campaign.id, now)
        if (isClosed) await recordAct(tx, byServer('campaign.close', campaign))
        return isClosed
      })
      count('closed', isClosed)
    })
  }
  await attempt(() => sweepAnswers(prisma))
  for (const campaignId of await releasesRequested(prisma)) {
    await attempt(async () => {
      const onMade = (tx: Transaction, campaign: Closed) => recordAct(tx, byServer('release.create', campaign))
      count('released', await releaseResults(prisma, campaignId, now, onMade))
    })
  }
  if (failure !== undefined) throw failure.error
  return done
}

interface Closed {
  id: string
  networkId: string
}

function byServer(action: Action, { id, networkId }: Closed) {
  return { doer: { kind: 'server' }, action, networkId, recordKey: id, requestId: null } as const
}
