import { createRequire } from 'node:module'
import { PgBoss } from 'pg-boss'
import { pino } from 'pino'
import { expect, test, vi } from 'vitest'
import type { Database } from './database/connect.ts'
import { startJobs } from './jobs.ts'
import { asOwner, databaseForTest } from './testing/test-database.ts'

test('the migrations make the tables of the version that the library has', async () => {
  const { prisma } = await databaseForTest('empty')
  const { pgboss } = createRequire(import.meta.url)('pg-boss/package.json') as { pgboss: { schema: number } }
  const rows = await prisma.$queryRaw<{ version: number }[]>`SELECT version FROM jobs.version`
  expect(
    rows,
    `Write a migration with the SQL of getMigrationPlans('jobs', ${rows[0]?.version}), without its BEGIN and COMMIT.`,
  ).toEqual([{ version: pgboss.schema }])
})

test('a job is done once, by one of two servers', async () => {
  const database = await databaseForTest('empty')
  const { prisma } = database
  const logged = catchLogs()
  const first = await startJobs(database, logged.logger)
  await first.stop()
  await prisma.$executeRaw`INSERT INTO idempotent_answer VALUES ('\\x01', '\\x01', '\\x01', '{}', now() - interval '25 hours')`
  // Two more make no other job of it: it waits already.
  expect(await send(database, 'retention', 3)).toEqual([expect.any(String), null, null])

  // Servers begin by asking for work.
  const servers = await Promise.all([startJobs(database, logged.logger), startJobs(database, logged.logger)])
  await vi.waitFor(async () => expect(await statesOf(prisma)).toEqual(['completed']), 30_000)
  for (const server of servers) await server.stop()
  expect(await prisma.idempotentAnswer.count()).toBe(0)
  expect(logged.lines).toMatchObject([{ job: 'retention', result: { idempotent_answer: 1 }, msg: 'job done' }])
})

test("jobs are done in the application's role, which made none of the tables", async ({ skip }) => {
  const database = await databaseForTest('empty')
  const { prisma, embedded, queue } = database
  const [{ there }] = await prisma.$queryRaw<[{ there: boolean }]>`
    SELECT to_regrole('welfare_network_app') IS NOT NULL AS there`
  skip(!there, 'No migration makes the role welfare_network_app.')
  const role = { ...queue, options: `${queue.options} -c role=welfare_network_app` }
  const restricted = embedded ? database : { ...database, queue: role }
  if (embedded) await prisma.$executeRaw`SET ROLE welfare_network_app`
  const logged = catchLogs()
  await startJobs(restricted, logged.logger).then((jobs) => jobs.stop())
  await prisma.$executeRaw`INSERT INTO idempotent_answer VALUES ('\\x01', '\\x01', '\\x01', '{}', now() - interval '25 hours')`
  await send(restricted, 'retention', 1)
  const jobs = await startJobs(restricted, logged.logger)
  await vi.waitFor(async () => expect(await statesOf(prisma)).toEqual(['completed']), 30_000)
  await jobs.stop()
  expect(logged.lines).toMatchObject([{ msg: 'job done' }])
})

test('a job that fails is tried again, and neither the queue nor the log know of a value', async () => {
  const database = await databaseForTest('empty')
  const { prisma } = database
  const logged = catchLogs()
  await startJobs(database, logged.logger).then((jobs) => jobs.stop())
  await asOwner(database, (tx) => tx.$executeRaw`ALTER TABLE idempotent_answer DROP COLUMN made_at`)
  await send(database, 'retention', 1)
  const jobs = await startJobs(database, logged.logger)
  await vi.waitFor(async () => expect(await statesOf(prisma)).toEqual(['retry']), 30_000)
  await jobs.stop()
  const [{ output }] = await prisma.$queryRaw<[{ output: string }]>`SELECT output::text AS output FROM jobs.job`
  expect(output).toContain('See the log of')
  expect(output).not.toContain('made_at')
  expect(logged.lines).toMatchObject([{ job: 'retention', error: expect.any(String), msg: 'job failed' }])
  expect(JSON.stringify(logged.lines)).not.toContain('made_at')
})

test('a schedule of a job that is no more is forgotten', async () => {
  const database = await databaseForTest('empty')
  const { logger } = catchLogs()
  await startJobs(database, logger).then((jobs) => jobs.stop())
  await database.prisma.$executeRaw`
    WITH old AS (INSERT INTO jobs.queue (SELECT (jsonb_populate_record(q, '{"name": "old"}')).* FROM jobs.queue q WHERE name = 'retention') RETURNING name)
    INSERT INTO jobs.schedule
      (SELECT (jsonb_populate_record(s, '{"name": "old"}')).* FROM jobs.schedule s WHERE name = 'retention')`
  await startJobs(database, logger).then((jobs) => jobs.stop())
  const left = await database.prisma.$queryRaw`SELECT name, cron, timezone FROM jobs.schedule ORDER BY name`
  expect(left).toEqual([
    { name: 'campaigns', cron: '* * * * *', timezone: 'Europe/Rome' },
    { name: 'retention', cron: '17 3 * * *', timezone: 'Europe/Rome' },
  ])
})

test('an error of the queue leaves others the one connection of an embedded database as it was', async () => {
  const { prisma, queue, embedded } = await databaseForTest('empty')
  if (!embedded) return expect(queue.connectionString).toEqual(expect.any(String))
  const failing = queue.db!.executeSql('BEGIN; SELECT 1 / 0; COMMIT')
  const [failed, meanwhile] = await Promise.allSettled([failing, prisma.network.count()])
  expect({ failed: failed.status, meanwhile }).toEqual({
    failed: 'rejected',
    meanwhile: { status: 'fulfilled', value: 0 },
  })
})

async function send({ queue }: Pick<Database, 'queue'>, name: string, times: number): Promise<(string | null)[]> {
  const boss = new PgBoss({ ...queue, schema: 'jobs', migrate: false, supervise: false, schedule: false, max: 1 })
  await boss.start()
  const sent: (string | null)[] = []
  for (let time = 0; time < times; time += 1) sent.push(await boss.send(name))
  await boss.stop()
  return sent
}

async function statesOf(prisma: Database['prisma']): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ state: string }[]>`SELECT state::text FROM jobs.job WHERE name = 'retention'`
  return rows.map(({ state }) => state)
}

function catchLogs() {
  const lines: Record<string, unknown>[] = []
  const logger = pino({ base: null }, { write: (line: string) => void lines.push(JSON.parse(line)) })
  return { logger, lines }
}
