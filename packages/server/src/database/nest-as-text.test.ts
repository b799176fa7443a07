import { expect, test } from 'vitest'
import { databaseForTest } from '../testing/test-database.ts'
import { watchStatements } from '../testing/watch-statements.ts'
import { nestText } from './nest-as-text.ts'

test('joins nest text, and give what they would give otherwise', async () => {
  const database = await databaseForTest('demonstration')
  const { prisma, statements } = watchStatements(database)
  const joined = {
    relationLoadStrategy: 'join' as const,
    orderBy: { id: 'asc' as const },
    include: {
      organization: true,
      schedules: { orderBy: { id: 'asc' as const } },
      costOptions: { orderBy: { id: 'asc' as const } },
      capacities: { orderBy: { id: 'asc' as const } },
      serviceAtLocations: {
        orderBy: { id: 'asc' as const },
        include: { location: { include: { municipality: true } } },
      },
      _count: { select: { phones: true } },
    },
  }
  const services = await prisma.service.findMany(joined)
  expect(statements).toHaveLength(1)
  expect(nestText(statements[0]!)).toMatch(/ JSON_BUILD_OBJECT.* COALESCE\(JSON_AGG/)
  expect(services.length).toBeGreaterThan(40)
  expect(services).toEqual(await prisma.service.findMany({ ...joined, relationLoadStrategy: 'query' as const }))
  await prisma.$disconnect()
})

test.each([
  'SELECT "t0"."id" FROM "public"."service" AS "t0"',
  'SELECT JSONB_BUILD_OBJECT(1, 2)',
  `INSERT INTO t VALUES ('SELECT JSONB_BUILD_OBJECT("__prisma_data__")')`,
])('other statements stay as they are: %s', (sql) => {
  expect(nestText(sql)).toBe(sql)
})
