import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Database, Transaction } from '../../database/connect.ts'
import { someoneWaits } from '../../testing/someone-waits.ts'
import { databaseForTest } from '../../testing/test-database.ts'
import {
  answerOnce,
  forgetAnswers,
  IdempotencyConflict,
  IdempotencyKeyRefused,
  type OnceRequest,
} from './idempotency.ts'

const request: OnceRequest = {
  actorKey: 'partner a',
  key: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  operation: 'createNetwork',
  fingerprint: createHash('sha256').update('{"slug":"a"}').digest('hex'),
}

const same = <T>(answer: T) => answer

test('a repeat answers as the first did, and does nothing', async () => {
  const { prisma } = await databaseForTest('empty')
  const first = await once(prisma, request, 'a')
  // As after a crash between the commit and the answer: the caller heard nothing, and asks again.
  const second = await once(prisma, request, 'a')
  expect(first.repeated).toBe(false)
  expect(second).toEqual({ repeated: true, answer: first.answer })
  expect(await prisma.network.count()).toBe(1)
})

test('keys of two callers never meet', async () => {
  const { prisma } = await databaseForTest('empty')
  await once(prisma, request, 'a')
  expect(await once(prisma, { ...request, actorKey: 'partner b' }, 'b')).toMatchObject({ repeated: false })
  expect(await prisma.network.count()).toBe(2)
})

test('the same key with another input or for another operation is refused, and changes nothing', async () => {
  const { prisma } = await databaseForTest('empty')
  const first = await once(prisma, request, 'a')
  for (const other of [{ fingerprint: 'f'.repeat(64) }, { operation: 'changeNetwork' }]) {
    await expect(once(prisma, { ...request, ...other }, 'b')).rejects.toThrow(IdempotencyConflict)
  }
  expect(await prisma.network.count()).toBe(1)
  expect(await once(prisma, request, 'a')).toEqual({ repeated: true, answer: first.answer })
})

test('what fails is rolled back with its key, so that a repeat tries anew', async () => {
  const { prisma } = await databaseForTest('empty')
  const failing = prisma.$transaction((tx) =>
    answerOnce(
      tx,
      request,
      async () => {
        await makeNetwork(tx, 'a')
        throw new Error('the machine stops')
      },
      same,
    ),
  )
  await expect(failing).rejects.toThrow('the machine stops')
  expect(await prisma.network.count()).toBe(0)
  expect(await once(prisma, request, 'a')).toMatchObject({ repeated: false })
})

test('of two at once the second waits for the first, and answers the same', async () => {
  const { prisma } = await databaseForTest('empty')
  const all = await Promise.all(Array.from({ length: 8 }, () => once(prisma, request, 'a')))
  expect(all.filter(({ repeated }) => !repeated)).toHaveLength(1)
  expect(new Set(all.map(({ answer }) => answer.id)).size).toBe(1)
  expect(await prisma.network.count()).toBe(1)
})

test.each(['committed', 'rolled back'])('a second that comes while the first is under way sees it %s', async (end) => {
  const database = await databaseForTest('empty')
  const { prisma } = database
  const acting = Promise.withResolvers<void>()
  const ending = Promise.withResolvers<void>()
  const first = prisma.$transaction((tx) =>
    answerOnce(
      tx,
      request,
      async () => {
        const answer = await makeNetwork(tx, 'a')
        acting.resolve()
        await ending.promise
        if (end === 'rolled back') throw new Error('gone')
        return answer
      },
      same,
    ),
  )
  const firstEnded = first.catch(() => undefined)
  await acting.promise
  const second = once(prisma, request, 'a')
  // An embedded database has one connection: the second can't even begin.
  if (!database.embedded) await someoneWaits(database)
  ending.resolve()
  const heard = await firstEnded
  if (end === 'committed') expect(await second).toEqual({ repeated: true, answer: heard!.answer })
  else expect(await second).toMatchObject({ repeated: false })
  expect(await prisma.network.count()).toBe(1)
})

test('a secret is in the first answer only, and not in the database', async () => {
  const { prisma } = await databaseForTest('empty')
  const make = () =>
    prisma.$transaction((tx) =>
      answerOnce(
        tx,
        request,
        async () => ({ id: 'key-1', secret: 'wn1_secret' }),
        ({ id }) => ({ id }),
      ),
    )
  expect(await make()).toEqual({ repeated: false, answer: { id: 'key-1', secret: 'wn1_secret' } })
  expect(await make()).toEqual({ repeated: true, answer: { id: 'key-1' } })
  const rows = await prisma.$queryRaw<{ row: string }[]>`SELECT a::text AS row FROM idempotent_answer a`
  expect(rows).toHaveLength(1)
  // Nor what the caller chose, or who that is.
  for (const told of ['wn1_secret', request.key, request.actorKey, request.fingerprint]) {
    expect(rows[0]!.row).not.toContain(told)
    expect(rows[0]!.row).not.toContain(Buffer.from(told).toString('hex'))
  }
})

test('a key has 1 to 255 visible characters', async () => {
  const { prisma } = await databaseForTest('empty')
  for (const key of ['a', '!~', 'a'.repeat(255)]) {
    expect(await once(prisma, { ...request, key }, `network-${key.length}`)).toMatchObject({ repeated: false })
  }
  for (const key of ['', 'with space', 'è', 'line\n', 'a'.repeat(256)]) {
    await expect(once(prisma, { ...request, key }, 'refused'), key).rejects.toThrow(IdempotencyKeyRefused)
  }
})

test('all that was kept for a caller can be forgotten', async () => {
  const { prisma } = await databaseForTest('empty')
  await once(prisma, request, 'a')
  await once(prisma, { ...request, actorKey: 'partner b' }, 'b')
  await forgetAnswers(prisma, request.actorKey)
  expect(await prisma.idempotentAnswer.count()).toBe(1)
})

function once(prisma: Database['prisma'], asked: OnceRequest, slug: string) {
  return prisma.$transaction((tx) => answerOnce(tx, asked, () => makeNetwork(tx, slug), same), { maxWait: 60_000 })
}

async function makeNetwork(tx: Transaction, slug: string): Promise<{ id: string }> {
  const { id } = await tx.network.create({ data: { slug, name: slug } })
  return { id }
}
