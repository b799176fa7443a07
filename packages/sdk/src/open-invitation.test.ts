import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { changeStatus, type OpenCampaign, openCampaign } from '../test/open-campaign.ts'
import { SignatureError } from './errors.ts'
import { type Invitation, openInvitation, type SurveyOptions } from './open-invitation.ts'

let server: TestServer
let campaign: OpenCampaign
beforeAll(async () => {
  server = await startTestServer('demonstration')
  campaign = await openCampaign(server, [40, 40])
})
afterAll(() => server.close())

/** A request, as it went out. */
interface Sent {
  operation: string
  body: string
  init: RequestInit
  answer: string
}

/** A browser: what it stores, what it sent, and how long it waited. */
function browser() {
  const held = new Map<string, string>()
  const sent: Sent[] = []
  const waited: number[] = []
  /** Operations of which the answer is lost on its way. */
  const lost: string[] = []
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
    removeItem: (name: string) => void held.delete(name),
  }
  const options: SurveyOptions = {
    endpoint: server.endpoint,
    storage,
    wait: async (milliseconds) => void waited.push(milliseconds),
    fetch: async (resource, init = {}) => {
      const body = String(init.body)
      const response = await fetch(resource, init)
      const answer = await response.text()
      const { operationName: operation } = JSON.parse(body) as { operationName: string }
      sent.push({ operation, body, init, answer })
      const at = lost.indexOf(operation)
      if (at >= 0) {
        lost.splice(at, 1)
        throw new TypeError('the connection broke')
      }
      return new Response(answer, response)
    },
  }
  const open = async (code: string, more: Partial<SurveyOptions> = {}): Promise<Invitation> =>
    (await openInvitation(code, { ...options, ...more })) ?? expect.fail('there is no such invitation')
  return { held, sent, waited, lost, options, open, operations: () => sent.map(({ operation }) => operation) }
}

const answered = async (organization = 0) => {
  const participation = await campaign.runner.participation(campaign.id)
  const { id } = campaign.organizations[organization]!
  return participation.find(({ organization }) => organization.id === id)!.respondents
}
const countResponses = async () => {
  const rows = await server.database.prisma.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM spent_credential`.catch(() => [])
  return rows.length === 0 ? null : Number(rows[0]!.count)
}

test('a code opens the invitation, and its credential carries the answers, in four requests', async () => {
  const [code] = (await campaign.mint(0, 1)) as [string]
  const { open, operations, held, waited } = browser()
  const invitation = await open(code.toLowerCase().replaceAll('-', ' '))
  expect(invitation.campaign).toMatchObject({ id: campaign.id, name: 'Autunno', status: 'OPEN', demonstration: true })
  expect(invitation.campaign.questionnaire).toMatchObject({ name: 'benessere' })
  expect(invitation.organization).toMatchObject({ name: campaign.organizations[0]!.name })
  expect(invitation.draft).toEqual({})

  const credential = await invitation.redeem()
  expect(held.size).toBe(1)
  await credential.submit({ stress: 4, wish: 'Più tempo' })
  expect(operations()).toEqual(['Invitation', 'CampaignToAnswer', 'RedeemInvitation', 'SubmitResponse'])
  expect(waited).toHaveLength(1)
  expect(held.size).toBe(0)
})
