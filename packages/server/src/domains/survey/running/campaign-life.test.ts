/** Whatever is tried with a campaign in whatever order: it does what a model of a few lines says, and nothing else. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { passingSecrets } from '../../../secrets.ts'
import { obtainCredential } from '../../../testing/answer-survey.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { releaseResults, requestRelease } from '../releasing/release-results.ts'
import { runCampaigns } from '../run-campaigns.ts'
import { askOrganization, changeCampaign, closeCampaign, openCampaign } from './campaigns.ts'
import { mintInvitations, redeemInvitation } from './invitations.ts'
import { submitResponse } from './submit-response.ts'

const secrets = passingSecrets()
// Midnights in Italy; between them the clocks are set back.
const opensAt = new Date('2026-10-24T00:00:00+02:00')
const closesAt = new Date('2026-10-26T00:00:00+01:00')
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
beforeAll(async () => {
  database = await openTestDatabase('empty')
  const network = await makeNetwork(database, 1)
  organizationId = network.organizations[0]!
  version = await makeSurveyVersion(database, network, wellbeing)
})
afterAll(() => database.close())

interface Model {
  status: 'draft' | 'open' | 'closed' | 'released'
  isAsked: boolean
  isRequested: boolean
  codes: number
  answers: number
}

/** What is tried, and whether the model says that it can be done; where it can, the model moves on. */
const steps: Record<
  string,
  { can(model: Model): boolean; moves?(model: Model): void; does(real: Real): Promise<unknown> }
> = {
  change: {
    can: ({ status }) => status === 'draft',
    does: ({ prisma, campaignId }) =>
      prisma.$transaction((tx) => changeCampaign(tx, campaignId, { name: 'Primavera' })),
  },
  'ask an organization': {
    can: ({ status }) => status === 'draft',
    moves: (model) => {
      model.isAsked = true
    },
    does: ({ prisma, campaignId }) =>
      prisma.$transaction((tx) =>
        askOrganization(tx, secrets, campaignId, { organizationId, headCount: 50, joiners: null, leavers: null }),
      ),
  },
  open: {
    can: ({ status, isAsked }) => status === 'draft' && isAsked,
    moves: (model) => {
      model.status = 'open'
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => openCampaign(tx, campaignId, during)),
  },
  invite: {
    can: ({ status, isAsked, codes }) => isAsked && (status === 'draft' || status === 'open') && codes < 100,
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
  ...Object.fromEntries(
    [early, during, last, late].map((moment, index) => [
      `answer ${['too early', 'in the hour that comes twice', 'in the last moment', 'too late'][index]}`,
      {
        can: ({ status, codes }: Model) => status === 'open' && codes > 0 && moment >= opensAt && moment < closesAt,
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
    can: ({ status }) => status === 'open',
    moves: (model) => {
      model.status = 'closed'
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => closeCampaign(tx, campaignId)),
  },
  'ask for the release': {
    can: ({ status, isRequested }) => status === 'closed' || isRequested,
    moves: (model) => {
      model.isRequested = true
    },
    does: ({ prisma, campaignId }) => prisma.$transaction((tx) => requestRelease(tx, campaignId, late)),
  },
  release: {
    can: ({ isRequested }) => isRequested,
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

async function answer({ prisma, campaignId, codes }: Real, moment: Date): Promise<void> {
  const { publicKey } = await prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
  const code = codes.at(-1) ?? '0000-0000-0000-0000-0000'
  const credential = await obtainCredential(publicKey, async (blindedMessage) => {
    const redemption = { campaignId, code, blindedMessage }
    return (await prisma.$transaction((tx) => redeemInvitation(tx, secrets, redemption, moment))).blindSignature
  })
  const answers = { genere: 1, stress: 3, cura: 4 }
  await submitResponse(prisma, { campaignId, organizationId, credential, answers }, moment)
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
        const { can, moves, does } = steps[name]!
        const expected = can(model)
        const done = await does(real).then(
          () => true,
          () => false,
        )
        expect(done, `${name}, of ${tried.join(', ')}`).toBe(expected)
        if (expected) moves?.(model)
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

test('it closes by itself at midnight in Italy, whatever the clocks did', async () => {
  const { prisma } = database
  for (const [from, to, after] of [
    ['2026-10-24T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 49],
    ['2027-03-27T00:00:00+01:00', '2027-03-29T00:00:00+02:00', 47],
  ] as const) {
    const [opens, closes] = [new Date(from), new Date(to)]
    const id = await draftCampaign(database, { ...version, opensAt: opens, closesAt: closes })
    await openFor(database, secrets, id, [{ organizationId, headCount: 9 }], opens)
    const statusAt = async (moment: Date) => {
      await runCampaigns(prisma, moment)
      return (await prisma.campaign.findUniqueOrThrow({ where: { id } })).status
    }
    expect(await statusAt(new Date(opens.getTime() + after * 3_600_000 - 1))).toBe('open')
    expect(await statusAt(new Date(opens.getTime() + after * 3_600_000))).toBe('closed')
  }
})
