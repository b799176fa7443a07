/** Who reads the results of whom, by every way that leads to them. */
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiKeyScope, StaffRole } from '../../../generated/prisma/enums.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { gender, makeClosedCampaign, wellbeing, wellbeingAnswers } from '../../../testing/closed-campaign.ts'
import { makeKey, startIssuer } from '../../../testing/oidc-issuer.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { serve, type TestServer } from '../../../testing/test-server.ts'
import { createApiKey } from '../../access/api-keys.ts'
import { addStaffMember } from '../../access/staff-members.ts'
import { staffTokenDefaults } from '../../access/staff-token.ts'
import type { Plan } from '../releasing/plan.ts'
import { releaseResults, requestRelease } from '../releasing/release-results.ts'

const now = new Date('2026-11-23T12:00:00+01:00')
const audience = 'https://api.example'

interface Released {
  networkId: string
  organizations: string[]
  releaseId: string
}

let issuer: Awaited<ReturnType<typeof startIssuer>>
let server: TestServer
let releases: Record<Plan['companies'], Released>

beforeAll(async () => {
  const claims = { roles: ['network_coordinator', 'organization_admin'] }
  issuer = await startIssuer([await makeKey('ES256', 'one')], { audience, claims, lifetime: 600 })
  const staffIssuer = { ...staffTokenDefaults, issuer: issuer.issuer, audience }
  server = await serve(await openTestDatabase('empty'), { corsOrigins: '*', development: true, staffIssuer })
  releases = { own: await release('own'), everyone: await release('everyone') }
})
afterAll(async () => {
  await server.close()
  await issuer.stop()
})

/** Company A is the first of the network, B the second; the third coordinates it. */
const [companyA, companyB, lead] = [0, 1, 2]

/** Gives somebody what they come with, and answers with their credential. */
const callers: Record<string, (released: Released) => Promise<string | undefined>> = {
  'anyone, without a key': async () => undefined,
  'a key of company A': (released) => keyOf(released, companyA, 'grant_issue'),
  'a key of company B': (released) => keyOf(released, companyB, 'survey_run'),
  'a key of another network': (released) =>
    keyOf(released === releases.own ? releases.everyone : releases.own, companyA, 'network_coordinate'),
  'a key that coordinates the network': (released) => keyOf(released, lead, 'network_coordinate'),
  'staff that coordinates the network': (released) => staffOf(released, 'network_coordinator', null),
  'staff that administers company A': (released) => staffOf(released, 'organization_admin', companyA),
  'staff that administers company B': (released) => staffOf(released, 'organization_admin', companyB),
}

test.each([
  ['own', 'anyone, without a key', false],
  ['own', 'a key of company A', true],
  ['own', 'a key of company B', false],
  ['own', 'a key of another network', false],
  ['own', 'a key that coordinates the network', false],
  ['own', 'staff that coordinates the network', false],
  ['own', 'staff that administers company A', true],
  ['own', 'staff that administers company B', false],
  ...Object.keys(callers).map((caller) => ['everyone', caller, true] as const),
] as const)('plan "%s": %s reads what is of all; what is of company A: %s', async (companies, caller, readsA) => {
  const released = releases[companies]
  const credential = await callers[caller]!(released)
  const isRead = (reads: boolean) => Object.fromEntries(Object.keys(ways).map((way) => [way, reads]))
  expect(await read(released, null, credential)).toEqual(isRead(true))
  expect(await read(released, released.organizations[companyA]!, credential)).toEqual(isRead(readsA))
})

interface Asked {
  releaseId: string
  /** Row key of the organization; null for everybody. */
  organizationId: string | null
  credential: string | undefined
}

/** Ways to the results. Each answers whether they were read, and refuses those of anybody else. */
const ways: Record<string, (asked: Asked) => Promise<boolean>> = {
  'Release.tables': async (asked) => {
    const { tables } = await askRelease(
      asked,
      `tables(${argumentOf(asked, 'first: 50')}) { totalCount nodes { ${of} } }`,
    )
    expect(tables.totalCount).toBe(tables.nodes.length)
    return areOf(asked, tables.nodes)
  },
  'Release.criticalThemes': async (asked) => {
    const { criticalThemes } = await askRelease(asked, `criticalThemes${inBrackets(argumentOf(asked))} { ${of} }`)
    return areOf(asked, criticalThemes)
  },
  'node of a table': async (asked) => {
    const where = { releaseId: asked.releaseId, organizationId: asked.organizationId }
    const { id } = await server.database.prisma.resultTable.findFirstOrThrow({ where })
    return isNode(asked, 'ResultTable', id)
  },
  'node of a critical theme': async (asked) => {
    const where = { releaseId: asked.releaseId, organizationId: asked.organizationId }
    const { id } = await server.database.prisma.criticalTheme.findFirstOrThrow({ where })
    return isNode(asked, 'CriticalTheme', id)
  },
  'themes.svg': (asked) => isFile(asked, 'themes.svg', /work-stress/),
  'table as SVG': (asked) => isFile(asked, 'tables/2.svg', /Stress/),
  'results.csv': (asked) => isFile(asked, 'results.csv', new RegExp(`^${asked.organizationId ?? ''},stress,`, 'm')),
  'results.json': (asked) =>
    isFile(
      asked,
      'results.json',
      asked.organizationId === null ? /"organization": null/ : new RegExp(asked.organizationId),
    ),
}

