/** The wall with the application's checks taken away: plain SQL, as the role of the server. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asOwner, openTestDatabase } from '../testing/test-database.ts'
import { asActor } from './as-actor.ts'
import type { Database, Transaction } from './connect.ts'

let database: Database

const [here, elsewhere] = [randomUUID(), randomUUID()]
const [anna, bruno] = [randomUUID(), randomUUID()]
const seenIn = new Date('2026-11-01T00:00:00Z')
const hash = (letter: string) => Buffer.alloc(32, letter)
const everybody = [
  { id: anna, networkId: here, keyHash: hash('a'), hashedWith: 'first', seenIn },
  { id: bruno, networkId: here, keyHash: hash('b'), hashedWith: 'first', seenIn },
  { id: randomUUID(), networkId: elsewhere, keyHash: hash('a'), hashedWith: 'first', seenIn },
]

beforeAll(async () => {
  database = await openTestDatabase('empty')
  await database.prisma.network.createMany({
    data: [
      { id: here, slug: 'here', name: 'Here' },
      { id: elsewhere, slug: 'elsewhere', name: 'Elsewhere' },
    ],
  })
  await asOwner(database, (tx) => tx.person.createMany({ data: everybody }))
})

afterAll(() => database.close())

test('who acts as nobody finds no row, changes none and removes none, whatever is asked', async () => {
  const { prisma } = database
  expect(await prisma.$queryRaw`SELECT * FROM person`).toEqual([])
  expect(await prisma.person.findUnique({ where: { id: anna } })).toBeNull()
  expect(await prisma.person.count()).toBe(0)
  expect(await prisma.$executeRaw`UPDATE person SET seen_in = '2000-01-01'`).toBe(0)
  expect(await prisma.$executeRaw`DELETE FROM person`).toBe(0)
  await expect(prisma.person.create({ data: { ...everybody[0]!, id: randomUUID() } })).rejects.toThrow(refused)
  await unchanged()
})

test('a person finds and removes their own row alone', async () => {
  await undone({ personId: anna }, async (tx) => {
    expect(await tx.$queryRaw`SELECT id::text FROM person`).toEqual([{ id: anna }])
    expect(await tx.person.findUnique({ where: { id: bruno } })).toBeNull()
    expect(await tx.$executeRaw`UPDATE person SET seen_in = '2026-12-01'`).toBe(1)
    expect(await tx.$executeRaw`DELETE FROM person`).toBe(1)
    expect(await tx.$queryRaw`SELECT * FROM person`).toEqual([])
  })
  await unchanged()
})

test.each([
  ['become somebody else', `UPDATE person SET id = gen_random_uuid()`],
  ['move to another network', `UPDATE person SET network_id = '${elsewhere}'`],
])('a person can not %s', async (_, statement) => {
  await expect(asActor(database.prisma, { personId: anna }, (tx) => tx.$executeRawUnsafe(statement))).rejects.toThrow(
    denied,
  )
})

test('a person who knows a key can not make a row by being somebody', async () => {
  const row = { id: anna, networkId: here, keyHash: hash('z'), hashedWith: 'first', seenIn }
  await expect(asActor(database.prisma, { personId: row.id }, (tx) => tx.person.create({ data: row }))).rejects.toThrow(
    refused,
  )
})

test('who shows a key finds and renews the row of that key, in that network', async () => {
  const shown = { networkId: here, personKeyHashes: [hash('x'), hash('a')] }
  await undone(shown, async (tx) => {
    expect(await tx.$queryRaw`SELECT id::text FROM person`).toEqual([{ id: anna }])
    expect(await tx.person.updateMany({ data: { keyHash: hash('x'), hashedWith: 'second' } })).toEqual({ count: 1 })
    expect(await tx.person.findFirst()).toMatchObject({ id: anna, hashedWith: 'second' })
    await expect(tx.$executeRaw`UPDATE person SET key_hash = ${hash('y')}`).rejects.toThrow(refused)
  })
  await undone({ networkId: here, personKeyHashes: [hash('x')] }, async (tx) => {
    expect(await tx.person.count()).toBe(0)
  })
  await undone({ personKeyHashes: [hash('a')] }, async (tx) => {
    expect(await tx.person.count()).toBe(0)
  })
  await undone(shown, async (tx) => {
    expect(await tx.$executeRaw`DELETE FROM person`).toBe(0)
  })
  await unchanged()
})

test('who shows a new key makes the row of that key, in that network and no other', async () => {
  const shown = { networkId: here, personKeyHashes: [hash('n')] }
  const row = { id: randomUUID(), networkId: here, keyHash: hash('n'), hashedWith: 'first', seenIn }
  await undone(shown, async (tx) => {
    expect(await tx.person.create({ data: row })).toEqual({ ...row, keyHash: new Uint8Array(row.keyHash) })
  })
  for (const wrong of [{ networkId: elsewhere }, { keyHash: hash('m') }]) {
    await expect(
      asActor(database.prisma, shown, (tx) => tx.person.create({ data: { ...row, ...wrong } })),
    ).rejects.toThrow(refused)
  }
  await unchanged()
})

test("upkeep reads and removes what is anybody's, and changes nothing", async () => {
  await undone({ upkeep: true }, async (tx) => {
    expect(await tx.person.count({ where: { hashedWith: 'first' } })).toBe(3)
    expect(await tx.$executeRaw`UPDATE person SET seen_in = '2000-01-01'`).toBe(0)
    expect(await tx.$executeRaw`DELETE FROM person WHERE seen_in < '2027-01-01'`).toBe(3)
  })
  await unchanged()
})

test('a network that goes takes its people with it', async () => {
  await expect(
    asOwner(database, async (tx) => {
      await tx.$executeRaw`SET LOCAL ROLE welfare_network_app`
      await tx.network.delete({ where: { id: elsewhere } })
      await tx.$executeRaw`SET LOCAL ROLE NONE`
      expect(await tx.person.count()).toBe(2)
      throw new Undo()
    }),
  ).rejects.toThrow(Undo)
  await unchanged()
})

test.each([
  'TRUNCATE person',
  'ALTER TABLE person DISABLE ROW LEVEL SECURITY',
  'ALTER TABLE person NO FORCE ROW LEVEL SECURITY',
  'DROP POLICY may_read ON person',
  'CREATE POLICY all_of_it ON person USING (true)',
  'DROP TABLE person',
  'ALTER TABLE person OWNER TO welfare_network_app',
  'CREATE TABLE copy_of_person AS SELECT * FROM person',
  'CREATE FUNCTION public.everyone() RETURNS SETOF person LANGUAGE sql SECURITY DEFINER RETURN NULL',
  'CREATE OR REPLACE FUNCTION acting.is_upkeep() RETURNS boolean LANGUAGE sql RETURN true',
  'CREATE SCHEMA mine',
  'CREATE TRIGGER peek AFTER INSERT ON person EXECUTE FUNCTION derived.refresh_stale()',
  `COPY person TO PROGRAM 'cat'`,
  `COPY person FROM '/etc/passwd'`,
  'ALTER ROLE welfare_network_app BYPASSRLS',
  'SET LOCAL session_replication_role = replica',
  'INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES (1, 1, 1)',
])('the role of the server may not: %s', async (statement) => {
  await expect(database.prisma.$executeRawUnsafe(statement)).rejects.toThrow(
    /permission denied|must be (owner|superuser)|not supported/,
  )
})

test('security that is switched off for a statement refuses the statement', async () => {
  const asked = database.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL row_security = off`
    return tx.$queryRaw`SELECT * FROM person`
  })
  await expect(asked).rejects.toThrow(/would be affected by row-level security/)
})

test('statistics tell nothing of people', async () => {
  await asOwner(database, (tx) => tx.$executeRaw`ANALYZE person`)
  expect(await database.prisma.$queryRaw`SELECT attname::text FROM pg_stats WHERE tablename = 'person'`).toEqual([])
})

test('settings end with their transaction, also when it fails, and leave nobody behind on the connection', async () => {
  const acting = { personId: anna, networkId: here, personKeyHashes: [hash('a')], upkeep: true as const }
  await asActor(database.prisma, acting, (tx) => tx.person.count())
  await expect(asActor(database.prisma, acting, (tx) => tx.$executeRaw`SELECT 1 / 0`)).rejects.toThrow(/zero/)
  // Every connection that the pool has by now, each asked within one moment.
  const found = await Promise.all(
    Array.from(
      { length: 10 },
      () => database.prisma.$queryRaw`
    SELECT count(*)::int AS people, nullif(current_setting('welfare.person_id', true), '') AS person FROM person`,
    ),
  )
  expect(new Set(found.map((rows) => JSON.stringify(rows)))).toEqual(new Set(['[{"people":0,"person":null}]']))
})

test.each([
  ['person_id', 'nobody'],
  ['network_id', `' OR true --`],
  ['person_key_hashes', 'xyz'],
])('a setting %s that is none is an error, not a row', async (name, value) => {
  const asked = database.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config(${`welfare.${name}`}, ${value}, true)`
    return tx.$queryRaw`SELECT * FROM person`
  })
  await expect(asked).rejects.toThrow(/invalid/)
})

test('who acts is asked once a statement, and rows are found by their indexes', async () => {
  await asOwner(
    database,
    (tx) => tx.$executeRaw`
    INSERT INTO person SELECT gen_random_uuid(), ${here}::uuid, sha256(n::text::bytea), 'first', '2026-11-01'
    FROM generate_series(1, 5000) AS n`,
  )
  await asOwner(database, (tx) => tx.$executeRaw`ANALYZE person`)
  try {
    const plan = async (where: string) =>
      asActor(database.prisma, { personId: anna, networkId: here, personKeyHashes: [hash('a')] }, async (tx) => {
        const rows = await tx.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
          `EXPLAIN (COSTS OFF) SELECT * FROM person ${where}`,
        )
        return rows.map((row) => row['QUERY PLAN']).join('\n')
      })
    const own = await plan(`WHERE id = '${anna}'`)
    expect(own).toContain('Index Scan using person_pkey')
    expect(own).toContain('InitPlan')
    expect(own).not.toContain('SubPlan')
    expect(await plan(`WHERE network_id = '${here}' AND key_hash = '\\x00'`)).toContain(
      'person_network_id_key_hash_key',
    )
  } finally {
    await asOwner(database, (tx) => tx.person.deleteMany({ where: { id: { notIn: everybody.map(({ id }) => id) } } }))
  }
})

test('public tables are read by plans without any of this', async () => {
  const rows = await database.prisma.$queryRaw<{ 'QUERY PLAN': string }[]>`EXPLAIN SELECT * FROM service`
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).not.toMatch(/acting|InitPlan|current_setting/)
})

const refused = /violates row-level security/
const denied = /permission denied/

class Undo extends Error {}

/** Does the work in somebody's name, and takes it back. */
async function undone(acting: Parameters<typeof asActor>[1], work: (tx: Transaction) => Promise<void>): Promise<void> {
  const done = asActor(database.prisma, acting, async (tx) => {
    await work(tx)
    throw new Undo()
  })
  await expect(done).rejects.toThrow(Undo)
}

async function unchanged(): Promise<void> {
  const found = await asOwner(database, (tx) => tx.person.findMany({ orderBy: { id: 'asc' } }))
  const before = everybody.map((row) => ({ ...row, keyHash: new Uint8Array(row.keyHash) }))
  expect(found).toEqual(before.sort((one, other) => (one.id < other.id ? -1 : 1)))
}
