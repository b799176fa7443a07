/**
 * The employer as the adversary. It has its API key with every scope, every grant that it ever issued, its logs of every
 * request and response, headers included, and time. Its people open sessions and do all that a person can. By the design
 * their browsers take the grant from the employer's machine and the rest to the server: the person key never passes through
 * the employer. A page that the employer serves could of course take the key out of the browser; that is why the pages that
 * keep it are the network's, and why that is not tried here.
 */
import { randomBytes } from 'node:crypto'
import { connect as connectSocket } from 'node:net'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ApiKeyScope } from '../../generated/prisma/enums.ts'
import { schema } from '../../graphql/schema.ts'
import { placeOf } from '../../testing/actors.ts'
import { ask, reachTypes, selectionOf } from '../../testing/ask-schema.ts'
import { fillEveryTable } from '../../testing/fill-every-table.ts'
import { asOwner, openTestDatabase } from '../../testing/test-database.ts'
import { serve, type TestServer } from '../../testing/test-server.ts'
import { placesIn, writeArguments } from '../../testing/write-arguments.ts'
import { createApiKey } from './api-keys.ts'

const network = 'network 0'
const relations = ['EMPLOYEE', 'FAMILY_MEMBER'] as const

let server: TestServer
/** What the employer has. */
let apiKey: string
const grants: string[] = []
const records: string[] = []
/** What it could ask before anybody came, and after. */
let before: Map<string, string>
let after: Map<string, string>
/** What it has not. */
const people: { personKey: string; token: string; personId: string }[] = []

beforeAll(async () => {
  // One minute for all: what differs is not the clock.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-03-31T10:15:12Z') })
  const database = await openTestDatabase('empty')
  await fillEveryTable(database, 2)
  // The row that stands for a person in other tests is nobody's here.
  await asOwner(database, (tx) => tx.person.deleteMany())
  server = await serve(database)
  const asked = { ...placeOf(), name: 'intranet', scopes: Object.values(ApiKeyScope), expiresAt: null }
  apiKey = (await createApiKey(database.prisma, asked)).key
  before = await observe()
  await peopleCome()
  after = await observe()
}, 300_000)
afterAll(async () => {
  await server.close()
  vi.useRealTimers()
})

test('it asks every field of the schema with its key, before and after: not a byte differs', () => {
  expect(before.size).toBeGreaterThan(500)
  expect(after).toEqual(before)
})

test('it looks through all that it ever got: no key, no session, no person, no hash of one', async () => {
  const rows = await asOwner(server.database, (tx) => tx.person.findMany())
  expect(rows).toHaveLength(people.length)
  const hashes = rows.flatMap(({ keyHash }) => textsOf(Buffer.from(keyHash)))
  const keys = people.flatMap(({ personKey }) => [personKey, ...textsOf(Buffer.from(personKey, 'base64url'))])
  const ids = people.flatMap(({ personId }) => [personId, personId.replaceAll('-', '')])
  const got = records.join('\n')
  for (const trace of [...hashes, ...keys, ...ids, ...people.map(({ token }) => token)])
    expect(got).not.toContain(trace)
})

test('it compares its grants: those that say the same are the same text, however many people they were for', () => {
  expect(grants.length).toBeGreaterThan(10)
  expect(new Set(grants).size).toBe(relations.length)
})

test('it replays its grants as credentials: used or not, as they are or as sessions, none is one', async () => {
  const fresh = await issue('EMPLOYEE')
  const dressed = [...new Set(grants)].flatMap((grant) => [grant, grant.replace('wng1', 'wns1'), grant.slice(5)])
  const answers = await Promise.all([fresh, ...dressed].map((each) => send('{ viewer { __typename } }', each)))
  expect(new Set(answers).size).toBe(1)
  expect(answers[0]).toMatch(/^401 /)
})

test('it opens sessions with its grants and keys that it guesses: each is somebody whom it made up', async () => {
  const victims = new Set(people.map(({ personId }) => personId))
  const { networkId, organizationId } = placeOf()
  const guesses = [
    Buffer.alloc(16),
    Buffer.alloc(16, 255),
    ...[networkId, organizationId, ...victims].map((id) => Buffer.from(id.replaceAll('-', ''), 'hex')),
    ...grants.slice(0, 2).map((grant) => Buffer.from(grant).subarray(-16)),
    ...Array.from({ length: 50 }, () => randomBytes(16)),
  ]
  const count = () => asOwner(server.database, (tx) => tx.person.count())
  const there = await count()
  for (const guess of guesses) {
    const { token, personId } = await openSession(grants[0]!, guess.toString('base64url'))
    expect(victims).not.toContain(personId)
    const viewer = '{ viewer { __typename ... on PersonViewer { relation organization { id } } } }'
    expect(await send(viewer, token)).toContain('"relation":"EMPLOYEE"')
  }
  expect(await count()).toBe(there + guesses.length)
  await asOwner(server.database, (tx) => tx.person.deleteMany({ where: { id: { notIn: [...victims] } } }))
})

