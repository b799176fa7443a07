import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { passingSecrets } from '../../secrets.ts'
import { issueGrant, readGrant } from './grant.ts'
import { personSessions } from './person-session.ts'
import { readStatement, type StatementKind, signStatement } from './signed-statement.ts'

const secrets = passingSecrets()
const now = new Date('2026-03-31T10:15:42.123Z')
const end = new Date('2026-03-31T10:30:00Z')
const marks = { grant: 'wng1', session: 'wns1' }
const kinds: StatementKind[] = ['grant', 'session']

/** A token with exactly this header and payload, signed with the key of a purpose, whatever the header says. */
function forge(kind: StatementKind, header: object, payload: object, hash = 'sha256'): string {
  const parts = [header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const signature = createHmac(hash, secrets.current(kind).key).update(parts).digest('base64url')
  return `${marks[kind]}.${parts}.${signature}`
}

const header = (kind: StatementKind) => ({ alg: 'HS256', typ: `${marks[kind]}+jwt`, kid: secrets.current(kind).id })
const payload = (kind: StatementKind) => ({ aud: kind, exp: end.getTime() / 1000 })

test.each(kinds)('the forgery from which the next tests start is a true %s', async (kind) => {
  const text = forge(kind, header(kind), payload(kind))
  expect(text).toBe(await signStatement(secrets, kind, {}, end))
  const statement = await readStatement(secrets, kind, text, now)
  expect(statement).toMatchObject({ claims: payload(kind), keyId: secrets.current(kind).id })
})

test.each<[what: string, header: object, payload?: object, hash?: string]>([
  ['algorithm none', { alg: 'none' }],
  ['algorithm none, written otherwise', { alg: 'nOnE' }],
  ['a longer hash, rightly signed', { alg: 'HS512' }, {}, 'sha512'],
  ['an algorithm of key pairs', { alg: 'RS256' }],
  ['an algorithm that is no text', { alg: ['HS256'] }],
  ['no algorithm', { alg: undefined }],
  ['no type', { typ: undefined }],
  ['the type of any token', { typ: 'JWT' }],
  ['no key id', { kid: undefined }],
  ['an unknown key id', { kid: 'elsewhere' }],
  ['a key id that is no text', { kid: { id: 1 } }],
  ['a key id that every object has', { kid: '__proto__' }],
  ['an extension that must be understood', { crit: ['welfare'], welfare: true }],
  ['a payload that is not encoded', { crit: ['b64'], b64: false }],
  ['no audience', {}, { aud: undefined }],
  ['another audience', {}, { aud: 'somebody' }],
  ['no end', {}, { exp: undefined }],
  ['an end that is a text', {}, { exp: '2026-03-31T10:30:00Z' }],
  ['an end that is gone', {}, { exp: now.getTime() / 1000 - 1 }],
  ['a beginning that is to come', {}, { nbf: now.getTime() / 1000 + 60 }],
])('a statement with %s is none', async (_what, otherHeader, otherPayload = {}, hash = 'sha256') => {
  for (const kind of kinds) {
    const text = forge(kind, { ...header(kind), ...otherHeader }, { ...payload(kind), ...otherPayload }, hash)
    expect(await readStatement(secrets, kind, text, now)).toBeNull()
  }
})

test('a key that comes with the token is not used', async () => {
  const own = randomBytes(32)
  const jwk = { kty: 'oct', k: own.toString('base64url') }
  const token = await new SignJWT({})
    .setProtectedHeader({ ...header('session'), jwk, jku: 'https://example.org/keys' })
    .setAudience('session')
    .setExpirationTime(end)
    .sign(own)
  expect(await readStatement(secrets, 'session', `wns1.${token}`, now)).toBeNull()
})

test('a statement of one kind is never one of the other, whatever its prefix, type and audience say', async () => {
  for (const [kind, other] of [kinds, kinds.toReversed()] as [StatementKind, StatementKind][]) {
    const genuine = await signStatement(secrets, kind, {}, end)
    expect(await readStatement(secrets, other, genuine, now)).toBeNull()
    expect(await readStatement(secrets, other, genuine.replace(marks[kind], marks[other]), now)).toBeNull()
    // Even when all but the key is the other's.
    const forged = forge(kind, header(other), payload(other)).replace(marks[kind], marks[other])
    expect(await readStatement(secrets, other, forged, now)).toBeNull()
    // Even with the other's key, when the type is wrong.
    const mistyped = forge(other, header(kind), payload(other))
    expect(await readStatement(secrets, other, mistyped, now)).toBeNull()
  }
})

test('a statement is one text: any change of a character, and any more or fewer, makes it none', async () => {
  const text = await signStatement(secrets, 'grant', { net: randomUUID(), org: randomUUID(), rel: 'employee' }, end)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\0é'
  for (let place = 0; place < text.length; place += 1) {
    const others = place === text.length - 1 ? alphabet : alphabet.slice((place * 7) % 60, ((place * 7) % 60) + 3)
    for (const other of others) {
      if (other === text[place]) continue
      expect(
        await readStatement(secrets, 'grant', text.slice(0, place) + other + text.slice(place + 1), now),
      ).toBeNull()
    }
    expect(await readStatement(secrets, 'grant', text.slice(0, place) + text.slice(place + 1), now)).toBeNull()
  }
  for (const more of [' ', '\n', '=', 'A', '.', '.A']) {
    expect(await readStatement(secrets, 'grant', text + more, now)).toBeNull()
    expect(await readStatement(secrets, 'grant', more + text, now)).toBeNull()
  }
})

test('a text of more than 2,000 characters is not even looked at, though the server signed it', async () => {
  const read = async (length: number) => {
    const text = await signStatement(secrets, 'grant', { more: 'x'.repeat(length) }, end)
    return { length: text.length, isRead: (await readStatement(secrets, 'grant', text, now)) !== null }
  }
  expect(await read(1_300)).toEqual({ length: expect.toSatisfy((n) => n > 1_800 && n <= 2_000), isRead: true })
  expect(await read(1_500)).toEqual({ length: expect.toSatisfy((n) => n > 2_000), isRead: false })
})

test('2,000 texts that are no grant and no session: each is null, none an exception, none slow', async () => {
  const { grant } = await issueGrant(
    secrets,
    { networkId: randomUUID(), organizationId: randomUUID(), relation: 'employee' },
    now,
  )
  const part = fc.oneof(
    fc.json().map((json) => Buffer.from(json).toString('base64url')),
    fc.base64String(),
    fc.constantFrom('', 'e30', 'bnVsbA', 'W10', 'eyJhbGciOiJub25lIn0', 'A'.repeat(43), 'A'.repeat(1_000)),
  )
  const any = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
    fc.tuple(part, part).map(([head, body]) => `${head}.${body}.${'A'.repeat(43)}`),
    // True to the letter, but for a piece.
    fc
      .tuple(fc.integer({ min: 0, max: grant.length }), fc.integer({ min: 1, max: 60 }), fc.string({ maxLength: 60 }))
      .map(([from, length, other]) => grant.slice(0, from) + other + grant.slice(from + length))
      .filter((text) => text !== grant),
    // Rightly signed, and yet nothing.
    fc
      .tuple(
        fc.constantFrom(...kinds),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.dictionary(fc.string(), fc.jsonValue()),
      )
      .map(([kind, head, body]) => forge(kind, { ...header(kind), ...head }, { ...body, ...payload(kind) }).slice(5)),
  )
  const texts = fc.sample(
    fc.tuple(fc.constantFrom('wng1.', 'wns1.', 'wng2.', ''), any).map((parts) => parts.join('')),
    2_000,
  )

  const began = performance.now()
  for (const text of texts) {
    expect(await readGrant(secrets, text, now)).toBeNull()
    expect(await personSessions(secrets)(text, now)).toBeNull()
  }
  // A true one takes a tenth of a millisecond to read; ten times that is room for a busy machine.
  expect((performance.now() - began) / texts.length / 2).toBeLessThan(1)
})

test.each([
  ['dots', '.'],
  ['letters', 'A'],
  ['what repeats', 'A.'],
])('ten million %s are refused as fast as a few', async (_what, text) => {
  const huge = `wng1.${text.repeat(10_000_000 / text.length)}`
  const began = performance.now()
  for (let time = 0; time < 1_000; time += 1) expect(await readGrant(secrets, huge, now)).toBeNull()
  expect((performance.now() - began) / 1_000).toBeLessThan(1)
})
