import { expect, test } from 'vitest'
import { databaseForTest } from '../testing/test-database.ts'
import { watchStatements } from '../testing/watch-statements.ts'
import { rewriteRead } from './rewrite-reads.ts'

const rewrite = (sql: string, args: unknown[] = []) =>
  rewriteRead({ sql, args, argTypes: args.map(() => ({ scalarType: 'unknown', arity: 'scalar' })) })

test('joins nest text, each column once, and give what they would give otherwise', async () => {
  const database = await databaseForTest('demonstration')
  const { prisma, statements } = watchStatements(database)
  const joined = {
    relationLoadStrategy: 'join' as const,
    orderBy: { id: 'asc' as const },
    take: 45,
    include: {
      organization: true,
      schedules: { orderBy: { id: 'asc' as const } },
      needAreas: {
        orderBy: { needAreaId: 'asc' as const },
        select: { needAreaId: true, needArea: { select: { code: true } } },
      },
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
  const { sql } = rewrite(statements[0]!)
  expect(sql).toMatch(/ JSON_BUILD_OBJECT.* COALESCE\(JSON_AGG/)
  expect(repeatedKeys(statements[0]!)).not.toEqual([])
  expect(repeatedKeys(sql)).toEqual([])
  expect(services.length).toBeGreaterThan(40)
  expect(services).toEqual(await prisma.service.findMany({ ...joined, relationLoadStrategy: 'query' as const }))
  await prisma.$disconnect()
})

test.each([
  'SELECT "t0"."id" FROM "public"."service" AS "t0"',
  'SELECT JSONB_BUILD_OBJECT(1, 2)',
  `INSERT INTO t VALUES ('SELECT JSONB_BUILD_OBJECT("__prisma_data__")')`,
])('other statements stay as they are: %s', (sql) => {
  expect(rewrite(sql).sql).toBe(sql)
})

/** Keys that an object of the statement has twice. */
function repeatedKeys(sql: string): string[] {
  return [...sql.matchAll(/BUILD_OBJECT\(([^()]*)\)/g)].flatMap(([, pairs]) => {
    const keys: string[] = pairs!.match(/'[^']*'/g) ?? []
    return keys.filter((key, index) => keys.indexOf(key) !== index)
  })
}

test('the sizes of a page are written into the statement, and the other parameters keep their values', () => {
  const sql = 'SELECT "a" FROM t WHERE "b" = $1 LIMIT $2 OFFSET $3 /* */ AND "c" = $10 LIMIT $4'
  const args = ['b', 21, 0n, 1, 5, 6, 7, 8, 9, 'c']
  const written = rewrite(sql, args)
  expect(written.sql).toBe('SELECT "a" FROM t WHERE "b" = $1 LIMIT 21 OFFSET 0 /* */ AND "c" = $7 LIMIT 1')
  expect(written.args).toEqual(['b', 5, 6, 7, 8, 9, 'c'])
  expect(written.argTypes).toHaveLength(7)
  expect(rewrite(sql, args.with(1, 2)).sql).toContain('LIMIT 2 OFFSET 0')
})

test('a size that is large, or no number, or stands elsewhere too stays a parameter', () => {
  const sql = 'SELECT "a" FROM t WHERE "b" = $4 LIMIT $1 OFFSET $2 LIMIT $3 LIMIT $4'
  expect(rewrite(sql, [1_000, '1; DROP TABLE t', null, 3])).toMatchObject({
    sql: 'SELECT "a" FROM t WHERE "b" = $3 LIMIT $1 OFFSET $2 LIMIT 0 LIMIT $3',
  })
})
