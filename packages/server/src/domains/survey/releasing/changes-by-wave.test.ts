import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { passingSecrets } from '../../../secrets.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion } from '../../../testing/build-campaign.ts'
import { wellbeing } from '../../../testing/closed-campaign.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { askOrganization } from '../running/campaigns.ts'
import { changesByWave } from './changes-by-wave.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
})
afterAll(() => database.close())

test('what each wave told adds up from wave to wave, as long as each tells', async () => {
  const { prisma } = database
  const network = await makeNetwork(database, 4)
  const [always, notLately, notBefore, joined] = network.organizations as [string, string, string, string]
  const version = await makeSurveyVersion(database, network, wellbeing)
  const days = { opensAt: new Date('2026-11-01T00:00Z'), closesAt: new Date('2026-11-30T00:00Z') }
  const wave = async (earlierCampaignId: string | null, told: Record<string, [number, number] | null>) => {
    const id = await draftCampaign(database, { ...version, ...days, earlierCampaignId })
    for (const [organizationId, change] of Object.entries(told)) {
      const [joiners, leavers] = change ?? [null, null]
      await askOrganization(prisma, passingSecrets(), id, { organizationId, headCount: 50, joiners, leavers })
    }
    return id
  }
  const nothing = { [always]: null, [notLately]: null, [notBefore]: null }
  const first = await wave(null, nothing)
  const second = await wave(first, { [always]: [3, 1], [notLately]: [2, 2], [notBefore]: null })
  const third = await wave(second, { [always]: [4, 6], [notLately]: null, [notBefore]: [5, 0], [joined]: [9, 0] })
  const walk = async (id: string) =>
    changesByWave(prisma, await prisma.campaign.findUniqueOrThrow({ where: { id }, include: { organizations: true } }))

  expect(await walk(third)).toEqual(
    new Map([
      [
        second,
        { [always]: { joined: 4, left: 6 }, [notBefore]: { joined: 5, left: 0 }, [joined]: { joined: 9, left: 0 } },
      ],
      [first, { [always]: { joined: 7, left: 7 } }],
    ]),
  )
  expect(await walk(first)).toEqual(new Map())
  // Whoever names waves in a circle is told of each once.
  await prisma.campaign.update({ where: { id: first }, data: { earlierCampaignId: third } })
  expect([...(await walk(third)).keys()]).toEqual([second, first])
})
