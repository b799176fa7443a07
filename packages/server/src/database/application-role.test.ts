import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { databaseUrl } from '../testing/global-setup.ts'
import { hasPgBouncer, startPgBouncer } from '../testing/pgbouncer.ts'
import { onServer } from '../testing/postgres-server.ts'
import { asOwner, databaseForTest } from '../testing/test-database.ts'
import { applicationRole, takeApplicationRole } from './application-role.ts'
import { asActor, readAsActor } from './as-actor.ts'
import { connect, type Database, DatabaseUnavailable } from './connect.ts'
import { applyMigrations, MigrationsRefused, pendingMigrations } from './migrate.ts'

test('the server works as a role that owns nothing and stands above nothing', async () => {
  const { prisma } = await databaseForTest('empty')
  expect(await prisma.$queryRaw`SELECT current_user::text AS name`).toEqual([{ name: applicationRole }])
  const [role] = await prisma.$queryRaw<[object]>`
    SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = current_user`
  expect(Object.values(role)).toEqual([false, false, false, false, false])
  expect(await prisma.$queryRaw`SELECT relname FROM pg_class WHERE pg_has_role(relowner, 'USAGE')`).toEqual([])
})

test.each([
  ['not enabled', 'ALTER TABLE person DISABLE ROW LEVEL SECURITY', /not forced on person\. Run .*migrate/],
  ['not forced', 'ALTER TABLE person NO FORCE ROW LEVEL SECURITY', /not forced on person\. Run .*migrate/],
  ['withheld', `REVOKE ALL ON person FROM ${applicationRole}`, /may not read person/],
  ['unsealed', `GRANT SELECT ON response TO ${applicationRole}`, /would not be sealed.*reaches response\. REVOKE/],
  ['owned by it', `ALTER TABLE person OWNER TO ${applicationRole}`, /owns person.*CREATE ROLE welfare_server LOGIN/],
])('a wall that would not hold refuses the start: %s', async (_, statement, told) => {
  const database = await databaseForTest('empty')
  await asOwner(database, (tx) => tx.$executeRawUnsafe(statement))
  const taken = takeApplicationRole(database)
  await expect(taken).rejects.toThrow(DatabaseUnavailable)
  await expect(taken).rejects.toThrow(told)
})

const { server } = inject('templates')
if (server === null) console.warn('skipped: no TEST_DATABASE_URL, so logins are not tested (pnpm test:postgres does)')
else if (!hasPgBouncer)
  console.warn('skipped: PgBouncer is not installed (Debian package pgbouncer), so nothing is tested behind it')

