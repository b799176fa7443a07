/** What is done to a campaign at the same moment: neither keeps the other from ending, and nothing slips between. */
import { beforeEach, describe, expect, inject, test } from 'vitest'
import type { Database, Transaction } from '../../../database/connect.ts'
import { passingSecrets } from '../../../secrets.ts'
import { obtainCredential } from '../../../testing/answer-survey.ts'
import {
  byCompanyAlone,
  draftCampaign,
  makeNetwork,
  makeSurveyVersion,
  openFor,
} from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { someoneWaits } from '../../../testing/someone-waits.ts'
import { asOwner, databaseForTest } from '../../../testing/test-database.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { closeCampaign, createCampaign } from './campaigns.ts'
import { mintInvitations, redeemInvitation, replaceInvitations } from './invitations.ts'
import { submitResponse } from './submit-response.ts'
import { changeSurveyVersion } from './surveys.ts'

const onServer = inject('templates').server !== null
if (!onServer) console.warn('skipped: no TEST_DATABASE_URL, and an embedded database does one thing after the other')

const secrets = passingSecrets()
const [opensAt, now, closesAt] = ['2026-11-01T08:00Z', '2026-11-02T08:00Z', '2026-11-03T08:00Z'].map(
  (moment) => new Date(moment),
) as [Date, Date, Date]

/** A questionnaire of one question, which measures no need area. */
const plain = (title: string): Questionnaire => ({
  name: 'plain',
  title: { it: title },
  languages: ['it'],
  defaultLanguage: 'it',
  sections: [
    { title: { it: 'Domande' }, questions: [{ kind: 'number', name: 'age', text: { it: 'Anni?' }, min: 15, max: 99 }] },
  ],
})

