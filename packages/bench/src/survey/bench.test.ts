import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = async (script: string) =>
  (await promisify(execFile)(process.execPath, [join(import.meta.dirname, script), '--smoke'])).stdout

// They need a PostgreSQL server; `pnpm test:postgres` has one.
const isAbsent = process.env.TEST_DATABASE_URL === undefined

test.skipIf(isAbsent)('a campaign is filled, released and computed again, and all of it is measured', async () => {
  expect(await run('release.ts')).toMatch(
    /^2000 answers: released in [\d.]+ s, .* ratio [\d.]+, computed again [\d.]+$/m,
  )
})

test.skipIf(isAbsent)('every answer that is sent is counted, by both servers', async () => {
  const stdout = await run('submit.ts')
  for (const server of ['this server', 'verify and insert'])
    expect(stdout).toMatch(new RegExp(`^${server}: \\d+ answers`, 'm'))
  expect(stdout).toMatch(/^measured {2}/m)
})
