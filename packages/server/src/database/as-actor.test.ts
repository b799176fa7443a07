import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, connect as openSocket } from 'node:net'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { copyTemplate, openTestDatabase } from '../testing/test-database.ts'
import { applicationRole } from './application-role.ts'
import { asActor, readAsActor } from './as-actor.ts'
import { connect, type Database, type Transaction } from './connect.ts'

let database: Database
const isEmbedded = inject('templates').server === null

const [person, network, organization] = [randomUUID(), randomUUID(), randomUUID()]
const acting = {
  personId: person,
  networkId: network,
  organizationId: organization,
  personKeyHashes: [Buffer.from('one'), Buffer.from('two')],
  upkeep: true as const,
}
const nobody = { person: null, network: null, organization: null, hashes: [], upkeep: false }

beforeAll(async () => {
  database = await openTestDatabase('empty')
})

afterAll(() => database.close())

test.each([asActor, readAsActor])('%o: the database knows who acts, and forgets it after', async (act) => {
  const hashes = acting.personKeyHashes.map((hash) => hash.toString('hex'))
  const told = { person, network, organization, hashes, upkeep: true }
  expect(await act(database.prisma, acting, whoActs)).toEqual(told)
  expect(await whoActs(database.prisma)).toEqual(nobody)
  expect(await act(database.prisma, {}, whoActs)).toEqual(nobody)
})

test('many at once, on more connections than there are, each act in their own name', async () => {
  const people = Array.from({ length: 60 }, () => randomUUID())
  const found = await Promise.all(
    people.map((personId, index) =>
      (index % 2 === 0 ? asActor : readAsActor)(database.prisma, { personId }, whoActs, {
        maxWait: 60_000,
        timeout: 60_000,
      }),
    ),
  )
  expect(found.map((each) => each.person)).toEqual(people)
})

test('every statement of work that reads acts in the same name, and what is asked beside it in none', async () => {
  const [one, other] = [randomUUID(), randomUUID()]
  const ids = (personId: string) =>
    readAsActor(database.prisma, { personId }, async (reader) => {
      const beside = isEmbedded ? nobody : await whoActs(database.prisma)
      return [(await whoActs(reader)).person, await reader.network.count(), beside, (await whoActs(reader)).person]
    })
  const [, , , alone] = await Promise.all([ids(one), ids(other), ids(one), whoActs(database.prisma)])
  expect(await Promise.all([ids(one), ids(other)])).toEqual([
    [one, 0, nobody, one],
    [other, 0, nobody, other],
  ])
  expect(alone).toEqual(nobody)
})

test('each reads their own row, however many ask at the same moment', async () => {
  const { id: networkId } = await database.prisma.network.create({ data: { slug: 'people', name: 'People' } })
  const people = Array.from({ length: 20 }, (_, index) => ({ id: randomUUID(), keyHash: Buffer.from([index]) }))
  for (const { id, keyHash } of people) {
    const data = { id, networkId, keyHash, hashedWith: 'test', seenIn: new Date('2026-11-01') }
    await asActor(database.prisma, { networkId, personKeyHashes: [keyHash] }, (tx) => tx.person.create({ data }))
  }
  const rowsOf = (personId: string) =>
    readAsActor(database.prisma, { personId }, (reader) => reader.person.findMany({ select: { id: true } }), {
      maxWait: 60_000,
      timeout: 60_000,
    })
  const asked = await Promise.all(
    people.flatMap(({ id }) => [rowsOf(id), database.prisma.person.findMany({ select: { id: true } })]),
  )
  expect(asked).toEqual(people.flatMap(({ id }) => [[{ id }], []]))
  await database.prisma.network.delete({ where: { id: networkId } })
})

// Prisma asks for such things together, whoever asks for them.
test('nothing is looked up by a unique key in the name of somebody', async () => {
  const read = readAsActor(database.prisma, acting, async (reader) => Object.keys(reader.network))
  expect(await read).toEqual(['findFirst', 'findMany', 'count'])
})

