/** The whole way, as those go it who use it: over HTTP and with the SDK, from the questionnaire to what everybody may know. */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, createClient, type ResultTable } from '../../../../sdk/src/index.ts'
import { openInvitation } from '../../../../sdk/src/survey.ts'
import { decodeGlobalId, encodeGlobalId } from '../../graphql/global-id.ts'
import { attack, type Knowledge } from '../../testing/adversary.ts'
import { publicMeasures } from '../../testing/answer-questionnaire.ts'
import { makeAnswers } from '../../testing/generate-questionnaire.ts'
import { randomFrom } from '../../testing/invent-campaign.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import { createApiKey } from '../access/api-keys.ts'
import { byCompany } from './disclosure/counted-tables.ts'
import type { Answers } from './questionnaire/answers.ts'
import type { Questionnaire } from './questionnaire/model.ts'
import { countCampaign } from './releasing/count-campaign.ts'
import type { Plan } from './releasing/plan.ts'
import { verifyRelease } from './releasing/release-results.ts'
import { runCampaigns } from './run-campaigns.ts'

const demonstration = join(import.meta.dirname, '../../../demonstration/questionnaire.json')
const questionnaire = JSON.parse(readFileSync(demonstration, 'utf8')) as Questionnaire

/** Of each company the people, and how many of them answer: 300 together. */
const companies = [
  { people: 120, answering: 90 },
  { people: 90, answering: 70 },
  { people: 60, answering: 45 },
  { people: 150, answering: 95 },
]
const plan: Plan = {
  recodes: [
    {
      name: 'gender',
      text: { it: 'Genere', en: 'Gender' },
      variable: 'gender',
      categories: [
        { name: 'first', text: { it: 'prima' }, values: [{ from: 1, to: 1 }] },
        { name: 'second', text: { it: 'seconda' }, values: [{ from: 2, to: 2 }] },
      ],
    },
  ],
  tables: [['company'], ['gender']],
  companies: 'own',
}
/** Hidden counts that the adversary tries to narrow by integer programming; the other ways it tries on all. */
const narrowed = 10
const dayInItaly = (daysToCome: number) =>
  new Date(Date.now() + daysToCome * 24 * 60 * 60 * 1000).toLocaleDateString('sv-SE', { timeZone: 'Europe/Rome' })

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

