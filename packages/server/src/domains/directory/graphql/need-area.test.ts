import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

interface Page {
  totalCount: number
  nodes: { id: string; name: string; needAreas: { needArea: { code: string } }[]; organization: { name: string } }[]
  edges: { cursor: string; node: { id: string; organization: { name: string } } }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

async function services(code: string, page: object): Promise<Page> {
  const { data, errors } = await server.ask<{ needArea: { services: Page } }>(
    `query ($code: String!, $first: Int, $last: Int, $after: String, $before: String) {
      needArea(network: "alba-bra", code: $code) {
        services(first: $first, last: $last, after: $after, before: $before) {
          totalCount
          nodes { id name needAreas { needArea { code } } organization { name } }
          edges { cursor node { id organization { name } } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    { code, ...page },
  )
  expect(errors).toBeUndefined()
  return data.needArea.services
}

test.each(['totalCount', 'pageInfo { hasNextPage }', '__typename', 'edges { cursor }'])(
  'a page can be asked for its %s alone',
  async (selection) => {
    const { data, errors } = await server.ask(
      `{ needArea(network: "alba-bra", code: "parenting") { services(first: 1) { ${selection} } } }`,
    )
    expect(errors).toBeUndefined()
    expect(data).toMatchObject({ needArea: { services: {} } })
  },
)

test('an area gives all services that answer it, and no other', async () => {
  const found = await services('parenting', { first: 100 })
  expect(found.totalCount).toBe(found.nodes.length)
  expect(found.totalCount).toBeGreaterThan(1)
  for (const { needAreas } of found.nodes) expect(needAreas.map(({ needArea }) => needArea.code)).toContain('parenting')
  const expected = await server.database.prisma.serviceNeedArea.count({ where: { needArea: { code: 'parenting' } } })
  expect(found.totalCount).toBe(expected)
})

test('a group gives the services that answer all of it, not those of the areas below', async () => {
  const group = await services('family', { first: 100 })
  const below = await services('parenting', { first: 100 })
  expect(group.totalCount).toBe(group.nodes.length)
  expect(group.totalCount).toBeLessThan(below.totalCount)
  for (const { needAreas } of group.nodes) expect(needAreas.map(({ needArea }) => needArea.code)).toContain('family')
})

test('an area that no service answers has an empty page', async () => {
  const { prisma } = server.database
  const { id: networkId } = await prisma.network.findUniqueOrThrow({ where: { slug: 'alba-bra' } })
  await prisma.needArea.create({ data: { networkId, code: 'alone', position: 99, nameIt: 'Sola', nameEn: 'Alone' } })
  const empty = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }
  expect(await services('alone', { first: 10 })).toEqual({ totalCount: 0, nodes: [], edges: [], pageInfo: empty })
})

test('nodes and edges are the same services, each with what is asked of it', async () => {
  const { nodes, edges } = await services('parenting', { first: 5 })
  expect(edges.map(({ node }) => node)).toEqual(nodes.map(({ id, organization }) => ({ id, organization })))
})

test('pages forward and backward, of any size, are the same list', async () => {
  const ids = ({ nodes }: Page) => nodes.map(({ id }) => id)
  const whole = ids(await services('parenting', { first: 100 }))
  for (const size of [1, 2, 3]) {
    const forward: string[] = []
    for (let after: string | null = null; ; ) {
      const page = await services('parenting', { first: size, after })
      forward.push(...ids(page))
      after = page.pageInfo.endCursor
      if (!page.pageInfo.hasNextPage) break
    }
    expect(forward).toEqual(whole)
    const backward: string[] = []
    for (let before: string | null = null; ; ) {
      const page = await services('parenting', { last: size, before })
      backward.unshift(...ids(page))
      before = page.pageInfo.startCursor
      if (!page.pageInfo.hasPreviousPage) break
    }
    expect(backward).toEqual(whole)
  }
})

test.each([
  ['alba-bra', 'no-such-area'],
  ['no-such-network', 'parenting'],
])('there is no area %s %s, and the answer says null', async (network, code) => {
  const { data } = await server.ask(
    'query ($network: String!, $code: String!) { needArea(network: $network, code: $code) { id } }',
    { network, code },
  )
  expect(data).toEqual({ needArea: null })
})
