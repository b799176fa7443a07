/**
 * What the server does by itself, at its hours. The queue is pg-boss: it works on PostgreSQL and on the embedded database alike,
 * and of several servers on one database, one does a job.
 */
import { PgBoss } from 'pg-boss'
import type { Database } from './database/connect.ts'
import { runCampaigns } from './domains/survey/run-campaigns.ts'
import { describeError, type Logger } from './log.ts'
import { applyRetention } from './retention.ts'

/** Schema of the queue's tables, which a migration makes. */
const schema = 'jobs'

interface Job {
  name: string
  /** When, in Italy: minute, hour, day of the month, month, day of the week. */
  cron: string
  /** Does it; what it returns is kept with the job for a month, so there is nothing personal in it. */
  run(database: Pick<Database, 'prisma'>): Promise<object>
}

/** Every job there is. */
const jobs: readonly Job[] = [
  { name: 'retention', cron: '17 3 * * *', run: ({ prisma }) => applyRetention(prisma) },
  { name: 'campaigns', cron: '* * * * *', run: ({ prisma }) => runCampaigns(prisma, new Date()) },
]

export interface RunningJobs {
  /** Lets the jobs under way finish, for `patience` milliseconds at most. One that is cut off is done again. */
  stop(patience?: number): Promise<void>
}

/** Begins to do the jobs. A job that fails is tried again, thrice; one whose hour passed with no server running is made up for. */
export async function startJobs(database: Pick<Database, 'prisma' | 'queue'>, logger: Logger): Promise<RunningJobs> {
  const boss = new PgBoss({
    ...database.queue,
    schema,
    // Migrations make the tables, and only their owner could rebuild indexes.
    migrate: false,
    createSchema: false,
    reindex: false,
    monitorVacuum: false,
    max: 2,
  })
  boss.on('error', (error) => logger.error(describeError(error), 'job queue'))
  await boss.start()
  for (const { name, cron, run } of jobs) {
    const queue = { retryLimit: 3, retryDelay: 60, retryBackoff: true, deleteAfterSeconds: 30 * 24 * 3600 }
    await boss.createQueue(name, { policy: 'exclusive', ...queue })
    await boss.updateQueue(name, queue)
    await boss.schedule(name, cron, null, { tz: 'Europe/Rome', missed: 'once' })
    await boss.work(name, { pollingIntervalSeconds: 30 }, async () => {
      const started = performance.now()
      try {
        const result = await run(database)
        const done = { job: name, result, milliseconds: Math.round(performance.now() - started) }
        if (Object.keys(result).length > 0) logger.info(done, 'job done')
        else logger.debug(done, 'job had nothing to do')
        return result
      } catch (error) {
        logger.error({ job: name, ...describeError(error) }, 'job failed')
        // What the queue would keep of an error is its message, which can quote what a person typed.
        throw new Error(`See the log of ${new Date().toISOString()}.`)
      }
    })
  }
  const names = new Set(jobs.map(({ name }) => name))
  for (const { name } of await boss.getSchedules()) if (!names.has(name)) await boss.unschedule(name)
  return { stop: (patience = 10_000) => boss.stop({ graceful: true, timeout: patience }) }
}
