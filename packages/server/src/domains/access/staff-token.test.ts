import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { exportSPKI, type JWTPayload, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { StaffRole } from '../../generated/prisma/enums.ts'
import { client, type Issued, makeKey, type SigningKey, startIssuer } from '../../testing/oidc-issuer.ts'
import { IssuerUnreachable } from './issuer-keys.ts'
import { type StaffTokenSettings, staffTokenDefaults, staffTokens } from './staff-token.ts'

const audience = 'https://api.welfare.example'
const issued: Issued = { audience, claims: {}, lifetime: 300 }
const keptSeconds = 10 * 60
const cooldownSeconds = 10
const pauseSeconds = 5

let keys: Record<'RS256' | 'PS256' | 'ES256' | 'EdDSA' | 'ES512' | 'next', SigningKey>
let issuer: Awaited<ReturnType<typeof startIssuer>>
let other: Awaited<ReturnType<typeof startIssuer>>

beforeAll(async () => {
  keys = {
    RS256: await makeKey('RS256', 'rsa'),
    PS256: await makeKey('PS256', 'pss'),
    ES256: await makeKey('ES256', 'ec'),
    EdDSA: await makeKey('EdDSA', 'ed'),
    ES512: await makeKey('ES512', 'large'),
    next: await makeKey('RS256', 'next'),
  }
  issuer = await startIssuer([keys.RS256], issued)
  // The same client and the same name of a key: nothing tells their tokens apart but who made them.
  other = await startIssuer([await makeKey('RS256', 'rsa')], issued)
})

beforeEach(() => {
  issuer.useKeys([keys.RS256])
  issuer.requests.length = 0
  Object.assign(issued, { audience, claims: { roles: ['network_coordinator'] }, lifetime: 300 })
})

afterEach(() => {
  vi.useRealTimers()
})

afterAll(async () => {
  await issuer.stop()
  await other.stop()
})

test('an access token says whom it speaks for, and the roles that its issuer gives', async () => {
  expect(await reader().read(await issuer.accessToken())).toEqual({
    issuer: issuer.issuer,
    subject: client.id,
    roles: ['network_coordinator'],
  })
})

test('nothing is asked of the issuer before the first token, and nothing more for those that follow', async () => {
  const { read } = reader()
  const tokens = await Promise.all(Array.from({ length: 20 }, () => issuer.accessToken()))
  expect(questions()).toEqual([])
  expect(await Promise.all(tokens.map(read))).not.toContain(null)
  expect(questions()).toEqual(['/.well-known/openid-configuration', '/jwks'])
})

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'] as const)('a token that is signed with %s is taken', async (alg) => {
  issuer.useKeys([keys[alg]])
  expect(await reader().read(await issuer.accessToken())).not.toBeNull()
})

test('a token that is signed in a way that is not allowed is not, until it is', async () => {
  issuer.useKeys([keys.ES512])
  const token = await issuer.accessToken()
  expect(await reader().read(token)).toBeNull()
  expect(await reader({ algorithms: ['ES512'] }).read(token)).not.toBeNull()
})

test('a token for another API is not taken', async () => {
  const { read } = reader()
  issued.audience = 'https://other.example'
  expect(await read(await issuer.accessToken())).toBeNull()
  issued.audience = audience
  expect(await read(await issuer.accessToken())).not.toBeNull()
})

test('a token is taken until it has expired, and for as long as clocks may differ', async () => {
  const { read } = reader()
  issued.lifetime = 60
  const token = await issuer.accessToken()
  vi.setSystemTime(Date.now() + 85_000)
  expect(await read(token)).not.toBeNull()
  vi.setSystemTime(Date.now() + 10_000)
  expect(await read(token)).toBeNull()
})

test('a token that is not valid yet is not taken, unless clocks may differ by that', async () => {
  const { read } = reader()
  expect(await read(await signed({ nbf: seconds() + 20 }))).not.toBeNull()
  expect(await read(await signed({ nbf: seconds() + 60 }))).toBeNull()
})

test('a token of another issuer is not taken, whatever key it names, and neither issuer is asked', async () => {
  other.requests.length = 0
  const token = await other.accessToken()
  expect(await reader().read(token)).toBeNull()
  expect(questions()).toEqual([])
  expect(other.requests).toEqual(['/token'])
})

