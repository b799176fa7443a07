import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createSecrets, passingSecrets, readSecrets, rotateSecrets, SecretsUnavailable, settling } from './secrets.ts'
import { secretsForTest } from './testing/secrets-file.ts'

const purposes = ['grant', 'session', 'person-key'] as const

/** What the file says, secrets and all. */
function stored(path: string): { id: string; secret: string; since: string }[] {
  return JSON.parse(readFileSync(path, 'utf8')).secrets
}

test('a file is made once, for its owner only, and leaves nothing beside it', () => {
  const { path } = secretsForTest()
  const before = readFileSync(path, 'utf8')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(existsSync(`${path}.partial`)).toBe(false)
  expect(createSecrets(path)).toBe(false)
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('a file is made in a folder that is not there yet', () => {
  const path = join(dirname(secretsForTest().path), 'etc', 'welfare', 'secrets.json')
  expect(createSecrets(path, new Date('2026-01-01T00:00:00Z'))).toBe(true)
  expect(stored(path)).toMatchObject([{ since: '2026-01-01T00:00:00.000Z' }])
})

test('replicas that read the same file derive the same keys, and others do not', () => {
  const { read } = secretsForTest()
  for (const purpose of purposes) {
    expect(read().current(purpose)).toEqual(read().current(purpose))
    expect(secretsForTest().read().current(purpose).key).not.toEqual(read().current(purpose).key)
    expect(passingSecrets().current(purpose).key).not.toEqual(passingSecrets().current(purpose).key)
  }
})

test('each purpose has a key of 32 bytes of its own, and none of them is the secret', () => {
  const { path, read } = secretsForTest()
  const keys = purposes.map((purpose) => Buffer.from(read().current(purpose).key))
  const texts = new Set([...keys.map((key) => key.toString('base64url')), stored(path)[0]!.secret])
  expect(texts.size).toBe(purposes.length + 1)
  for (const key of keys) expect(key).toHaveLength(32)
})

test('after a rotation the new secret is current, and two sign; the mode of the file stays', async () => {
  const { path, read, rotate } = secretsForTest()
  const first = read()
  const second = await rotate()
  for (const purpose of purposes) {
    expect(second.current(purpose).id).not.toBe(first.current(purpose).id)
    expect(second.accepted(purpose)).toEqual([second.current(purpose), first.current(purpose)])
  }
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('after two rotations two sign; for person keys the first is kept while it is needed', async () => {
  const { read, rotate } = secretsForTest()
  const first = read()
  const second = await rotate()
  const third = await rotate((id) => id === first.current('person-key').id)
  expect(third.accepted('person-key')).toEqual([third, second, first].map((each) => each.current('person-key')))
  expect(third.accepted('session')).toEqual([third, second].map((each) => each.current('session')))
  expect(third.accepted('grant')).toEqual([third, second].map((each) => each.current('grant')))
})

test('a rotation drops what nothing hangs on, never the last, and says how many', async () => {
  const { path } = secretsForTest()
  const asked: string[] = []
  const isNeeded = async (id: string) => {
    asked.push(id)
    return false
  }
  const [first] = stored(path)
  const now = Date.now()
  expect(await rotateSecrets(path, isNeeded, new Date(now))).toMatchObject({ kept: 1, dropped: 0 })
  expect(asked).toEqual([])
  const { id, kept, dropped } = await rotateSecrets(path, isNeeded, new Date(now + settling))
  expect({ asked, kept, dropped }).toEqual({ asked: [first!.id], kept: 1, dropped: 1 })
  expect(stored(path).map((each) => each.id)).toEqual([id, expect.not.stringMatching(first!.id)])
})

test('while the last has not settled a rotation drops none, for servers still use one before it', async () => {
  const { path } = secretsForTest()
  const now = Date.now()
  const unneeded = async () => false
  await rotateSecrets(path, unneeded, new Date(now))
  const again = await rotateSecrets(path, unneeded, new Date(now + settling - 1))
  expect(again).toMatchObject({ kept: 2, dropped: 0 })
  // What signs is one of the two newest, whatever has settled; who is known by an older hash is found as before.
  const secrets = readSecrets(path, { now: () => now + settling - 1 })
  for (const purpose of purposes) expect(secrets.accepted(purpose)[0]).toEqual(secrets.current(purpose))
  expect(secrets.accepted('session')).toHaveLength(2)
  expect(secrets.accepted('person-key')).toHaveLength(3)
})

test('a server that runs takes a new secret within a second, and uses it when it has settled', async () => {
  const { path } = secretsForTest()
  let now = Date.now()
  const [one, other] = [readSecrets(path, { now: () => now }), readSecrets(path, { now: () => now })]
  const before = one.current('session')
  await rotateSecrets(path, async () => false, new Date(now))
  now += 1_000
  expect(one.accepted('session')).toHaveLength(2)
  now += settling - 1_001
  expect(one.current('session')).toEqual(before)
  now += 1
  const after = one.current('session')
  expect(after.id).not.toBe(before.id)
  // One that was idle all the while knows it too, and what was signed before.
  expect(other.accepted('session')).toEqual([after, before])
})

test('a file that becomes unreadable is told once, and what was read from it stays', () => {
  const { path } = secretsForTest()
  const text = readFileSync(path, 'utf8')
  let now = Date.now()
  const told: string[] = []
  const secrets = readSecrets(path, { now: () => now, warn: ({ message }) => told.push(message) })
  const before = secrets.current('grant')
  const look = () => {
    now += 1_000
    return secrets.current('grant')
  }
  rmSync(path)
  expect([look(), look()]).toEqual([before, before])
  writeFileSync(path, text.slice(0, -20))
  expect([look(), look()]).toEqual([before, before])
  writeFileSync(path, text)
  expect(look()).toEqual(before)
  expect(told).toEqual([expect.stringContaining('ENOENT'), expect.stringContaining('not a file of secrets')])
})

test('a rotation that can not learn what is needed changes nothing', async () => {
  const { path, rotate } = secretsForTest()
  await rotate()
  const before = readFileSync(path, 'utf8')
  await expect(rotateSecrets(path, () => Promise.reject(new Error('no database')))).rejects.toThrow('no database')
  expect(readFileSync(path, 'utf8')).toBe(before)
})

test('a file that is not there is named, with what to do', () => {
  const path = join(dirname(secretsForTest().path), 'elsewhere.json')
  expect(() => readSecrets(path)).toThrow(
    new SecretsUnavailable(
      `${path}: the file of secrets can't be read (ENOENT). ` +
        'Make it with `pnpm welfare-network keys init`, or name another with WELFARE_NETWORK_SECRETS.',
    ),
  )
})

test.each<[damage: string, (text: string) => string]>([
  ['is cut off', (text) => text.slice(0, -20)],
  ['is not JSON', (text) => text.replaceAll('"', "'")],
  ['has no secret', () => '{"secrets":[]}'],
  ['has a secret that is too short', (text) => text.replace(/("secret": "[\w-]{42})[\w-]/, '$1')],
  ['has a secret with another name', (text) => text.replace('"secret"', '"key"')],
  ['has a secret as its name', (text) => text.replace(/"id": "\w+"/, `"id": "${'s'.repeat(43)}"`)],
])('a file that %s is refused, and the message has nothing of it but its path', (_damage, spoil) => {
  const { path } = secretsForTest()
  const { id, secret } = stored(path)[0]!
  const spoilt = spoil(readFileSync(path, 'utf8'))
  writeFileSync(path, spoilt)
  let thrown: unknown
  try {
    readSecrets(path)
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(SecretsUnavailable)
  const { message, stack, cause } = thrown as Error
  expect(message).toMatch(/: this is not a file of secrets\. Restore it from a copy\./)
  expect(cause).toBeUndefined()
  for (const part of [id, secret, secret.slice(0, 12), 'sssss']) expect(`${message}${stack}`).not.toContain(part)
})

test('secrets do not show when they are printed, the keys that are derived apart', () => {
  const { path, read } = secretsForTest()
  const secrets = read()
  secrets.current('grant')
  const printed = JSON.stringify(secrets) + String(secrets)
  expect(printed).not.toContain(stored(path)[0]!.secret)
})
