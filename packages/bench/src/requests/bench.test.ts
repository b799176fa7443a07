import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

// The peers need a PostgreSQL server; `pnpm test:postgres` has one.
test.skipIf(process.env.TEST_DATABASE_URL === undefined)(
  'all servers answer the same, and this one with one statement a request',
  async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'bench.ts'), '--smoke'])
    for (const server of ['this server', 'PostGraphile 5', 'Apollo + Prisma', 'node:http + pg']) {
      expect(stdout).toContain(server)
    }
    for (const question of ['Q1', 'Q2', 'Q3']) expect(stdout).toContain(`reached  ${question}: 1 SQL statements`)
  },
)
