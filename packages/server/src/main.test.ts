import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, connect as openSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test as inTurn, vi } from 'vitest'
import { connect } from './database/connect.ts'
import { applyMigrations } from './database/migrate.ts'
import { loadDemonstration } from './demonstration.ts'
import { createApiKey } from './domains/access/api-keys.ts'
import { encodeGlobalId } from './graphql/global-id.ts'
import { examples } from './http/example-tabs.ts'
import { databaseUrl } from './testing/global-setup.ts'
import { onServer } from './testing/postgres-server.ts'
import { runCommand, settingsFor } from './testing/run-process.ts'
import { askServer, killBeforeAnswer, killServer, runServer, startServer } from './testing/run-server.ts'
import { copyTemplate } from './testing/test-database.ts'

// Each test has a folder and processes of its own; they wait more than they work.
const test = inTurn.concurrent

const { server: postgres, places } = inject('templates')
const root = mkdtempSync(join(tmpdir(), 'welfare-network-main-'))
const made = join(root, 'made')
const leftBehind: (() => Promise<void>)[] = []

beforeAll(async () => {
  if (postgres === null) return cpSync(places.demonstration, made, { recursive: true })
  const database = await connect({ folder: made }, applyMigrations)
  await loadDemonstration(database)
  await database.close()
})

afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  for (const remove of leftBehind) await remove()
})

inTurn('a second start says that the data was kept, and what was changed is still there', async () => {
  const folder = oldFolder()
  const database = await connect({ folder })
  await database.prisma.network.update({ where: { slug: 'alba-bra' }, data: { name: 'Changed since' } })
  await database.close()

  const started = performance.now()
  const { address, printed, stop } = await runServer({ WELFARE_NETWORK_DATA: folder })
  expect(performance.now() - started).toBeLessThan(20_000)
  expect(printed.out).toContain('kept from the last time')
  expect(await askServer(address, '{ network(slug: "alba-bra") { name } }')).toEqual({
    network: { name: 'Changed since' },
  })
  await stop()
})

