import { expect, test } from 'vitest'
import { schemaDifference } from './database/migrate.ts'
import { databaseForTest } from './testing/test-database.ts'
test('try', async () => {
  expect(await schemaDifference()).toBe('')
  const { prisma } = await databaseForTest('demonstration')
  console.log(await prisma.$queryRawUnsafe(`SELECT count(*)::int, count(distinct schedule_id)::int FROM opening`))
  console.log(await prisma.$queryRawUnsafe(`SELECT count(*)::int FROM schedule s where not exists (select from opening where schedule_id = s.id)`))
  for (const m of ['2026-11-24T09:30:00Z','2026-11-28T22:30:00+01','2026-11-29T00:10:00+01', '2026-12-25T09:30:00Z'])
  console.log(m, await prisma.$queryRawUnsafe(`SELECT (service_id is null) b, (location_id is null) l, count(*)::int FROM open_places('${m}') group by 1,2`))
  const t = performance.now()
  const next = await prisma.$queryRawUnsafe(`SELECT name, n.opens_at, n.closes_at FROM next_openings('2026-11-24T09:30:00Z') n join service s on s.id = n.service_id order by 2 limit 12`)
  console.log(next, performance.now() - t)
})
