import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { watchStatements } from '../../../testing/watch-statements.ts'
import { TooManyRecords } from './build-documents.ts'
import { countRecords, findDocument, type ListedEntity, openListing, readAll, readPage } from './find-records.ts'
import {
  type Form,
  fullOrganization,
  fullService,
  fullServiceAtLocation,
  listedService,
  listedServiceAtLocation,
  taxonomy,
} from './form.ts'
import { entityNames } from './model.ts'

let database: Database
let networkId: string
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
  networkId = (await database.prisma.network.findFirstOrThrow()).id
})
afterAll(() => database.close())

const forms: [ListedEntity, string, Form][] = [
  ['service', 'listed', listedService],
  ['service', 'full', fullService],
  ['service_at_location', 'listed', listedServiceAtLocation],
  ['service_at_location', 'full', fullServiceAtLocation],
  ['organization', 'full', fullOrganization],
  ['taxonomy_term', 'full', taxonomy],
]

describe.each(forms)('a page of %s, %s', (entity, _, form) => {
  test.each([{}, { search: 'famiglia' }])('costs as many statements whatever its size, with %o', async (filter) => {
    const counts: number[] = []
    for (const size of [10, 60]) {
      const { prisma, statements } = watchStatements(database)
      const listing = await openListing(prisma, { networkId, entity, filter, form, atMost: 100_000 })
      await countRecords(prisma, listing)
      const page = await readPage(prisma, listing, { offset: 0, size })
      expect(page.length).toBeGreaterThan(0)
      counts.push(statements.length)
      await prisma.$disconnect()
    }
    // A kind of record may be missing from the smaller page: for what isn't there nothing is asked.
    const [small, large] = counts as [number, number]
    expect(large - small).toBeLessThanOrEqual(entity === 'organization' ? 4 : 2)
    expect(large).toBeLessThanOrEqual(entityNames.length + 4)
  })
})

test('documents that would hold too many records are refused; all of them come one by one', async () => {
  const { prisma } = database
  const request = { networkId, entity: 'service', filter: {}, form: fullService } as const
  const listing = await openListing(prisma, { ...request, atMost: 500 })
  await expect(readPage(prisma, listing, { offset: 0, size: 60 })).rejects.toThrow(TooManyRecords)
  const [document] = await readPage(prisma, listing, { offset: 0, size: 1 })
  const all: object[] = []
  for await (const batch of readAll(prisma, listing)) all.push(...batch)
  expect(all).toHaveLength(67)
  expect(all[0]).toEqual(document)
  await expect(findDocument(prisma, { ...request, atMost: 5 }, document!.id)).rejects.toThrow(TooManyRecords)
})
