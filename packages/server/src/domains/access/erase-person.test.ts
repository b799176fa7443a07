/** A person through the whole of it, as a browser would: here, exported, erased, and gone from everywhere. */
import { createHash, randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Person } from '../../actor.ts'
import { PersonGone } from '../../database/as-person.ts'
import { tablesWith } from '../../testing/search-tables.ts'
import { someoneWaits } from '../../testing/someone-waits.ts'
import { asOwner } from '../../testing/test-database.ts'
import { startTestServer, type TestServer } from '../../testing/test-server.ts'
import { actOnce } from '../trace/act-once.ts'
import { createApiKey } from './api-keys.ts'
import { erasePerson } from './erase-person.ts'
import { personSessions } from './person-session.ts'

async function serverForTest(): Promise<TestServer> {
  const server = await startTestServer('demonstration')
  onTestFinished(() => server.close())
  return server
}

const newIdempotencyKey = () => randomBytes(12).toString('hex')
const newKey = () => randomBytes(16).toString('base64url')
const issue = 'mutation { issueGrant(input: { relation: EMPLOYEE }) { ... on IssuedGrant { grant } } }'
const open = `mutation ($grant: String, $personKey: String!) {
  openPersonSession(input: { network: "alba-bra", grant: $grant, personKey: $personKey }) { ... on OpenedSession { token } }
}`
const exportMine = `mutation { exportMyData { __typename
  ... on MyData { records { table holds rows } } ... on Error { code } } }`
const erase = 'mutation { eraseMe { __typename ... on Forgotten { isForgotten } } }'

interface Opened {
  token: string
  person: Person
}

async function openSession(server: TestServer, personKey: string, grant?: string): Promise<Opened> {
  const { data } = await server.ask<{ openPersonSession: { token: string } }>(open, { personKey, grant })
  const { token } = data.openPersonSession
  return { token, person: (await personSessions(server.secrets)(token, new Date()))! }
}

async function exported(server: TestServer, token: string) {
  const { data } = await server.ask<{ exportMyData: { code?: string; records?: { table: string; rows: object[] }[] } }>(
    exportMine,
    {},
    token,
  )
  return data.exportMyData
}

/** Something that a person changes with an idempotency key, of which an answer is kept. */
function change({ database }: TestServer, person: Person, idempotencyKey: string): Promise<string> {
  return actOnce(database.prisma, person, {
    operation: 'change',
    idempotencyKey,
    input: {},
    act: async () => 'done',
    keep: (answer) => answer,
    recall: async (_tx, answer) => answer,
  })
}

test('of a person who was erased nothing is left in any table, nor was anything ever in the log', async () => {
  const server = await serverForTest()
  const { database } = server
  const { organizationId, networkId } = await database.prisma.membership.findFirstOrThrow({
    where: { status: 'active', role: 'member' },
  })
  const { key } = await createApiKey(database.prisma, {
    networkId,
    organizationId,
    name: 'intranet',
    scopes: ['grant_issue'],
    expiresAt: null,
  })
  const { data } = await server.ask<{ issueGrant: { grant: string } }>(issue, {}, key)
  const { grant } = data.issueGrant
  const personKey = newKey()
  const { token, person } = await openSession(server, personKey, grant)
  const idempotencyKey = newIdempotencyKey()
  expect(await change(server, person, idempotencyKey)).toBe('done')
  const { records } = await exported(server, token)
  const { keyHash } = await asOwner(database, (tx) => tx.person.findUniqueOrThrow({ where: { id: person.personId } }))
  const traces = tracesOf({ personKey, token, grant, person, keyHash, idempotencyKey })
  // Others are left alone.
  const other = await openSession(server, newKey())
  await change(server, other.person, newIdempotencyKey())
  await asOwner(database, (tx) => tx.$executeRaw`ANALYZE`)
  expect(await tablesWith(database, traces)).toEqual(['idempotent_answer', 'person'])
  expect(records!.map(({ table, rows }) => [table, rows.length])).toEqual([
    ['person', 1],
    ['idempotent_answer', 1],
  ])

  expect(await server.ask(erase, {}, token)).toEqual({
    data: { eraseMe: { __typename: 'Forgotten', isForgotten: true } },
  })
  await expect.poll(() => server.lines.filter((line) => line.includes('"request"')).length).toBe(5)

  expect(await tablesWith(database, traces)).toEqual([])
  expect((await exported(server, other.token)).records!.map(({ rows }) => rows.length)).toEqual([1, 1])
  const log = server.lines.join('').toLowerCase()
  expect(log).toContain('eraseme')
  expect(traces.filter((text) => log.includes(text.toLowerCase()))).toEqual([])
  // Nor does the log say that a grant was issued, or a session opened.
  const told = await database.prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  const nobody = { actorKind: 'person', actorReference: null, recordKey: null, requestId: null }
  expect(told).toMatchObject(
    ['person.export', 'person.erase', 'person.export'].map((action) => ({ ...nobody, action })),
  )
})