test('a token that another issuer made in the name of ours is not taken', async () => {
  const forger = await makeKey('RS256', 'rsa')
  expect(await reader().read(await signed({}, {}, forger))).toBeNull()
})

test.each(['none', 'None', 'NONE', ''])('a token with alg "%s" is not taken', async (alg) => {
  const [, payload] = (await issuer.accessToken()).split('.')
  expect(await reader().read(`${part({ alg, typ: 'at+jwt' })}.${payload}.`)).toBeNull()
  expect(await reader().read(`${part({ alg, typ: 'at+jwt', kid: 'rsa' })}.${payload}.${part({})}`)).toBeNull()
})

test.each(['HS256', 'HS384', 'HS512'])('the public key does not do for a shared secret of %s', async (alg) => {
  const [, payload] = (await issuer.accessToken()).split('.')
  const pem = await exportSPKI(keys.RS256.publicKey)
  const { n, e, kty } = keys.RS256.jwk
  for (const secret of [pem, pem.trimEnd(), n!, Buffer.from(n!, 'base64url'), JSON.stringify({ kty, n, e })]) {
    const text = `${part({ alg, typ: 'at+jwt', kid: 'rsa' })}.${payload}`
    const hash = alg.replace('HS', 'sha')
    const token = `${text}.${createHmac(hash, secret).update(text).digest('base64url')}`
    expect(await reader().read(token)).toBeNull()
    // Even where someone gets it past the settings: the keys of an issuer are never secrets.
    const careless = { algorithms: [alg, 'RS256'] } as unknown as Partial<StaffTokenSettings>
    expect(await reader(careless).read(token)).toBeNull()
  }
})

test.each([
  ['the payload', 1],
  ['the signature', 2],
])('no character of %s can be changed', async (_, index) => {
  const { read } = reader()
  const parts = (await issuer.accessToken()).split('.')
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const changing = fc.tuple(fc.nat(parts[index]!.length - 2), fc.integer({ min: 1, max: 63 }))
  await fc.assert(
    fc.asyncProperty(changing, async ([at, by]) => {
      const text = parts[index]!
      const digit = digits[(digits.indexOf(text[at]!) + by) % 64]
      const changed = parts.with(index, text.slice(0, at) + digit + text.slice(at + 1)).join('.')
      expect(await read(changed)).toBeNull()
    }),
    { numRuns: 200 },
  )
  expect(await read(parts.join('.'))).not.toBeNull()
})

test('keys that a token brings along, or says where to find, are nothing to us', async () => {
  const forger = await makeKey('RS256', 'forged')
  const trap = await startIssuer([forger], issued)
  const { d, p, q, dp, dq, qi, ...jwk } = forger.jwk
  for (const header of [
    { jwk },
    { jku: `${trap.issuer}/jwks` },
    { x5u: `${trap.issuer}/jwks` },
    { x5c: [randomBytes(64).toString('base64')] },
    { jwk, jku: `${trap.issuer}/jwks`, kid: 'rsa' },
  ]) {
    expect(await reader().read(await signed({}, header as object, forger))).toBeNull()
    // Beside a signature of the issuer they do no harm either.
    expect(await reader().read(await signed({}, { ...(header as object), kid: 'rsa' }))).not.toBeNull()
  }
  expect(trap.requests).toEqual([])
  await trap.stop()
})

test('an ID token is made out to a client, and not taken for an access token', async () => {
  expect(await reader().read(await issuer.idToken())).toBeNull()
})

test('an ID token is not taken either where somebody uses one name for the API and the client', async () => {
  const careless = reader({ audience: client.id })
  expect(await careless.read(await issuer.idToken('a nonce'))).toBeNull()
  expect(await careless.read(await issuer.idToken())).toBeNull()
  expect(await careless.read(await signed({ aud: client.id }, { typ: undefined }))).not.toBeNull()
})

test.each([
  ['at+jwt', true],
  ['application/at+jwt', true],
  ['AT+JWT', true],
  ['JWT', true],
  ['application/jwt', true],
  [undefined, true],
  ['logout+jwt', false],
  ['dpop+jwt', false],
  ['secevent+jwt', false],
  ['', false],
  [5, false],
  [null, false],
])('a token of type %s: taken %s', async (typ, isTaken) => {
  expect((await reader().read(await signed({}, { typ }))) !== null).toBe(isTaken)
})

