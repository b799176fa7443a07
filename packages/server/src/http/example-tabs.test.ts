import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'
import { examples } from './example-tabs.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer('demonstration')
})

afterAll(() => server.close())

test.each(examples)(
  'the example "$title" finds something in the demonstration network, in every list',
  async ({ query }) => {
    const { data, errors } = await server.ask<object>(query)
    expect(errors).toBeUndefined()
    // A list below may be empty for one item; it must not be for all.
    const lists = new Map<string, number>()
    countItems(data, '', lists)
    expect(lists.size).toBeGreaterThan(0)
    expect([...lists].filter(([, items]) => items === 0)).toEqual([])
  },
)

test('there are three examples, each with a name of its own', () => {
  const names = examples.map(({ query }) => /^query (\w+)/.exec(query)?.[1])
  expect(new Set(names).size).toBe(3)
  expect(names).not.toContain(undefined)
})

function countItems(value: unknown, path: string, lists: Map<string, number>): void {
  if (Array.isArray(value)) {
    lists.set(path, (lists.get(path) ?? 0) + value.length)
    for (const item of value) countItems(item, path, lists)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, below] of Object.entries(value)) countItems(below, `${path}/${name}`, lists)
  }
}
