/** Whatever is tried with a campaign in whatever order: it does what a model of a few lines says, and nothing else. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { Prisma } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { passingSecrets } from '../../../secrets.ts'
import { type Credential, obtainCredential } from '../../../testing/answer-survey.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { releaseResults, requestRelease } from '../releasing/release-results.ts'
import { runCampaigns } from '../run-campaigns.ts'
import { makeSigningKey } from './blind-signature.ts'
import { midnightAfter, midnightBefore } from './campaign-days.ts'
import { askOrganization, changeCampaign, closeCampaign, openCampaign } from './campaigns.ts'
import { makeInvitationCodes } from './invitation-code.ts'
import { mintInvitations, redeemInvitation, replaceInvitations } from './invitations.ts'
import { submitResponse } from './submit-response.ts'

const secrets = passingSecrets()
// Between them the clocks are set back.
const opensAt = midnightBefore(new Date('2026-10-24'))
const closesAt = midnightAfter(new Date('2026-10-25'))
const [early, during, last, late] = [
  new Date(opensAt.getTime() - 1),
  // The hour that comes twice.
  new Date('2026-10-25T02:30:00+02:00'),
  new Date(closesAt.getTime() - 1),
  closesAt,
]

let database: Database
let organizationId: string
let version: { networkId: string; surveyVersionId: string }
let strangeKey: Uint8Array<ArrayBuffer>
beforeAll(async () => {
  database = await openTestDatabase('empty')
  const network = await makeNetwork(database, 1)
  organizationId = network.organizations[0]!
  version = await makeSurveyVersion(database, network, wellbeing)
  strangeKey = Uint8Array.from((await makeSigningKey()).publicKey)
})
afterAll(() => database.close())

interface Model {
  status: 'draft' | 'open' | 'closed' | 'released'
  isAsked: boolean
  isRequested: boolean
  codes: number
  answers: number
}

/** What is tried, and with which code the model says that it is refused; where it is not, the model moves on. */
const steps: Record<
  string,
  { refusal(model: Model): string | undefined; moves?(model: Model): void; does(real: Real): Promise<unknown> }
> = {
  change: {
    refusal: ({ status }) => (status === 'draft' ? undefined : 'CAMPAIGN_FROZEN'),
    does: ({ prisma, campaignId }) =>
      prisma.$transaction((tx) => changeCampaign(tx, campaignId, { name: 'Primavera' })),
  },
  'ask an organization': {
    refusal: ({ status }) => (status === 'draft' ? undefined : 'CAMPAIGN_FROZEN'),
    moves: (model) => {
      model.isAsked = true
    },
    does: ({ prisma, campaignId }) =>
      prisma.$transaction((tx) =>
        askOrganization(tx, secrets, campaignId, { organizationId, headCount: 50, joiners: null, leavers: null }),
      ),
  },
  open: {
    refusal: ({ status, isAsked }) => {
      if (status !== 'draft') return 'CAMPAIGN_STATUS'
      return isAsked ? undefined : 'NOBODY_ASKED'
    },
    moves: (model) => {
      model.status = 'open'
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => openCampaign(tx, campaignId, during)),
  },
  invite: {
    refusal: ({ status, isAsked }) => {
      if (!isAsked) return 'NOT_INVITED'
      return { draft: 'CAMPAIGN_NOT_OPEN', open: undefined, closed: 'CAMPAIGN_CLOSED', released: 'CAMPAIGN_CLOSED' }[
        status
      ]
    },
    moves: (model) => {
      model.codes += 1
    },
    does: async (real) => {
      const made = await real.prisma.$transaction((tx) =>
        mintInvitations(tx, { campaignId: real.campaignId, organizationId, count: 1 }),
      )
      real.codes.push(...made)
    },
  },
  'replace a code': {
    refusal: ({ codes, ...model }) =>
      steps.invite!.refusal({ codes, ...model }) ?? (codes > 0 ? undefined : 'CODE_UNKNOWN'),
    does: async (real) => {
      const codes = [real.codes.at(-1) ?? strangeCode()]
      const made = await real.prisma.$transaction((tx) =>
        replaceInvitations(tx, { campaignId: real.campaignId, organizationId, codes }),
      )
      real.codes.splice(-1, 1, ...made)
    },
  },
  ...Object.fromEntries(
    [early, during, last, late].map((moment, index) => [
      `answer ${['too early', 'in the hour that comes twice', 'in the last moment', 'too late'][index]}`,
      {
        refusal: ({ status, codes }: Model) => {
          if (status !== 'open' || moment < opensAt || moment >= closesAt) return 'CAMPAIGN_NOT_OPEN'
          return codes > 0 ? undefined : 'INVITATION_INVALID'
        },
        moves: (model: Model) => {
          model.codes -= 1
          model.answers += 1
        },
        does: async (real: Real) => {
          await answer(real, moment)
          real.codes.pop()
        },
      },
    ]),
  ),
  close: {
    refusal: ({ status }) => (status === 'open' ? undefined : 'CAMPAIGN_STATUS'),
    moves: (model) => {
      model.status = 'closed'
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => closeCampaign(tx, campaignId)),
  },
  'ask for the release': {
    refusal: ({ status, isRequested }) => (status === 'closed' || isRequested ? undefined : 'CAMPAIGN_STATUS'),
    moves: (model) => {
      model.isRequested = true
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => requestRelease(tx, campaignId, late)),
  },
  release: {
    // Whoever makes releases looks for those that were asked for: Prisma's code where there is none.
    refusal: ({ isRequested }) => (isRequested ? undefined : 'P2025'),
    moves: (model) => {
      model.status = 'released'
    },
    does: ({ prisma, campaignId }) => releaseResults(prisma, campaignId, late),
  },
}

