/**
 * What is open at a moment is read from an index, and questions about many services are one. More services, and how long
 * each part takes: OPENING_SERVICES=100000 .ci/with-postgres vitest run --project server opening/scale
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { makeNeighbourhood } from '../../../testing/open-places.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { speakingFor } from './load-hours.ts'
import { openingLoaders } from './load-openings.ts'
import { openServices } from './open-services.ts'
import type { Opener } from './opener.ts'

const size = Number(process.env.OPENING_SERVICES ?? 4000)
const saturdayNight = new Date('2026-11-28T22:30:00+01:00')
const tuesdayMorning = new Date('2026-11-24T10:00:00+01:00')

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('empty')
  const neighbourhood = await makeNeighbourhood(database)
  networkId = neighbourhood.networkId
  await generate(neighbourhood.organizationId)
}, 600_000)
afterAll(() => database.close())

const serviceKey = Prisma.sql`('00000000-0000-5000-8000-' || lpad(i::text, 12, '0'))::uuid`
const locationKey = Prisma.sql`('00000000-0001-5000-8000-' || lpad((i % (${size}::int / 2) + 1)::text, 12, '0'))::uuid`
const presenceKey = Prisma.sql`('00000000-0002-5000-8000-' || lpad(i::text, 12, '0'))::uuid`

/**
 * Services in pairs at places over a degree, with hours of their own, of the service or of the building, a third twice a
 * day, some every other week, monthly, in winter; two in a hundred at night. Closed or shortened on two holidays.
 */
async function generate(organizationId: string): Promise<void> {
  const run = (sql: Prisma.Sql) => database.prisma.$executeRaw(sql)
  const every = Prisma.sql`generate_series(1, ${size}::int) i`
  const record = Prisma.sql`${networkId}::uuid, gen_random_uuid()`
  await run(Prisma.sql`
    INSERT INTO service (id, network_id, uuid, organization_id, name, status)
    SELECT ${serviceKey}, ${record}, ${organizationId}::uuid, 'Sportello ' || i, 'active' FROM ${every}`)
  await run(Prisma.sql`
    INSERT INTO location (id, network_id, uuid, location_type, latitude, longitude)
    SELECT ${locationKey}, ${record}, 'physical', 44.2 + (i * 37 % 1000) / 1000.0, 7.5 + (i * 91 % 1000) / 1000.0
    FROM generate_series(1, ${size}::int / 2) i`)
  await run(Prisma.sql`
    INSERT INTO service_at_location (id, network_id, uuid, service_id, location_id)
    SELECT ${presenceKey}, ${record}, ${serviceKey}, ${locationKey} FROM ${every} WHERE i % 10 <> 0`)
  await timed('schedules compiled', () =>
    run(Prisma.sql`
      INSERT INTO schedule (id, network_id, uuid, service_id, location_id, service_at_location_id,
        freq, "interval", dtstart, byday, opens_at, closes_at, valid_from, valid_to)
      SELECT gen_random_uuid(), ${record},
        CASE WHEN i % 5 < 3 THEN ${serviceKey} END,
        CASE WHEN i % 5 = 3 THEN ${locationKey} END,
        CASE WHEN i % 5 = 4 THEN ${presenceKey} END,
        (CASE WHEN i % 11 = 0 THEN 'MONTHLY' ELSE 'WEEKLY' END)::frequency,
        CASE WHEN i % 7 = 0 THEN 2 END, CASE WHEN i % 7 = 0 THEN '2026-01-01'::date END,
        CASE WHEN i % 11 = 0 THEN '2TU,-1FR' WHEN i % 50 = 1 THEN 'FR,SA,SU' WHEN i % 6 = 0 THEN 'SA' ELSE 'MO,TU,WE,TH,FR' END,
        CASE WHEN i % 50 = 1 THEN '20:00' WHEN part = 1 THEN '09:00' ELSE '14:30' END,
        CASE WHEN i % 50 = 1 THEN '01:00' WHEN part = 1 THEN '12:30' ELSE '18:00' END,
        CASE WHEN i % 13 = 0 THEN '2026-09-01'::date END, CASE WHEN i % 13 = 0 THEN '2027-06-30'::date END
      FROM ${every}, generate_series(1, 2) part WHERE part = 1 OR i % 3 = 0`),
  )
  await run(Prisma.sql`
    INSERT INTO schedule (id, network_id, uuid, service_id, location_id, service_at_location_id, description)
    SELECT gen_random_uuid(), ${record},
      CASE WHEN i % 15 < 5 THEN ${serviceKey} END,
      CASE WHEN i % 15 = 5 THEN ${locationKey} END,
      CASE WHEN i % 15 > 5 AND i % 10 <> 0 THEN ${presenceKey} END,
      'Su appuntamento' FROM ${every} WHERE i % 5 = 0 OR i % 7 = 0`)
  await run(Prisma.sql`
    INSERT INTO holiday_schedule (id, network_id, uuid, service_id, location_id, start_date, end_date, yearly, closed, opens_at, closes_at)
    SELECT gen_random_uuid(), ${record}, CASE WHEN i % 2 = 0 THEN ${serviceKey} END, CASE WHEN i % 2 = 1 THEN ${locationKey} END,
      day::date, day::date + 1, true, i % 20 <> 0, CASE WHEN i % 20 = 0 THEN '10:00' END, CASE WHEN i % 20 = 0 THEN '12:00' END
    FROM ${every}, (VALUES ('2026-12-25'), ('2026-08-15')) holiday (day)`)
  await asOwner(database, (tx) => tx.$executeRaw`ANALYZE`)
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now()
  const result = await work()
  if (process.env.OPENING_SERVICES !== undefined) {
    console.log(`${size} services: ${what} in ${Math.round(performance.now() - start)} ms`)
  }
  return result
}

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

