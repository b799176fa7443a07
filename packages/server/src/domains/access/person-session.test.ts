import { randomBytes, randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { passingSecrets, readSecrets, type Secrets } from '../../secrets.ts'
import { secretsForTest } from '../../testing/secrets-file.ts'
import { asOwner, openTestDatabase } from '../../testing/test-database.ts'
import { makeApiKey } from './api-key.ts'
import { type GrantStatement, issueGrant, readGrant } from './grant.ts'
import { openPersonSession, personSessions, type SessionRequest } from './person-session.ts'
import { signStatement } from './signed-statement.ts'

const now = new Date('2026-03-31T10:15:42.123Z')
const minute = 60_000

let database: Database
let networkId: string
let otherNetworkId: string
const organizationId = randomUUID()

beforeAll(async () => {
  database = await openTestDatabase('empty')
  const make = (slug: string) => database.prisma.network.create({ data: { slug, name: slug } })
  networkId = (await make('here')).id
  otherNetworkId = (await make('there')).id
})

afterAll(() => database.close())

const newKey = () => randomBytes(16).toString('base64url')

function open(secrets: Secrets, request: Partial<SessionRequest>, at = now) {
  return openPersonSession(database.prisma, secrets, { networkId, personKey: newKey(), ...request }, at)
}

/** The session that opens; fails when none does. */
async function opened(secrets: Secrets, request: Partial<SessionRequest>, at = now) {
  const opening = await open(secrets, request, at)
  if (opening.type === 'refused') throw new Error(opening.reason)
  return { ...opening, person: (await personSessions(secrets)(opening.token, at))! }
}

async function grantFor(secrets: Secrets, statement: Partial<GrantStatement> = {}, at = now): Promise<string> {
  const { grant } = await issueGrant(secrets, { networkId, organizationId, relation: 'employee', ...statement }, at)
  return grant
}

test.each(['employee', 'family_member'] as const)('with a grant for %s the session is of one', async (relation) => {
  const secrets = passingSecrets()
  const { token, person } = await opened(secrets, { grant: await grantFor(secrets, { relation }) })
  expect(token).toMatch(/^wns1\./)
  expect(person).toEqual({ kind: 'person', personId: expect.any(String), networkId, relation, organizationId })
  expect(await asOwner(database, (tx) => tx.person.count({ where: { id: person.personId } }))).toBe(1)
})

test.each([undefined, null])('without a grant (%s) the person is a citizen, through no organization', async (grant) => {
  const { person } = await opened(passingSecrets(), grant === undefined ? {} : { grant })
  expect(person).toMatchObject({ relation: 'citizen', organizationId: null })
})

test('a session lasts an hour, to the second', async () => {
  const secrets = passingSecrets()
  const { token, expiresAt } = await opened(secrets, {})
  expect(expiresAt.toISOString()).toBe('2026-03-31T11:15:42.000Z')
  expect(await personSessions(secrets)(token, new Date(expiresAt.getTime() - 1))).not.toBeNull()
  expect(await personSessions(secrets)(token, expiresAt)).toBeNull()
})

test('the same key is the same person: as a citizen, with a grant, renewed, and through another employer', async () => {
  const secrets = passingSecrets()
  const personKey = newKey()
  const { person } = await opened(secrets, { personKey })
  const later = new Date(now.getTime() + 40 * minute)
  const another = randomUUID()
  for (const request of [
    { grant: await grantFor(secrets, {}, later) },
    { grant: await grantFor(secrets, { relation: 'family_member' }, later) },
    { grant: await grantFor(secrets, { organizationId: another }, later) },
    { grant: null },
  ]) {
    expect((await opened(secrets, { personKey, ...request }, later)).person.personId).toBe(person.personId)
  }
})

test.each<[what: string, grant: (secrets: Secrets) => Promise<string>, reason: string]>([
  ['is over', (secrets) => grantFor(secrets, {}, new Date(now.getTime() - 15 * minute)), 'grant_invalid'],
  ['is of another server', () => grantFor(passingSecrets()), 'grant_invalid'],
  ['is empty, which is not the same as none', async () => '', 'grant_invalid'],
  ['is an API key', async () => makeApiKey().key, 'grant_invalid'],
  ['is a session', async (secrets) => (await opened(secrets, {})).token, 'grant_invalid'],
  ['is of another network', (secrets) => grantFor(secrets, { networkId: otherNetworkId }), 'grant_of_another_network'],
])('a grant that %s opens nothing and makes nobody', async (_what, makeGrant, reason) => {
  const secrets = passingSecrets()
  const grant = await makeGrant(secrets)
  const before = await asOwner(database, (tx) => tx.person.count())
  expect(await open(secrets, { grant })).toEqual({ type: 'refused', reason })
  expect(await asOwner(database, (tx) => tx.person.count())).toBe(before)
})

test.each(['', 'secret', 'A'.repeat(21), 'A'.repeat(23), `${'A'.repeat(21)}B`, '0000-0000-0000-0000-0000-0000-0000'])(
  'what is not a person key (%j) opens nothing and makes nobody',
  async (personKey) => {
    const before = await asOwner(database, (tx) => tx.person.count())
    expect(await open(passingSecrets(), { personKey })).toEqual({ type: 'refused', reason: 'person_key_malformed' })
    expect(await asOwner(database, (tx) => tx.person.count())).toBe(before)
  },
)

test('a session holds for one rotation of the secrets and not for two; the person stays the same', async () => {
  const { read, rotate } = secretsForTest()
  const personKey = newKey()
  const { token, person } = await opened(read(), { personKey })
  const second = await rotate()
  expect(await personSessions(second)(token, now)).toEqual(person)
  const third = await rotate(() => true)
  expect(await personSessions(third)(token, now)).toBeNull()
  expect((await opened(third, { personKey })).person).toEqual(person)
})

test('a session that was read before ends as it would have: by its own end, and with the secret that signed it', async () => {
  const { path, read, rotate } = secretsForTest()
  const { token, expiresAt, person } = await opened(read(), {})
  let clock = Date.now()
  const sessions = personSessions(readSecrets(path, { now: () => clock }))
  expect(await sessions(token, now)).toEqual(person)
  expect(await sessions(token, new Date(expiresAt.getTime() - 1))).toEqual(person)
  expect(await sessions(token, expiresAt)).toBeNull()
  expect(await sessions(token, now), 'at another moment').toEqual(person)
  await rotate()
  clock += 1_000
  expect(await sessions(token, now)).toEqual(person)
  await rotate(() => true)
  clock += 1_000
  expect(await sessions(token, now)).toBeNull()
})

test('a statement that says anything else than a session does is none, though the server signed it', async () => {
  const secrets = passingSecrets()
  const end = new Date(now.getTime() + minute)
  const read = async (claims: object) =>
    personSessions(secrets)(await signStatement(secrets, 'session', { ...claims }, end), now)
  const [sub, net, org] = [randomUUID(), randomUUID(), randomUUID()]
  expect(await read({ sub, net, rel: 'employee', org })).not.toBeNull()
  expect(await read({ sub, net, rel: 'citizen', org: null })).not.toBeNull()
  for (const claims of [
    { sub, net, rel: 'citizen', org },
    { sub, net, rel: 'employee', org: null },
    { sub, net, rel: 'employee' },
    { sub, net, rel: 'staff', org },
    { sub: 'me', net, rel: 'employee', org },
    { net, rel: 'employee', org },
    { sub, rel: 'employee', org },
  ]) {
    expect(await read(claims)).toBeNull()
  }
})

test('a session says who, where and through whom, and nothing of the key', async () => {
  const secrets = passingSecrets()
  const personKey = newKey()
  const { token, person } = await opened(secrets, { personKey })
  const claims = decodeJwt(token.slice('wns1.'.length))
  expect(Object.keys(claims).sort()).toEqual(['aud', 'exp', 'net', 'org', 'rel', 'sub'])
  const { keyHash } = await asOwner(database, (tx) => tx.person.findUniqueOrThrow({ where: { id: person.personId } }))
  const hash = Buffer.from(keyHash)
  for (const trace of [personKey, hash.toString('hex'), hash.toString('base64url')]) {
    expect(token + JSON.stringify(claims)).not.toContain(trace)
  }
})

test('an unexpected failure quotes neither the key nor the grant', async () => {
  const secrets = passingSecrets()
  const nowhere = randomUUID()
  const grant = await grantFor(secrets, { networkId: nowhere })
  const personKey = newKey()
  const failure = await open(secrets, { networkId: nowhere, grant, personKey }).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(Error)
  const told = inspect(failure, { depth: null }) + String(failure)
  expect(told).not.toContain(personKey)
  expect(told).not.toContain(grant)
})

// The employer has its grants, as many as it likes, and everything it was ever answered. It plays against people who used
// those same grants.
test('an employer with all its grants opens no session of anyone, only of people that it makes up', async () => {
  const secrets = passingSecrets()
  const moments = Array.from({ length: 8 }, (_, index) => new Date(now.getTime() + index * 7_000))
  const grants = await Promise.all(moments.map((at) => grantFor(secrets, {}, at)))
  const people = await Promise.all(grants.map(async (grant, index) => opened(secrets, { grant }, moments[index])))
  const victims = new Set(people.map(({ person }) => person.personId))
  expect(victims.size).toBe(people.length)

  // With the grants alone there is nothing to be read, nor when they are dressed up as sessions or as keys.
  for (const grant of grants) {
    expect(await personSessions(secrets)(grant, now)).toBeNull()
    expect(await personSessions(secrets)(grant.replace('wng1', 'wns1'), now)).toBeNull()
    expect(await open(secrets, { grant, personKey: grant })).toMatchObject({ type: 'refused' })
  }

  // With keys of its own it gets people of its own: also with keys made of what it knows.
  const known = [organizationId, networkId, ...victims].map((id) =>
    Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url'),
  )
  const cut = grants.map((grant) => Buffer.from(grant).subarray(-16).toString('base64url'))
  for (const personKey of [...known, ...cut, ...grants.map(newKey)]) {
    for (const grant of grants.slice(0, 2)) {
      expect(victims).not.toContain((await opened(secrets, { grant, personKey })).person.personId)
    }
  }
})

test('of the people who used its grants, an employer holds nothing that differs from one to the other', async () => {
  const secrets = passingSecrets()
  const [one, other] = await Promise.all([grantFor(secrets), grantFor(secrets, {}, new Date(now.getTime() + 5_000))])
  expect(other).toBe(one)
  const people = await Promise.all([one, one, other].map((grant) => opened(secrets, { grant })))
  expect(new Set(people.map(({ person }) => person.personId)).size).toBe(3)
  // Opening a session leaves no trace in the grant: it says after what it said before.
  expect(await readGrant(secrets, one, now)).toEqual({ networkId, organizationId, relation: 'employee' })
})

test('sessions with different keys never share a person, whatever else they share', async () => {
  const secrets = passingSecrets()
  const grant = await grantFor(secrets)
  const key = randomBytes(16)
  // Keys that differ in one bit, each of the 128.
  const near = Array.from({ length: 128 }, (_, bit) => {
    const other = Buffer.from(key)
    other[bit >> 3]! ^= 1 << (bit & 7)
    return other.toString('base64url')
  })
  const ids = []
  for (const personKey of [key.toString('base64url'), ...near]) {
    ids.push((await opened(secrets, { grant, personKey })).person.personId)
  }
  expect(new Set(ids).size).toBe(129)
})
