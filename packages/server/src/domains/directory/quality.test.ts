import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'

let server: TestServer
let networkId: string
beforeAll(async () => {
  server = await startTestServer('demonstration')
  const { prisma } = server.database
  networkId = (await prisma.network.findFirstOrThrow({ where: { slug: 'alba-bra' } })).id
  // Nothing in the demonstration belongs to nothing.
  for (const number of ['0173 1', '0173 2', '0173 3']) {
    await prisma.phone.create({ data: { id: randomUUID(), networkId, uuid: randomUUID(), number } })
  }
  await prisma.attribute.create({
    data: { id: randomUUID(), networkId, uuid: randomUUID(), linkId: randomUUID(), linkEntity: 'service' },
  })
})
afterAll(() => server.close())

interface Findings {
  totalCount: number
  counts: { kind: string; count: number }[]
  nodes: { kind: string; recordType: string; recordId: string; recordName: string | null; sentence: string }[]
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null }
}

async function ask(page: object) {
  return server.ask<{ network: { directoryFindings: Findings } }>(
    `query ($kinds: [DirectoryFindingKind!], $first: Int, $last: Int, $after: String, $before: String) {
      network(slug: "alba-bra") {
        directoryFindings(kinds: $kinds, first: $first, last: $last, after: $after, before: $before) {
          totalCount
          counts { kind count }
          nodes { kind recordType recordId recordName sentence }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        }
      }
    }`,
    page,
  )
}

async function find(page: object): Promise<Findings> {
  const { data, errors } = await ask(page)
  expect(errors).toBeUndefined()
  return data.network.directoryFindings
}

const kinds = ['DEAD_REFERENCE', 'ATTACHED_TO_NOTHING']

test('findings come by kind and name, with a count for each kind', async () => {
  const { totalCount, counts, nodes } = await find({ kinds, first: 10 })
  expect(totalCount).toBe(4)
  expect(counts).toEqual([
    { kind: 'DEAD_REFERENCE', count: 1 },
    { kind: 'ATTACHED_TO_NOTHING', count: 3 },
  ])
  expect(nodes.map(({ kind, recordType, recordName }) => [kind, recordType, recordName])).toEqual([
    ['DEAD_REFERENCE', 'attribute', null],
    ['ATTACHED_TO_NOTHING', 'phone', '0173 1'],
    ['ATTACHED_TO_NOTHING', 'phone', '0173 2'],
    ['ATTACHED_TO_NOTHING', 'phone', '0173 3'],
  ])
  expect(nodes.at(-1)!.sentence).toBe('This phone is shown nowhere: tie it to what it is about, or remove it.')
})

test('the counts without a choice of kinds hold those of the choice', async () => {
  const all = await find({ first: 1 })
  expect(all.counts).toEqual(expect.arrayContaining((await find({ kinds, first: 1 })).counts))
  expect(all.totalCount).toBe(all.counts.reduce((sum, { count }) => sum + count, 0))
})

test('the record concerned can be asked for by its id', async () => {
  const { nodes } = await find({ kinds: ['ATTACHED_TO_NOTHING'], first: 1 })
  const { data } = await server.ask('query ($id: ID!) { node(id: $id) { __typename ... on Phone { number } } }', {
    id: nodes[0]!.recordId,
  })
  expect(data).toEqual({ node: { __typename: 'Phone', number: '0173 1' } })
})

test('pages go on where the last ended, in both directions', async () => {
  const whole = await find({ kinds, first: 10 })
  const first = await find({ kinds, first: 2 })
  const second = await find({ kinds, first: 2, after: first.pageInfo.endCursor })
  expect([...first.nodes, ...second.nodes]).toEqual(whole.nodes)
  expect([first, second].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false])
  const last = await find({ kinds, last: 3 })
  const before = await find({ kinds, last: 3, before: last.pageInfo.startCursor })
  expect([...before.nodes, ...last.nodes]).toEqual(whole.nodes)
  expect([last, before].map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual([true, false])
})

test.each([
  ['a kind that is not there', { kinds: ['UGLY'], first: 1 }, /UGLY/],
  ['a page without size', {}, /first or last/],
  ['a cursor of nowhere', { first: 1, after: 'bm93aGVyZQ' }, /after: this is not a cursor of this connection/],
])('%s is refused', async (_, page, message) => {
  const { errors } = await ask(page)
  expect(errors?.[0]?.message).toMatch(message)
})
