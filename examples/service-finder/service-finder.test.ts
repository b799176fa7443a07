import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../packages/server/src/testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

async function run(...needs: string[]): Promise<string[]> {
  const script = join(import.meta.dirname, 'service-finder.js')
  const env = { ...process.env, WELFARE_NETWORK_API: server.endpoint }
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...needs], { env })
  return stdout.trim().split('\n')
}

test('prints the services near Bra for a need, each with its organization and telephone', async () => {
  const lines = await run()
  expect(lines.length).toBeGreaterThan(0)
  for (const line of lines) expect(line).toMatch(/^.+ \(.+\) {2}(\+39.*|112)?$/)
})

test('another need gives other services', async () => {
  expect(await run('parenting')).not.toEqual(await run())
})