async function read(
  { releaseId }: Released,
  organizationId: string | null,
  credential: string | undefined,
): Promise<Record<string, boolean>> {
  const answers: Record<string, boolean> = {}
  for (const [way, isRead] of Object.entries(ways))
    answers[way] = await isRead({ releaseId, organizationId, credential })
  return answers
}

interface Owned {
  organization: { id: string } | null
}

const of = 'organization { id }'

const idOf = ({ organizationId }: Asked) => organizationId && encodeGlobalId('Organization', organizationId)

function argumentOf(asked: Asked, ...others: string[]): string {
  const id = idOf(asked)
  return [...others, ...(id === null ? [] : [`organization: "${id}"`])].join(', ')
}

const inBrackets = (given: string) => (given === '' ? '' : `(${given})`)

function areOf(asked: Asked, found: Owned[]): boolean {
  for (const { organization } of found) expect(organization?.id ?? null).toBe(idOf(asked))
  return found.length > 0
}

async function askRelease({ releaseId, credential }: Asked, shown: string) {
  const { data, errors } = await server.ask<{
    node: { tables: { totalCount: number; nodes: Owned[] }; criticalThemes: Owned[] }
  }>(`{ node(id: "${encodeGlobalId('Release', releaseId)}") { ... on Release { ${shown} } } }`, {}, credential)
  expect(errors).toBeUndefined()
  return data.node
}

async function isNode(asked: Asked, type: string, id: string): Promise<boolean> {
  const query = `{ node(id: "${encodeGlobalId(type, id)}") { ... on ${type} { ${of} } } }`
  const { data } = await server.ask<{ node: Owned | null }>(query, {}, asked.credential)
  return areOf(asked, data.node === null ? [] : [data.node])
}

async function isFile(asked: Asked, file: string, told: RegExp): Promise<boolean> {
  const id = idOf(asked)
  const query = id === null ? '' : `?organization=${id}`
  const response = await fetch(
    `${server.origin}/releases/${encodeGlobalId('Release', asked.releaseId)}/${file}${query}`,
    {
      headers: asked.credential === undefined ? {} : { authorization: `Bearer ${asked.credential}` },
    },
  )
  const text = await response.text()
  if (response.ok) expect(text).toMatch(told)
  else expect(response.status).toBe(404)
  return response.ok
}

/** A network of its own, with a campaign of four companies that is released: stress is critical to most of each. */
async function release(companies: Plan['companies']): Promise<Released> {
  const { prisma } = server.database
  const { campaignId, networkId, organizations } = await makeClosedCampaign(server.database, {
    document: wellbeing,
    plan: { recodes: [gender], tables: [['company'], ['gender']], companies },
    answered: wellbeingAnswers([60, 80, 40, 120]),
    headCounts: [90, 100, 70, 150],
  })
  const { id: releaseId } = await requestRelease(prisma, campaignId, now)
  await releaseResults(prisma, campaignId, now)
  return { networkId, organizations, releaseId }
}

async function keyOf({ networkId, organizations }: Released, index: number, scope: ApiKeyScope): Promise<string> {
  const asked = { networkId, organizationId: organizations[index]!, name: 'intranet', scopes: [scope], expiresAt: null }
  return (await createApiKey(server.database.prisma, asked)).key
}

/** The issuer knows one person, whose only role in this database this is from now on. */
async function staffOf({ networkId, organizations }: Released, role: StaffRole, index: number | null): Promise<string> {
  const { prisma } = server.database
  const token = await issuer.accessToken()
  await prisma.staffMember.deleteMany()
  await addStaffMember(prisma, {
    networkId,
    organizationId: index === null ? null : organizations[index]!,
    issuer: issuer.issuer,
    subject: decodeJwt(token).sub!,
    role,
  })
  return token
}
