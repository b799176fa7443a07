import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { releaseResults, requestRelease } from '../../server/src/domains/survey/releasing/release-results.ts'
import { encodeGlobalId } from '../../server/src/graphql/global-id.ts'
import { makeClosedCampaign, wellbeing, wellbeingAnswers } from '../../server/src/testing/closed-campaign.ts'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { network, type OpenCampaign, openCampaign } from '../test/open-campaign.ts'
import { type Client, createClient, RequestError } from './index.ts'

let server: TestServer
let campaign: OpenCampaign
let anybody: Client
beforeAll(async () => {
  server = await startTestServer('demonstration')
  campaign = await openCampaign(server, [30, 20])
  anybody = createClient({ endpoint: server.endpoint, network })
})
afterAll(() => server.close())

test('campaigns that were opened are listed for anybody, with whom they ask', async () => {
  const [listed] = await anybody.campaigns().toArray()
  expect(listed).toMatchObject({ id: campaign.id, name: 'Autunno', status: 'OPEN', demonstration: true, release: null })
  expect([listed!.opensOn, listed!.closesOn]).toEqual(Array(2).fill(expect.stringMatching(/^\d{4}-\d\d-\d\d$/)))
  expect(listed!.organizations.map(({ headCount }) => headCount).sort()).toEqual([20, 30])
})

test('before the release there are no themes and no tables', async () => {
  expect(await anybody.criticalThemes(campaign.id)).toBeNull()
  expect(await anybody.resultTables(campaign.id).toArray()).toEqual([])
  expect((await anybody.resultTables(campaign.id).first()).totalCount).toBe(0)
  expect(await anybody.comparedTables(campaign.id).toArray()).toEqual([])
})

test('what two waves released is told side by side', async () => {
  const plan = { recodes: [], tables: [['company']], companies: 'own' as const }
  const sizes = [60, 80, 40, 120]
  const given = { document: wellbeing, plan, answered: wellbeingAnswers(sizes), headCounts: sizes }
  const { prisma } = server.database
  const release = async (campaignId: string) => {
    await requestRelease(prisma, campaignId, new Date('2026-11-23T12:00:00+01:00'))
    await releaseResults(prisma, campaignId, new Date('2026-11-23T12:00:00+01:00'))
  }
  const first = await makeClosedCampaign(server.database, given)
  await release(first.campaignId)
  const earlier = { ...first, change: { joiners: 30, leavers: 30 } }
  const later = await makeClosedCampaign(server.database, { ...given, earlier })
  await release(later.campaignId)
  const read = (campaignId: string) =>
    anybody.comparedTables(encodeGlobalId('Campaign', campaignId), { measure: 'stress' }).toArray()
  expect(await read(first.campaignId)).toMatchObject([{ groups: [{ comparison: null }] }])
  const [table] = await read(later.campaignId)
  expect(table).toMatchObject({ measure: 'stress', text: 'Stress' })
  const { comparison } = table!.groups[0]!
  if (comparison?.__typename !== 'DistributionChange') throw new Error(`not compared: ${JSON.stringify(comparison)}`)
  expect(comparison.answers.map(({ change }) => change)).toEqual([0, 0, 0, 0, 0])
})

test('who runs the survey sees whether many have answered, and nobody else does', async () => {
  const participation = await campaign.runner.participation(campaign.id)
  expect(participation.map(({ headCount }) => headCount).toSorted()).toEqual([20, 30])
  for (const { invitationsMade, respondents } of participation)
    expect([invitationsMade, respondents]).toEqual([0, null])
  await expect(anybody.participation(campaign.id)).rejects.toBeInstanceOf(RequestError)
})

test('a company makes invitations for its people, and replaces codes that are lost', async () => {
  const { id: organization, client } = campaign.organizations[1]!
  const input = { idempotencyKey: randomUUID(), campaign: campaign.id, organization, count: 3 }
  const codes = await client.mintInvitations(input)
  expect(new Set(codes).size).toBe(3)
  expect(await client.mintInvitations(input)).toEqual(codes)
  const { count: _, ...lost } = { ...input, idempotencyKey: randomUUID(), codes: codes.slice(1) }
  expect(new Set([...codes, ...(await client.replaceInvitations(lost))]).size).toBe(5)
  await expect(client.replaceInvitations({ ...lost, idempotencyKey: randomUUID() })).rejects.toMatchObject({
    errors: [{ code: 'CODE_UNKNOWN', path: ['codes', '0'] }],
  })
  const participation = await campaign.runner.participation(campaign.id)
  expect(participation.find((each) => each.organization.id === organization)).toMatchObject({ invitationsMade: 3 })
})

test('a refusal is an error with its code and its place', async () => {
  const { id: organization, client } = campaign.organizations[0]!
  const input = { idempotencyKey: randomUUID(), campaign: campaign.id, organization, count: 31 }
  const failing = client.mintInvitations(input)
  await expect(failing).rejects.toBeInstanceOf(RequestError)
  await expect(failing).rejects.toMatchObject({
    message: expect.stringContaining('for each of 30 people'),
    errors: [{ code: 'TOO_MANY_INVITATIONS', path: ['count'] }],
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  })
})

test('a campaign that is not there is an error that names it', async () => {
  const id = 'campaign_00000000000000000000000000000000'
  const calls = [
    () => anybody.criticalThemes(id),
    () => anybody.resultTables(id).first(),
    () => anybody.participation(id),
  ]
  for (const call of calls) await expect(call()).rejects.toThrow(`There is no campaign "${id}"`)
})