interface Real {
  prisma: Database['prisma']
  campaignId: string
  codes: string[]
}

/** A code that nobody was given. */
function strangeCode(): string {
  return makeInvitationCodes(randomBytes(32), 1)[0]!
}

/** Redeems an invitation and answers with what it buys. Before anybody is asked there is no key but that of a stranger. */
async function answer({ prisma, campaignId, codes }: Real, moment: Date): Promise<void> {
  const asked = await prisma.campaignOrganization.findFirst({ where: { campaignId } })
  const code = codes.at(-1) ?? strangeCode()
  const credential = await redeem({ campaignId, code, publicKey: asked?.publicKey ?? strangeKey }, moment)
  await submit(campaignId, credential, moment)
}

interface Redeemed {
  campaignId: string
  code: string
  publicKey: Uint8Array<ArrayBuffer>
}

function redeem({ campaignId, code, publicKey }: Redeemed, moment: Date): Promise<Credential> {
  return obtainCredential(publicKey, async (blindedMessage) => {
    const redemption = { campaignId, code, blindedMessage }
    return (await database.prisma.$transaction((tx) => redeemInvitation(tx, secrets, redemption, moment)))
      .blindSignature
  })
}

function submit(campaignId: string, credential: Credential, moment: Date): Promise<void> {
  const answers = { genere: 1, stress: 3, cura: 4 }
  return submitResponse(database.prisma, { campaignId, organizationId, credential, answers }, moment)
}

/** With which code something is refused; undefined where it is done. What fails otherwise is thrown. */
async function refusalOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    if (error instanceof Refused || error instanceof Prisma.PrismaClientKnownRequestError) return error.code
    throw error
  }
}

