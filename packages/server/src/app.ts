/** The HTTP face: a thin front that names, bounds and logs requests, and the endpoints behind it. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import compression from 'compression'
import type { Config } from './config.ts'
import type { Database } from './database/connect.ts'
import { limits } from './graphql/limits.ts'
import { createGraphqlEndpoint, graphqlPath } from './http/graphql-endpoint.ts'
import { type Health, live, ready } from './http/health.ts'
import { readBody } from './http/read-body.ts'
import { currentRequest, describeError, type Logger } from './log.ts'

export interface Dependencies {
  database: Database
  config: Pick<Config, 'corsOrigins' | 'development'>
  logger: Logger
}

/** An HTTP server that has everything but a port. */
export function createApp({ database, config, logger }: Dependencies): Server {
  const graphql = createGraphqlEndpoint(database, config, logger)
  const compress = compression()

  const server = createServer((request, response) => {
    const requestId = readRequestId(request)
    const started = performance.now()
    response.setHeader('x-request-id', requestId)
    response.setHeader('x-content-type-options', 'nosniff')
    currentRequest.run({ requestId }, () => {
      response.on('finish', () => {
        const milliseconds = Math.round((performance.now() - started) * 10) / 10
        logger.info({ method: request.method, path: pathOf(request), status: response.statusCode, milliseconds }, 'request')
      })
      compress(request as never, response as never, () => {
        answer(request, response, requestId).catch((error: unknown) => {
          logger.error(describeError(error), 'unexpected error')
          if (!response.headersSent) refuse(response, 500, 'Something went wrong here.', 'INTERNAL_SERVER_ERROR', requestId)
          else response.destroy()
        })
      })
    })
  })
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  return server

  async function answer(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const path = pathOf(request)
    if (path === graphqlPath) return answerGraphql(request, response, requestId)
    if (path === '/health/live') return answerHealth(response, live())
    if (path === '/health/ready') return answerHealth(response, await ready(database))
    refuse(response, 404, `Nothing is at ${path.slice(0, 80)}. The API is at ${graphqlPath}.`, 'NOT_FOUND', requestId)
  }

  async function answerGraphql(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    const body = await readBody(request, limits.bodyBytes)
    if (body === undefined) {
      const message = `The request is larger than ${limits.bodyBytes} bytes. Send less, values as variables.`
      response.setHeader('connection', 'close')
      refuse(response, 413, message, 'PAYLOAD_TOO_LARGE', requestId)
      return
    }
    const answered = await graphql.fetch(
      new Request(`http://localhost${request.url}`, {
        method: request.method!,
        headers: headersOf(request),
        ...(body.length > 0 && request.method !== 'GET' && request.method !== 'HEAD' && { body: new Uint8Array(body) }),
      }),
      { requestId },
    )
    response.statusCode = answered.status
    answered.headers.forEach((value, name) => response.setHeader(name, value))
    response.end(Buffer.from(await answered.arrayBuffer()))
  }
}

const requestIdForm = /^[\w.-]{8,64}$/

function readRequestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id']
  return typeof given === 'string' && requestIdForm.test(given) ? given : randomUUID()
}

// Queries may stand in the address, and values in queries: what follows the path is not logged.
function pathOf(request: IncomingMessage): string {
  return request.url!.split('?', 1)[0]!
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return headers
}

function answerHealth(response: ServerResponse, { status, body }: Health): void {
  response.writeHead(status, { 'content-type': 'application/health+json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function refuse(response: ServerResponse, status: number, message: string, code: string, requestId: string): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] }))
}
