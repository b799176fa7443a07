import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { asOwner } from '../testing/test-database.ts'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer('empty')
})

afterAll(() => server.close())

test('a server with a whole database is alive and ready', async () => {
  expect(await health('live')).toEqual({ status: 200, body: { status: 'pass', checks: {} } })
  expect(await health('ready')).toEqual({
    status: 200,
    body: { status: 'pass', checks: { database: 'reachable', migrations: 'applied' } },
  })
})

test('a server whose database lacks migrations is alive, but not ready', async () => {
  await change(`ALTER TABLE _prisma_migrations RENAME TO away`)
  onTestFinished(() => change(`ALTER TABLE away RENAME TO _prisma_migrations`))
  expect((await health('live')).status).toBe(200)
  expect(await health('ready')).toEqual({
    status: 503,
    body: {
      status: 'fail',
      checks: { database: 'reachable', migrations: expect.stringMatching(/^[1-9]\d* pending$/) },
    },
  })
})

test('a server whose database has a migration that did not finish is not ready', async () => {
  await change(`UPDATE _prisma_migrations SET finished_at = NULL`)
  onTestFinished(() => change(`UPDATE _prisma_migrations SET finished_at = now()`))
  expect(await health('ready')).toEqual({
    status: 503,
    body: { status: 'fail', checks: { database: 'reachable', migrations: 'unfinished' } },
  })
})

test('a server whose database is ahead of it stays ready, so that a new version can be rolled out', async () => {
  await change(`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29991231_later', now())`)
  onTestFinished(() => change(`DELETE FROM _prisma_migrations WHERE id = 'x'`))
  expect(await health('ready')).toEqual({
    status: 200,
    body: { status: 'pass', checks: { database: 'reachable', migrations: 'ahead' } },
  })
})

test('a server whose database is gone is alive, but not ready, and says no more than that', async () => {
  const lost = await startTestServer('empty')
  onTestFinished(() => {
    lost.server.close()
    lost.server.closeAllConnections()
  })
  await lost.database.close()
  expect((await health('live', lost)).status).toBe(200)
  expect(await health('ready', lost)).toEqual({
    status: 503,
    body: { status: 'fail', checks: { database: 'unreachable' } },
  })
})

test('health is never kept by a cache, and asked with GET or HEAD alone', async () => {
  const asked = await fetch(`${server.origin}/health/live`, { method: 'HEAD' })
  expect(asked.status).toBe(200)
  expect(asked.headers.get('cache-control')).toBe('no-store')
  const posted = await fetch(`${server.origin}/health/live`, { method: 'POST', body: 'x' })
  expect(posted.status).toBe(405)
  expect(posted.headers.get('allow')).toBe('GET, HEAD')
})

async function change(statement: string): Promise<void> {
  await asOwner(server.database, (tx) => tx.$executeRawUnsafe(statement))
}

async function health(which: 'live' | 'ready', { origin } = server): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${origin}/health/${which}`)
  return { status: response.status, body: await response.json() }
}
