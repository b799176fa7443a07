import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { makeKey, startIssuer } from '../../testing/oidc-issuer.ts'
import { openTestDatabase } from '../../testing/test-database.ts'
import { serve, startTestServer, type TestServer } from '../../testing/test-server.ts'
import { mostNewcomers } from './admit-newcomer.ts'
import { type ApiKeyRequest, createApiKey, mostKeys, revokeApiKey, rotateApiKey } from './api-keys.ts'
import { partnerFinder } from './find-partner.ts'
import { addStaffMember } from './staff-members.ts'
import { staffTokenDefaults } from './staff-token.ts'

let server: TestServer
let asked: Pick<ApiKeyRequest, 'networkId' | 'organizationId'>
beforeAll(async () => {
  server = await startTestServer('demonstration')
  const { id: organizationId, networkId } = await server.database.prisma.organization.findFirstOrThrow({
    orderBy: { name: 'asc' },
  })
  asked = { networkId, organizationId }
})
afterAll(() => server.close())

const now = new Date('2026-03-02T10:00:00Z')
const request = { name: 'intranet', scopes: ['grant_issue' as const], expiresAt: null }

function create(changes: Partial<ApiKeyRequest> = {}) {
  return createApiKey(server.database.prisma, { ...request, ...asked, ...changes }, now)
}

/** A finder whose clock stands still until it is moved. */
function finder() {
  const clock = { elapsed: 0 }
  return { clock, find: partnerFinder(server.database.prisma, () => clock.elapsed) }
}

test('a key tells its organization, its network and its scopes, and is stored as a hash alone', async () => {
  const { key, row } = await create()
  expect(key).toMatch(/^wnk1_[0-9a-f]{32}_[\w-]{43}$/)
  expect(await finder().find(key, now)).toEqual({
    kind: 'partner',
    keyId: row.id,
    ...asked,
    scopes: new Set(['grant_issue']),
  })
  const stored = JSON.stringify(await server.database.prisma.$queryRaw`SELECT api_key::text AS row FROM api_key`)
  expect(stored).toContain(Buffer.from(row.secretHash).toString('hex'))
  expect(stored).not.toContain(key.slice(-43))
})

test('a key that is wrong, has ended or was revoked is no key, and a day of use is noted', async () => {
  const { find } = finder()
  const good = await create()
  const wrong = `${good.key.slice(0, -1)}${good.key.endsWith('A') ? 'B' : 'A'}`
  const ended = await create({ expiresAt: new Date(now.getTime() + 1) })
  const revoked = await create()
  await revokeApiKey(server.database.prisma, revoked.row.id, now)
  const later = new Date(now.getTime() + 1)
  for (const key of [wrong, ended.key, revoked.key, good.key.replace('wnk1', 'wnk2'), good.key.slice(0, -1)]) {
    expect(await find(key, later)).toBeNull()
  }
  expect(await find(good.key, later)).not.toBeNull()
  await expect.poll(() => lastUse(good.row.id)).toEqual(new Date('2026-03-02T00:00:00Z'))
  expect(await lastUse(revoked.row.id)).toBeNull()
})

