import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { databaseUrl } from '../testing/global-setup.ts'
import { onServer } from '../testing/postgres-server.ts'
import { connect, DatabaseUnavailable } from './connect.ts'
import { isTimeout } from './is-timeout.ts'
import { FolderInUse } from './lock-folder.ts'
import { takeTime } from './take-time.ts'

test('an embedded database is new once, and keeps what was written', async () => {
  const folder = emptyFolder()
  const first = await connect({ folder })
  expect(first).toMatchObject({ embedded: true, isNew: true })
  await first.prisma.$executeRaw`CREATE TABLE kept (word text)`
  await first.prisma.$executeRaw`INSERT INTO kept VALUES ('here')`
  await first.close()

  const second = await connect({ folder })
  expect(second.isNew).toBe(false)
  expect(await second.prisma.$queryRaw`SELECT word FROM kept`).toEqual([{ word: 'here' }])
  await second.close()
})

test('a folder that a process left half-made is begun anew', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'postgres.partial'))
  writeFileSync(join(folder, 'postgres.partial', 'PG_VERSION'), '18')
  const database = await connect({ folder })
  expect(await database.prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }])
  await database.close()
  expect(existsSync(join(folder, 'postgres.partial'))).toBe(false)
})

test('a second opening of the same folder is refused, and allowed once the first is closed', async () => {
  const folder = emptyFolder()
  const database = await connect({ folder })
  await expect(connect({ folder })).rejects.toThrow(FolderInUse)
  await database.close()
  await (await connect({ folder })).close()
})

test('a folder whose files are no database is refused with what to do, and let go of', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'postgres'))
  writeFileSync(join(folder, 'postgres', 'PG_VERSION'), 'not a version')
  const opening = connect({ folder })
  await expect(opening).rejects.toThrow(DatabaseUnavailable)
  await expect(opening).rejects.toThrow(/does not open .*Move the folder away/)
  expect(existsSync(join(folder, 'process.pid'))).toBe(false)
})

test('a PostgreSQL that does not answer is refused without telling the password', async () => {
  const opening = connect({ url: 'postgresql://someone:secret@127.0.0.1:1/nothing' })
  await expect(opening).rejects.toThrow(/DATABASE_URL: no PostgreSQL answers/)
  await expect(opening).rejects.not.toThrow(/secret/)
})

const server = process.env.TEST_DATABASE_URL
test.skipIf(server === undefined)(
  'a server is in UTC whatever its own time zone, and a statement has its time',
  async () => {
    const name = `welfare_clock_${process.pid}`
    await onServer(server!, `CREATE DATABASE ${name}`)
    await onServer(server!, `ALTER DATABASE ${name} SET timezone = 'Asia/Tokyo'`)
    const { prisma, close } = await connect({ url: databaseUrl(server!, name), patience: 100 })
    try {
      const moment = new Date('2026-06-13T20:30:00Z')
      expect(await prisma.$queryRaw`SELECT ${moment}::timestamptz AS moment`).toEqual([{ moment }])
      const slow = await prisma.$queryRaw`SELECT pg_sleep(5)::text`.catch((error: unknown) => error)
      expect(isTimeout(slow)).toBe(true)
      // But for what may take its time.
      const patience = takeTime(prisma, (tx) => tx.$queryRaw`SELECT current_setting('statement_timeout') AS patience`)
      expect(await patience).toEqual([{ patience: '10min' }])
    } finally {
      await close()
      await onServer(server!, `DROP DATABASE ${name} WITH (FORCE)`)
    }
  },
)

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-connect-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
