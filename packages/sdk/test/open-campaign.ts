/** A campaign that runs on the test's server, as those who run it know it. */
import { randomUUID } from 'node:crypto'
import { createApiKey } from '../../server/src/domains/access/api-keys.ts'
import type { Questionnaire } from '../../server/src/domains/survey/questionnaire/model.ts'
import { encodeGlobalId } from '../../server/src/graphql/global-id.ts'
import { draftCampaign, makeSurveyVersion, openFor } from '../../server/src/testing/build-campaign.ts'
import type { TestServer } from '../../server/src/testing/test-server.ts'
import { type Client, createClient } from '../src/index.ts'

export const network = 'alba-bra'

const day = 24 * 60 * 60 * 1000

/** A questionnaire of one scale that measures a need area, and a wish in words. */
const questionnaire: Questionnaire = {
  name: 'benessere',
  title: { it: 'Benessere' },
  languages: ['it'],
  defaultLanguage: 'it',
  scales: { accordo: { min: 1, max: 5, labels: { '1': { it: 'no' }, '5': { it: 'sì' } } } },
  sections: [
    {
      title: { it: 'Lavoro' },
      questions: [
        {
          kind: 'scale',
          name: 'stress',
          text: { it: 'Il lavoro mi pesa' },
          scale: 'accordo',
          required: true,
          needAreas: ['work-stress'],
          critical: { atLeast: 4 },
        },
        { kind: 'text', name: 'wish', text: { it: 'Che cosa vorrebbe?' }, maxLength: 200 },
      ],
    },
  ],
}

export interface OpenCampaign {
  /** Global id of the campaign. */
  id: string
  /** Who runs it: a client with the key of a coordinator. */
  runner: Client
  /** Those whose people are asked. */
  organizations: { id: string; name: string; client: Client }[]
  /** Codes of invitations for the people of an organization. */
  mint(organization: number, count: number): Promise<string[]>
}

/** Makes a campaign in the demonstration and opens it, for organizations with as many people. */
export async function openCampaign(server: TestServer, headCounts: number[]): Promise<OpenCampaign> {
  const { prisma } = server.database
  const found = await prisma.organization.findMany({ orderBy: { name: 'asc' }, take: headCounts.length })
  const connect = async (
    { networkId, id }: { networkId: string; id: string },
    scope: 'network_coordinate' | 'survey_run',
  ) => {
    const asked = { networkId, organizationId: id, name: 'surveys', scopes: [scope], expiresAt: null }
    const { key } = await createApiKey(prisma, asked)
    return createClient({ endpoint: server.endpoint, network, headers: { authorization: `Bearer ${key}` } })
  }
  const runner = await connect(found[0]!, 'network_coordinate')
  const organizations = await Promise.all(
    found.map(async ({ networkId, id, name }) => ({
      id: encodeGlobalId('Organization', id),
      name,
      client: await connect({ networkId, id }, 'survey_run'),
    })),
  )

  const asked = found.map(({ id: organizationId }, index) => ({ organizationId, headCount: headCounts[index]! }))
  const place = { networkId: found[0]!.networkId, organizations: asked.map(({ organizationId }) => organizationId) }
  const version = await makeSurveyVersion(server.database, place, questionnaire)
  const now = Date.now()
  const times = { opensAt: new Date(now - day), closesAt: new Date(now + day) }
  const campaignId = await draftCampaign(server.database, { ...version, ...times })
  await openFor(server.database, server.secrets, campaignId, asked, new Date(now))
  const id = encodeGlobalId('Campaign', campaignId)
  return {
    id,
    runner,
    organizations,
    mint: async (organization, count) => {
      const { id: invited, client } = organizations[organization]!
      const input = { idempotencyKey: randomUUID(), campaign: id, organization: invited, count }
      return client.mintInvitations(input)
    },
  }
}

/** Closes a campaign. */
export async function closeCampaign(runner: Client, campaign: string): Promise<void> {
  const { node } = await runner.request<{ node: { recordVersion: number } }>(
    'query ($id: ID!) { node(id: $id) { ... on Campaign { recordVersion } } }',
    { id: campaign },
  )
  const { closeCampaign: closed } = await runner.request<{ closeCampaign: { status?: string } }>(
    'mutation ($input: KnownCampaignInput!) { closeCampaign(input: $input) { ... on Campaign { status } } }',
    { input: { campaign, expectedVersion: node.recordVersion } },
  )
  if (closed.status !== 'CLOSED') throw new Error('It was not closed.')
}
