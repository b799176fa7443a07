import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('empty')
})
afterAll(() => server.close())

const names = ['questionnaire.schema.json', 'response-mapping.schema.json']
const at = (path: string) => new URL(path, server.origin)

test.each(names)('%s is served as it is published, to any page, and may be kept', async (name) => {
  const response = await fetch(at(`/schemas/${name}`))
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/schema+json',
    'cache-control': 'public, max-age=3600',
    'access-control-allow-origin': '*',
  })
  expect(await response.text()).toBe(readFileSync(join(import.meta.dirname, '../../schemas', name), 'utf8'))
})

test('their heads are told without them', async () => {
  const response = await fetch(at(`/schemas/${names[0]}`), {
    method: 'HEAD',
    headers: { 'accept-encoding': 'identity' },
  })
  const { length } = readFileSync(join(import.meta.dirname, '../../schemas', names[0]!))
  expect(response.headers.get('content-length')).toBe(String(length))
  expect(await response.text()).toBe('')
})

test('nobody writes there, and nothing else is there', async () => {
  const written = await fetch(at(`/schemas/${names[0]}`), { method: 'POST', body: '{}' })
  expect({ status: written.status, allow: written.headers.get('allow') }).toEqual({
    status: 405,
    allow: 'GET, HEAD, OPTIONS',
  })
  for (const path of ['/schemas/', '/schemas/else.schema.json', '/schemas/%2e%2e/package.json'])
    expect((await fetch(at(path))).status).toBe(404)
})

test('the log tells which was asked for', async () => {
  await fetch(at(`/schemas/${names[1]}`))
  expect(server.lines.some((line) => line.includes(`"path":"/schemas/${names[1]}"`))).toBe(true)
})