describe.skipIf(!onServer)('at once', () => {
  let database: Database
  let version: { networkId: string; surveyVersionId: string }
  let campaignId: string
  let organizationId: string
  beforeEach(async () => {
    database = await databaseForTest('empty')
    const network = await makeNetwork(database, 1)
    organizationId = network.organizations[0]!
    version = await makeSurveyVersion(database, network, wellbeing)
    campaignId = await draftCampaign(database, { ...version, opensAt, closesAt })
    await openFor(database, secrets, campaignId, [{ organizationId, headCount: 40 }], now)
  })

  const transact = <T>(work: (tx: Transaction) => Promise<T>) => database.prisma.$transaction(work, { timeout: 60_000 })
  const mint = (count: number) => transact((tx) => mintInvitations(tx, { campaignId, organizationId, count }))
  const close = () => transact((tx) => closeCampaign(tx, campaignId))

  /** People with credentials, who answer when they are asked to. */
  async function invite(count: number): Promise<(() => Promise<unknown>)[]> {
    const { publicKey } = await database.prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
    const people: (() => Promise<unknown>)[] = []
    for (const code of await mint(count)) {
      const credential = await obtainCredential(publicKey, async (blindedMessage) => {
        const asked = { campaignId, code, blindedMessage }
        return (await transact((tx) => redeemInvitation(tx, secrets, asked, now))).blindSignature
      })
      const answers = { genere: 1, stress: 3, cura: 4 }
      people.push(() => submitResponse(database.prisma, { campaignId, organizationId, credential, answers }, now))
    }
    return people
  }

  /** Holds a lock until `release` is called and the transaction has ended. */
  async function hold(lock: string): Promise<() => Promise<void>> {
    const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const holding = asOwner(database, async (tx) => {
      await tx.$executeRawUnsafe(lock)
      held.resolve()
      await released.promise
    })
    await held.promise
    return () => {
      released.resolve()
      return holding
    }
  }

  const stored = () => asOwner(database, (tx) => tx.response.count({ where: { campaignId } }))

  test('closing waits for an answer under way, and the answer counts', async () => {
    const [answer] = await invite(1)
    const release = await hold('LOCK TABLE spent_credential IN SHARE MODE')
    const answered = answer!()
    await someoneWaits(database, 1)
    const closed = close()
    await someoneWaits(database, 2)
    await release()
    await answered
    expect((await closed).status).toBe('closed')
    expect(await stored()).toBe(1)
  })

  test('of many who answer while the campaign is closed each counts, or is told that nothing is taken', async () => {
    const people = await invite(30)
    const [first, ...others] = people.map((answer) =>
      answer().then(
        () => 'counted',
        ({ code }) => code,
      ),
    )
    await first
    const [, ...told] = await Promise.all([close(), first, ...others])
    expect(new Set(told).difference(new Set(['counted', 'CAMPAIGN_NOT_OPEN']))).toEqual(new Set())
    expect(await stored()).toBe(told.filter((each) => each === 'counted').length)
  })

  test('no code outlives closing, and who mints meanwhile is told why there are none', async () => {
    const release = await hold(`SELECT FROM campaign_organization WHERE campaign_id = '${campaignId}' FOR UPDATE`)
    const minted = mint(5)
    await someoneWaits(database, 1)
    const closed = close()
    await someoneWaits(database, 2)
    await release()
    expect(await minted).toHaveLength(5)
    await closed
    await expect(mint(5)).rejects.toMatchObject({ code: 'CAMPAIGN_CLOSED' })
    expect(await database.prisma.invitation.count({ where: { campaignId } })).toBe(0)
  })

  test('of two who make invitations for all the people, one does', async () => {
    const release = await hold(`SELECT FROM campaign_organization WHERE campaign_id = '${campaignId}' FOR UPDATE`)
    const minted = [mint(40), mint(40)]
    await someoneWaits(database, 2)
    await release()
    const [made, refused] = (await Promise.allSettled(minted)).toSorted((a, b) => (a.status < b.status ? -1 : 1))
    expect(made).toMatchObject({ status: 'fulfilled', value: { length: 40 } })
    expect(refused).toMatchObject({ reason: { code: 'TOO_MANY_INVITATIONS' } })
    expect(await database.prisma.invitation.count({ where: { campaignId } })).toBe(40)
  })

  test.each(['redeemed', 'replaced'])(
    'of a code and the one that takes its place, one buys a signature: first %s',
    async (first) => {
      const [code] = (await mint(1)) as [string]
      const { publicKey } = await database.prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
      const redeemed = (code: string) =>
        obtainCredential(publicKey, async (blindedMessage) => {
          const asked = { campaignId, code, blindedMessage }
          return (await transact((tx) => redeemInvitation(tx, secrets, asked, now))).blindSignature
        }).then(
          () => 'bought',
          ({ code }) => code,
        )
      const replaced = () => transact((tx) => replaceInvitations(tx, { campaignId, organizationId, codes: [code] }))
      const release = await hold(`SELECT FROM invitation WHERE campaign_id = '${campaignId}' FOR UPDATE`)
      let old: Promise<string> | undefined
      if (first === 'redeemed') {
        old = redeemed(code)
        await someoneWaits(database, 1)
      }
      const made = replaced()
      await someoneWaits(database, first === 'redeemed' ? 2 : 1)
      if (first === 'replaced') {
        old = redeemed(code)
        await someoneWaits(database, 2)
      }
      await release()
      const outcomes = [await old, await redeemed((await made)[0]!)]
      expect(outcomes).toEqual(
        first === 'redeemed' ? ['bought', 'INVITATION_INVALID'] : ['INVITATION_INVALID', 'bought'],
      )
      expect(await redeemed(code)).toBe('INVITATION_INVALID')
    },
  )

  test('of two who replace the same code, one does', async () => {
    const [code] = (await mint(1)) as [string]
    const release = await hold(`SELECT FROM campaign_organization WHERE campaign_id = '${campaignId}' FOR UPDATE`)
    const replaced = [1, 2].map(() =>
      transact((tx) => replaceInvitations(tx, { campaignId, organizationId, codes: [code] })).then(
        () => 'done',
        ({ code }) => code,
      ),
    )
    await someoneWaits(database, 2)
    await release()
    expect((await Promise.all(replaced)).toSorted()).toEqual(['CODE_UNKNOWN', 'done'])
  })

  test('a questionnaire that is being changed is not opened as it was before', async () => {
    const [changing, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const network = { networkId: version.networkId, organizations: [organizationId] }
    const other = await makeSurveyVersion(database, network, plain('Prima'))
    const changed = transact(async (tx) => {
      const { recordVersion } = await tx.surveyVersion.findUniqueOrThrow({ where: { id: other.surveyVersionId } })
      const known = { id: other.surveyVersionId, networkId: version.networkId, expectedVersion: recordVersion }
      await changeSurveyVersion(tx, known, plain('Poi'))
      changing.resolve()
      await release.promise
    })
    await changing.promise
    const draft = {
      ...{ networkId: version.networkId, surveyVersionId: other.surveyVersionId, name: 'Primavera', opensAt, closesAt },
      ...{
        plan: byCompanyAlone,
        thresholds: { least: 5, leastOfHealth: 10 },
        earlierCampaignId: null,
        demonstration: true,
      },
    }
    const made = transact((tx) => createCampaign(tx, draft))
    await someoneWaits(database, 1)
    release.resolve()
    await changed
    await made
    await expect(
      transact((tx) =>
        changeSurveyVersion(
          tx,
          { id: other.surveyVersionId, networkId: version.networkId, expectedVersion: 2 },
          plain('Mai'),
        ),
      ),
    ).rejects.toMatchObject({ code: 'VERSION_USED' })
  })
})
