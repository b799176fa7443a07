import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { Prisma } from '../../../generated/prisma/client.ts'
import { passingSecrets } from '../../../secrets.ts'
import { type Credential, obtainCredential } from '../../../testing/answer-survey.ts'
import { byCompanyAlone, draftCampaign, makeNetwork, makeSurveyVersion } from '../../../testing/build-campaign.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { runCampaigns } from '../run-campaigns.ts'
import { askOrganization, changeCampaign, closeCampaign, openCampaign } from './campaigns.ts'
import { mintInvitations, redeemInvitation, replaceInvitations } from './invitations.ts'
import { type Submission, submitResponse } from './submit-response.ts'

const secrets = passingSecrets()
const sealed = ['response', 'response_text', 'spent_credential', 'invitation']
const opensAt = new Date('2026-11-01T00:00:00+01:00')
const closesAt = new Date('2026-12-01T00:00:00+01:00')
const now = new Date('2026-11-23T12:00:00+01:00')

const questionnaire: Questionnaire = {
  name: 'benessere',
  title: { it: 'Benessere' },
  languages: ['it'],
  defaultLanguage: 'it',
  sections: [
    {
      title: { it: 'Domande' },
      questions: [
        {
          kind: 'number',
          name: 'place',
          text: { it: 'Quanti?' },
          min: 0,
          max: 1000,
          bands: [
            { text: { it: 'pochi' }, from: 0, to: 9 },
            { text: { it: 'molti' }, from: 10, to: 1000 },
          ],
        },
        { kind: 'text', name: 'wish', text: { it: 'Che cosa vorrebbe?' }, maxLength: 100 },
      ],
    },
  ],
}

let database: Database
let campaignId: string
let organizations: string[]

beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

beforeEach(async () => {
  const network = await makeNetwork(database, 2)
  organizations = network.organizations
  const version = await makeSurveyVersion(database, network, questionnaire)
  campaignId = await draftCampaign(database, { ...version, opensAt, closesAt })
})

const ask = (organizationId: string, headCount = 20) =>
  askOrganization(database.prisma, secrets, campaignId, { organizationId, headCount, joiners: null, leavers: null })

const transact = <T>(work: Parameters<typeof asOwner<T>>[1]) => database.prisma.$transaction(work)

const open = () => transact((tx) => openCampaign(tx, campaignId, now))
const close = () => transact((tx) => closeCampaign(tx, campaignId))
const mint = (organizationId: string, count: number) =>
  transact((tx) => mintInvitations(tx, { campaignId, organizationId, count }))

const replace = (organizationId: string, codes: string[]) =>
  transact((tx) => replaceInvitations(tx, { campaignId, organizationId, codes }))

async function redeem(code: string, organizationId: string, moment = now): Promise<Credential> {
  const { publicKey } = await database.prisma.campaignOrganization.findFirstOrThrow({
    where: { campaignId, organizationId },
  })
  return obtainCredential(publicKey, async (blindedMessage) => {
    const bought = await transact((tx) => redeemInvitation(tx, secrets, { campaignId, code, blindedMessage }, moment))
    expect(bought.organizationId).toBe(organizationId)
    return bought.blindSignature
  })
}

const submit = (credential: Credential, given: Partial<Submission> = {}, moment = now) =>
  submitResponse(
    database.prisma,
    { campaignId, organizationId: organizations[0]!, credential, answers: { place: 1 }, ...given },
    moment,
  )

const responses = () =>
  asOwner(
    database,
    (tx) => tx.$queryRaw<{ answers: (number | null)[] }[]>`
      SELECT answers, organization_id::text FROM response WHERE campaign_id = ${campaignId}::uuid`,
  )
const codeOf = (refusal: Promise<unknown>) => refusal.then(() => 'done').catch(({ code }) => code)

