import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asActor } from '../../database/as-actor.ts'
import type { Database } from '../../database/connect.ts'
import { passingSecrets, type Secrets } from '../../secrets.ts'
import { secretsForTest } from '../../testing/secrets-file.ts'
import { asOwner, openTestDatabase } from '../../testing/test-database.ts'
import { findOrCreatePerson, isSecretNeeded, readPersonKey } from './person-key.ts'

const now = new Date('2026-03-31T10:15:42.123Z')

let database: Database
let networkId: string
let otherNetworkId: string

beforeAll(async () => {
  database = await openTestDatabase('empty')
  const make = (slug: string) => database.prisma.network.create({ data: { slug, name: slug } })
  networkId = (await make('here')).id
  otherNetworkId = (await make('there')).id
})

afterAll(() => database.close())

function find(secrets: Secrets, key: Uint8Array, options: { network?: string; at?: Date } = {}): Promise<string> {
  const { network = networkId, at = now } = options
  return findOrCreatePerson(database.prisma, secrets, { networkId: network, organizationId: null, key }, at)
}

function row(id: string) {
  return asOwner(database, (tx) => tx.person.findUniqueOrThrow({ where: { id } }))
}

test('a person key is 22 characters of base64url, of which the last has two bits', () => {
  const bytes = randomBytes(16)
  expect(readPersonKey(bytes.toString('base64url'))).toEqual(new Uint8Array(bytes))
  for (const text of [
    '',
    'A'.repeat(21),
    'A'.repeat(23),
    `${'A'.repeat(21)}B`,
    `${'A'.repeat(20)}+A`,
    `${'A'.repeat(22)}\n`,
  ]) {
    expect(readPersonKey(text)).toBeNull()
  }
})

test('the same key is the same person, another key another, and the identifier tells nothing of when', async () => {
  const secrets = passingSecrets()
  const [one, other] = [randomBytes(16), randomBytes(16)]
  const id = await find(secrets, one)
  expect(await find(secrets, one)).toBe(id)
  expect(await find(secrets, other)).not.toBe(id)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
})

test('of the key the table has neither the key nor a hash that anyone could calculate', async () => {
  const secrets = passingSecrets()
  const key = randomBytes(16)
  const { keyHash, hashedWith } = await row(await find(secrets, key))
  expect(keyHash).toHaveLength(32)
  expect(hashedWith).toBe(secrets.current('person-key').id)
  const { keyHash: elsewhere } = await row(await find(passingSecrets(), key))
  expect(Buffer.from(keyHash).equals(elsewhere)).toBe(false)
})

test('a key that is used in two networks makes two people, whom nothing in the table joins', async () => {
  const secrets = passingSecrets()
  const key = randomBytes(16)
  const here = await row(await find(secrets, key))
  const there = await row(await find(secrets, key, { network: otherNetworkId }))
  expect(there).toMatchObject({ networkId: otherNetworkId })
  expect(there.id).not.toBe(here.id)
  expect(Buffer.from(there.keyHash).equals(here.keyHash)).toBe(false)
})

test('a person who comes back after two rotations of the secrets is found, and the hash is renewed', async () => {
  const { read, rotate } = secretsForTest()
  const key = randomBytes(16)
  const id = await find(read(), key)
  const first = read().current('person-key').id
  await rotate()
  const third = await rotate((secret) => secret === first)

  expect(await find(third, key)).toBe(id)
  const renewed = await row(id)
  expect(renewed.hashedWith).toBe(third.current('person-key').id)
  // Now the first secret can go: the person is found without.
  const fourth = await rotate()
  expect(fourth.accepted('person-key').map((each) => each.id)).not.toContain(first)
  expect(await find(fourth, key)).toBe(id)
})

test('a person whose secret was dropped is not found any more: another begins', async () => {
  const { read, rotate } = secretsForTest()
  const key = randomBytes(16)
  const id = await find(read(), key)
  await rotate()
  expect(await find(await rotate(), key)).not.toBe(id)
})

test.each([
  ['2026-03-01T00:00:00.000Z', '2026-03-01'],
  ['2026-03-31T23:59:59.999Z', '2026-03-01'],
  ['2026-12-31T23:59:59.999Z', '2026-12-01'],
])('who is here at %s was seen in the month of %s', async (moment, month) => {
  const id = await find(passingSecrets(), randomBytes(16), { at: new Date(moment) })
  expect((await row(id)).seenIn).toEqual(new Date(`${month}T00:00:00Z`))
})

test('a visit writes the row in a new month, and does not touch it again in the same one', async () => {
  const secrets = passingSecrets()
  const key = randomBytes(16)
  const id = await find(secrets, key, { at: new Date('2026-02-10T08:00:00Z') })
  const version = async () => {
    const [found] = await asOwner(
      database,
      (tx) => tx.$queryRaw<[{ xmin: string }]>`
      SELECT xmin::text FROM person WHERE id = ${id}::uuid`,
    )
    return found.xmin
  }
  const made = await version()
  await find(secrets, key, { at: new Date('2026-02-28T23:00:00Z') })
  expect(await version()).toBe(made)
  await find(secrets, key, { at: new Date('2026-03-01T00:00:00Z') })
  expect(await version()).not.toBe(made)
  expect((await row(id)).seenIn).toEqual(new Date('2026-03-01T00:00:00Z'))
})

test('of eight requests with a new key at the same moment, all get the same person', async () => {
  expect(new Set(await findAtOnce(passingSecrets(), randomBytes(16))).size).toBe(1)
})

test('of eight requests at the same moment after a rotation, all get the person who was there', async () => {
  const { read, rotate } = secretsForTest()
  const key = randomBytes(16)
  const id = await find(read(), key)
  expect(new Set(await findAtOnce(await rotate(), key))).toEqual(new Set([id]))
})

/** Looks for the same person in eight transactions; an embedded database has one connection, on which they follow each other. */
function findAtOnce(secrets: Secrets, key: Uint8Array): Promise<string[]> {
  return Promise.all(Array.from({ length: 8 }, () => find(secrets, key)))
}

test('one who was made twice, by servers with and without the newest secret, is the one of the newest ever after', async () => {
  const { read, rotate } = secretsForTest()
  const before = read()
  const after = await rotate()
  const key = randomBytes(16)
  const newest = await find(after, key)
  const late = await find(before, key)
  expect(late).not.toBe(newest)
  for (let time = 0; time < 2; time += 1) expect(await find(after, key)).toBe(newest)
})

test('who is erased begins anew', async () => {
  const secrets = passingSecrets()
  const key = randomBytes(16)
  const id = await find(secrets, key)
  await asOwner(database, (tx) => tx.person.delete({ where: { id } }))
  expect(await find(secrets, key)).not.toBe(id)
})

test('a secret is needed as long as there is somebody whose hash was made with it, though nobody is shown', async () => {
  const secrets = passingSecrets()
  const { id: secret } = secrets.current('person-key')
  const isNeeded = () => asActor(database.prisma, { upkeep: true }, (tx) => isSecretNeeded(tx, secret))
  expect(await isNeeded()).toBe(false)
  await find(secrets, randomBytes(16))
  expect(await database.prisma.person.count()).toBe(0)
  expect(await isNeeded()).toBe(true)
})

test('there is no person without a network', async () => {
  await expect(find(passingSecrets(), randomBytes(16), { network: randomUUID() })).rejects.toThrow()
})
