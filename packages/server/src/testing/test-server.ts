/** A server on a real port, for as long as a test file runs. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createApp, type Dependencies } from '../app.ts'
import type { Database } from '../database/connect.ts'
import { shutDown } from '../http/shut-down.ts'
import { createLogger } from '../log.ts'
import { passingSecrets } from '../secrets.ts'
import { keepLog, noteSecret } from './evidence.ts'
import type { Template } from './global-setup.ts'
import { openTestDatabase } from './test-database.ts'

const anyone: Dependencies['config'] = { corsOrigins: '*', development: true }

export async function startTestServer(template: Template, config: Dependencies['config'] = anyone) {
  return serve(await openTestDatabase(template), config)
}

/** The same with a database that is open already; closing the server closes it. */
export async function serve(database: Database, config: Dependencies['config'] = anyone) {
  const lines: string[] = []
  const secrets = passingSecrets()
  const logger = createLogger('debug', {
    write: (line) => {
      lines.push(line)
      keepLog(line)
    },
  })
  const server = createApp({ database, secrets, logger, config })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const endpoint = `${origin}/graphql`
  return {
    database,
    secrets,
    server,
    origin,
    endpoint,
    /** Every line that the server logged so far. */
    lines,
    /** Asks the API and returns the whole answer. */
    async ask<Data = Record<string, never>>(
      query: string,
      variables: object = {},
      credential?: string,
    ): Promise<Answer<Data>> {
      if (credential !== undefined) noteSecret(credential)
      const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization },
        body: JSON.stringify({ query, variables }),
      })
      return (await response.json()) as Answer<Data>
    },
    close: () => shutDown(server, database),
  }
}

export interface Answer<Data> {
  data: Data
  errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string; requestId?: string } }[]
}

export type TestServer = Awaited<ReturnType<typeof startTestServer>>
