/** A campaign that runs on the test's server, as those who run it know it. */
import { randomUUID } from 'node:crypto'
import { createApiKey } from '../../server/src/domains/access/api-keys.ts'
import { encodeGlobalId } from '../../server/src/graphql/global-id.ts'
import type { TestServer } from '../../server/src/testing/test-server.ts'
import { type Client, createClient } from '../src/index.ts'

export const network = 'alba-bra'

const day = 24 * 60 * 60 * 1000

/** A questionnaire of one scale that measures a need area, and a wish in words. */
export const questionnaire = {
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

  const survey = await change(runner, 'createSurvey', '... on Survey { versions { id } }', {
    idempotencyKey: randomUUID(),
    organization: organizations[0]!.id,
    name: 'Benessere',
    questionnaire,
  })
  const campaign = await change(runner, 'createCampaign', '... on Campaign { id }', {
    idempotencyKey: randomUUID(),
    surveyVersion: survey.versions[0]!.id,
    name: 'Autunno',
    opensAt: new Date(Date.now() - day),
    closesAt: new Date(Date.now() + day),
    plan: { recodes: [], tables: [['company']], companies: 'own' },
    demonstration: true,
  })
  for (const [index, headCount] of headCounts.entries()) {
    const asked = { campaign: campaign.id, organization: organizations[index]!.id, headCount }
    await change(runner, 'askOrganization', '... on Campaign { id }', asked)
  }
  const { id } = campaign
  await changeStatus(runner, 'openCampaign', id)
  return {
    id,
    runner,
    organizations,
    mint: async (organization, count) => {
      const { id, client } = organizations[organization]!
      const input = { idempotencyKey: randomUUID(), campaign: campaign.id, organization: id, count }
      return (await client.mintInvitations(input))!
    },
  }
}

/** Opens or closes a campaign. */
export async function changeStatus(
  runner: Client,
  mutation: 'openCampaign' | 'closeCampaign',
  campaign: string,
): Promise<void> {
  const { node } = await runner.request<{ node: { recordVersion: number } }>(
    'query ($id: ID!) { node(id: $id) { ... on Campaign { recordVersion } } }',
    { id: campaign },
  )
  await change(runner, mutation, '... on Campaign { id }', { campaign, expectedVersion: node.recordVersion })
}

interface Changed {
  id: string
  versions: { id: string }[]
}

/** Sends a mutation, and answers with what of the thing is asked for. */
export async function change(client: Client, mutation: string, shown: string, input: object): Promise<Changed> {
  const type = mutation === 'openCampaign' || mutation === 'closeCampaign' ? 'KnownCampaign' : capital(mutation)
  const document = `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
    ${shown} ... on Error { message code } } }`
  const { [mutation]: changed } = await client.request<Record<string, Changed & { code?: string; message?: string }>>(
    document,
    { input },
  )
  if (changed?.code !== undefined) throw new Error(`${mutation}: ${changed.message}`)
  return changed!
}

function capital(name: string): string {
  return `${name[0]!.toUpperCase()}${name.slice(1)}`
}
