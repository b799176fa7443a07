import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { passingSecrets } from '../../../secrets.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { type Arrival, storeResponse, storeResponses } from './store-responses.ts'

const [opensAt, now, closesAt] = ['2026-11-01T08:00Z', '2026-11-02T08:00Z', '2026-11-03T08:00Z'].map(
  (moment) => new Date(moment),
) as [Date, Date, Date]

let database: Database
let campaignId: string
let organizations: string[]
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())
beforeEach(async () => {
  const network = await makeNetwork(database, 3)
  organizations = network.organizations
  const version = await makeSurveyVersion(database, network, wellbeing)
  campaignId = await draftCampaign(database, { ...version, opensAt, closesAt })
  const invited = organizations.slice(0, 2).map((organizationId) => ({ organizationId, headCount: 300 }))
  await openFor(database, passingSecrets(), campaignId, invited, now)
})

function arrival(value: number, changes: Partial<Arrival> = {}): Arrival {
  const response = { values: [value, null], texts: [{ question: 'note', text: `note of ${value}` }] }
  const hashes = { hash: randomBytes(32), fingerprint: randomBytes(32) }
  return { organizationId: organizations[0]!, moment: now, ...hashes, response, ...changes }
}

const store = (each: Arrival) => storeResponse(database.prisma, campaignId, each)

/** What is stored: first values of the answers with their organizations, notes, and how many credentials are spent. */
async function stored() {
  const [found] = await asOwner(
    database,
    (tx) => tx.$queryRaw<[{ values: number[]; organizations: string[]; notes: string[]; spent: number }]>`
      SELECT ARRAY(SELECT answers[1] FROM response WHERE campaign_id = ${campaignId}::uuid ORDER BY 1) AS values,
        ARRAY(SELECT DISTINCT organization_id::text FROM response WHERE campaign_id = ${campaignId}::uuid ORDER BY 1) AS organizations,
        ARRAY(SELECT text FROM response_text WHERE campaign_id = ${campaignId}::uuid ORDER BY 1) AS notes,
        (SELECT count(*)::integer FROM spent_credential WHERE campaign_id = ${campaignId}::uuid) AS spent`,
  )
  return found
}

test('each answer is taken for itself: by its organization, its moment and its credential', async () => {
  const first = arrival(1)
  const same = { ...first }
  const another = arrival(2, { hash: first.hash })
  const elsewhere = arrival(3, { organizationId: organizations[1]! })
  const notAsked = arrival(4, { organizationId: organizations[2]! })
  const early = arrival(5, { moment: new Date(opensAt.getTime() - 1) })
  const late = arrival(6, { moment: closesAt })
  const silent = arrival(7, { response: { values: [7, 1], texts: [] } })
  const given = [first, same, another, elsewhere, notAsked, early, late, silent]
  const outcomes = await storeResponses(database.prisma, campaignId, given)
  expect(outcomes).toEqual(['counted', 'repeated', 'spent', 'counted', 'closed', 'closed', 'closed', 'counted'])
  const expected = {
    values: [1, 3, 7],
    organizations: organizations.slice(0, 2).sort(),
    notes: ['note of 1', 'note of 3'],
    spent: 3,
  }
  expect(await stored()).toEqual(expected)
  const again = await storeResponses(database.prisma, campaignId, given)
  expect(again).toEqual(['repeated', 'repeated', 'spent', 'repeated', 'closed', 'closed', 'closed', 'repeated'])
  expect(await stored()).toEqual(expected)
  expect(await storeResponses(database.prisma, randomUUID(), [first, another])).toEqual(['closed', 'closed'])
})

test('what came too early keeps nothing that comes in time with its credential from counting', async () => {
  const early = arrival(1, { moment: new Date(opensAt.getTime() - 1) })
  const notAsked = { ...early, moment: now, organizationId: organizations[2]! }
  const outcomes = await storeResponses(database.prisma, campaignId, [early, notAsked, { ...early, moment: now }])
  expect(outcomes).toEqual(['closed', 'closed', 'counted'])
  expect(await stored()).toMatchObject({ values: [1], spent: 1 })
})

test('many that come at once are all taken, each once', async () => {
  const people = Array.from({ length: 230 }, (_, index) => arrival(index))
  const outcomes = await Promise.all([...people, ...people].map(store))
  const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length
  expect([count('counted'), count('repeated')]).toEqual([230, 230])
  const { values, spent } = await stored()
  expect([values, spent]).toEqual([people.map((_, index) => index), 230])
})

test('of those that are stored together one that can not be stored fails alone, and spends nothing', async () => {
  const tooLarge = arrival(3_000_000_000)
  const people = [1, 2, 3, 4, 5, 6].map((value) => arrival(value))
  const settled = await Promise.allSettled([...people.slice(0, 4), tooLarge, ...people.slice(4)].map(store))
  expect(settled.map(({ status }) => status)).toEqual([
    ...people.slice(0, 4).map(() => 'fulfilled'),
    'rejected',
    ...people.slice(4).map(() => 'fulfilled'),
  ])
  expect(await stored()).toMatchObject({ values: [1, 2, 3, 4, 5, 6], spent: 6 })
})