describe('the life of a campaign', () => {
  test('it opens, is closed, and goes no other way', async () => {
    expect(await codeOf(close())).toBe('CAMPAIGN_STATUS')
    expect(await codeOf(open())).toBe('NOBODY_ASKED')
    await ask(organizations[0]!)
    expect((await open()).status).toBe('open')
    expect(await codeOf(open())).toBe('CAMPAIGN_STATUS')
    expect((await close()).status).toBe('closed')
    expect(await codeOf(close())).toBe('CAMPAIGN_STATUS')
    const { prisma } = database
    for (const status of ['draft', 'open'] as const)
      await expect(prisma.campaign.update({ where: { id: campaignId }, data: { status } })).rejects.toThrow()
    await prisma.campaign.update({ where: { id: campaignId }, data: { status: 'released' } })
  })

  test('what was decided stands still from the opening on, whoever asks the database', async () => {
    await ask(organizations[0]!)
    const change = { thresholds: { least: 8, leastOfHealth: 12 } }
    await transact((tx) => changeCampaign(tx, campaignId, change))
    await open()
    expect(await codeOf(transact((tx) => changeCampaign(tx, campaignId, change)))).toBe('CAMPAIGN_FROZEN')
    expect(await codeOf(ask(organizations[1]!))).toBe('CAMPAIGN_FROZEN')
    const attempts = [
      `UPDATE campaign SET thresholds = '{}' WHERE id = '${campaignId}'`,
      `UPDATE campaign SET plan = '{"tables": [1]}' WHERE id = '${campaignId}'`,
      `UPDATE campaign SET counting = '{}' WHERE id = '${campaignId}'`,
      `UPDATE campaign SET opens_at = now() WHERE id = '${campaignId}'`,
      `UPDATE campaign SET closes_at = now() WHERE id = '${campaignId}'`,
      `DELETE FROM campaign WHERE id = '${campaignId}'`,
      `DELETE FROM organization WHERE id = '${organizations[0]}'`,
      `UPDATE campaign SET id = gen_random_uuid() WHERE id = '${campaignId}'`,
      `UPDATE campaign_organization SET head_count = 1000 WHERE campaign_id = '${campaignId}'`,
      `DELETE FROM campaign_organization WHERE campaign_id = '${campaignId}'`,
      `UPDATE survey_version SET document = '{"a": 1}'`,
    ]
    for (const attempt of attempts) {
      await expect(
        asOwner(database, (tx) => tx.$executeRawUnsafe(attempt)),
        attempt,
      ).rejects.toThrow(/stands still|uses this/)
    }
  })

  test.each([
    ['a name', { name: ' ' }, 'NAME_INVALID'],
    ['an end before the beginning', { closesAt: opensAt }, 'CLOSES_BEFORE_OPENING'],
    ['a threshold below the least', { thresholds: { least: 4, leastOfHealth: 10 } }, 'THRESHOLD_INVALID'],
    ['a plan of nothing', { plan: { ...byCompanyAlone, tables: [] } }, 'PLAN_INVALID'],
    ['a plan by what is no recode', { plan: { ...byCompanyAlone, tables: [['company', 'age']] } }, 'PLAN_INVALID'],
    ['an earlier wave that is none', { earlierCampaignId: randomUUID() }, 'EARLIER_UNKNOWN'],
    ['a threshold for health below the least', { thresholds: { least: 5, leastOfHealth: 9 } }, 'THRESHOLD_INVALID'],
  ])('%s is refused', async (_what, change, code) => {
    expect(await codeOf(transact((tx) => changeCampaign(tx, campaignId, change)))).toBe(code)
  })

  test('it is closed when its time is over, at midnight in Italy', async () => {
    await ask(organizations[0]!)
    await open()
    const statusAt = async (moment: Date) => {
      await runCampaigns(database.prisma, moment)
      return (await database.prisma.campaign.findUniqueOrThrow({ where: { id: campaignId } })).status
    }
    expect(await statusAt(new Date(closesAt.getTime() - 1))).toBe('open')
    expect(await statusAt(closesAt)).toBe('closed')
    expect(await runCampaigns(database.prisma, closesAt)).toEqual({})
  })

  test('closing has time for a million answers, whatever time a statement usually has', async () => {
    await ask(organizations[0]!)
    await open()
    const patience = await transact(async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = 20000`
      await closeCampaign(tx, campaignId)
      return tx.$queryRaw`SELECT current_setting('statement_timeout') AS patience`
    })
    expect(patience).toEqual([{ patience: '10min' }])
  })
})

describe('invitations', () => {
  test('each buys one signature, for one message', async () => {
    const [own, other] = organizations as [string, string]
    await ask(own)
    await ask(other)
    await open()
    const [code] = await mint(own, 2)
    await mint(other, 1)
    expect(await codeOf(redeem(code!, own, new Date(opensAt.getTime() - 1)))).toBe('CAMPAIGN_NOT_OPEN')
    const credential = await redeem(code!.toLowerCase().replaceAll('-', ' '), own)
    expect(await codeOf(redeem(code!, own))).toBe('INVITATION_INVALID')
    expect(await codeOf(redeem('0000-0000-0000-0000-0000', own))).toBe('INVITATION_INVALID')
    expect(await codeOf(redeem('no code', own))).toBe('INVITATION_INVALID')
    // What one organization's key has signed is none of another's.
    expect(await codeOf(submit(credential, { organizationId: other }))).toBe('CREDENTIAL_INVALID')
    await submit(credential)
    expect(await responses()).toHaveLength(1)
  })

  test('of two messages for one code, at once, one is signed', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    const [code] = await mint(own, 1)
    const bought = await Promise.all([1, 2, 3].map(() => codeOf(redeem(code!, own))))
    expect(bought.toSorted()).toEqual(['INVITATION_INVALID', 'INVITATION_INVALID', 'done'])
  })

  test('a message that can not be signed does not use the code up, and does not tell whether it was used', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    const [code] = await mint(own, 1)
    const tryUnsignable = async () => {
      for (const blindedMessage of [new Uint8Array(0), new Uint8Array(255), new Uint8Array(256).fill(255)]) {
        const attempt = transact((tx) =>
          redeemInvitation(tx, secrets, { campaignId, code: code!, blindedMessage }, now),
        )
        expect(await codeOf(attempt)).toBe('BLINDED_MESSAGE_INVALID')
      }
    }
    await tryUnsignable()
    await redeem(code!, own)
    await tryUnsignable()
  })

  test('there is one for each head and no more, also of many that are made at once', async () => {
    const [own, other] = organizations as [string, string]
    await ask(own, 7)
    expect(await codeOf(mint(own, 1))).toBe('CAMPAIGN_NOT_OPEN')
    await open()
    expect(await codeOf(mint(other, 1))).toBe('NOT_INVITED')
    for (const count of [0, -1, 1.5, 10_001]) expect(await codeOf(mint(own, count))).toBe('COUNT_INVALID')
    expect(await codeOf(mint(own, 8))).toBe('TOO_MANY_INVITATIONS')
    const made = await Promise.all([2, 2, 2, 2].map((count) => codeOf(mint(own, count))))
    expect(made.toSorted()).toEqual(['TOO_MANY_INVITATIONS', 'done', 'done', 'done'])
    await expect(mint(own, 2)).rejects.toThrow(
      'one invitation for each of 7 people, and 6 were made. Ask for 1 at most.',
    )
    expect(await mint(own, 1)).toHaveLength(1)
    await expect(mint(own, 1)).rejects.toThrow('7 were made. A code that is lost is replaced by who knows it')
    expect(await database.prisma.invitation.count({ where: { campaignId } })).toBe(7)
    await close()
    expect(await codeOf(mint(own, 1))).toBe('CAMPAIGN_CLOSED')
  })

  test('a code that was lost gives its place to another: nobody answers twice, and whether it was used is not told', async () => {
    const [own] = organizations as [string, string]
    await ask(own, 3)
    await open()
    const lost = await mint(own, 3)
    await submit(await redeem(lost[0]!, own))
    const found = await replace(own, lost)
    expect(new Set([...lost, ...found]).size).toBe(6)
    for (const code of [...lost, found[0]!]) expect(await codeOf(redeem(code, own))).toBe('INVITATION_INVALID')
    for (const code of found.slice(1)) await submit(await redeem(code, own))
    expect(await codeOf(mint(own, 1))).toBe('TOO_MANY_INVITATIONS')
    // All are used by now, and are replaced as those were that nobody had used.
    for (const code of await replace(own, found)) expect(await codeOf(redeem(code, own))).toBe('INVITATION_INVALID')
    expect(await responses()).toHaveLength(3)
    await close()
    expect(await codeOf(replace(own, found))).toBe('CAMPAIGN_CLOSED')
  })

  test('codes are replaced all or none, and only those of the organization', async () => {
    const [own, other] = organizations as [string, string]
    await ask(own)
    await ask(other)
    await open()
    const [first, second] = (await mint(own, 2)) as [string, string]
    const [strange] = (await mint(other, 1)) as [string]
    for (const codes of [
      [first, strange],
      [first, 'niente'],
      [first, '0000-0000-0000-0000-0000'],
      [first, first.toLowerCase()],
    ]) {
      const refused = await replace(own, codes).catch((error: Error) => error)
      expect(refused).toMatchObject({ code: 'CODE_UNKNOWN', path: ['codes', '1'] })
      expect((refused as Error).message).not.toContain(codes[1])
    }
    expect(await codeOf(replace(own, []))).toBe('COUNT_INVALID')
    expect(await codeOf(replace(own, Array(1_001).fill(first)))).toBe('COUNT_INVALID')
    for (const code of [first, second]) await redeem(code, own)
    await redeem(strange, other)
  })
})

describe('answers', () => {
  test('a credential counts once, also when it is spent many times at once', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    const [code] = await mint(own, 1)
    const credential = await redeem(code!, own)
    const spent = await Promise.all(
      [1, 2, 3, 4].map((answer) => codeOf(submit(credential, { answers: { place: answer } }))),
    )
    expect(spent.toSorted()).toEqual(['CREDENTIAL_SPENT', 'CREDENTIAL_SPENT', 'CREDENTIAL_SPENT', 'done'])
    const [counted] = await responses()
    // The same again is answered as it was.
    await submit(credential, { answers: { place: counted!.answers[0]! } })
    expect(await responses()).toEqual([counted])
  })

  test('what is no answer to the questions is refused, with every reason, and spends nothing', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    const credential = await redeem((await mint(own, 1))[0]!, own)
    const answers = { place: 1001, mood: 3 }
    const refusal = await submit(credential, { answers }).catch((error: Error) => error)
    expect(refusal).toMatchObject({ code: 'ANSWERS_INVALID', path: ['answers', 'place'] })
    expect((refusal as Error).message).toMatch(/\/place: .*\/mood: /)
    await submit(credential)
    expect(await responses()).toHaveLength(1)
  })

  test('what is forged, changed or of another campaign is refused', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    const credential = await redeem((await mint(own, 1))[0]!, own)
    const changed = (bytes: Uint8Array) => Uint8Array.from(bytes, (byte, index) => (index === 7 ? byte ^ 1 : byte))
    const forged: Partial<Submission>[] = [
      { credential: { ...credential, message: changed(credential.message) } },
      { credential: { ...credential, signature: changed(credential.signature) } },
      { credential: { message: new Uint8Array(0), signature: new Uint8Array(0) } },
      { campaignId: randomUUID() },
      { organizationId: randomUUID() },
    ]
    for (const each of forged) expect(await codeOf(submit(credential, each))).toBe('CREDENTIAL_INVALID')
    for (const moment of [new Date(opensAt.getTime() - 1), closesAt])
      expect(await codeOf(submit(credential, {}, moment))).toBe('CAMPAIGN_NOT_OPEN')
    await submit(credential)
    expect(await responses()).toHaveLength(1)
  })

  test('closed, they lie in an order that tells nothing of when they came, and with nothing that could', async () => {
    const [own] = organizations as [string, string]
    await ask(own, 40)
    await open()
    const codes = await mint(own, 40)
    const came: number[] = []
    for (const [index, code] of codes.entries()) {
      const credential = await redeem(code, own)
      await submit(credential, { answers: { place: index, wish: `wish ${index}` } })
      came.push(index)
    }
    const before = await physicalOrder()
    expect(before.answers).toEqual(came)
    await close()
    const after = await physicalOrder()
    expect(after.answers.toSorted((a, b) => a - b)).toEqual(came)
    expect(after.answers).not.toEqual(came)
    // Of 40 answers in random order, about 1 stays in its place; that 12 do happens once in a thousand million times.
    expect(after.answers.filter((answer, place) => answer === place).length).toBeLessThan(12)
    expect(after.transactions).toBe(1)
    expect(after.texts).not.toEqual(after.answers.map((answer) => `wish ${answer}`))
    expect(before.ids.filter((id) => after.ids.includes(id))).toEqual([])
    const left = await asOwner(database, async (tx) => [
      await tx.spentCredential.count({ where: { campaignId } }),
      await tx.invitation.count({ where: { campaignId } }),
      await tx.campaignOrganization.count({ where: { campaignId, privateKey: { not: null } } }),
    ])
    expect(left).toEqual([0, 0, 0])
  })

  test('what closing deleted leaves the files, and no sample of it is kept', async () => {
    const [own] = organizations as [string, string]
    await ask(own, 20)
    await open()
    for (const code of await mint(own, 20))
      await submit(await redeem(code, own), { answers: { place: 7, wish: 'tempo' } })
    await close()
    const { prisma } = database
    const deleted = async () => {
      await prisma.$executeRaw`SELECT pg_stat_force_next_flush()`
      const [{ rows }] = await prisma.$queryRaw<[{ rows: bigint }]>`
        SELECT sum(n_dead_tup) AS rows FROM pg_stat_user_tables WHERE relname IN (${Prisma.join(sealed)})`
      return Number(rows)
    }
    expect(await deleted()).toBeGreaterThan(0)
    await runCampaigns(prisma, now)
    const [{ sweeps }] = await prisma.$queryRaw<[{ sweeps: boolean }]>`
      SELECT current_setting('server_version_num')::integer >= 170000 AS sweeps`
    if (sweeps) expect(await deleted()).toBe(0)
    // An older server lets their owner alone do it, and does it by itself.
    const settings = await prisma.$queryRaw<{ reloptions: string[] }[]>`
      SELECT reloptions FROM pg_class WHERE relname IN (${Prisma.join(sealed)})`
    expect(settings).toHaveLength(sealed.length)
    for (const { reloptions } of settings)
      expect(reloptions.toSorted()).toEqual(['autovacuum_vacuum_scale_factor=0', 'autovacuum_vacuum_threshold=0'])
    const sampled = await asOwner(database, async (tx) => {
      await tx.$executeRaw`ANALYZE response, response_text, invitation, spent_credential`
      return tx.$queryRaw<{ attname: string }[]>`
        SELECT attname::text FROM pg_stats WHERE tablename IN (${Prisma.join(sealed)})`
    })
    for (const told of ['answers', 'text', 'question', 'code_hash', 'blinded_hash', 'hash', 'fingerprint'])
      expect(sampled.map(({ attname }) => attname)).not.toContain(told)
    expect(sampled.map(({ attname }) => attname)).toContain('campaign_id')
  })

  test('how many answered is told to the five below, and not below the threshold', async () => {
    const [own] = organizations as [string, string]
    await ask(own, 40)
    await open()
    const told = async () =>
      (
        await database.prisma.$queryRaw<{ respondents: number | null }[]>`
        SELECT respondents FROM count_participation(ARRAY[${campaignId}::uuid])`
      )[0]!.respondents
    const seen: (number | null)[] = []
    for (const code of await mint(own, 11)) {
      await submit(await redeem(code, own))
      seen.push(await told())
    }
    expect(seen).toEqual([null, null, null, null, 5, 5, 5, 5, 5, 10, 10])
  })

  test('the server itself can read none of them, nor take them away', async () => {
    const [own] = organizations as [string, string]
    await ask(own)
    await open()
    await submit(await redeem((await mint(own, 1))[0]!, own))
    const { prisma } = database
    const attempts = [
      'SELECT answers FROM response',
      'SELECT count(*) FROM response',
      'SELECT * FROM response_text',
      'SELECT * FROM spent_credential',
      'DELETE FROM response',
      'UPDATE response SET answers = NULL',
      'INSERT INTO response SELECT * FROM response',
      'TRUNCATE response',
      'COPY response TO STDOUT',
      'SELECT shuffle_answers()',
      'ALTER TABLE response DISABLE TRIGGER ALL',
    ]
    for (const attempt of attempts) {
      await expect(prisma.$executeRawUnsafe(attempt), attempt).rejects.toThrow(
        /denied|must be owner|can only be called as triggers/,
      )
    }
    expect(await responses()).toHaveLength(1)
  })
})

/** What somebody sees who reads the files of the database: answers in their place, and the transactions that wrote them. */
async function physicalOrder() {
  return asOwner(database, async (tx) => {
    const rows = await tx.$queryRaw<{ id: string; answer: number; xmin: string }[]>`
      SELECT id::text, answers[1] AS answer, xmin::text FROM response WHERE campaign_id = ${campaignId}::uuid ORDER BY ctid`
    const texts = await tx.$queryRaw<{ text: string }[]>`
      SELECT text FROM response_text WHERE campaign_id = ${campaignId}::uuid ORDER BY ctid`
    return {
      ids: rows.map(({ id }) => id),
      answers: rows.map(({ answer }) => answer),
      transactions: new Set(rows.map(({ xmin }) => xmin)).size,
      texts: texts.map(({ text }) => text),
    }
  })
}