async function lastUse(id: string): Promise<Date | null> {
  return (await server.database.prisma.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedOn
}

test('a revocation bites before a second is over, though the key was in use', async () => {
  const { clock, find } = finder()
  const { key, row } = await create()
  expect(await find(key, now)).not.toBeNull()
  await revokeApiKey(server.database.prisma, row.id, now)
  clock.elapsed = 999
  expect(await find(key, now)).toBeNull()
})

test('a replaced key stays in force for the overlap, and only once', async () => {
  const { find } = finder()
  const old = await create({ expiresAt: new Date('2027-01-01T00:00:00Z') })
  const fresh = await rotateApiKey(server.database.prisma, { id: old.row.id, overlap: 3600 }, now)
  expect(fresh.row).toMatchObject({ name: 'intranet', scopes: ['grant_issue'], expiresAt: old.row.expiresAt })
  const during = new Date(now.getTime() + 3_599_999)
  const after = new Date(now.getTime() + 3_600_000)
  expect(await find(old.key, during)).not.toBeNull()
  expect(await find(old.key, after)).toBeNull()
  expect(await find(fresh.key, after)).not.toBeNull()
  await expect(rotateApiKey(server.database.prisma, { id: old.row.id, overlap: 0 }, now)).rejects.toThrow('replaced')
})

test.each([
  ['no scope', { scopes: [] }, /at least one/],
  ['no name', { name: '  ' }, /a name of 1 to 100/],
  ['an end that has passed', { expiresAt: now }, /has passed/],
])('a key with %s is refused', async (_, changes, told) => {
  await expect(create(changes)).rejects.toThrow(told)
})

test('an organization has a bounded number of keys in force', async () => {
  const { id } = await server.database.prisma.organization.findFirstOrThrow({ orderBy: { name: 'desc' } })
  const all = await Promise.all(Array.from({ length: mostKeys }, () => create({ organizationId: id })))
  await expect(create({ organizationId: id })).rejects.toThrow('Revoke one first')
  await revokeApiKey(server.database.prisma, all[0]!.row.id, now)
  await create({ organizationId: id })
})

const question = JSON.stringify({ query: '{ viewer { __typename } }' })

function ask(authorization: string, path = server.endpoint) {
  const headers = { 'content-type': 'application/json', authorization }
  return fetch(path, { method: 'POST', headers, body: question })
}

test('whatever is sent as a credential and is none is answered 400 or 401, and never quoted', async () => {
  const { key } = await create()
  const piece = fc.oneof(
    fc.constantFrom(
      'Bearer',
      'bearer ',
      'Basic ',
      'wnk1_',
      'wns1.',
      'wng1.',
      '.',
      '_',
      '=',
      ' ',
      'eyJhbGciOiJub25lIn0',
      key,
    ),
    fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
    fc.base64String({ maxLength: 400 }),
    fc.constant(randomBytes(16).toString('hex')),
  )
  const header = fc
    .array(piece, { minLength: 1, maxLength: 5 })
    .map((pieces) => pieces.join('').replaceAll(/[^\x20-\x7e]/g, ''))
  const before = server.lines.length
  await fc.assert(
    fc.asyncProperty(header, async (authorization) => {
      fc.pre(authorization.trim() !== '' && authorization.trim().replace(/^bearer +/i, '') !== key)
      const response = await ask(authorization)
      expect([400, 401]).toContain(response.status)
      const { errors } = (await response.json()) as { errors: [{ extensions: { code: string }; message: string }] }
      expect(errors[0].extensions.code).toBe(response.status === 400 ? 'BAD_CREDENTIAL' : 'UNAUTHENTICATED')
      expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
      expect(errors[0].message).not.toContain(key)
    }),
    { numRuns: 2_000 },
  )
  expect(server.lines.slice(before).join('')).not.toContain(key.slice(-43))
}, 120_000)

test('a partner is told who it is, and a page of another origin may not ask the directory differently for it', async () => {
  const { key } = await create({ scopes: ['directory_write', 'grant_issue'] })
  const response = await fetch(server.endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      query: '{ viewer { __typename ... on PartnerViewer { scopes organization { id } network { slug } } } }',
    }),
  })
  expect(await response.json()).toEqual({
    data: {
      viewer: {
        __typename: 'PartnerViewer',
        scopes: ['DIRECTORY_WRITE', 'GRANT_ISSUE'],
        organization: { id: `organization_${asked.organizationId.replaceAll('-', '')}` },
        network: { slug: 'alba-bra' },
      },
    },
  })
  expect((await server.ask('{ viewer { __typename } }')).data).toEqual({ viewer: { __typename: 'AnonymousViewer' } })
})

interface Session {
  issueGrant: { grant: string; message?: string }
  openPersonSession: { token: string; code?: string }
}

const issue = `mutation ($relation: GrantRelation!) {
  issueGrant(input: { relation: $relation }) { ... on IssuedGrant { grant expiresAt } ... on Error { message } }
}`
const open = `mutation ($grant: String, $personKey: String!) {
  openPersonSession(input: { network: "alba-bra", grant: $grant, personKey: $personKey }) {
    ... on OpenedSession { token expiresAt }
    ... on Error { code path }
  }
}`
const viewer = '{ viewer { __typename ... on PersonViewer { relation seenIn organization { id } network { slug } } } }'