test('the first start prints the address, the folder and three queries, each of which finds something there', async () => {
  const folder = newFolder()
  const { address, printed, stop } = await runServer({ WELFARE_NETWORK_DATA: folder })
  expect(address).toMatch(/^http:\/\/localhost:[1-9]\d*\/graphql$/)
  expect(printed.out).toContain('new, with the demonstration network')
  expect(printed.out).toContain(`${folder} (WELFARE_NETWORK_DATA moves it)`)
  for (const { query } of examples) {
    expect(printed.out.replaceAll(/^ {2}/gm, '')).toContain(query)
    expect(JSON.stringify(await askServer(address, query))).toMatch(/"nodes":\[\{/)
  }
  expect(printed.err).toBe('')
  expect(existsSync(join(folder, 'process.pid'))).toBe(true)
  await stop()
  expect(existsSync(join(folder, 'process.pid'))).toBe(false)
})

test('a request in flight gets its answer after the signal, also when a second signal follows', async () => {
  const { address, child, ended, prints } = await runServer({ WELFARE_NETWORK_DATA: oldFolder() })
  const body = '{"query":"{ network(slug: \\"alba-bra\\") { slug } }"}'
  const socket = openSocket(Number(new URL(address).port), 'localhost')
  let answer = ''
  socket.on('data', (chunk) => {
    answer += chunk
  })
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`,
  )
  // A server that answers "go on" has the request in hand.
  socket.write('Expect: 100-continue\r\n\r\n')
  await once(socket, 'data')
  child.kill('SIGINT')
  await prints(/finishing the requests/)
  child.kill('SIGINT')
  child.kill('SIGTERM')
  socket.write(body)
  await once(socket, 'close')
  expect(answer).toContain('{"data":{"network":{"slug":"alba-bra"}}')
  expect(await ended).toBe(0)
})

test('a port that is taken is refused with another one to choose', async () => {
  const other = createServer().listen(0, 'localhost')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const { ended, printed } = startServer({ WELFARE_NETWORK_DATA: oldFolder(), PORT: String(port) })
  expect(await ended).toBe(1)
  expect(printed.err).toBe(
    `Port ${port} is taken by another program. Choose another, for example: PORT=${port + 1} pnpm start\n`,
  )
  other.close()
})

test('an address that this machine does not have is refused by the name of its setting', async () => {
  const { ended, printed } = startServer({ WELFARE_NETWORK_DATA: oldFolder(), HOST: '203.0.113.1' })
  expect(await ended).toBe(1)
  expect(printed.err).toMatch(/^HOST=203\.0\.113\.1: this machine has no such address\..*\n$/)
})

test('a folder that another server has open is refused, and that server goes on', async () => {
  const folder = oldFolder()
  const first = await runServer({ WELFARE_NETWORK_DATA: folder })
  const second = startServer({ WELFARE_NETWORK_DATA: folder })
  expect(await second.ended).toBe(1)
  expect(second.printed.err).toContain(`${folder}: process ${first.child.pid} has this embedded database open`)
  expect(second.printed.err).not.toMatch(/^\s+at /m)
  expect(await askServer(first.address, '{ __typename }')).toEqual({ __typename: 'Query' })
  await first.stop()
})

test('a folder that can not be made is refused with what to do', async () => {
  const file = join(root, 'a file')
  writeFileSync(file, '')
  const { ended, printed } = startServer({ WELFARE_NETWORK_DATA: join(file, 'below') })
  expect(await ended).toBe(1)
  expect(printed.err).toMatch(
    /the folder of the embedded database can't be used .* choose another with WELFARE_NETWORK_DATA\.\n$/,
  )
})

test('settings that are wrong are all named in one message, the password is not told, and nothing is made', async () => {
  const folder = newFolder()
  const { ended, printed } = startServer({
    WELFARE_NETWORK_DATA: folder,
    PORT: 'http',
    LOG_LEVEL: 'loud',
    CORS_ORIGINS: 'everywhere',
    DATABASE_URL: 'mysql://me:hunter2@db/welfare',
  })
  expect(await ended).toBe(1)
  expect(printed.err.trimEnd().split('\n')).toEqual([
    'The environment has settings that are wrong:',
    expect.stringMatching(/^ {2}PORT=http: must be/),
    expect.stringMatching(/^ {2}DATABASE_URL: must be an address such as/),
    expect.stringMatching(/^ {2}CORS_ORIGINS=everywhere: must be/),
    expect.stringMatching(/^ {2}LOG_LEVEL=loud: must be/),
  ])
  expect(printed.out).toBe('')
  expect(existsSync(folder)).toBe(false)
})

test('a PostgreSQL server that does not answer is refused without its password', async () => {
  const { ended, printed } = startServer({ DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/welfare' })
  expect(await ended).toBe(1)
  expect(printed.err).toMatch(/^DATABASE_URL: no PostgreSQL answers there .*Start the server or correct the address/)
  expect(printed.out + printed.err).not.toMatch(/hunter2|^\s+at /m)
})

test('killed at any moment of the first start, the next one works', async () => {
  const folder = newFolder()
  for (const sign of ['postgres.partial', 'postgres']) {
    const started = startServer({ WELFARE_NETWORK_DATA: folder })
    await vi.waitUntil(() => existsSync(join(folder, sign)), { timeout: 90_000, interval: 5 })
    await killServer(started)
  }
  const { address, printed, stop } = await runServer({ WELFARE_NETWORK_DATA: folder })
  expect(printed.out).toContain('new, with the demonstration network')
  expect(await askServer(address, '{ networks(first: 2) { totalCount } }')).toEqual({ networks: { totalCount: 1 } })
  await stop()
})

test('killed while it runs, the next start keeps the data', async () => {
  const folder = oldFolder()
  await killServer(await runServer({ WELFARE_NETWORK_DATA: folder }))
  const { printed, stop } = await runServer({ WELFARE_NETWORK_DATA: folder })
  expect(printed.out).toContain('kept from the last time')
  await stop()
})

inTurn(
  'killed between the commit of a change and its answer, a repeat is answered as the first would have been',
  async () => {
    const { place, remove } = await copyTemplate('demonstration')
    leftBehind.push(remove)
    const before = await connect(place)
    const { id: organizationId, networkId } = await before.prisma.organization.findFirstOrThrow()
    const asked = {
      networkId,
      organizationId,
      name: 'intranet',
      scopes: ['network_coordinate' as const],
      expiresAt: null,
    }
    const { key } = await createApiKey(before.prisma, asked)
    await before.close()
    const change = `mutation { createPhase(input: { idempotencyKey: "once", network: "${encodeGlobalId('Network', networkId)}",
    position: 90, name: "Ascolto", startsOn: "2027-01-01" }) { ... on Phase { id position } } }`

    const first = await runServer(settingsFor(place))
    await killBeforeAnswer(
      place,
      first,
      askServer(first.address, change, { credential: key }),
      async ({ prisma }) => (await prisma.phase.count({ where: { position: 90 } })) === 1,
    )

    const { address, stop } = await runServer(settingsFor(place))
    const again = await askServer(address, change, { credential: key })
    expect(again).toEqual({ createPhase: { id: expect.stringMatching(/^phase_/), position: 90 } })
    expect(await askServer(address, change, { credential: key })).toEqual(again)
    await stop()
    const after = await connect(place)
    expect(await after.prisma.phase.count({ where: { position: 90 } })).toBe(1)
    expect(await after.prisma.auditEntry.count({ where: { action: 'phase.create' } })).toBe(1)
    await after.close()
  },
)

if (postgres === null)
  console.warn('skipped: no TEST_DATABASE_URL, so starting on PostgreSQL is not tested (pnpm test:postgres does)')

inTurn.skipIf(postgres === null)(
  'on PostgreSQL, pending migrations refuse the start and say the command; after it, it starts',
  async () => {
    const name = `welfare_test_${randomUUID().replaceAll('-', '')}`
    await onServer(postgres!, `CREATE DATABASE ${name}`)
    leftBehind.push(() => onServer(postgres!, `DROP DATABASE ${name} WITH (FORCE)`))
    const settings = settingsFor({ url: databaseUrl(postgres!, name) })

    const refused = startServer(settings)
    expect(await refused.ended).toBe(1)
    expect(refused.printed.err).toMatch(
      /^The database lacks \d+ of this version's migrations \(.*_foundation.*run `pnpm welfare-network migrate`/,
    )
    expect((await runCommand(['demonstration'], settings)).err).toContain('Run `pnpm welfare-network migrate` first.')

    expect(await runCommand(['migrate'], settings)).toMatchObject({
      code: 0,
      out: expect.stringContaining('_foundation'),
      err: '',
    })
    expect(await runCommand(['migrate'], settings)).toMatchObject({ code: 0, out: 'The database is up to date.\n' })
    const { address, printed, stop } = await runServer(settings)
    expect(printed.out).toContain('PostgreSQL, at DATABASE_URL.')
    expect(await askServer(address, '{ networks(first: 1) { totalCount } }')).toEqual({ networks: { totalCount: 0 } })
    await stop()
  },
)

inTurn.skipIf(postgres === null)('a PostgreSQL that drops all connections does not end the server', async () => {
  const { place, remove } = await copyTemplate('demonstration')
  leftBehind.push(remove)
  const { address, stop } = await runServer(settingsFor(place))
  const query = '{ network(slug: "alba-bra") { slug } }'
  expect(await askServer(address, query)).toEqual({ network: { slug: 'alba-bra' } })
  const name = new URL((place as { url: string }).url).pathname.slice(1)
  await onServer(postgres!, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`)
  await vi.waitFor(
    async () => expect(await askServer(address, query)).toEqual({ network: { slug: 'alba-bra' } }),
    10_000,
  )
  await stop()
})

function newFolder(): string {
  return join(root, randomUUID())
}

function oldFolder(): string {
  const folder = newFolder()
  cpSync(made, folder, { recursive: true })
  return folder
}
