/**
 * Ten thousand credentials that are none, by HTTP as anybody can send them. Each is answered 400 or 401, and for none of
 * them more is done than looking one key up: that is counted, in statements and in questions to the issuer, not timed.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect as connectSocket } from 'node:net'
import fc from 'fast-check'
import { exportSPKI, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { makeKey, type SigningKey, startIssuer } from '../../testing/oidc-issuer.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { serve, type TestServer } from '../../testing/test-server.ts'
import { type WatchedClient, watchStatements } from '../../testing/watch-statements.ts'
import { createApiKey } from './api-keys.ts'
import { issueGrant } from './grant.ts'
import { openPersonSession } from './person-session.ts'
import { staffTokenDefaults } from './staff-token.ts'

const audience = 'https://api.example'
const seed = 4_711

let server: TestServer
let watched: WatchedClient
let issuer: Awaited<ReturnType<typeof startIssuer>>
let issuerKey: SigningKey
let forger: SigningKey
/** What is good, and what is made from it. */
let key: string
let session: string
let grant: string
let token: string

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-31T10:15:12Z') })
  issuerKey = await makeKey('RS256', 'one')
  forger = await makeKey('ES256', 'one')
  issuer = await startIssuer([issuerKey], { audience, claims: { roles: ['network_coordinator'] }, lifetime: 600 })
  const database = await openTestDatabase('demonstration')
  watched = watchStatements(database)
  const staffIssuer = { ...staffTokenDefaults, issuer: issuer.issuer, audience }
  const config = { corsOrigins: '*' as const, development: false, staffIssuer }
  server = await serve({ ...database, prisma: watched.prisma }, config)
  const { prisma } = database
  const { id: organizationId, networkId } = await prisma.organization.findFirstOrThrow()
  const asked = { networkId, organizationId, name: 'one', scopes: ['grant_issue' as const], expiresAt: null }
  key = (await createApiKey(prisma, asked)).key
  const now = new Date()
  grant = (await issueGrant(server.secrets, { networkId, organizationId, relation: 'employee' }, now)).grant
  const personKey = randomBytes(16).toString('base64url')
  const opened = await openPersonSession(prisma as PrismaClient, server.secrets, { networkId, personKey }, now)
  if (opened.type === 'refused') throw new Error(opened.reason)
  session = opened.token
  token = await issuer.accessToken()
  // What is good is taken, so that what follows is refused for what was changed in it; the issuer's keys are known then.
  expect(await Promise.all([key, session].map((each) => statusOf(`Bearer ${each}`)))).toEqual([200, 200])
  expect(await statusOf(`Bearer ${token}`)).toBe(403)
})
afterAll(async () => {
  agent.destroy()
  await watched.prisma.$disconnect()
  await server.close()
  await issuer.stop()
  vi.useRealTimers()
})

/** A text with a part cut off, doubled, moved, or in other letters; never the text itself. */
function spoilt(good: () => string): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(200), fc.nat(30), fc.string({ unit: 'grapheme-ascii', maxLength: 20 }), fc.nat(9))
    .map(([at, length, other, way]) => {
      const text = good()
      const from = at % text.length
      const ways = [
        text.slice(0, from),
        text.slice(from + 1),
        text.slice(0, from) + other + text.slice(from + length),
        text + other,
        `${text}=`,
        text.toUpperCase(),
        flipCase(text, from),
        text.replaceAll('_', '/').replaceAll('-', '+').replaceAll('.', '/'),
        text.replace('1', '2'),
        `${text}${text}`,
      ]
      return ways[way]!
    })
    .filter((text) => !goods().includes(text.replace(/^bearer +/i, '').replace(/ +$/, '')))
}

const goods = () => [key, session, token]

function flipCase(text: string, from: number): string {
  const at = [...text].findIndex((sign, index) => index >= from && /[a-z]/i.test(sign))
  if (at === -1) return `${text}x`
  const sign = text[at]!
  return (
    text.slice(0, at) + (sign === sign.toLowerCase() ? sign.toUpperCase() : sign.toLowerCase()) + text.slice(at + 1)
  )
}