test('from a questionnaire to its critical themes: nothing is known before, and afterwards nobody', async () => {
  const { anybody, runner, asked } = await meetPeople()

  // Build, and open.
  const survey = await change(runner, 'createSurvey', 'CreateSurveyInput', '... on Survey { id versions { id } }', {
    idempotencyKey: randomUUID(),
    organization: asked[0]!.id,
    name: 'Benessere, lavoro e famiglia',
    questionnaire,
  })
  const draft = await change(runner, 'createCampaign', 'CreateCampaignInput', campaignShown, {
    idempotencyKey: randomUUID(),
    surveyVersion: survey.versions![0]!.id,
    name: 'Autunno',
    opensOn: dayInItaly(0),
    closesOn: dayInItaly(7),
    plan,
    demonstration: true,
  })
  const campaign = draft.id
  for (const { id, people } of asked) {
    const input = { campaign, organization: id, headCount: people }
    await change(runner, 'askOrganization', 'AskOrganizationInput', campaignShown, input)
  }
  const { items: before } = await anybody.campaigns().first()
  expect(before.map(({ id }) => id)).not.toContain(campaign)
  const opened = await changeStatus(runner, 'openCampaign', campaign)
  expect(opened.status).toBe('OPEN')
  const { items: after } = await anybody.campaigns().first()
  expect(after.find(({ id }) => id === campaign)).toMatchObject({ status: 'OPEN', release: null })

  // Invite: each company its own people, for whom nobody else makes codes.
  const codes: string[][] = []
  for (const { client, id, people } of asked) {
    const input = { idempotencyKey: randomUUID(), campaign, organization: id, count: people }
    codes.push(await client.mintInvitations(input))
    await expect(anybody.mintInvitations({ ...input, idempotencyKey: randomUUID() })).rejects.toThrow()
  }

  // Answer: all redeem, and then all submit, in another order.
  const credentials = []
  const clock = { wait: async () => {} }
  for (const [index, { answering }] of companies.entries()) {
    for (const code of codes[index]!.slice(0, answering)) {
      const invitation = (await openInvitation(code, { endpoint: server.endpoint, clock }))!
      expect(invitation.organization.id).toBe(asked[index]!.id)
      credentials.push(await invitation.redeem())
    }
  }
  const everybody = inventAnswers(credentials.length)
  for (const [index, credential] of credentials.toReversed().entries()) await credential.submit(everybody[index]!)
  const participation = await runner.participation(campaign)
  expect(participation.map(({ headCount, respondents }) => [headCount, respondents]).sort()).toEqual(
    companies.map(({ people, answering }) => [people, answering]).sort(),
  )

  // Nothing can be read before the release, by whoever asks.
  const nothingIsTold = async () => {
    for (const client of [anybody, runner, ...asked.map(({ client }) => client)]) {
      for (const organization of [undefined, asked[0]!.id]) {
        expect(await client.criticalThemes(campaign, { organization })).toBeNull()
        expect(await client.resultTables(campaign, { organization }).toArray()).toEqual([])
      }
    }
    const { prisma } = server.database
    await expect(prisma.$queryRaw`SELECT answers FROM response`).rejects.toThrow(/permission denied/)
  }
  await nothingIsTold()
  expect((await changeStatus(runner, 'closeCampaign', campaign)).status).toBe('CLOSED')
  await nothingIsTold()
  await change(runner, 'releaseResults', 'ReleaseResultsInput', campaignShown, { campaign })
  await nothingIsTold()

  // Release.
  expect(await runCampaigns(server.database.prisma, new Date())).toEqual({ released: 1 })
  const released = await anybody.criticalThemes(campaign, { language: 'en' })
  const codesOfThemes = released!.map(({ needAreaCode }) => needAreaCode)
  expect(codesOfThemes).toContain('work-family-reconciliation')
  expect(codesOfThemes).not.toContain('household-budget')
  for (const { percent, interval, needArea, responseRate } of released!) {
    expect(percent).toBeGreaterThan(50)
    expect(interval.low).toBeLessThan(percent / 100)
    expect(needArea?.name).not.toBe('')
    expect(responseRate).toBeLessThan(1)
  }

  // What is of one company, that company alone reads.
  const ofEverybody = await anybody.resultTables(campaign).toArray()
  expect(ofEverybody.length).toBeGreaterThan(40)
  const ofCompanies: ResultTable[][] = []
  for (const { client, id } of asked) {
    const own = await client.resultTables(campaign, { organization: id }).toArray()
    expect(own).toHaveLength(ofEverybody.length)
    ofCompanies.push(own)
    for (const other of [anybody, ...asked.filter((one) => one.id !== id).map(({ client }) => client)])
      expect(await other.resultTables(campaign, { organization: id }).toArray()).toEqual([])
  }
  const { items: last } = await anybody.campaigns().first()
  expect(last.find(({ id }) => id === campaign)).toMatchObject({
    status: 'RELEASED',
    release: { status: 'RELEASED', hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })

  // And it is what the answers say; from it, and from all tables together, nobody finds anybody.
  const campaignId = decodeGlobalId(campaign).id
  expect(await verifyRelease(server.database.prisma, campaignId, new Date())).toBe('same')
  const knowledge = await collectKnowledge(campaignId, [
    { tables: ofEverybody },
    ...asked.map(({ id }, index) => ({ company: decodeGlobalId(id).id, tables: ofCompanies[index]! })),
  ])
  const shown = knowledge.release.results.filter(({ distribution }) => 'value' in distribution).length
  expect(shown / knowledge.release.results.length).toBeGreaterThan(0.5)
  for (const insider of [null, ...knowledge.plan.companies]) {
    const { breaks, hidden } = await attack({ ...knowledge, insider }, narrowed, randomFrom(1))
    expect(breaks).toEqual([])
    expect(hidden).toBeGreaterThan(0)
  }
}, 400_000)

/** Anybody, those who coordinate the network and run the survey, and the companies, each with a key of its own. */
async function meetPeople() {
  const { prisma } = server.database
  const names = ['Sebaste', 'Dimar', 'Slow Food', 'Università degli Studi di Scienze Gastronomiche']
  const organizations = await prisma.organization.findMany({ where: { name: { in: names } } })
  const connect = (key?: string): Client => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
    return createClient({ endpoint: server.endpoint, network: 'alba-bra', headers })
  }
  const clientOf = async (
    { networkId, id }: { networkId: string; id: string },
    scope: 'survey_run' | 'network_coordinate',
  ) => {
    const request = { networkId, organizationId: id, name: 'surveys', scopes: [scope], expiresAt: null }
    return connect((await createApiKey(prisma, request)).key)
  }
  const lead = await prisma.organization.findFirstOrThrow({ where: { name: { startsWith: 'Consorzio' } } })
  const asked = await Promise.all(
    companies.map(async ({ people }, index) => {
      const organization = organizations.find(({ name }) => name === names[index])!
      const client = await clientOf(organization, 'survey_run')
      return { id: encodeGlobalId('Organization', organization.id), people, client }
    }),
  )
  return { anybody: connect(), runner: await clientOf(lead, 'network_coordinate'), asked }
}

