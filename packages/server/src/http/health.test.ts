import { expect, onTestFinished, test } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

test('a server with a whole database is alive and ready', async () => {
  const { origin } = await serverForTest()
  expect(await health(`${origin}/health/live`)).toEqual({ status: 200, body: { status: 'pass', checks: {} } })
  expect(await health(`${origin}/health/ready`)).toEqual({
    status: 200,
    body: { status: 'pass', checks: { database: 'reachable', migrations: 'applied' } },
  })
})

test('a server whose database lacks migrations is alive, but not ready', async () => {
  const { origin, database } = await serverForTest()
  await database.prisma.$executeRaw`DROP TABLE _prisma_migrations`
  expect((await health(`${origin}/health/live`)).status).toBe(200)
  expect(await health(`${origin}/health/ready`)).toEqual({
    status: 503,
    body: { status: 'fail', checks: { database: 'reachable', migrations: expect.stringMatching(/^\d+ pending$/) } },
  })
})

test('a server whose database has a migration that did not finish is not ready', async () => {
  const { origin, database } = await serverForTest()
  await database.prisma.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL`
  expect(await health(`${origin}/health/ready`)).toEqual({
    status: 503,
    body: { status: 'fail', checks: { database: 'reachable', migrations: 'unfinished' } },
  })
})

test('a server whose database is ahead of it stays ready, so that a new version can be rolled out', async () => {
  const { origin, database } = await serverForTest()
  await database.prisma.$executeRaw`
    INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29991231_later', now())`
  expect(await health(`${origin}/health/ready`)).toEqual({
    status: 200,
    body: { status: 'pass', checks: { database: 'reachable', migrations: 'ahead' } },
  })
})

test('a server whose database is gone is alive, but not ready, and says no more than that', async () => {
  const running = await startTestServer('empty')
  onTestFinished(() => {
    running.server.close()
    running.server.closeAllConnections()
  })
  await running.database.close()
  expect((await health(`${running.origin}/health/live`)).status).toBe(200)
  expect(await health(`${running.origin}/health/ready`)).toEqual({
    status: 503,
    body: { status: 'fail', checks: { database: 'unreachable' } },
  })
})

test('health is never kept by a cache, and asked with GET or HEAD alone', async () => {
  const { origin } = await serverForTest()
  const asked = await fetch(`${origin}/health/live`, { method: 'HEAD' })
  expect(asked.status).toBe(200)
  expect(asked.headers.get('cache-control')).toBe('no-store')
  const posted = await fetch(`${origin}/health/live`, { method: 'POST', body: 'x' })
  expect(posted.status).toBe(405)
  expect(posted.headers.get('allow')).toBe('GET, HEAD')
})

async function serverForTest(): Promise<TestServer> {
  const running = await startTestServer('empty')
  onTestFinished(() => running.close())
  return running
}

async function health(address: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(address)
  return { status: response.status, body: await response.json() }
}