test('it reads order and number out of identifiers: those of people are random', () => {
  const ids = people.map(({ personId }) => personId)
  expect(new Set(ids).size).toBe(people.length)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/)
})

test('it asks for people by the ids that they have, as if it had learned them: nobody is there', async () => {
  const none = 'f'.repeat(32)
  for (const { personId } of people) {
    const key = personId.replaceAll('-', '')
    for (const type of ['person', 'viewer', 'person_viewer', 'opened_session']) {
      const question = (each: string) => send(`{ node(id: "${type}_${each}") { __typename } }`, apiKey)
      expect((await question(key)).replaceAll(key, none)).toBe(await question(none))
    }
  }
})

const strange = [
  ['a name that is not in the schema', '{ people { id } }'],
  ['a table', '{ person { keyHash } }'],
  ['a person of its organization', '{ viewer { ... on PartnerViewer { organization { people { id } } } } }'],
  ['what people are told of themselves', '{ viewer { ... on PersonViewer { relation organization { id } } } }'],
  ['a document that is none', '{ viewer { '],
  ['something that costs too much', `{ ${'a: viewer { __typename } '.repeat(401)} }`],
  ['a page that is too long', '{ networks(first: 100000) { totalCount } }'],
] as const

test.each(strange)('it asks for %s, and errors and extensions say what they said before', async (_, question) => {
  expect(before.get(question)).toContain('"')
  expect(await send(question, apiKey)).toBe(before.get(question))
})

test('it looks at headers: there are but those of any server, none of a session', () => {
  const names = new Set(records.flatMap((record) => [...record.matchAll(/^([\w-]+): /gm)].map(([, name]) => name!)))
  expect(names).toContain('content-type')
  expect([...names].filter((name) => !usual.includes(name))).toEqual([])
})

const usual = [
  'access-control-allow-origin',
  'access-control-expose-headers',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'keep-alive',
  'transfer-encoding',
  'vary',
  'www-authenticate',
  'x-content-type-options',
  'x-request-id',
]

test('it reads what the log of acts has: of people nothing is in it, and no address leads to it', async () => {
  const [{ log } = { log: '' }] = await asOwner(
    server.database,
    (tx) => tx.$queryRaw<{ log: string }[]>`SELECT coalesce(string_agg(e::text, ''), '') AS log FROM audit_entry e`,
  )
  for (const { personId } of people) expect(log).not.toContain(personId)
  for (const path of ['/audit', '/audit_entry', '/graphql/audit', '/hsds/audit', '/metrics', '/debug', '/people']) {
    expect((await look(path)).status).toBe(404)
  }
})

test('it repeats what people asked, with their idempotency keys: they are answers of nobody else', async () => {
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    if (!placesIn(field.args).some(({ name }) => name === 'idempotencyKey')) continue
    const write = (key: string) =>
      `mutation { probe: ${field.name}${writeArguments(field.args, (place) => argumentOf(place, key))} { __typename ... on Error { code } } }`
    const fresh = randomBytes(9).toString('hex')
    expect(await send(write(sharedKey), apiKey)).toBe(await send(write(fresh), apiKey))
  }
})

test('it sends two credentials at once: together they are none', async () => {
  const own = await openSession(grants[0]!, randomBytes(16).toString('base64url'))
  await asOwner(server.database, (tx) => tx.person.deleteMany({ where: { id: own.personId } }))
  for (const [one, other] of [
    [apiKey, own.token],
    [own.token, apiKey],
    [apiKey, grants[0]!],
    [apiKey, apiKey],
  ] as const) {
    const lines = [
      [`Authorization: Bearer ${one}`, `Authorization: Bearer ${other}`],
      [`Authorization: Bearer ${one}`, `aUTHORIZATION: Bearer ${other}`],
      [`Authorization: Bearer ${one}, Bearer ${other}`],
      [`Authorization: Bearer ${one} ${other}`],
      [`Authorization: Bearer ${one}\t${other}`],
    ]
    for (const each of lines) expect(await sendRaw(each)).toMatch(/^HTTP\/1\.1 400 /)
  }
})

test('it asks for a grant of a citizen, whom no organization entitles: there is none', async () => {
  expect(await send('mutation { issueGrant(input: { relation: CITIZEN }) { __typename } }', apiKey)).toContain(
    '"errors"',
  )
})

const sharedKey = 'a-key-that-people-used'

