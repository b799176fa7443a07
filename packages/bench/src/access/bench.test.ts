import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// It needs a PostgreSQL server; `pnpm test:postgres` has one.
test.skipIf(process.env.TEST_DATABASE_URL === undefined)(
  'everybody is answered, every credential that is none is refused, and all of it is measured',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bench.ts'), '--smoke'])
    for (const who of ['nobody', 'partner', 'person']) expect(stdout).toMatch(new RegExp(`^${who} +\\d`, 'm'))
    for (const what of ['wrong', 'unknown', 'expired', 'revoked', 'malformed key', 'forged session', 'very long']) {
      expect(stdout).toMatch(new RegExp(`^${what} +401 `, 'm'))
    }
    expect(stdout).toMatch(/^right +200 /m)
    expect(stdout.match(/^measured {2}/gm)).toHaveLength(4)
  },
)
