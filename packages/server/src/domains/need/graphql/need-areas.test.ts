import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

interface Area {
  code: string
  name: string
  english: string
  parent: { code: string } | null
  children: { code: string }[]
}

async function needAreas(top?: boolean): Promise<Area[]> {
  const { data } = await server.ask<{ network: { needAreas: { nodes: Area[] } } }>(
    `query ($top: Boolean) { network(slug: "alba-bra") { needAreas(first: 100, top: $top) {
      nodes { code name english: name(language: EN) parent { code } children { code } }
    } } }`,
    { top },
  )
  return data.network.needAreas.nodes
}

test('the tree has six to eight groups and about 25 areas below them', async () => {
  const groups = await needAreas(true)
  const areas = await needAreas(false)
  expect(groups.length).toBeGreaterThanOrEqual(6)
  expect(groups.length).toBeLessThanOrEqual(8)
  expect(areas.length).toBeGreaterThanOrEqual(22)
  expect(groups.flatMap(({ children }) => children).length).toBe(areas.length)
})

test('parents come before their children', async () => {
  const seen = new Set<string>()
  for (const { code, parent } of await needAreas()) {
    if (parent !== null) expect(seen).toContain(parent.code)
    seen.add(code)
  }
})

test('every area has a name in Italian and in English', async () => {
  const elderly = (await needAreas()).find(({ code }) => code === 'elderly-care')
  expect(elderly?.english).toMatch(/elder|older/i)
  expect(elderly?.name).toMatch(/anzian/i)
})

test('every area is answered by at least one service of the demonstration', async () => {
  for (const { code } of await needAreas(false)) {
    const { data } = await server.ask<{ network: { services: { totalCount: number } } }>(
      `query ($codes: [String!]) { network(slug: "alba-bra") { services(first: 1, filter: { needAreas: $codes }) { totalCount } } }`,
      { codes: [code] },
    )
    expect(data.network.services.totalCount, code).toBeGreaterThan(0)
  }
})