test.each(['nonce', 'at_hash', 'c_hash', 's_hash', 'events'])(
  'a token with %s is for a client, unless its type says that it is an access token',
  async (claim) => {
    expect(await reader().read(await signed({ [claim]: 'x' }, { typ: 'JWT' }))).toBeNull()
    expect(await reader().read(await signed({ [claim]: 'x' }, { typ: undefined }))).toBeNull()
    expect(await reader().read(await signed({ [claim]: 'x' }, { typ: 'at+jwt' }))).not.toBeNull()
  },
)

test.each([
  ['client_id', 'app'],
  ['cid', 'app'],
  ['appid', 'app'],
  ['scope', ''],
  ['scp', 'staff'],
])('a token that has no type of its own is for an API when it has %s', async (claim, value) => {
  const without = { client_id: undefined }
  expect(await reader().read(await signed(without, { typ: 'JWT' }))).toBeNull()
  expect(await reader().read(await signed({ ...without, [claim]: value }, { typ: 'JWT' }))).not.toBeNull()
})

test.each([
  ['exp', undefined],
  ['exp', 'tomorrow'],
  ['exp', '99999999999'],
  ['iss', undefined],
  ['iss', ['x']],
  ['aud', undefined],
  ['aud', []],
  ['aud', { [audience]: true }],
  ['sub', undefined],
  ['sub', ''],
  ['sub', 5],
  ['sub', null],
  ['sub', 'a\u0000b'],
  ['sub', 'é'],
  ['sub', 'x'.repeat(256)],
])('a token whose %s is %j is not taken, whoever signed it', async (claim, value) => {
  expect(await reader().read(await signed({ [claim]: value }))).toBeNull()
})

test('a token longer than 8,000 characters is not looked at', async () => {
  const { read } = reader()
  const filled = (size: number) => signed({ filler: 'x'.repeat(size) })
  const shortest = (await filled(0)).length
  const most = Math.floor(((8_000 - shortest) * 3) / 4) - 4
  expect((await filled(most)).length).toBeLessThanOrEqual(8_000)
  expect(await read(await filled(most))).not.toBeNull()
  expect(await read(await filled(most + 10))).toBeNull()
})

test.each<[string, unknown, Partial<StaffTokenSettings>, StaffRole[]]>([
  [
    'a list',
    { roles: ['organization_admin', 'network_coordinator'] },
    {},
    ['organization_admin', 'network_coordinator'],
  ],
  ['one string', { roles: 'welfare_point_operator' }, {}, ['welfare_point_operator']],
  ['the same twice', { roles: ['organization_admin', 'organization_admin'] }, {}, ['organization_admin']],
  ['others too', { roles: ['offline_access', 'organization_admin', 5, null, ['x']] }, {}, ['organization_admin']],
  ['names of an object', { roles: ['constructor', '__proto__', 'toString'] }, {}, []],
  ['an object', { roles: { network_coordinator: true } }, {}, []],
  ['nothing', {}, {}, []],
  [
    'in a claim of Keycloak',
    { realm_access: { roles: ['organization_admin'] } },
    at('realm_access.roles'),
    ['organization_admin'],
  ],
  [
    'in a claim whose name has dots',
    { 'https://a.example/roles': 'organization_admin' },
    at('https://a.example/roles'),
    ['organization_admin'],
  ],
  ['nowhere on the path', { realm_access: 'organization_admin' }, at('realm_access.roles'), []],
  ['on the path of a prototype', {}, at('constructor.name'), []],
  [
    'by other names',
    { roles: ['Coordinators', 'Desk', 'network_coordinator'] },
    named({ Coordinators: 'network_coordinator', Desk: 'welfare_point_operator' }),
    ['network_coordinator', 'welfare_point_operator'],
  ],
  [
    'by two names of one',
    { roles: ['a', 'b'] },
    named({ a: 'organization_admin', b: 'organization_admin' }),
    ['organization_admin'],
  ],
])('roles are read: %s', async (_, claims, settings, roles) => {
  issued.claims = claims as Issued['claims']
  expect(await reader(settings).read(await issuer.accessToken())).toMatchObject({ roles })
})

