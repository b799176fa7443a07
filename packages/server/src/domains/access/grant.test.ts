import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { decodeJwt, decodeProtectedHeader, UnsecuredJWT } from 'jose'
import { expect, test } from 'vitest'
import { passingSecrets } from '../../secrets.ts'
import { secretsForTest } from '../../testing/secrets-file.ts'
import { type GrantStatement, issueGrant, readGrant } from './grant.ts'
import { signStatement } from './signed-statement.ts'

const secrets = passingSecrets()
const now = new Date('2026-03-31T10:15:42.123Z')

const statements = fc.record<GrantStatement>({
  networkId: fc.uuid(),
  organizationId: fc.uuid(),
  relation: fc.constantFrom('employee', 'family_member'),
})
const statement: GrantStatement = { networkId: randomUUID(), organizationId: randomUUID(), relation: 'employee' }

test('a grant says what it was issued for', async () => {
  await fc.assert(
    fc.asyncProperty(statements, async (each) => {
      const { grant } = await issueGrant(secrets, each, now)
      expect(grant).toMatch(/^wng1\./)
      expect(await readGrant(secrets, grant, now)).toEqual(each)
    }),
  )
})

test.each([
  ['2026-03-31T10:15:00.000Z', '2026-03-31T10:30:00.000Z'],
  ['2026-03-31T10:15:00.001Z', '2026-03-31T10:30:00.000Z'],
  ['2026-03-31T10:15:59.999Z', '2026-03-31T10:30:00.000Z'],
  ['2026-03-31T23:59:59.999Z', '2026-04-01T00:14:00.000Z'],
])('a grant of %s ends at %s, on the minute', async (moment, end) => {
  const { grant, expiresAt } = await issueGrant(secrets, statement, new Date(moment))
  expect(expiresAt.toISOString()).toBe(end)
  expect(await readGrant(secrets, grant, new Date(expiresAt.getTime() - 1))).toEqual(statement)
  expect(await readGrant(secrets, grant, expiresAt)).toBeNull()
})

test('grants of the same organization, relation and minute are the same text, whoever they are for', async () => {
  const moments = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z') })
  const millisecond = fc.integer({ min: 0, max: 59_999 })
  await fc.assert(
    fc.asyncProperty(
      statements,
      moments.filter((at) => !Number.isNaN(at.getTime())),
      millisecond,
      millisecond,
      async (each, at, one, other) => {
        const minute = Math.floor(at.getTime() / 60_000) * 60_000
        const first = await issueGrant(secrets, each, new Date(minute + one))
        const second = await issueGrant(secrets, { ...each }, new Date(minute + other))
        expect(second).toEqual(first)
      },
    ),
  )
})

test('a grant holds its network, organization, relation, kind and end, the name of a secret, and nothing else', async () => {
  const { grant, expiresAt } = await issueGrant(secrets, statement, now)
  const token = grant.slice('wng1.'.length)
  expect(decodeJwt(token)).toEqual({
    net: statement.networkId,
    org: statement.organizationId,
    rel: 'employee',
    aud: 'grant',
    exp: expiresAt.getTime() / 1000,
  })
  expect(decodeProtectedHeader(token)).toEqual({
    alg: 'HS256',
    typ: 'wng1+jwt',
    kid: secrets.current('grant').id,
  })
})

test('a grant holds for one rotation of the secrets', async () => {
  const { read, rotate } = secretsForTest()
  const { grant } = await issueGrant(read(), statement, now)
  expect(await readGrant(await rotate(), grant, now)).toEqual(statement)
  // Even if the first secret is kept for person keys, it signs nothing any more.
  expect(await readGrant(await rotate(() => true), grant, now)).toBeNull()
})

test('a grant of another server, with other secrets, is none', async () => {
  const { grant } = await issueGrant(passingSecrets(), statement, now)
  expect(await readGrant(secrets, grant, now)).toBeNull()
})

test('a statement that says anything else than a grant does is none, though the server signed it', async () => {
  const { networkId: net, organizationId: org } = statement
  const end = new Date(now.getTime() + 60_000)
  const read = async (claims: object) =>
    readGrant(secrets, await signStatement(secrets, 'grant', { ...claims }, end), now)
  expect(await read({ net, org, rel: 'employee' })).toEqual(statement)
  for (const claims of [
    { net, org, rel: 'citizen' },
    { net, org, rel: 'owner' },
    { net, org },
    { net, rel: 'employee' },
    { net, org: 'Sebaste', rel: 'employee' },
    { net: [net], org, rel: 'employee' },
  ]) {
    expect(await read(claims)).toBeNull()
  }
})

test('a grant without signature is none', async () => {
  const claims = { net: statement.networkId, org: statement.organizationId, rel: 'employee' }
  const token = new UnsecuredJWT(claims).setAudience('grant').setExpirationTime('10m').encode()
  expect(await readGrant(secrets, `wng1.${token}`, new Date())).toBeNull()
})