const bearer = fc.constantFrom('Bearer ', 'bearer ', 'BEARER ', 'Bearer  ')
const behind = (texts: fc.Arbitrary<string>) => fc.tuple(bearer, texts).map((parts) => parts.join(''))
const wellFormedKey = fc
  .tuple(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
  .map(([id, secret]) => `wnk1_${Buffer.from(id).toString('hex')}_${Buffer.from(secret).toString('base64url')}`)

const kinds: [what: string, headers: () => fc.Arbitrary<string>, count: number, statementsEach: number][] = [
  [
    'schemes that are none, no scheme, or two',
    () =>
      fc.oneof(
        fc
          .tuple(
            fc.constantFrom('Basic', 'Digest', 'Token', 'Negotiate', 'bearer:', 'Bearer=', 'B', ''),
            fc.constantFrom(...goods()),
          )
          .map((parts) => parts.join(' ')),
        fc.constantFrom(...goods()).map((each) => `Bearer ${each}, Bearer ${each}`),
        fc.constantFrom(...goods()).map((each) => `Bearer Bearer ${each}`),
        fc
          .tuple(fc.constantFrom('Bearer\t', 'Bearer', 'Bearer "', "Bearer '", 'Bearer,'), fc.constantFrom(...goods()))
          .map((parts) => parts.join('')),
      ),
    1_000,
    0,
  ],
  [
    'bytes beyond ASCII, and signs',
    () =>
      // What HTTP takes in a header: a tab, and everything from the blank on but DEL.
      fc
        .array(fc.oneof(fc.constant(9), fc.integer({ min: 32, max: 126 }), fc.integer({ min: 128, max: 255 })), {
          minLength: 1,
          maxLength: 300,
        })
        .map((bytes) => `Bearer é${Buffer.from(bytes).toString('latin1')}`),
    1_000,
    0,
  ],
  ['keys that are cut, longer, in other letters or of another version', () => behind(spoilt(() => key)), 2_000, 1],
  ['keys that are well formed, of which there are none', () => behind(wellFormedKey), 1_000, 1],
  [
    'sessions and grants that are spoilt',
    () =>
      behind(
        fc.oneof(
          spoilt(() => session),
          spoilt(() => grant),
        ),
      ),
    1_500,
    0,
  ],
  ['tokens that are spoilt', () => behind(spoilt(() => token)), 1_000, 0],
  [
    'very long texts',
    () =>
      behind(
        fc
          .tuple(
            fc.constantFrom('wnk1_', 'wns1.', 'wng1.', 'eyJ', ''),
            fc.integer({ min: 2_000, max: 14_000 }),
            fc.constantFrom('A', '.', '_', 'A.', '0'),
          )
          .map(([start, length, fill]) => start + fill.repeat(length).slice(0, length)),
      ),
    500,
    0,
  ],
]

test.each(kinds)(
  '%s: 400 or 401, and no work',
  async (_, headers, count, statementsEach) => {
    const texts = fc.sample(headers(), { numRuns: count, seed })
    const wellFormed = texts.filter((text) => /^bearer +wnk1_[0-9a-f]{32}_[\w-]{43} *$/i.test(text)).length
    await expectRefused(texts)
    expect(watched.statements.length).toBeLessThanOrEqual(wellFormed * statementsEach)
  },
  300_000,
)

test('forged tokens, 2,000 of them: 401, no statement, and no question to anybody', async () => {
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString()) as [
    string,
    string,
  ]
  const pem = await exportSPKI(issuerKey.publicKey)
  const own = { jwk: forger.jwk, jku: `${server.origin}/jwks`, x5u: `${server.origin}/x5u`, x5c: ['MIIB'] }
  const kid = fc.constantFrom('one', '', '../../dev/null', "' OR 1=1 --", 'one\0', '__proto__', `${'k'.repeat(2_000)}`)
  const trick = fc.record(
    {
      alg: fc.constantFrom(
        'none',
        'None',
        'nOnE',
        'HS256',
        'HS512',
        'RS256',
        'ES256',
        'PS256',
        'RSA-OAEP',
        'dir',
        'A128KW',
        '',
      ),
      kid,
      typ: fc.constantFrom('at+jwt', 'JWT', 'jwt', 'wns1+jwt', 'dpop+jwt'),
      jku: fc.constant(own.jku),
      x5u: fc.constant(own.x5u),
      x5c: fc.constant(own.x5c),
      jwk: fc.constant(own.jwk),
      crit: fc.constantFrom<unknown>(['exp'], ['b64'], [], ['x'], 'exp'),
      b64: fc.boolean(),
      zip: fc.constant('DEF'),
      enc: fc.constant('A128GCM'),
    },
    { requiredKeys: ['alg'] },
  )
  const claims = fc.record(
    {
      iss: fc.constantFrom(issuer.issuer, `${issuer.issuer}/`, 'https://other.example', '', [issuer.issuer] as unknown),
      aud: fc.constantFrom<unknown>(audience, [audience, 'x'], 'x', [], null),
      exp: fc.constantFrom<unknown>(4_000_000_000, 0, -1, 'never', null, 1e308),
      sub: fc.constantFrom<unknown>('somebody', '', null, { $ne: 1 }, ['a']),
      roles: fc.constant(['network_coordinator']),
    },
    { requiredKeys: [] },
  )
  const way = fc.constantFrom('none', 'nothing', 'public key', 'forger', 'stolen signature', 'random')
  const tricks = fc.sample(fc.tuple(trick, claims, way), { numRuns: 2_000, seed })
  const signature = token.split('.')[2]!
  const texts = await Promise.all(
    tricks.map(async ([head, said, signed]) => {
      const body = { ...(JSON.parse(payload) as object), ...said }
      const text = `${part({ ...(JSON.parse(header) as object), ...head })}.${part(body)}`
      switch (signed) {
        case 'none':
          return `Bearer ${text}.`
        case 'nothing':
          return `Bearer ${text}`
        case 'public key':
          return `Bearer ${text}.${createHmac(head.alg === 'HS512' ? 'sha512' : 'sha256', pem)
            .update(text)
            .digest('base64url')}`
        case 'forger':
          return `Bearer ${await new SignJWT(body as never).setProtectedHeader({ alg: 'ES256', kid: head.kid ?? 'one', typ: 'at+jwt' }).sign(forger.privateKey)}`
        case 'stolen signature':
          return `Bearer ${text}.${signature}`
        default:
          return `Bearer ${text}.${randomBytes(256).toString('base64url')}`
      }
    }),
  )
  await expectRefused(texts)
  expect(watched.statements).toEqual([])
}, 300_000)

