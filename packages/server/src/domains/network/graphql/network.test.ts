import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

interface Members {
  network: {
    members: { totalCount: number; nodes: { role: string; status: string; organization: { name: string } }[] }
  }
}

test('the network is led by the health authority and the social-care consortium', async () => {
  const { data } = await server.ask<Members>(`{
    network(slug: "alba-bra") { members(first: 10, role: LEAD) { totalCount nodes { role status organization { name } } } }
  }`)
  expect(data.network.members.totalCount).toBe(2)
  expect(data.network.members.nodes.map(({ organization }) => organization.name)).toEqual([
    'ASL CN2 Alba-Bra',
    'Consorzio socio-assistenziale Alba, Langhe e Roero',
  ])
})

test('the four private organizations of the survey are members', async () => {
  const { data } = await server.ask<Members>(`{
    network(slug: "alba-bra") { members(first: 100, role: MEMBER, status: ACTIVE) { totalCount nodes { role status organization { name } } } }
  }`)
  const names = data.network.members.nodes.map(({ organization }) => organization.name).join(', ')
  for (const name of ['Sebaste', 'Dimar', 'Slow Food', 'Gastronomiche']) expect(names).toContain(name)
})

test('the territory has the 75 municipalities of the health authority, by name and with their codes', async () => {
  const { data } = await server.ask<{
    network: {
      territory: {
        totalCount: number
        nodes: { municipality: { istatCode: string; name: string; province: string } }[]
      }
    }
  }>(
    `{ network(slug: "alba-bra") { territory(first: 100) { totalCount nodes { municipality { istatCode name province } } } } }`,
  )
  const { totalCount, nodes } = data.network.territory
  expect(totalCount).toBe(75)
  expect(nodes[0]?.municipality).toEqual({ istatCode: '004003', name: 'Alba', province: 'CN' })
  expect(new Set(nodes.map(({ municipality }) => municipality.istatCode)).size).toBe(75)
})

test('the results of the research were presented in Bra on 31 March 2017', async () => {
  const { data } = await server.ask<{
    network: { events: { nodes: { startsOn: string; venue: string; municipality: { name: string } }[] } }
  }>(`{ network(slug: "alba-bra") { events(first: 10) { nodes { startsOn venue municipality { name } } } } }`)
  expect(data.network.events.nodes).toContainEqual({
    startsOn: '2017-03-31',
    venue: expect.stringContaining('Arpino'),
    municipality: { name: 'Bra' },
  })
})

test('the phases follow one another from March 2016', async () => {
  const { data } = await server.ask<{ network: { phases: { position: number; startsOn: string }[] } }>(
    `{ network(slug: "alba-bra") { phases { position startsOn } } }`,
  )
  const { phases } = data.network
  expect(phases[0]).toEqual({ position: 1, startsOn: '2016-03-01' })
  expect(phases.map(({ startsOn }) => startsOn)).toEqual(phases.map(({ startsOn }) => startsOn).sort())
})

test('organizations can be listed by kind', async () => {
  const { data } = await server.ask<{ network: { organizations: { nodes: { name: string; kind: string }[] } } }>(
    `{ network(slug: "alba-bra") { organizations(first: 50, kind: SOCIAL_COOPERATIVE) { nodes { name kind } } } }`,
  )
  const { nodes } = data.network.organizations
  expect(nodes.length).toBe(7)
  expect(new Set(nodes.map(({ kind }) => kind))).toEqual(new Set(['SOCIAL_COOPERATIVE']))
})

test.each([1, 3, 7, 100])(
  'pages of %i members, one after another, give every member once and in order',
  async (size) => {
    const all = await everyMember(100)
    expect(all.length).toBe(16)
    expect(await everyMember(size)).toEqual(all)
  },
)

async function everyMember(size: number): Promise<string[]> {
  const names: string[] = []
  let after: string | null = null
  for (;;) {
    const { data } = (await server.ask(
      `query ($size: Int!, $after: String) {
        network(slug: "alba-bra") {
          members(first: $size, after: $after) { nodes { organization { name } } pageInfo { hasNextPage endCursor } }
        }
      }`,
      { size, after },
    )) as unknown as { data: { network: { members: MemberPage } } }
    const { nodes, pageInfo } = data.network.members
    names.push(...nodes.map(({ organization }) => organization.name))
    if (!pageInfo.hasNextPage) return names
    after = pageInfo.endCursor
  }
}

interface MemberPage {
  nodes: { organization: { name: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string }
}

test('a network that is not there is null, not an error', async () => {
  expect(await server.ask(`{ network(slug: "nowhere") { name } }`)).toEqual({ data: { network: null } })
})

test.each([
  ['{ networks(first: 0) { totalCount } }', 'first is 0; it goes from 1 to 100'],
  ['{ networks(first: 101) { totalCount } }', 'first is 101'],
  ['{ networks { totalCount } }', 'say how many with first or last'],
  ['{ networks(first: 1, last: 1) { totalCount } }', 'give first or last, not both'],
  ['{ network(slug: "alba-bra") { members(last: 1000) { totalCount } } }', 'last is 1000'],
])('a page size out of bounds is told: %s', async (query, message) => {
  const { errors } = await server.ask(query)
  expect(errors?.[0]?.message).toContain(message)
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
})

test('node and nodes find records of any type by their ids, in order, null where there is none', async () => {
  const { data } = await server.ask<{
    network: { id: string; organizations: { nodes: { id: string; name: string }[] } }
  }>(`{ network(slug: "alba-bra") { id organizations(first: 1) { nodes { id name } } } }`)
  const [organization] = data.network.organizations.nodes
  const nowhere = `service_${'0'.repeat(32)}`
  const answer = await server.ask(
    `query ($ids: [ID!]!, $id: ID!) {
      nodes(ids: $ids) { __typename id ... on Organization { name } }
      node(id: $id) { __typename ... on Municipality { name } }
    }`,
    { ids: [organization?.id, nowhere, data.network.id], id: 'municipality_004029' },
  )
  expect(answer).toEqual({
    data: {
      nodes: [{ __typename: 'Organization', ...organization }, null, { __typename: 'Network', id: data.network.id }],
      node: { __typename: 'Municipality', name: 'Bra' },
    },
  })
})

test('too many ids at once are refused', async () => {
  const { errors } = await server.ask(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, {
    ids: Array.from({ length: 101 }, () => `service_${'0'.repeat(32)}`),
  })
  expect(errors?.[0]?.message).toContain('101 ids; at most 100')
})

test.each([
  ['a cursor that is none', `{ networks(first: 1, after: "nonsense") { nodes { slug } } }`],
  [
    'a forged cursor',
    `{ networks(first: 1, after: "${Buffer.from('GPC:S:nonsense').toString('base64')}") { nodes { slug } } }`,
  ],
  [
    'a forged cursor further inside',
    `{ network(slug: "alba-bra") { organizations(first: 1, after: "${Buffer.from('GPC:S:x').toString('base64')}") { nodes { name } } } }`,
  ],
  ['an id of a type that is not there', `{ node(id: "nonsense_${'0'.repeat(32)}") { id } }`],
])('%s is told to the caller, not to the operator', async (_, query) => {
  const { errors } = await server.ask(query)
  expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT')
})
