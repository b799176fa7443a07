/** The HTTP face: a thin front that names, bounds and logs requests, and the endpoints behind it. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import compression from 'compression'
import { anyone } from './actor.ts'
import type { Config } from './config.ts'
import type { Database } from './database/connect.ts'
import { partnerFinder } from './domains/access/find-partner.ts'
import { findStaff } from './domains/access/find-staff.ts'
import { type Credentials, identify, type Unidentified } from './domains/access/identify.ts'
import { personSessions } from './domains/access/person-session.ts'
import { staffTokens } from './domains/access/staff-token.ts'
import { limits } from './graphql/limits.ts'
import { openBudgets } from './http/budgets.ts'
import { allowOrigin } from './http/cors.ts'
import { createGraphqlEndpoint, graphqlPath } from './http/graphql-endpoint.ts'
import { type Health, live, ready } from './http/health.ts'
import { answerHsds, hsdsPath, readRoute } from './http/hsds/hsds-endpoint.ts'
import { readBody } from './http/read-body.ts'
import { refuse } from './http/refuse.ts'
import { answerRelease, beginRelease, type ReleaseRoute, readReleaseRoute } from './http/releases/releases-endpoint.ts'
import { answerSchema, schemaPaths } from './http/schemas-endpoint.ts'
import { currentRequest, describeError, type Logger } from './log.ts'
import type { Secrets } from './secrets.ts'

export interface Dependencies {
  database: Database
  secrets: Secrets
  /** Without budgets, what callers spend is not counted. */
  config: Pick<Config, 'corsOrigins' | 'development' | 'staffIssuer'> &
    Partial<Pick<Config, 'budgets' | 'trustedProxies'>>
  logger: Logger
}

type Answer = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void> | void

/** An HTTP server that has everything but a port. */
export function createApp({ database, secrets, config, logger }: Dependencies): Server {
  const graphql = createGraphqlEndpoint({ prisma: database.prisma, secrets }, config, logger)
  const sessions = personSessions(secrets)
  const credentials: Credentials = {
    partner: partnerFinder(database.prisma),
    person: (token) => sessions(token, new Date()),
    staff: staffReader(database, config),
  }
  const { budgets: settings, trustedProxies = 0 } = config
  const budgets = settings && openBudgets(settings, trustedProxies)
  const compress = compression()
  const answers = new Map<string, Answer>([
    [graphqlPath, answerGraphql],
    ['/health/live', (request, response) => answerHealth(request, response, live)],
    ['/health/ready', (request, response) => answerHealth(request, response, () => ready(database))],
    ...schemaPaths.map((path): [string, Answer] => [path, (...asked) => answerSchema(path, ...asked)]),
  ])

  const server = createServer((request, response) => {
    const requestId = readRequestId(request)
    const path = pathOf(request)
    const route = readRoute(path)
    const release = readReleaseRoute(path)
    const started = performance.now()
    response.setHeader('x-request-id', requestId)
    response.setHeader('x-content-type-options', 'nosniff')
    response.on('close', () => {
      const milliseconds = Math.round((performance.now() - started) * 10) / 10
      const { statusCode: status, writableFinished } = response
      // An address that is not ours can hold anything; only ours are logged.
      const known = answers.has(path) ? path : (route?.pattern ?? release?.pattern ?? 'elsewhere')
      const cutOff = writableFinished ? {} : { cutOff: true }
      logger.info({ requestId, method: request.method, path: known, status, milliseconds, ...cutOff }, 'request')
    })
    const answer = async () => {
      try {
        if (route !== undefined)
          await answerHsds(database, route, request, response, requestId, budgets?.of(anyone, request))
        else if (release !== undefined) await answerFile(release, request, response, requestId)
        else await (answers.get(path) ?? answerNotFound)(request, response, requestId)
      } catch (error) {
        logger.error(describeError(error), 'unexpected error')
        if (response.headersSent) response.destroy()
        else refuse(response, 500, 'Something went wrong here.', 'INTERNAL_SERVER_ERROR', requestId)
      }
    }
    currentRequest.run({ requestId }, () => {
      if (request.headers['accept-encoding'] !== undefined) compress(request as never, response as never, answer)
      else {
        // Nothing to compress for this client; a cache must still know that others are answered otherwise.
        response.appendHeader('vary', 'Accept-Encoding')
        answer()
      }
    })
  })
  server.requestTimeout = 30_000
  server.headersTimeout = 10_000
  return server

  async function answerFile(
    route: ReleaseRoute,
    request: IncomingMessage,
    response: ServerResponse,
    requestId: string,
  ): Promise<void> {
    beginRelease(request, response)
    const actor = await identify(credentials, authorizationOf(request))
    if (typeof actor === 'string') {
      refuseCredential(response, actor, requestId)
      return
    }
    const budget = budgets?.of(actor, request)
    await answerRelease(database, route, actor, { request, response, requestId, budget })
  }

  async function answerGraphql(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    allowOrigin(request, response, config.corsOrigins)
    const { method } = request
    if (method === 'OPTIONS') {
      response.writeHead(204, { allow: graphqlMethods }).end()
      return
    }
    if (method !== 'GET' && method !== 'POST') {
      response.setHeader('allow', graphqlMethods)
      refuse(response, 405, `${graphqlPath} takes GET and POST.`, 'METHOD_NOT_ALLOWED', requestId)
      return
    }
    const actor = await identify(credentials, authorizationOf(request))
    if (typeof actor === 'string') {
      refuseCredential(response, actor, requestId)
      return
    }
    const budget = budgets?.of(actor, request)
    if (budget?.remaining === 0) {
      budget.refuse(response, requestId)
      return
    }
    const body = await readBody(request, limits.bodyBytes)
    if (body === 'cut off') return
    if (body === 'too large') {
      const message = `The request is larger than ${limits.bodyBytes} bytes. Send less, values as variables.`
      refuse(response, 413, message, 'PAYLOAD_TOO_LARGE', requestId)
      return
    }
    // While the server stops, this is the last answer on the connection.
    const endsConnection = () => !server.listening && response.setHeader('connection', 'close')
    const context = () => ({ requestId, actor, ...(budget && { budget }) })
    const known = method === 'POST' ? await graphql.answerKnown(request.headers, body, context()) : undefined
    if (budget?.overspent) {
      budget.refuse(response, requestId)
      return
    }
    if (known !== undefined) {
      endsConnection()
      budget?.tell(response)
      response.statusCode = known.status
      response.setHeader('content-type', known.type)
      response.setHeader('content-length', Buffer.byteLength(known.body))
      // A text goes out together with the headers; bytes would take a write of their own.
      response.end(known.body)
      return
    }
    const answered = await graphql.fetch(
      new Request(`http://localhost${request.url}`, {
        method,
        headers: headersOf(request),
        ...(method === 'POST' && { body: new Uint8Array(body) }),
      }),
      context(),
    )
    // What was not executed, such as a document that is not valid, was work too.
    budget?.pay(1)
    if (budget?.overspent) {
      budget.refuse(response, requestId)
      return
    }
    budget?.tell(response)
    if (answered.status === 406) {
      const message = 'The answer is JSON. Accept application/graphql-response+json, application/json or */*.'
      refuse(response, 406, message, 'NOT_ACCEPTABLE', requestId)
      return
    }
    response.statusCode = answered.status
    response.setHeaders(answered.headers)
    endsConnection()
    response.end(Buffer.from(await answered.arrayBuffer()))
  }
}

