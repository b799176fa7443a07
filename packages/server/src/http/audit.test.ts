/** GraphQL over HTTP, to the letter: every audit of the reference implementation, on a real port. */
import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '../testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer('demonstration')
})

afterAll(() => server.close())

describe('GraphQL over HTTP', () => {
  for (const audit of serverAudits({ url: () => server.endpoint })) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      expect(result.status, 'reason' in result ? result.reason : '').toBe('ok')
    })
  }
})
