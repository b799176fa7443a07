import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Actor, anyone } from '../../../actor.ts'
import type { Database } from '../../../database/connect.ts'
import { encodeGlobalId, parseGlobalId } from '../../../graphql/global-id.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import { gender, wellbeing } from '../../../testing/closed-campaign.ts'
import { mutate, partnerKey, staffMember } from '../../../testing/mutate.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'

let database: Database
let networkId: string
let runner: Actor
let other: Actor
let coordinator: Actor
let organizations: string[]

beforeAll(async () => {
  database = await openTestDatabase('empty')
  const { prisma } = database
  networkId = (await prisma.network.create({ data: { slug: 'rete', name: 'Rete' } })).id
  organizations = [randomUUID(), randomUUID(), randomUUID()]
  for (const id of organizations)
    await prisma.organization.create({ data: { id, uuid: id, networkId, name: id, description: '' } })
  for (const [index, code] of ['work-stress', 'care'].entries())
    await prisma.needArea.create({ data: { networkId, code, nameIt: code, nameEn: code, position: index + 1 } })
  runner = partnerKey(networkId, organizations[0]!, 'survey_run')
  other = partnerKey(networkId, organizations[1]!, 'survey_run')
  coordinator = staffMember('network_coordinator', networkId)
})
afterEach(() => vi.useRealTimers())
afterAll(() => database.close())

