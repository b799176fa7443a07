import { randomBytes, randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Database } from '../../database/connect.ts'
import { passingSecrets } from '../../secrets.ts'
import { asOwner, databaseForTest } from '../../testing/test-database.ts'
import { mostNewcomers, TooManyNewcomers } from './admit-newcomer.ts'
import { issueGrant } from './grant.ts'
import { openPersonSession } from './person-session.ts'

const secrets = passingSecrets()
const company = randomUUID()
let database: Database
let networkId: string
let elsewhere: string

beforeEach(async () => {
  database = await databaseForTest('empty')
  const make = (slug: string) => database.prisma.network.create({ data: { slug, name: slug } })
  networkId = (await make('here')).id
  elsewhere = (await make('there')).id
})

const newKey = () => randomBytes(16).toString('base64url')

async function open(
  personKey = newKey(),
  { through, network = networkId }: { through?: string; network?: string } = {},
) {
  const now = new Date()
  const statement = { networkId: network, relation: 'employee' as const }
  const grant =
    through === undefined ? null : (await issueGrant(secrets, { ...statement, organizationId: through }, now)).grant
  return openPersonSession(database.prisma, secrets, { networkId: network, personKey, grant }, now)
}

/** As if so many had begun in the minute that comes next, so that it isn't over before the test is. */
function came(through: string, count: number): Promise<number> {
  return database.prisma.$executeRaw`
    INSERT INTO newcomers (through, network_id, minute, came)
    VALUES (${through}::uuid, ${networkId}::uuid, date_trunc('minute', now()) + interval '1 minute', ${count})`
}

const people = () => asOwner(database, (tx) => tx.person.count())

test('of citizens that begin at once in a minute only as many do as may, and the rest is told when to try again', async () => {
  await came(networkId, mostNewcomers.citizens - 3)
  const tried = await Promise.allSettled(Array.from({ length: 8 }, () => open()))
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  expect(await people()).toBe(3)
  const refusals = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as TooManyNewcomers] : []))
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(TooManyNewcomers)
    expect(refusal.retryAfter).toBeGreaterThanOrEqual(60)
    expect(refusal.retryAfter).toBeLessThanOrEqual(120)
  }
})

test('who was here before is let in, and so is who comes otherwise', async () => {
  const key = newKey()
  await open(key)
  await database.prisma.newcomers.deleteMany()
  await came(networkId, mostNewcomers.citizens)
  await expect(open()).rejects.toThrow(TooManyNewcomers)
  expect(await open(key)).toMatchObject({ type: 'opened' })
  expect(await open(newKey(), { through: company })).toMatchObject({ type: 'opened' })
  expect(await open(newKey(), { network: elsewhere })).toMatchObject({ type: 'opened' })
})

test('those who come through an organization are counted by themselves: its grants are texts that anybody may repeat', async () => {
  await came(company, mostNewcomers.ofOrganization)
  await expect(open(newKey(), { through: company })).rejects.toThrow(TooManyNewcomers)
  expect(await open(newKey(), { through: randomUUID() })).toMatchObject({ type: 'opened' })
  expect(await open()).toMatchObject({ type: 'opened' })
})

test('the next minute begins anew', async () => {
  await came(networkId, mostNewcomers.citizens)
  await database.prisma.$executeRaw`UPDATE newcomers SET minute = date_trunc('minute', now()) - interval '1 minute'`
  expect(await open()).toMatchObject({ type: 'opened' })
  expect(await database.prisma.newcomers.findMany({ select: { came: true } })).toEqual([{ came: 1 }])
})

test('what is counted says nothing of who', async () => {
  await open()
  await open(newKey(), { through: company })
  const rows = await database.prisma.newcomers.findMany({ orderBy: { came: 'asc' } })
  expect(rows.map(({ through }) => through).sort()).toEqual([company, networkId].sort())
  for (const row of rows) {
    expect(Object.keys(row).sort()).toEqual(['came', 'minute', 'networkId', 'through'])
    expect(row.minute.getTime() % 60_000).toBe(0)
  }
})