test('a company grants, a person opens a session with a key, and the company has nothing of it', async () => {
  const { organizationId, networkId } = await server.database.prisma.membership.findFirstOrThrow({
    where: { status: 'active', role: 'member' },
  })
  const { key } = await create({ networkId, organizationId })
  const { data: granted } = await server.ask<Session>(issue, { relation: 'FAMILY_MEMBER' }, key)
  const { grant } = granted.issueGrant
  const personKey = randomBytes(16).toString('base64url')
  const { data: opened } = await server.ask<Session>(open, { grant, personKey })
  const { token } = opened.openPersonSession
  const { data } = await server.ask<{ viewer: object }>(viewer, {}, token)
  expect(data.viewer).toEqual({
    __typename: 'PersonViewer',
    relation: 'FAMILY_MEMBER',
    seenIn: `${new Date().toISOString().slice(0, 7)}-01`,
    organization: { id: `organization_${organizationId.replaceAll('-', '')}` },
    network: { slug: 'alba-bra' },
  })
  // A grant is no credential, a partner can't be a person, and a session can issue nothing.
  expect((await ask(`Bearer ${grant}`)).status).toBe(401)
  expect((await server.ask(issue, { relation: 'EMPLOYEE' }, token)).errors![0]!.extensions!.code).toBe('FORBIDDEN')
  expect((await server.ask(issue, { relation: 'EMPLOYEE' })).errors![0]!.extensions!.code).toBe('UNAUTHENTICATED')
  for (const secret of [key.slice(-43), grant, token, personKey]) expect(server.lines.join('')).not.toContain(secret)
})

test('a citizen needs no grant; what is no grant and no key is refused by name', async () => {
  const personKey = randomBytes(16).toString('base64url')
  const { data } = await server.ask<Session>(open, { personKey })
  expect((await server.ask<{ viewer: object }>(viewer, {}, data.openPersonSession.token)).data.viewer).toMatchObject({
    relation: 'CITIZEN',
    organization: null,
  })
  const refusal = async (variables: object) => (await server.ask<Session>(open, variables)).data.openPersonSession
  expect(await refusal({ personKey: 'mine' })).toEqual({ code: 'PERSON_KEY_MALFORMED', path: ['personKey'] })
  expect(await refusal({ personKey, grant: 'wng1.x' })).toEqual({ code: 'GRANT_INVALID', path: ['grant'] })
})

test('a citizen who comes while too many do is told when to try again', async () => {
  const { prisma } = server.database
  const { id } = await prisma.network.findFirstOrThrow({ where: { slug: 'alba-bra' } })
  const minute = new Date((Math.floor(Date.now() / 60_000) + 1) * 60_000)
  const full = { minute, came: mostNewcomers.citizens }
  await prisma.newcomers.upsert({
    where: { through: id },
    create: { through: id, networkId: id, ...full },
    update: full,
  })
  const asked = open.replace('code path', 'code path retryAfter')
  const { data } = await server.ask<Session>(asked, { personKey: randomBytes(16).toString('base64url') })
  expect(data.openPersonSession).toEqual({ code: 'TOO_MANY_NEWCOMERS', path: [], retryAfter: expect.any(Number) })
  await prisma.newcomers.deleteMany()
})

test('staff are known by a token of the issuer and a role of the network; by one of them alone they are not', async () => {
  const issuer = await startIssuer([await makeKey('ES256', 'one')], {
    audience: 'https://api.example',
    claims: { roles: ['network_coordinator'] },
    lifetime: 600,
  })
  const staffIssuer = { ...staffTokenDefaults, issuer: issuer.issuer, audience: 'https://api.example' }
  const own = await serve(await openTestDatabase('demonstration'), { corsOrigins: '*', development: true, staffIssuer })
  onTestFinished(async () => {
    await own.close()
    await issuer.stop()
  })
  const token = await issuer.accessToken()
  const asked = '{ viewer { ... on StaffViewer { assignments { role network { slug } organization { id } } } } }'
  expect((await own.ask(asked, {}, token)).errors![0]!.extensions!.code).toBe('FORBIDDEN')
  const network = await own.database.prisma.network.findFirstOrThrow()
  const { sub: subject } = decodeJwt(token)
  await addStaffMember(own.database.prisma, {
    networkId: network.id,
    organizationId: null,
    issuer: issuer.issuer,
    subject: subject!,
    role: 'network_coordinator',
  })
  expect((await own.ask(asked, {}, token)).data).toEqual({
    viewer: { assignments: [{ role: 'NETWORK_COORDINATOR', network: { slug: 'alba-bra' }, organization: null }] },
  })
  expect((await own.ask(asked, {}, `${token}x`)).errors![0]!.extensions!.code).toBe('UNAUTHENTICATED')
  expect(own.lines.join('')).not.toContain(token.slice(-40))
})