async function nodesOf(sql: Prisma.Sql): Promise<Plan[]> {
  const [row] = await database.prisma.$queryRaw<[{ 'QUERY PLAN': [{ Plan: Plan }] }]>`
    EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`
  const all = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(all)]
  return all(row['QUERY PLAN'][0].Plan)
}

test('what is open on a Saturday at half past ten is found by its weekday and minutes, not by reading all', async () => {
  const nodes = await nodesOf(openServices(networkId, saturdayNight))
  const read = nodes.filter((node) => node['Relation Name'] === 'opening' || node['Relation Name'] === 'schedule')
  expect(read.map((node) => node['Node Type'])).not.toContain('Seq Scan')
  const indexes = nodes.map((node) => node['Index Name'])
  for (const holder of ['service', 'location', 'service_at_location'])
    expect(indexes).toContain(`opening_${holder}_time_idx`)

  const [{ open, openings }] = await database.prisma.$queryRaw<[{ open: number; openings: number }]>`
    SELECT (SELECT count(*)::int FROM (${openServices(networkId, saturdayNight)}) open) AS open,
      (SELECT count(*)::int FROM derived.opening) AS openings`
  expect(open).toBeGreaterThan(size / 100)
  // Each opening is read for the service by itself and for its places; one in ten is there only because of its hours.
  const rows = (node: Plan) => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
  const fromTime = read.filter((node) => node['Node Type'] === 'Bitmap Heap Scan').map(rows)
  expect(fromTime.reduce((sum, rows) => sum + rows, 0)).toBeLessThan(4 * open)
  expect(4 * open).toBeLessThan(openings / 20)
})

test.each<[Opener, Prisma.Sql]>([
  ['service', serviceKey],
  ['serviceAtLocation', presenceKey],
  ['location', locationKey],
])('the schedules that speak for one %s are found from it, not by reading all', async (opener, key) => {
  const [{ id }] = await database.prisma.$queryRaw<[{ id: string }]>`SELECT ${key} AS id FROM (VALUES (77)) one (i)`
  const nodes = await nodesOf(speakingFor(opener, [id]))
  const scanned = nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name'])
  for (const table of ['schedule', 'opening', 'service_at_location']) expect(scanned).not.toContain(table)
  expect(nodes.map((node) => node['Relation Name'])).toContain('schedule')
})

test('open on a Saturday at half past ten, within 15 kilometres of Alba', async () => {
  const near = (moment: Date) => Prisma.sql`
    SELECT DISTINCT open.service_id FROM (${openServices(networkId, moment)}) open JOIN location ON location.id = open.location_id
    WHERE point(location.longitude, location.latitude) <@ box(point(7.84, 44.56), point(8.23, 44.84))
      AND derived.kilometres(location.latitude, location.longitude, 44.7, 8.035) <= 15`
  for (const [name, moment] of [
    ['Saturday 22:30', saturdayNight],
    ['Tuesday 10:00', tuesdayMorning],
  ] as const) {
    await database.prisma.$queryRaw(near(moment))
    const found = await timed(`${name}, within 15 km`, () => database.prisma.$queryRaw<object[]>(near(moment)))
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(size / 2)
    await timed(`${name}, anywhere`, () =>
      database.prisma.$queryRaw(Prisma.sql`SELECT count(*) FROM (${openServices(networkId, moment)}) open`),
    )
  }
})

test('the statements for a page of services are as many as for one', async () => {
  const counts = await Promise.all(
    [1, 100].map(async (length) => {
      let statements = 0
      const counting = database.prisma.$extends({
        query: {
          $allOperations: ({ args, query }) => {
            statements += 1
            return query(args)
          },
        },
      }) as unknown as PrismaClient
      const { service } = openingLoaders(counting)
      const ids = Array.from({ length }, (_, i) => `00000000-0000-5000-8000-${String(i + 1).padStart(12, '0')}`)
      await timed(`open, next and hours of ${length}`, () =>
        Promise.all(
          ids.flatMap(
            (id) =>
              [
                service.isOpen.load({ id, moment: tuesdayMorning }),
                service.next.load({ id, moment: tuesdayMorning }),
                service.hours.load(id),
              ] as Promise<unknown>[],
          ),
        ),
      )
      return statements
    }),
  )
  expect(counts).toEqual([5, 5])
})
