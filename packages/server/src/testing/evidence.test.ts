import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { findSecrets } from './evidence.ts'

const secret = () => randomBytes(16).toString('base64url')

test('a secret is found wherever it stands in a line, and lines without any are not', () => {
  const [one, other] = [secret(), secret()]
  const logs = [`{"msg":"${one}"}`, `${other}`, `a${one}b`, one.slice(0, -1), '{"requestId":"one"}', '']
  expect(findSecrets({ secrets: [one, other], logs })).toEqual(logs.slice(0, 3))
})

test.each([
  ['an API key', 'wnk1_0123456789abcdef0123456789abcdef_AbcdefghijklmnopqrstuvwxyzAbcdefghijklmnopqrs'],
  ['a session', 'wns1.eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA'],
  ['a token', 'eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.'],
  ['a header', 'authorization: bearer something'],
  ['a password of a database', 'postgresql://welfare:secret@localhost/welfare'],
])('%s is told by its form, though nobody noted it', (_, text) => {
  expect(findSecrets({ secrets: [], logs: [`{"said":"${text}"}`] })).toHaveLength(1)
})

test.each([
  ['no', 0],
  ['yes', 1],
])('a run of tests that logs a secret (%s) ends with %i', async (leaks, code) => {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const config = join(import.meta.dirname, 'leaky', 'vitest.config.ts')
  const { PATH, HOME, TMPDIR } = process.env
  const env = { PATH, HOME, TMPDIR, LEAK: leaks } as unknown as NodeJS.ProcessEnv
  const run = promisify(execFile)(process.execPath, [vitest, 'run', '--config', config], { env })
  const ended = await run.then(
    ({ stdout }) => ({ code: 0, told: stdout }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      told: error.stdout + error.stderr,
    }),
  )
  expect(ended).toEqual({
    code,
    told: expect.stringContaining(code === 0 ? 'none is in the 1 lines' : '1 lines that were logged hold a secret'),
  })
})
