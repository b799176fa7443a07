import { expect, test } from 'vitest'
import { databaseForTest } from '../testing/test-database.ts'
import { expectVersion } from './expect-version.ts'

test('the database counts the changes of a row, and nothing that changes nothing', async () => {
  const { prisma } = await databaseForTest('demonstration')
  const { id } = await prisma.service.findFirstOrThrow()
  const name = { where: { id }, data: { name: 'Changed' } }
  expect((await prisma.service.update(name)).recordVersion).toBe(2)
  expect((await prisma.service.update(name)).recordVersion).toBe(2)
  expect((await prisma.service.update({ where: { id }, data: { recordVersion: 9 } })).recordVersion).toBe(3)
})

test('a version that is expected must be the one that is there', async () => {
  const { prisma } = await databaseForTest('demonstration')
  const { id, recordVersion } = await prisma.location.findFirstOrThrow()
  const expecting = (version: number, key = id) =>
    prisma.$transaction((tx) => expectVersion(tx, 'location', key, version))
  expect(await expecting(recordVersion)).toBe(true)
  await expect(expecting(recordVersion + 1)).rejects.toThrow(/is at version 1, not 2\. Read it again/)
  expect(await expecting(1, '00000000-0000-4000-8000-000000000000')).toBe(false)
})