test('keys rotate without a restart: the new one is fetched when a token names it, the old one goes', async () => {
  const { read } = reader()
  const before = await issuer.accessToken()
  expect(await read(before)).not.toBeNull()
  issuer.useKeys([keys.next, keys.RS256])
  const after = await issuer.accessToken()
  wait(cooldownSeconds + 1)
  expect(await read(after)).not.toBeNull()
  expect(await read(before)).not.toBeNull()
  issuer.useKeys([keys.next])
  issued.lifetime = 3_600
  const late = await signed({ exp: seconds() + 3_600 }, { kid: 'rsa' })
  expect(await read(late)).not.toBeNull()
  wait(keptSeconds + 1)
  expect(await read(late)).toBeNull()
  expect(await read(await issuer.accessToken())).not.toBeNull()
})

test('tokens with a made-up key do not make us hammer the issuer', async () => {
  const { read } = reader()
  await read(await issuer.accessToken())
  const asked = questions().length
  const madeUp = () =>
    Promise.all(Array.from({ length: 100 }, async (_, n) => read(await signed({}, { kid: `no-${n}` }))))
  expect(new Set(await madeUp())).toEqual(new Set([null]))
  expect(questions()).toHaveLength(asked)
  wait(cooldownSeconds + 1)
  await madeUp()
  await madeUp()
  expect(questions()).toHaveLength(asked + 2)
})

test('a key that the issuer does not say is no key, with another name or none', async () => {
  const { read } = reader()
  expect(await read(await signed({}, { kid: undefined }))).not.toBeNull()
  expect(await read(await signed({}, { kid: 'ed' }))).toBeNull()
  expect(await read(await signed({}, { kid: undefined }, keys.next))).toBeNull()
})

test('an issuer that is down is told as such, left alone for a moment, and believed again when it is back', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  await whileDown(async () => {
    await expect(read(token)).rejects.toThrow(IssuerUnreachable)
    await expect(read(token)).rejects.toThrow(`${issuer.issuer}: its keys can't be read (`)
  })
  await expect(read(token)).rejects.toThrow(IssuerUnreachable)
  expect(questions()).toEqual([])
  wait(pauseSeconds + 1)
  expect(await read(token)).not.toBeNull()
})

test('while it is down, keys that are known go on, and what needs no key is refused as ever', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  await read(token)
  await whileDown(async () => {
    wait(cooldownSeconds + 1)
    expect(await read(token)).not.toBeNull()
    await expect(read(await signed({}, { kid: 'unknown' }))).rejects.toThrow(IssuerUnreachable)
    expect(await read('nonsense')).toBeNull()
    expect(await read(`${part({ alg: 'none' })}.${token.split('.')[1]}.`)).toBeNull()
  })
})

test('a connection that breaks is made once more', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  issuer.answerWith((_, response) => {
    issuer.useKeys([keys.RS256])
    response.destroy()
  })
  expect(await read(token)).not.toBeNull()
})

test('however many tokens come, an issuer that fails is asked once in a while', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  issuer.answerWith((_, response) => response.writeHead(500).end())
  for (let round = 0; round < 3; round++) {
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => read(token)))
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['rejected']))
  }
  expect(questions()).toEqual(['/.well-known/openid-configuration'])
})

test.each<[string, (address: string) => unknown, RegExp]>([
  [
    'is of another issuer',
    (address) => ({ issuer: 'https://other.example', jwks_uri: `${address}/jwks` }),
    /another issuer/,
  ],
  ['differs by a slash', (address) => ({ issuer: `${address}/`, jwks_uri: `${address}/jwks` }), /another issuer/],
  ['names no keys', (address) => ({ issuer: address }), /not in the form/],
  ['names keys without HTTPS', (address) => ({ issuer: address, jwks_uri: 'http://keys.example/jwks' }), /not safe/],
  ['names a file', (address) => ({ issuer: address, jwks_uri: 'file:///etc/passwd' }), /not safe/],
  ['is a list', () => [], /not in the form/],
  ['is no JSON', () => undefined, /can't be read/],
])('a discovery document that %s is not believed', async (_, document, message) => {
  const { read } = reader()
  const token = await issuer.accessToken()
  const told = document(issuer.issuer)
  issuer.answerWith((_, response) => response.end(told === undefined ? '<html>' : JSON.stringify(told)))
  await expect(read(token)).rejects.toThrow(IssuerUnreachable)
  wait(pauseSeconds + 1)
  await expect(read(token)).rejects.toThrow(message)
})

test('the issuer can not send us elsewhere', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  other.requests.length = 0
  issuer.answerWith(({ url }, response) => response.writeHead(302, { location: other.issuer + url }).end())
  await expect(read(token)).rejects.toThrow(IssuerUnreachable)
  expect(other.requests).toEqual([])
})