test('work that only reads can not write', async () => {
  const writing = readAsActor(
    database.prisma,
    acting,
    (reader) =>
      reader.$queryRaw`INSERT INTO network (id, slug, name) VALUES (${randomUUID()}::uuid, 'x', 'x') RETURNING slug`,
  )
  await expect(writing).rejects.toThrow(/read-only transaction/)
  expect(await database.prisma.network.count()).toBe(0)
})

test("a statement that fails in somebody's name fails alone", async () => {
  const failing = readAsActor(database.prisma, acting, (reader) => reader.$queryRaw`SELECT 1 / 0`)
  await expect(failing).rejects.toThrow(/division by zero/)
  expect((await readAsActor(database.prisma, { personId: person }, whoActs)).person).toBe(person)
})

test("what is written in somebody's name is undone when the work fails", async () => {
  const failing = asActor(database.prisma, acting, async (tx) => {
    await tx.network.create({ data: { slug: 'x', name: 'x' } })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await database.prisma.network.count()).toBe(0)
})

test('a key that is none is refused before anything is asked', () => {
  const work = async () => expect.unreachable()
  for (const wrong of [`'; DROP TABLE person; --`, 'nobody', `${person} `]) {
    expect(() => asActor(database.prisma, { personId: wrong }, work)).toThrow(TypeError)
    expect(() => readAsActor(database.prisma, { networkId: wrong }, work)).toThrow(TypeError)
  }
})

const { server } = inject('templates')
if (server === null)
  console.warn('skipped: no TEST_DATABASE_URL, so round trips are not counted (pnpm test:postgres does)')

test.skipIf(server === null)("reading in somebody's name takes one round trip, writing three", async () => {
  const { place, remove } = await copyTemplate('empty')
  onTestFinished(remove)
  const wire = await countRoundTrips((place as { url: string }).url)
  const near = await connect({ url: wire.url, role: applicationRole })
  onTestFinished(() => near.close())
  const look = async (tx: { network: Pick<Transaction['network'], 'findFirst'> }) => tx.network.findFirst()
  expect(await wire.count(() => look(near.prisma))).toBe(1)
  expect(await wire.count(() => readAsActor(near.prisma, acting, look))).toBe(1)
  expect(await wire.count(() => asActor(near.prisma, acting, look))).toBe(3)
})

async function whoActs(tx: Pick<Transaction, '$queryRaw'>) {
  const [row] = await tx.$queryRaw<
    [Record<'person' | 'network' | 'organization', string | null> & { hashes: string[]; upkeep: boolean }]
  >`
    SELECT acting.person_id()::text AS person, acting.network_id()::text AS network,
      acting.organization_id()::text AS organization, acting.is_upkeep() AS upkeep,
      ARRAY(SELECT encode(hash, 'hex') FROM unnest(acting.person_key_hashes()) AS hash) AS hashes`
  return row
}

/** Another address of a server, on which round trips are counted: how often an answer makes the client speak again. */
async function countRoundTrips(url: string) {
  const { hostname, port } = new URL(url)
  let trips = 0
  let answered = true
  const proxy = createServer((near) => {
    const far = openSocket(Number(port), hostname)
    near.on('data', () => {
      if (answered) trips += 1
      answered = false
    })
    // The answer comes from afar: whatever the client says without it is on its way by then.
    far.on('data', (chunk) =>
      setTimeout(() => {
        answered = true
        near.write(chunk)
      }, 20),
    )
    far.on('end', () => near.end())
    near.pipe(far)
    near.on('error', () => far.destroy())
    far.on('error', () => near.destroy())
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  const address = new URL(url)
  address.port = String((proxy.address() as { port: number }).port)
  return {
    url: address.href,
    async count(work: () => Promise<unknown>): Promise<number> {
      // Connections are opened, statements named and rights looked up by now.
      for (let time = 0; time < 5; time++) await work()
      trips = 0
      answered = true
      await work()
      return trips
    },
  }
}