test('an export has every column of every row, under the name of its table', async () => {
  const server = await serverForTest()
  const { token, person } = await openSession(server, newKey())
  await change(server, person, 'one')
  const [own, answers] = (await exported(server, token)).records!
  expect(own).toMatchObject({ table: 'person', holds: expect.stringContaining('a hash of the key') })
  expect(own!.rows).toEqual([
    {
      id: person.personId,
      network_id: person.networkId,
      key_hash: expect.stringMatching(/^\\x[0-9a-f]{64}$/),
      hashed_with: server.secrets.current('person-key').id,
      seen_in: expect.stringMatching(/^\d{4}-\d\d-01$/),
    },
  ])
  expect(answers).toMatchObject({ table: 'idempotent_answer', rows: [{ answer: 'done' }] })
})

test('the session of who was erased keeps nothing, exports nothing and erases nobody; the key begins anew', async () => {
  const server = await serverForTest()
  const { database } = server
  const personKey = newKey()
  const { token, person } = await openSession(server, personKey)
  const idempotencyKey = newIdempotencyKey()
  await server.ask(erase, {}, token)

  expect(await exported(server, token)).toEqual({ __typename: 'RefusedError', code: 'PERSON_GONE' })
  await expect(change(server, person, idempotencyKey)).rejects.toThrow(PersonGone)
  expect(await server.ask(erase, {}, token)).toMatchObject({ data: { eraseMe: { isForgotten: true } } })
  expect(await server.ask('{ viewer { __typename ... on PersonViewer { seenIn } } }', {}, token)).toEqual({
    data: { viewer: { __typename: 'PersonViewer', seenIn: null } },
  })
  expect(await tablesWith(database, tracesOf({ personKey, token, person, idempotencyKey }))).toEqual([])
  expect(await asOwner(database, (tx) => tx.person.count())).toBe(0)
  expect(await database.prisma.auditEntry.count()).toBe(1)

  const anew = await openSession(server, personKey)
  expect(anew.person.personId).not.toBe(person.personId)
  await server.ask(erase, {}, token)
  expect((await exported(server, anew.token)).records!.map(({ rows }) => rows.length)).toEqual([1, 0])
  expect(await exported(server, token)).toMatchObject({ code: 'PERSON_GONE' })
})

test('an erasure waits for what is under way, and leaves nothing of that either', async () => {
  const server = await serverForTest()
  const { database } = server
  const { person } = await openSession(server, newKey())
  const idempotencyKey = newIdempotencyKey()
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
  const changing = actOnce(database.prisma, person, {
    operation: 'change',
    idempotencyKey,
    input: {},
    act: async () => {
      begin()
      await mayEnd
      return 'done'
    },
    keep: (answer) => answer,
    recall: async (_tx, answer) => answer,
  })
  await begun
  const erasing = erasePerson(database.prisma, person)
  if (!database.embedded) await someoneWaits(database)
  end()
  expect(await changing).toBe('done')
  await erasing
  expect(await tablesWith(database, tracesOf({ person, idempotencyKey }))).toEqual([])
})

test('who is no person exports nothing and erases nobody', async () => {
  const server = await serverForTest()
  await openSession(server, newKey())
  for (const mutation of [exportMine, erase]) {
    expect((await server.ask(mutation)).errors![0]!.extensions!.code).toBe('UNAUTHENTICATED')
  }
  expect(await asOwner(server.database, (tx) => tx.person.count())).toBe(1)
})

interface Known {
  person: Person
  idempotencyKey: string
  personKey?: string
  token?: string
  grant?: string
  keyHash?: Uint8Array
}

/** Whatever could lead to a person, in each form in which a table or a line might have it. */
function tracesOf({ person, idempotencyKey, personKey, token, grant, keyHash }: Known): string[] {
  const texts = [person.personId, personKey, token, grant, idempotencyKey, `person ${person.personId}`]
  const bytes = [
    Buffer.from(person.personId.replaceAll('-', ''), 'hex'),
    ...(personKey === undefined ? [] : [Buffer.from(personKey, 'base64url')]),
    ...(keyHash === undefined ? [] : [Buffer.from(keyHash)]),
  ]
  const written = texts.filter((text) => text !== undefined)
  const hashed = [...written, ...bytes].map((each) => createHash('sha256').update(each).digest())
  const inBytes = [...bytes, ...hashed, ...written.map((text) => Buffer.from(text))]
  return [
    ...written,
    ...inBytes.flatMap((each) => [each.toString('hex'), each.toString('base64'), each.toString('base64url')]),
  ]
}