test('what HTTP itself does not take is answered 400, or 431 where it is too much, and never reaches the database', async () => {
  const shapes = [
    ...['\0', '\r', '\x01', '\x7f'].flatMap((sign) => [
      `Authorization: Bearer ${key}${sign}`,
      `Authorization: ${sign}Bearer ${key}`,
    ]),
    ...[20_000, 200_000].map((length) => `Authorization: Bearer ${'A'.repeat(length)}`),
    `Authorization: Bearer ${key}\r\nAuthorization: Bearer ${session}`,
    `Authorization: Bearer ${key}\r\nauthorization: Bearer ${key}`,
    `Authorization : Bearer ${key}`,
    `Authorization: Bearer ${key}\r\n Bearer ${session}`,
    `Authorization: Bearer ${key}\nX: y\0`,
    `Authorization\0: Bearer ${key}`,
  ]
  watched.statements.length = 0
  for (let round = 0; round < 25; round += 1) {
    for (const shape of shapes)
      expect(await sendRaw(shape), JSON.stringify(shape.slice(0, 80))).toMatch(/^HTTP\/1\.1 (400|401|431) /)
  }
  expect(watched.statements).toEqual([])
}, 120_000)

test('an issuer that does not answer is told by 503, a thousand times, and what needs no key of it is refused', async () => {
  const dead = await startIssuer([issuerKey], { audience, claims: {}, lifetime: 600 })
  const good = await dead.accessToken()
  await dead.stop()
  const staffIssuer = { ...staffTokenDefaults, issuer: dead.issuer, audience }
  const other = await serve(server.database, { corsOrigins: '*', development: false, staffIssuer })
  onTestFinished(() => {
    other.server.close()
    other.server.closeAllConnections()
  })
  watched.statements.length = 0
  const statuses = new Set<number>()
  for (let count = 0; count < 1_000; count += 1)
    statuses.add(await statusOf(`Bearer ${good.slice(0, -1 - (count % 40))}`, other))
  expect([...statuses].every((status) => status === 503 || status === 401)).toBe(true)
  expect(await statusOf(`Bearer ${good}`, other)).toBe(503)
  expect(await statusOf(`Bearer ${token}`, other)).toBe(401)
  expect(watched.statements).toEqual([])
}, 120_000)

/** Sends all, a few at a time; each is refused, and nobody is asked. */
async function expectRefused(texts: string[]): Promise<void> {
  watched.statements.length = 0
  issuer.requests.length = 0
  let next = 0
  const worker = async () => {
    for (let at = next++; at < texts.length; at = next++) {
      const status = await statusOf(texts[at]!)
      if (status !== 400 && status !== 401) expect(`${status} ${texts[at]}`).toBe('400 or 401')
    }
  }
  await Promise.all(Array.from({ length: 4 }, worker))
  expect(issuer.requests).toEqual([])
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 })
const question = JSON.stringify({ query: '{ viewer { __typename } }' })

function statusOf(authorization: string, { endpoint }: Pick<TestServer, 'endpoint'> = server): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', authorization }
    const sent = request(endpoint, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode!))
    })
    sent.on('error', reject)
    sent.end(question)
  })
}

/** Sends a line among the headers as it is, and returns what comes back. */
function sendRaw(line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectSocket(Number(new URL(server.origin).port), '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    // Who sends too much is cut off after the answer.
    socket.on('error', () => {}).on('close', () => resolve(answer))
    const head = ['POST /graphql HTTP/1.1', 'Host: here', 'Connection: close', 'Content-Type: application/json', line]
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${question.length}\r\n\r\n${question}`)
  })
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