const id = (type: string, key: string) => encodeGlobalId(type, key)
const organization = (index: number) => id('Organization', organizations[index]!)
const plan = { recodes: [gender], tables: [['company'], ['gender']], companies: 'own' }
const dayInItaly = (daysToCome: number) =>
  new Date(Date.now() + daysToCome * 86_400_000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' })
const [opensOn, closesOn] = [dayInItaly(0), dayInItaly(7)]

const createSurvey = (actor: Actor, given: object = {}) =>
  mutate(
    database,
    actor,
    'createSurvey',
    {
      idempotencyKey: randomUUID(),
      organization: organization(0),
      name: 'Benessere',
      questionnaire: wellbeing,
      ...given,
    },
    'id name versions { id number }',
  )

const daysShown = 'opensOn closesOn opensAt closesAt'

async function createCampaign(actor: Actor, given: object = {}) {
  const survey = await createSurvey(runner)
  const [{ id: surveyVersion }] = survey.versions as [{ id: string }]
  const input = { idempotencyKey: randomUUID(), surveyVersion, name: 'Autunno', opensOn, closesOn, plan, ...given }
  const shown = `id status recordVersion ${daysShown} thresholds { least leastOfHealth }`
  return mutate(database, actor, 'createCampaign', input, shown)
}

async function openCampaign() {
  const { id: campaign, recordVersion } = await createCampaign(runner)
  for (const index of [0, 1])
    await mutate(database, runner, 'askOrganization', { campaign, organization: organization(index), headCount: 30 })
  await mutate(database, runner, 'openCampaign', { campaign, expectedVersion: recordVersion })
  return campaign as string
}

const ask = async (actor: Actor, source: string, variables: Record<string, unknown> = {}) => {
  const contextValue = { prisma: database.prisma, actor, secrets: passingSecrets(), requestId: 'request-1' }
  return graphql({ schema, source, variableValues: variables, contextValue })
}

describe('who runs a survey', () => {
  test('its organization does, and who coordinates the network', async () => {
    for (const actor of [runner, coordinator]) {
      expect(await createSurvey(actor)).toMatchObject({ name: 'Benessere', versions: [{ number: 1 }] })
      expect(await createCampaign(actor)).toMatchObject({
        status: 'DRAFT',
        thresholds: { least: 5, leastOfHealth: 10 },
      })
    }
  })

  test('others are told of nothing', async () => {
    expect(await createSurvey(other)).toMatchObject({ code: 'UNKNOWN' })
    expect(await createCampaign(other)).toMatchObject({ code: 'UNKNOWN', path: ['surveyVersion'] })
    const { id: campaign, recordVersion } = await createCampaign(runner)
    const attempts: [string, object][] = [
      ['changeCampaign', { campaign, expectedVersion: recordVersion, name: 'Mia' }],
      ['openCampaign', { campaign, expectedVersion: recordVersion }],
      ['closeCampaign', { campaign, expectedVersion: recordVersion }],
      ['askOrganization', { campaign, organization: organization(1), headCount: 9 }],
      ['mintInvitations', { campaign, organization: organization(1), count: 1, idempotencyKey: randomUUID() }],
      ['releaseResults', { campaign }],
    ]
    for (const [name, input] of attempts) {
      const none = { ...input, campaign: id('Campaign', randomUUID()) }
      const refused = await mutate(database, other, name, input)
      expect(refused, name).toMatchObject({ code: 'UNKNOWN', path: ['campaign'] })
      expect(await mutate(database, other, name, none), name).toEqual(refused)
    }
  })

  test('a draft is seen by who runs it alone; what is open, by all', async () => {
    const { id: draft } = await createCampaign(runner)
    const open = await openCampaign()
    const source =
      'query ($id: ID!) { node(id: $id) { ... on Campaign { name questionnaire plan organizations { headCount publicKey } } } }'
    expect((await ask(runner, source, { id: draft })).data!.node).toMatchObject({ name: 'Autunno' })
    for (const actor of [other, anyone]) expect((await ask(actor, source, { id: draft })).data!.node).toBeNull()
    expect((await ask(anyone, source, { id: open })).data!.node).toMatchObject({
      questionnaire: wellbeing,
      plan,
      organizations: [{ headCount: 30 }, { headCount: 30 }],
    })
    const listed = await ask(anyone, '{ network(slug: "rete") { campaigns(first: 100) { nodes { id } } } }')
    const ids = (listed.data!.network as { campaigns: { nodes: { id: string }[] } }).campaigns.nodes.map(({ id }) => id)
    expect(ids).toContain(open)
    expect(ids).not.toContain(draft)
  })

  test('surveys are listed for those who run them', async () => {
    const source = '{ network(slug: "rete") { surveys(first: 100) { totalCount } } }'
    const count = async (actor: Actor) => {
      const { data } = await ask(actor, source)
      return (data!.network as { surveys: { totalCount: number } } | null)?.surveys.totalCount
    }
    expect(await count(runner)).toBeGreaterThan(0)
    expect(await count(coordinator)).toBe(await count(runner))
    expect(await count(other)).toBe(0)
    expect(await count(anyone)).toBeUndefined()
    expect(await count(partnerKey(networkId, organizations[0]!, 'directory_write'))).toBeUndefined()
  })
})

describe('writing', () => {
  test.each([
    ['a questionnaire that is none', { questionnaire: { title: {} } }, 'QUESTIONNAIRE_INVALID'],
    [
      'need areas that the network has not',
      { questionnaire: { ...wellbeing, criticalWhen: { else: 'all' } } },
      'QUESTIONNAIRE_INVALID',
    ],
    ['no name', { name: ' ' }, 'TEXT_EMPTY'],
  ])('%s is refused', async (_what, given, code) => {
    expect(await createSurvey(runner, given)).toMatchObject({ code })
  })

  test('a version that a campaign uses stands still; one that none uses is written anew', async () => {
    const { versions } = await createSurvey(runner)
    const [{ id: surveyVersion }] = versions as [{ id: string }]
    const questionnaire = { ...wellbeing, title: { it: 'Altro' } }
    const change = (expectedVersion: number) =>
      mutate(
        database,
        runner,
        'changeSurveyVersion',
        { surveyVersion, expectedVersion, questionnaire },
        'recordVersion questionnaire',
      )
    expect(await change(1)).toMatchObject({ recordVersion: 2, questionnaire })
    expect(await change(1)).toMatchObject({ code: 'VERSION_CONFLICT' })
    const campaign = { idempotencyKey: randomUUID(), surveyVersion, name: 'Autunno', opensOn, closesOn, plan }
    await mutate(database, runner, 'createCampaign', campaign)
    expect(await change(2)).toMatchObject({ code: 'VERSION_USED', path: ['surveyVersion'] })
  })

  test('a plan is refused with every flaw of it', async () => {
    const wrong = { recodes: [{ ...gender, variable: 'else' }], tables: [['company', 'age']], companies: 'own' }
    const refused = await createCampaign(runner, { plan: wrong })
    expect(refused).toMatchObject({ code: 'PLAN_INVALID', path: ['plan', 'recodes', '0', 'variable'] })
    expect(refused.message).toMatch(/\/recodes\/0\/variable: .*\/tables\/0\/1: /)
  })
})

describe('the days of a campaign', () => {
  test('are those of the calendar in Italy, from midnight to midnight', async () => {
    const days = { opensOn: '2026-10-25', closesOn: '2027-03-28' }
    const made = await createCampaign(runner, days)
    const midnights = { opensAt: new Date('2026-10-24T22:00:00Z'), closesAt: new Date('2027-03-28T22:00:00Z') }
    expect(made).toMatchObject({ ...days, ...midnights })

    const change = (input: object, expectedVersion: number) =>
      mutate(database, runner, 'changeCampaign', { campaign: made.id, expectedVersion, ...input }, daysShown)
    const closed = { closesOn: '2026-10-25', closesAt: new Date('2026-10-25T23:00:00Z') }
    expect(await change({ closesOn: '2026-10-25' }, 1)).toMatchObject({ ...days, ...midnights, ...closed })
    const opened = { opensOn: '2026-10-24', opensAt: new Date('2026-10-23T22:00:00Z') }
    expect(await change({ opensOn: '2026-10-24', closesOn: null }, 2)).toMatchObject({ ...closed, ...opened })
    expect(await change({ opensOn: '2026-10-26' }, 3)).toMatchObject({ code: 'CLOSES_BEFORE_OPENING' })
    expect(await change({ name: 'Altra' }, 3)).toMatchObject({ ...closed, ...opened })
  })

  test('are told of a campaign that opened and closed in the middle of a day', async () => {
    const { id } = await createCampaign(runner)
    const { id: key } = await database.prisma.campaign.findFirstOrThrow({ orderBy: { id: 'desc' } })
    const moments = { opensAt: new Date('2026-07-14T22:30:00Z'), closesAt: new Date('2026-07-31T22:30:00Z') }
    await database.prisma.campaign.update({ where: { id: key }, data: moments })
    const source = `query ($id: ID!) { node(id: $id) { ... on Campaign { ${daysShown} } } }`
    expect((await ask(runner, source, { id })).data!.node).toEqual({
      opensOn: '2026-07-15',
      closesOn: '2026-08-01',
      ...moments,
    })
  })

  test('are refused where the last is before the first', async () => {
    expect(await createCampaign(runner, { opensOn: '2026-10-25', closesOn: '2026-10-24' })).toMatchObject({
      code: 'CLOSES_BEFORE_OPENING',
      path: ['closesOn'],
      message: 'closesOn: it is before opensOn. Give a later day.',
    })
    expect(await createCampaign(runner, { opensOn: '2026-10-25', closesOn: '2026-10-25' })).toMatchObject({
      status: 'DRAFT',
    })
  })

  test('are refused where they are none of the calendar, or none of our time', async () => {
    const source = 'mutation ($input: CreateCampaignInput!) { createCampaign(input: $input) { __typename } }'
    for (const day of ['2026-02-29', '2026-10-24T00:00:00+02:00', '1999-12-31', '9999-01-01']) {
      const input = { idempotencyKey: randomUUID(), surveyVersion: 'x', name: 'x', opensOn: day, closesOn, plan }
      const { errors } = await ask(runner, source, { input })
      expect(errors?.[0]?.message, day).toMatch(/opensOn/)
    }
  })

  test('may end with today, and not with yesterday, where it is to open', async () => {
    const { id: campaign } = await createCampaign(runner, { opensOn: '2026-10-25', closesOn: '2026-10-25' })
    const input = { campaign, organization: organization(0), headCount: 30 }
    const { recordVersion } = await mutate(database, runner, 'askOrganization', input, 'recordVersion')
    const openAt = async (now: string) => {
      vi.useFakeTimers({ toFake: ['Date'], now: new Date(now) })
      return mutate(database, runner, 'openCampaign', { campaign, expectedVersion: recordVersion }, 'status')
    }
    expect(await openAt('2026-10-25T23:00:00Z')).toMatchObject({
      code: 'CLOSING_PASSED',
      path: ['closesOn'],
      message: 'closesOn: this day is over. Give a later one, then open.',
    })
    expect(await openAt('2026-10-25T22:59:59Z')).toMatchObject({ status: 'OPEN' })
  })
})

describe('invitations', () => {
  test('their codes are told to who asks again with the same key, to nobody else, and are stored nowhere', async () => {
    const campaign = await openCampaign()
    const input = { campaign, organization: organization(1), count: 3, idempotencyKey: randomUUID() }
    const { codes } = await mutate(database, runner, 'mintInvitations', input, 'codes')
    expect(codes).toHaveLength(3)
    expect(await mutate(database, runner, 'mintInvitations', input, 'codes')).toMatchObject({ codes })
    const told = await mutate(database, other, 'mintInvitations', input, 'codes')
    expect(new Set([...(codes as string[]), ...(told.codes as string[])]).size).toBe(6)
    const kept = await database.prisma.$queryRaw<{ text: string }[]>`SELECT answer::text AS text FROM idempotent_answer`
    for (const code of codes as string[]) expect(JSON.stringify(kept)).not.toContain(code)
    const [code] = codes as [string]
    const found = await ask(anyone, 'query ($code: String!) { invitation(code: $code) { organization { id } } }', {
      code,
    })
    expect(found.data!.invitation).toEqual({ organization: { id: organization(1) } })
  })

  test('codes are made for no key that could be guessed', async () => {
    const campaign = await openCampaign()
    const input = { campaign, organization: organization(1), count: 3, idempotencyKey: 'mint-acme-2026' }
    expect(await mutate(database, other, 'mintInvitations', input, 'codes')).toMatchObject({
      code: 'IDEMPOTENCY_KEY_TOO_SHORT',
      path: ['idempotencyKey'],
    })
    const made = { campaignId: parseGlobalId(campaign)!.id }
    expect(await database.prisma.invitation.count({ where: made })).toBe(0)
  })

  test('codes that were lost are replaced, once for the key, and each time on the record', async () => {
    const campaign = await openCampaign()
    const asked = { campaign, organization: organization(1) }
    const mint = { ...asked, count: 2, idempotencyKey: randomUUID() }
    const lost = (await mutate(database, other, 'mintInvitations', mint, 'codes')).codes as string[]
    const input = { ...asked, codes: lost, idempotencyKey: randomUUID() }
    const codes = (await mutate(database, other, 'replaceInvitations', input, 'codes')).codes as string[]
    expect(new Set([...lost, ...codes]).size).toBe(4)
    expect(await mutate(database, other, 'replaceInvitations', input, 'codes')).toMatchObject({ codes })
    const again = { ...input, idempotencyKey: randomUUID() }
    expect(await mutate(database, other, 'replaceInvitations', again, 'codes')).toMatchObject({
      code: 'CODE_UNKNOWN',
      path: ['codes', '0'],
    })
    const elsewhere = { ...again, organization: organization(0) }
    expect(await mutate(database, other, 'replaceInvitations', elsewhere)).toMatchObject({ code: 'UNKNOWN' })
    const entries = await database.prisma.auditEntry.findMany({ where: { action: { startsWith: 'invitation.' } } })
    expect(entries.filter(({ action }) => action === 'invitation.replace')).toHaveLength(1)
  })

  test('how many were made is told to who runs the survey and to the organization, and stays when they go', async () => {
    const campaign = await openCampaign()
    const input = { campaign, organization: organization(1), count: 3, idempotencyKey: randomUUID() }
    await mutate(database, other, 'mintInvitations', input, 'codes')
    const source =
      'query ($id: ID!) { node(id: $id) { ... on Campaign { recordVersion organizations { organization { id } invitationsMade } } } }'
    const told = async (actor: Actor) => {
      const { organizations, recordVersion } = (await ask(actor, source, { id: campaign })).data!.node as {
        recordVersion: number
        organizations: { organization: { id: string }; invitationsMade: number | null }[]
      }
      const made = organizations.map(({ organization, invitationsMade }) => [organization.id, invitationsMade])
      return { recordVersion, made: Object.fromEntries(made) }
    }
    const { recordVersion, made } = await told(runner)
    expect(made).toEqual({ [organization(0)]: 0, [organization(1)]: 3 })
    expect((await told(other)).made).toEqual({ [organization(0)]: null, [organization(1)]: 3 })
    expect((await told(anyone)).made).toEqual({ [organization(0)]: null, [organization(1)]: null })
    await mutate(database, runner, 'closeCampaign', { campaign, expectedVersion: recordVersion }, 'status')
    expect((await told(runner)).made).toEqual({ [organization(0)]: 0, [organization(1)]: 3 })
  })

  test('an organization makes those of its own people, and no others', async () => {
    const campaign = await openCampaign()
    const mint = (actor: Actor, index: number) =>
      mutate(
        database,
        actor,
        'mintInvitations',
        { campaign, organization: organization(index), count: 1, idempotencyKey: randomUUID() },
        'codes',
      )
    expect((await mint(other, 1)).codes).toHaveLength(1)
    expect(await mint(other, 0)).toMatchObject({ code: 'UNKNOWN' })
    expect(await mint(runner, 2)).toMatchObject({ code: 'UNKNOWN' })
  })

  test('what is no base64 is refused, before anything is looked up', async () => {
    const campaign = await openCampaign()
    const refused = await mutate(database, anyone, 'redeemInvitation', { campaign, code: 'x', blindedMessage: 'à' })
    expect(refused).toMatchObject({ code: 'BASE64_INVALID', path: ['blindedMessage'] })
    const credential = { message: 'AA==', signature: 'AA==' }
    const input = { campaign, organization: organization(1), credential, answers: {} }
    expect(await mutate(database, anyone, 'submitResponse', input)).toMatchObject({ code: 'CREDENTIAL_INVALID' })
  })
})

test('a release is asked for once, and what was done is on the record', async () => {
  const campaign = await openCampaign()
  const release = () => mutate(database, runner, 'releaseResults', { campaign }, 'release { id status }')
  expect(await release()).toMatchObject({ code: 'CAMPAIGN_STATUS' })
  const source = 'query ($id: ID!) { node(id: $id) { ... on Campaign { recordVersion } } }'
  const { recordVersion } = (await ask(runner, source, { id: campaign })).data!.node as { recordVersion: number }
  expect(
    await mutate(database, runner, 'closeCampaign', { campaign, expectedVersion: recordVersion }, 'status'),
  ).toMatchObject({
    status: 'CLOSED',
  })
  const first = await release()
  expect(first).toMatchObject({ release: { status: 'REQUESTED' } })
  expect(await release()).toEqual(first)
  await database.prisma.release.updateMany({ data: { status: 'failed', failures: 3 } })
  const progress = 'query ($id: ID!) { node(id: $id) { ... on Campaign { release { status failures } } } }'
  for (const actor of [anyone, runner]) {
    const { data } = await ask(actor, progress, { id: campaign })
    expect(data!.node).toEqual({ release: { status: 'FAILED', failures: 3 } })
  }
  expect(await release()).toMatchObject({ release: { status: 'FAILED' } })
  const key = campaign.replace(/^campaign_/, '').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  const entries = await database.prisma.auditEntry.findMany({ where: { recordKey: key }, orderBy: { position: 'asc' } })
  expect(entries.map(({ action }) => action)).toEqual([
    'campaign.create',
    'campaign_organization.change',
    'campaign_organization.change',
    'campaign.open',
    'campaign.close',
    'release.request',
  ])
})