/** Answers of so many people, most of whom find that work takes the time of the family, and few that money is short. */
function inventAnswers(count: number): Answers[] {
  return fc.sample(fc.gen(), { numRuns: count, seed: 2016 }).map((gen, index) => ({
    ...makeAnswers(gen, questionnaire),
    work_takes_time: index % 10 < 8 ? 4 + (index % 2) : 2,
    ends_meet: index % 10 < 9 ? 1 + (index % 3) : 5,
    sudden_expense: 1 + (index % 2),
  }))
}

interface Changed {
  id: string
  status?: string
  versions?: { id: string }[]
}

const campaignShown = '... on Campaign { id status }'

async function change(client: Client, mutation: string, type: string, shown: string, input: object): Promise<Changed> {
  const document = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${shown} ... on Error { message } } }`
  const answer = await client.request<Record<string, Changed & { message?: string }>>(document, { input })
  expect(answer[mutation]?.message).toBeUndefined()
  return answer[mutation]!
}

async function changeStatus(client: Client, mutation: 'openCampaign' | 'closeCampaign', campaign: string) {
  const { node } = await client.request<{ node: { recordVersion: number } }>(
    'query ($id: ID!) { node(id: $id) { ... on Campaign { recordVersion } } }',
    { id: campaign },
  )
  const input = { campaign, expectedVersion: node.recordVersion }
  return change(client, mutation, 'KnownCampaignInput', campaignShown, input)
}

/** What somebody has who was told all tables, those of every company too; and the counts, for what insiders know. */
async function collectKnowledge(
  campaignId: string,
  told: { company?: string; tables: ResultTable[] }[],
): Promise<Knowledge> {
  const { prisma } = server.database
  const organizations = await prisma.campaignOrganization.findMany({
    where: { campaignId },
    select: { organizationId: true, headCount: true },
  })
  const counted = await countCampaign(prisma, { campaignId, document: questionnaire, plan, organizations })
  const results = told.flatMap(({ company, tables }) =>
    tables.flatMap(({ measure, groups }) =>
      groups.map(({ dimensions, distribution }) => ({
        measure,
        group: {
          ...(company === undefined ? {} : { [byCompany]: company }),
          ...Object.fromEntries(dimensions.map(({ name, category }) => [name, category])),
        },
        distribution:
          distribution.__typename === 'Distribution'
            ? { value: { counts: distribution.answers.map(({ count }) => count) } }
            : { suppressed: true as const },
      })),
    ),
  )
  const measures = publicMeasures(questionnaire, counted.measures)
  return {
    release: { measures, results },
    plan: { ...counted, measures },
    counted: counted.groups,
    insider: null,
    least: { usual: 5, health: 10 },
  }
}