// Without an issuer no token is of the staff. The reader keeps the issuer's keys, so there is one for all requests.
function staffReader(
  { prisma }: Pick<Database, 'prisma'>,
  { staffIssuer }: Pick<Config, 'staffIssuer'>,
): Credentials['staff'] {
  if (staffIssuer === undefined) return async () => null
  const tokens = staffTokens(staffIssuer)
  return async (token) => {
    const claims = await tokens.read(token)
    return claims === null ? null : findStaff(prisma, claims)
  }
}

function refuseCredential(response: ServerResponse, why: Unidentified, requestId: string): void {
  const { status, code, message, header } = credentialRefusals[why]
  response.setHeader(...header)
  refuse(response, status, message, code, requestId)
}

// RFC 6750, section 3.1. Of a credential that is not taken, nothing is told of why.
const credentialRefusals: Record<
  Unidentified,
  { status: number; code: string; message: string; header: [name: string, value: string] }
> = {
  malformed: {
    status: 400,
    code: 'BAD_CREDENTIAL',
    message: 'The header Authorization is not of the form "Bearer <credential>".',
    header: ['www-authenticate', 'Bearer error="invalid_request"'],
  },
  unknown: {
    status: 401,
    code: 'UNAUTHENTICATED',
    message: 'This credential is not valid, or not any more. Use another, or none for what is public.',
    header: ['www-authenticate', 'Bearer error="invalid_token"'],
  },
  not_staff: {
    status: 403,
    code: 'FORBIDDEN',
    message: 'No network has given you a role that your token says too. Ask the coordinator of yours.',
    header: ['www-authenticate', 'Bearer error="insufficient_scope"'],
  },
  issuer_unreachable: {
    status: 503,
    code: 'ISSUER_UNREACHABLE',
    message: 'Tokens can not be checked at the moment: their issuer does not answer. Try again soon.',
    header: ['retry-after', '5'],
  },
}

async function answerHealth(
  { method }: IncomingMessage,
  response: ServerResponse,
  check: () => Health | Promise<Health>,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const { status, body } = await check()
  response.writeHead(status, { 'content-type': 'application/health+json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

function answerNotFound(request: IncomingMessage, response: ServerResponse, requestId: string): void {
  // Any page may be told what it did wrong in the public directory.
  if (pathOf(request).startsWith(`${hsdsPath}/`)) allowOrigin(request, response, '*')
  const message = `Nothing is at ${pathOf(request).slice(0, 80)}. GraphQL is at ${graphqlPath}, HSDS at ${hsdsPath}.`
  refuse(response, 404, message, 'NOT_FOUND', requestId)
}

const graphqlMethods = 'GET, POST, OPTIONS'

// Of two such headers Node.js gives the first; something on the way may have gone by the other. Together they are none.
function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  if (headers.authorization === undefined) return undefined
  const names = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'authorization')
  return names.length === 1 ? headers.authorization : ''
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