/** All that the employer can ask today, and what it gets. */
async function observe(): Promise<Map<string, string>> {
  const { reached } = reachTypes()
  const questions = reached.flatMap(({ type, around }) =>
    Object.values(type.getFields()).map((field) => around(`probe: ${ask(field)}${selectionOf(field)}`)),
  )
  const answers = new Map<string, string>()
  for (const question of [...questions, ...strange.map(([, question]) => question)]) {
    answers.set(question, await send(question, apiKey))
  }
  for (const relation of relations) answers.set(relation, await issue(relation))
  const hsds = `/hsds/${encodeURIComponent(network)}`
  const lists = ['services?full=true', 'organizations', 'taxonomies', 'taxonomy_terms', 'service_at_locations']
  for (const path of [
    ...lists.map((list) => `${hsds}/${list}`),
    '/hsds',
    '/health/live',
    '/health/ready',
    '/elsewhere',
  ]) {
    answers.set(path, (await look(path)).text)
  }
  return answers
}

/** Employees, their families and citizens, each with a key of their own, who do what there is to be done. */
async function peopleCome(): Promise<void> {
  const { reached } = reachTypes()
  const own = reached.filter(({ around }) => around('').includes('viewer'))
  const came = ['EMPLOYEE', 'EMPLOYEE', 'EMPLOYEE', 'FAMILY_MEMBER', 'FAMILY_MEMBER', undefined, undefined] as const
  for (const relation of came) {
    const personKey = randomBytes(16).toString('base64url')
    // The intranet issues a grant for each page that it shows, more often than sessions are opened.
    const grant = relation && (await issue(relation))
    if (relation) await issue(relation)
    const session = await openSession(grant, personKey, 'in the browser')
    const renewed = await openSession(grant, personKey, 'in the browser')
    expect(renewed.personId).toBe(session.personId)
    people.push({ personKey, ...session })
    for (const { around } of own) await send(around('__typename'), session.token, 'in the browser')
    for (const field of Object.values(schema.getMutationType()!.getFields())) {
      // What they send is in their browsers; a key for a repeat may be one that the page chose.
      if (field.name === 'openPersonSession' || /^erase/.test(field.name)) continue
      const write = writeArguments(field.args, (place) => argumentOf(place, sharedKey))
      await send(`mutation { ${field.name}${write} { __typename } }`, session.token, 'in the browser')
    }
  }
}

function argumentOf({ name }: { name: string }, idempotencyKey: string): unknown {
  return { idempotencyKey, network, slug: network }[name]
}

function issueGrant(relation: string): string {
  return `mutation { issueGrant(input: { relation: ${relation} }) { ... on IssuedGrant { grant expiresAt } } }`
}

/** The employer's server asks for a grant, and hands it to the page of somebody. */
async function issue(relation: (typeof relations)[number]): Promise<string> {
  const answer = await send(issueGrant(relation), apiKey)
  const [, grant] = /"grant":"([^"]+)"/.exec(answer)!
  grants.push(grant!)
  return grant!
}

/** What the browser of a person sends and gets passes by the employer; what the employer tries itself, it keeps. */
type Whose = 'in the browser' | 'at the employer'

async function openSession(grant: string | undefined, personKey: string, whose: Whose = 'at the employer') {
  const input = `{ network: ${JSON.stringify(network)}, personKey: "${personKey}"${grant === undefined ? '' : `, grant: "${grant}"`} }`
  const question = `mutation { openPersonSession(input: ${input}) { ... on OpenedSession { token } ... on Error { code } } }`
  const answer = await send(question, undefined, whose)
  const [, token] = /"token":"([^"]+)"/.exec(answer)!
  return { token: token!, personId: decodeJwt(token!.slice('wns1.'.length)).sub! }
}

/** The status and the body. The employer names its requests itself, so that no name of the server's makes a difference. */
async function send(query: string, credential?: string, whose: Whose = 'at the employer'): Promise<string> {
  const headers = {
    'content-type': 'application/json',
    'x-request-id': 'one-and-the-same',
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
  }
  const response = await fetch(server.endpoint, { method: 'POST', headers, body: JSON.stringify({ query }) })
  const answer = `${response.status} ${await response.text()}`
  if (whose === 'at the employer') records.push(query, headersIn(response), answer)
  return answer
}

async function look(path: string): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-request-id': 'one-and-the-same' }
  const response = await fetch(server.origin + path, { headers })
  const text = `${response.status}\n${headersIn(response)}\n${await response.text()}`
  records.push(text)
  return { status: response.status, text }
}

function headersIn({ headers }: Response): string {
  return [...headers].flatMap(([name, value]) => (name === 'date' ? [] : [`${name}: ${value}`])).join('\n')
}

function sendRaw(lines: string[]): Promise<string> {
  const body = '{"query":"{ viewer { __typename } }"}'
  return new Promise((resolve, reject) => {
    const socket = connectSocket(Number(new URL(server.origin).port), '127.0.0.1')
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject).on('close', () => resolve(answer))
    const head = [
      'POST /graphql HTTP/1.1',
      'Host: here',
      'Connection: close',
      'Content-Type: application/json',
      ...lines,
    ]
    socket.write(`${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  })
}

function textsOf(bytes: Buffer): string[] {
  return [bytes.toString('hex'), bytes.toString('base64url'), bytes.toString('base64')]
}
