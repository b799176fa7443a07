/** The process that makes a release dies: nothing of it is there, and it is made whole when somebody makes it again. */
import { expect, inject, onTestFinished, test } from 'vitest'
import { connect, type Database } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { byCompanyAlone } from '../../../testing/build-campaign.ts'
import { makeClosedCampaign, wellbeing, wellbeingAnswers } from '../../../testing/closed-campaign.ts'
import { runCommand, settingsFor, startProcess } from '../../../testing/run-process.ts'
import { killServer } from '../../../testing/run-server.ts'
import { someoneWaits } from '../../../testing/someone-waits.ts'
import { copyTemplate } from '../../../testing/test-database.ts'
import { verifyRelease } from './release-results.ts'

const { server: postgres } = inject('templates')
if (postgres === null) console.warn('skipped: no TEST_DATABASE_URL, so a release whose process dies is not tested')

const sizes = [60, 80, 40, 120]
// Somebody else has the table that it wants to read, or to write, next.
const moments = [
  { lock: 'response IN ACCESS EXCLUSIVE MODE', status: 'counting' },
  { lock: 'result_table IN SHARE MODE', status: 'writing' },
] as const

test.skipIf(postgres === null).each(moments)('killed while it is $status', async ({ lock, status }) => {
  const { place, remove } = await copyTemplate('empty')
  onTestFinished(remove)
  const database = await connect(place)
  onTestFinished(() => database.close())
  const { campaignId } = await makeClosedCampaign(database, {
    document: wellbeing,
    plan: byCompanyAlone,
    answered: wellbeingAnswers(sizes),
    headCounts: [90, 100, 70, 150],
  })
  const command = ['survey', 'release-results', encodeGlobalId('Campaign', campaignId)]
  const settings = settingsFor(place)

  const release = await holding(database, lock)
  const making = startProcess('cli.ts', command, settings)
  await someoneWaits(database)
  expect(await readMade(database, campaignId)).toEqual({ status, tables: 0, themes: 0 })
  await killServer(making)
  await release()
  await nobodyElseIsThere(database)
  expect(await readMade(database, campaignId)).toEqual({ status, tables: 0, themes: 0 })

  expect(await runCommand(command, settings)).toMatchObject({ code: 0, err: '' })
  // Three questions and two need areas, of everybody and of each company.
  expect(await readMade(database, campaignId)).toMatchObject({ status: 'released', tables: 5 * 5 })
  expect(await verifyRelease(database.prisma, campaignId, new Date())).toBe('same')
})

/** Locks a table, so that others wait for it until what this returns is called. */
async function holding({ prisma }: Database, lock: string): Promise<() => Promise<void>> {
  const [held, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const whole = prisma.$transaction(
    async (tx) => {
      await tx.$executeRawUnsafe(`LOCK TABLE ${lock}`)
      held.resolve()
      await released.promise
    },
    { timeout: 60_000 },
  )
  await held.promise
  return async () => {
    released.resolve()
    await whole
  }
}

/** Returns when the database has noticed that the other process is dead. */
async function nobodyElseIsThere({ prisma }: Database): Promise<void> {
  for (;;) {
    const [{ busy }] = await prisma.$queryRaw<[{ busy: number }]>`
      SELECT count(*)::integer AS busy FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`
    if (busy === 0) return
  }
}

async function readMade({ prisma }: Database, campaignId: string) {
  const { status, id } = await prisma.release.findUniqueOrThrow({ where: { campaignId } })
  const [tables, themes] = await Promise.all(
    [prisma.resultTable, prisma.criticalTheme].map((rows) =>
      (rows as typeof prisma.resultTable).count({ where: { releaseId: id } }),
    ),
  )
  return { status, tables, themes }
}