test.each([
  ['no keys', {}],
  ['a list', []],
  ['keys that are none', { keys: ['x'] }],
])('a set of keys that has %s is not believed', async (_, set) => {
  const { read } = reader()
  const token = await issuer.accessToken()
  answerKeys(set)
  await expect(read(token)).rejects.toThrow(IssuerUnreachable)
})

test.each([
  ['is too short', { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'rsa' }],
  ['has no numbers', { kty: 'RSA', kid: 'rsa' }],
  ['is a shared secret', { kty: 'oct', k: 'AQAB', kid: 'rsa' }],
  ['is for encryption', { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'rsa', use: 'enc' }],
])('with a key that %s no token is valid', async (_, key) => {
  const { read } = reader()
  const token = await issuer.accessToken()
  answerKeys({ keys: [key] })
  expect(await read(token)).toBeNull()
})

test('a refusal says nothing of the token', async () => {
  const { read } = reader()
  const token = await issuer.accessToken()
  const error: unknown = await whileDown(() => read(token)).catch((reason: unknown) => reason)
  const { message, stack } = error as Error
  for (const secret of token.split('.')) expect(`${message}${stack}${JSON.stringify(error)}`).not.toContain(secret)
})

test('a thousand malformed tokens are refused, quickly and without a question to the issuer', async () => {
  const { read } = reader()
  const good = await issuer.accessToken()
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const anyPart = fc.oneof(
    fc.constantFrom(header, payload, '', '.', '=', ' '),
    fc.base64String().map((text) => text.replaceAll('=', '')),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
    fc.string({ unit: 'binary' }),
  )
  const malformed = fc.oneof(
    fc.array(anyPart, { maxLength: 6 }).map((parts) => parts.join('.')),
    fc.nat(good.length - 2).map((length) => good.slice(0, length)),
    fc.string({ unit: 'binary', maxLength: 9_000, size: 'max' }),
    fc.json().map((text) => `${Buffer.from(text).toString('base64url')}.${payload}.${signature}`),
    fc
      .dictionary(fc.constantFrom('alg', 'kid', 'typ', 'crit', 'b64', 'zip', 'enc'), fc.jsonValue())
      .map((fields) => `${part(fields)}.${payload}.${signature}`),
  )
  const tokens = fc.sample(malformed, 1_000)
  await read(good)
  issuer.requests.length = 0
  // The cooldown does not end while this goes on.
  vi.setSystemTime(Date.now())
  const start = performance.now()
  const results = []
  for (const token of tokens) results.push(await read(token))
  expect(performance.now() - start).toBeLessThan(5_000)
  expect(new Set(results)).toEqual(new Set([null]))
  expect(questions()).toEqual([])
})

/** Those of staff-token.ts; each has keys of its own. */
function reader(settings: Partial<StaffTokenSettings> = {}) {
  return staffTokens({ ...staffTokenDefaults, issuer: issuer.issuer, audience, ...settings })
}

/** A token such as the issuer makes, but for what is given; undefined leaves out. */
function signed(claims: object, header: object = {}, key: SigningKey = keys.RS256): Promise<string> {
  const now = seconds()
  const payload = {
    iss: issuer.issuer,
    aud: audience,
    sub: 'somebody',
    client_id: client.id,
    iat: now,
    exp: now + 60,
    ...claims,
  }
  return new SignJWT(payload as JWTPayload)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey)
}

/** What was asked for keys; tokens are asked for by the tests. */
function questions(): string[] {
  return issuer.requests.filter((path) => path !== '/token')
}

async function whileDown<T>(look: () => Promise<T>): Promise<T> {
  await issuer.stop()
  return look().finally(() => issuer.resume())
}

function answerKeys(set: unknown): void {
  issuer.answerWith(({ url }, response) => {
    const document = { issuer: issuer.issuer, jwks_uri: `${issuer.issuer}/jwks` }
    response.end(JSON.stringify(url === '/jwks' ? set : document))
  })
}

function wait(time: number): void {
  vi.setSystemTime(Date.now() + time * 1_000)
}

function seconds(): number {
  return Math.floor(Date.now() / 1_000)
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function at(rolesClaim: string): Partial<StaffTokenSettings> {
  return { rolesClaim }
}

function named(names: Record<string, StaffRole>): Partial<StaffTokenSettings> {
  return { roleNames: new Map(Object.entries(names)) }
}
