import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../packages/server/src/domains/access/api-keys.ts'
import { runCampaigns } from '../../packages/server/src/domains/survey/run-campaigns.ts'
import { startTestServer, type TestServer } from '../../packages/server/src/testing/test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer('demonstration')
})
afterAll(() => server.close())

test('prints how many answered, and what is critical for most of them', async () => {
  const { prisma } = server.database
  const { id, networkId } = await prisma.organization.findFirstOrThrow({ where: { kind: 'health_authority' } })
  const request = { networkId, organizationId: id, name: 'survey wave', expiresAt: null }
  const { key } = await createApiKey(prisma, { ...request, scopes: ['network_coordinate'] })

  // The server's minute: when the program looks whether the release is there, it is made.
  let making = Promise.resolve({})
  server.server.on('request', (_request, response) => {
    response.once('finish', () => {
      making = making.then(() => runCampaigns(prisma, new Date()))
    })
  })
  const script = join(import.meta.dirname, 'survey-wave.js')
  const env = { ...process.env, WELFARE_NETWORK_API: server.endpoint, WELFARE_NETWORK_KEY: key }
  const { stdout } = await promisify(execFile)(process.execPath, [script], { env })
  await making
  const [answered, themes] = stdout.trim().split('\n\n') as [string, string]
  expect(answered.split('\n')).toHaveLength(4)
  expect(answered).toMatch(/: at least 50 of 80 answered/)
  expect(themes).toMatch(/^Critical for most:\n {2}Conciliazione/)
  expect(themes).not.toMatch(/Budget|Bilancio/i)
}, 400_000)

test('without a key it says what is missing', async () => {
  const { WELFARE_NETWORK_KEY: _key, ...env } = process.env
  const script = join(import.meta.dirname, 'survey-wave.js')
  const failing = promisify(execFile)(process.execPath, [script], { env })
  await expect(failing).rejects.toThrow(/WELFARE_NETWORK_KEY: give the API key/)
})