test('a campaign does what its model says, whatever is tried', async () => {
  const { prisma } = database
  const property = fc.asyncProperty(
    fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 6, maxLength: 18 }),
    async (tried) => {
      const campaignId = await draftCampaign(database, { ...version, opensAt, closesAt })
      const real: Real = { prisma, campaignId, codes: [] }
      const model: Model = { status: 'draft', isAsked: false, isRequested: false, codes: 0, answers: 0 }
      for (const name of tried) {
        const { refusal, moves, does } = steps[name]!
        const expected = refusal(model)
        expect(await refusalOf(does(real)), `${name}, of ${tried.join(', ')}`).toBe(expected)
        if (expected === undefined) moves?.(model)
        const { status } = await prisma.campaign.findUniqueOrThrow({ where: { id: campaignId } })
        expect(status).toBe(model.status)
      }
      const kept = await asOwner(database, (tx) => tx.response.count({ where: { campaignId } }))
      expect(kept).toBe(model.answers)
    },
  )
  await fc.assert(property, {
    numRuns: 40,
    examples: [
      [
        [
          'ask an organization',
          'invite',
          'open',
          'answer in the hour that comes twice',
          'close',
          'ask for the release',
          'release',
        ],
      ],
      [
        [
          'ask an organization',
          'open',
          'invite',
          'answer too late',
          'answer in the last moment',
          'answer too early',
          'close',
        ],
      ],
    ],
  })
})

const second = 1000

describe.each([
  // On the last day, on the first and on both the clocks are changed; on the eve they are not yet.
  ['March', '2027-03-27', '2027-03-28', '2027-03-26T23:00:00Z', '2027-03-28T22:00:00Z'],
  ['March', '2027-03-28', '2027-03-29', '2027-03-27T23:00:00Z', '2027-03-29T22:00:00Z'],
  ['March', '2027-03-28', '2027-03-28', '2027-03-27T23:00:00Z', '2027-03-28T22:00:00Z'],
  ['March', '2027-03-26', '2027-03-27', '2027-03-25T23:00:00Z', '2027-03-27T23:00:00Z'],
  ['October', '2026-10-24', '2026-10-25', '2026-10-23T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['October', '2026-10-25', '2026-10-26', '2026-10-24T22:00:00Z', '2026-10-26T23:00:00Z'],
  ['October', '2026-10-25', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ['October', '2026-10-23', '2026-10-24', '2026-10-22T22:00:00Z', '2026-10-24T22:00:00Z'],
])('around the night in %s, from %s to %s', (_month, opensOn, closesOn, ...midnights) => {
  const [first, end] = midnights.map((midnight) => new Date(midnight)) as [Date, Date]
  const shortlyBefore = (moment: Date) => new Date(moment.getTime() - second)

  test('answers are taken from midnight to midnight in Italy, and at that midnight it closes by itself', async () => {
    const { prisma } = database
    const days = { opensAt: midnightBefore(new Date(opensOn)), closesAt: midnightAfter(new Date(closesOn)) }
    const campaignId = await draftCampaign(database, { ...version, ...days })
    await openFor(database, secrets, campaignId, [{ organizationId, headCount: 9 }], shortlyBefore(first))
    const { publicKey } = await prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
    const mint = { campaignId, organizationId, count: 4 }
    const [one, two, three, four] = (await prisma.$transaction((tx) => mintInvitations(tx, mint))) as string[]
    const redeemAt = (code: string, moment: Date) => redeem({ campaignId, code, publicKey }, moment)

    expect(await refusalOf(redeemAt(one!, shortlyBefore(first)))).toBe('CAMPAIGN_NOT_OPEN')
    const early = await redeemAt(one!, first)
    expect(await refusalOf(submit(campaignId, early, shortlyBefore(first)))).toBe('CAMPAIGN_NOT_OPEN')
    await submit(campaignId, early, first)

    const [timely, late] = [await redeemAt(two!, shortlyBefore(end)), await redeemAt(three!, shortlyBefore(end))]
    await submit(campaignId, timely, shortlyBefore(end))
    expect(await refusalOf(submit(campaignId, late, end))).toBe('CAMPAIGN_NOT_OPEN')
    expect(await refusalOf(redeemAt(four!, end))).toBe('CAMPAIGN_NOT_OPEN')

    const statusAt = async (moment: Date) => {
      await runCampaigns(prisma, moment)
      return (await prisma.campaign.findUniqueOrThrow({ where: { id: campaignId } })).status
    }
    expect(await statusAt(shortlyBefore(end))).toBe('open')
    expect(await statusAt(end)).toBe('closed')
    expect(await asOwner(database, (tx) => tx.response.count({ where: { campaignId } }))).toBe(2)
  })
})