describe.skipIf(server === null)('logins of a server', () => {
  const mark = randomUUID().slice(0, 8)
  const [restricted, owner, stranger] = [`welfare_r_${mark}`, `welfare_o_${mark}`, `welfare_s_${mark}`]
  const name = `welfare_roles_${mark}`
  const address = (login: string, database = name) => {
    const url = new URL(databaseUrl(server!, database))
    url.username = login
    return url.href
  }

  beforeAll(async () => {
    // As an administrator would, who lets the owner of a database migrate it and no more.
    await onServer(server!, `CREATE ROLE ${owner} LOGIN; GRANT ${applicationRole} TO ${owner}`)
    await onServer(server!, `CREATE ROLE ${restricted} LOGIN; GRANT ${applicationRole} TO ${restricted}`)
    await onServer(server!, `CREATE ROLE ${stranger} LOGIN`)
    await onServer(server!, `CREATE DATABASE ${name} OWNER ${owner}`)
    const database = await connect({ url: address(owner) })
    await applyMigrations(database).finally(() => database.close())
  })

  afterAll(async () => {
    await onServer(server!, `DROP DATABASE ${name} WITH (FORCE)`)
    for (const login of [restricted, owner, stranger]) await onServer(server!, `DROP ROLE ${login}`)
  })

  test('an owner who may not create roles migrates, and serves as the role', async () => {
    const database = await open({ url: address(owner), role: applicationRole })
    expect(await takeApplicationRole(database)).toEqual({ restrictedLogin: false })
    expect(await pendingMigrations(database)).toEqual([])
  })

  test('a login of its own serves, and no statement leads out of it', async () => {
    const database = await open({ url: address(restricted), role: applicationRole })
    expect(await takeApplicationRole(database)).toEqual({ restrictedLogin: true })
    await database.prisma.$executeRaw`SET ROLE NONE`
    expect(await database.prisma.$queryRaw`SELECT * FROM person`).toEqual([])
    await expect(database.prisma.$executeRawUnsafe(`SET ROLE ${owner}`)).rejects.toThrow(/permission denied/)
  })

  test('the owner, unless a superuser, finds no person either', async () => {
    const database = await open({ url: address(owner) })
    await addPerson(database)
    expect(await database.prisma.person.count()).toBe(0)
    await asActor(database.prisma, { upkeep: true }, (tx) => tx.person.deleteMany())
  })

  test('a login that may not take the role is refused with what to run', async () => {
    const opening = connect({ url: address(stranger), role: applicationRole })
    await expect(opening).rejects.toThrow(/may not work as welfare_network_app.*GRANT welfare_network_app TO/)
  })

  test('a role that is not there is refused with what to run', async () => {
    await expect(connect({ url: address(owner), role: 'nobody_yet' })).rejects.toThrow(/no role nobody_yet.*migrate/)
  })

  test.each([
    ['superuser', () => databaseUrl(server!, name), /stands above it.*CREATE ROLE welfare_server LOGIN/],
    ['owner', () => address(owner), /owns .*person.*CREATE ROLE welfare_server LOGIN/],
  ])('behind a pooler, where no role can be taken, the login of a %s is refused', async (_, url, told) => {
    const database = await open({ url: `${url()}?pgbouncer=true`, role: applicationRole })
    await expect(takeApplicationRole(database)).rejects.toThrow(told)
  })

  test('a login that may not read the migrations is told so', async () => {
    const database = await open({ url: address(stranger) })
    await expect(pendingMigrations(database)).rejects.toThrow(MigrationsRefused)
    await expect(pendingMigrations(database)).rejects.toThrow(/may not read which migrations.*GRANT/)
  })

  test.skipIf(!hasPgBouncer)("two clients that share one connection never act in each other's name", async () => {
    const pooler = await startPgBouncer(address(restricted))
    onTestFinished(() => pooler.stop())
    const clients = [await open({ url: pooler.url }), await open({ url: pooler.url })]
    for (const { prisma } of clients) {
      expect(await takeApplicationRole(clients[0]!)).toEqual({ restrictedLogin: true })
      expect(await prisma.$queryRaw`SELECT current_user::text AS name`).toEqual([{ name: restricted }])
    }
    const people = [await addPerson(clients[0]!), await addPerson(clients[1]!)]
    const backends = new Set<number>()
    const ask = async (turn: number) => {
      const { prisma } = clients[turn % 2]!
      const personId = people[turn % 3]
      const act = turn % 4 < 2 ? readAsActor : asActor
      const look = (tx: Pick<typeof prisma, '$queryRaw'>) =>
        tx.$queryRaw<{ id: string; backend: number }[]>`SELECT id::text, pg_backend_pid() AS backend FROM person`
      const rows = await (personId === undefined
        ? look(prisma)
        : act(prisma, { personId }, look, { maxWait: 60_000, timeout: 60_000 }))
      expect(rows.map(({ id }) => id)).toEqual(personId === undefined ? [] : [personId])
      for (const { backend } of rows) backends.add(backend)
    }
    await Promise.all(Array.from({ length: 120 }, (_, turn) => ask(turn)))
    expect(backends.size).toBe(1)
  })
})

async function open(place: { url: string; role?: string }): Promise<Database> {
  const database = await connect(place)
  onTestFinished(() => database.close())
  return database
}

/** Makes a network and a person in it, as a session that is opened with a new key would. */
async function addPerson({ prisma }: Database): Promise<string> {
  const { id: networkId } = await prisma.network.create({ data: { slug: randomUUID(), name: 'A network' } })
  const keyHash = Buffer.from(randomUUID())
  const { id } = await asActor(prisma, { networkId, personKeyHashes: [keyHash] }, (tx) =>
    tx.person.create({ data: { id: randomUUID(), networkId, keyHash, hashedWith: 'first', seenIn: new Date(0) } }),
  )
  return id
}
