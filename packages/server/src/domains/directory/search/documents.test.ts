/** What a search reads stays true whatever writes the tables that it is made of. */
import { expect, test } from 'vitest'
import { databaseForTest } from '../../../testing/test-database.ts'
import { readWords } from './read-words.ts'
import { searchServices } from './search-services.ts'

async function open() {
  const { prisma } = await databaseForTest('demonstration')
  const { id: networkId } = await prisma.network.findUniqueOrThrow({ where: { slug: 'alba-bra' } })
  const service = await prisma.service.findFirstOrThrow({ where: { name: 'Casa Ponte' } })
  const find = async (typed: string) => {
    const words = await readWords(prisma, networkId, typed)
    const page = await searchServices(prisma, networkId, { words }, { size: 100, backward: false })
    return page.positions.map(({ name }) => name)
  }
  const keys = () => ({ id: crypto.randomUUID(), uuid: crypto.randomUUID(), networkId })
  /** The documents as they are, and as they would be written anew. */
  const documents = async () => {
    const read = () =>
      prisma.$queryRaw`SELECT service_id, document::text FROM derived.service_search ORDER BY service_id`
    const kept = await read()
    await prisma.$queryRaw`SELECT derived.refresh_services(array(SELECT id FROM service))::text`
    return { kept, anew: await read() }
  }
  return { prisma, networkId, service, find, keys, documents }
}

const strange = 'zanzibarese'

test('every part of a service that is searched changes what finds it', async () => {
  const { prisma, networkId, service, find, keys, documents } = await open()
  const { id } = service
  const found = async () => (await find(strange)).includes('Casa Ponte')
  const presence = await prisma.serviceAtLocation.findFirstOrThrow({ where: { serviceId: id } })
  const area = await prisma.needArea.findFirstOrThrow({ where: { networkId, code: 'housing' } })
  const term = await prisma.taxonomyTerm.findFirstOrThrow({ where: { networkId, code: 'rare-diseases' } })
  const set = {
    'alternate name': (text: string | null) => prisma.service.update({ where: { id }, data: { alternateName: text } }),
    description: (text: string | null) => prisma.service.update({ where: { id }, data: { description: text } }),
    eligibility: (text: string | null) =>
      prisma.service.update({ where: { id }, data: { eligibilityDescription: text } }),
    organization: (text: string | null) =>
      prisma.organization.update({ where: { id: service.organizationId }, data: { alternateName: text } }),
    'need area': (text: string | null) =>
      prisma.needArea.update({ where: { id: area.id }, data: { nameIt: text ?? area.nameIt } }),
    'broader need area': (text: string | null) =>
      prisma.needArea.update({ where: { id: area.parentId! }, data: { nameEn: text ?? 'House' } }),
    location: (text: string | null) =>
      prisma.location.update({ where: { id: presence.locationId }, data: { name: text } }),
  }
  for (const [part, write] of Object.entries(set)) {
    expect(await found(), part).toBe(false)
    await write(strange)
    expect(await found(), part).toBe(true)
    await write(null)
    expect(await found(), `${part}, taken away`).toBe(false)
  }

  await prisma.taxonomyTerm.update({ where: { id: term.id }, data: { name: strange } })
  expect(await found()).toBe(false)
  const attribute = await prisma.attribute.create({
    data: { ...keys(), linkEntity: 'service', linkId: id, taxonomyTermId: term.id },
  })
  expect(await found()).toBe(true)
  await prisma.attribute.delete({ where: { id: attribute.id } })
  expect(await found()).toBe(false)

  const { kept, anew } = await documents()
  expect(kept).toEqual(anew)
})

test('what serves a municipality is found by its name, as long as it serves it', async () => {
  const { prisma, find, keys } = await open()
  const service = await prisma.service.findFirstOrThrow({ where: { name: 'Pasti a domicilio' } })
  const found = async () => (await find('Niella Belbo')).includes('Pasti a domicilio')
  expect(await found()).toBe(false)
  const [{ istat_code: municipalityCode }] = await prisma.$queryRaw<[{ istat_code: string }]>`
    SELECT istat_code FROM municipality WHERE name = 'Niella Belbo'`
  const area = await prisma.serviceArea.create({ data: { ...keys(), serviceId: service.id, municipalityCode } })
  expect(await found()).toBe(true)
  await prisma.serviceArea.delete({ where: { id: area.id } })
  expect(await found()).toBe(false)
})

test('a word that no service has any more is no correction', async () => {
  const { prisma, networkId, service } = await open()
  const corrections = async (typed: string) => (await readWords(prisma, networkId, typed))?.corrections
  await prisma.service.update({ where: { id: service.id }, data: { alternateName: strange } })
  expect(await corrections('zanzibarose')).toEqual([{ typed: 'zanzibarose', searched: [strange] }])
  await prisma.service.update({ where: { id: service.id }, data: { alternateName: null } })
  expect(await corrections('zanzibarose')).toEqual([])
})

test('words that say nothing are no words', async () => {
  const { prisma, networkId } = await open()
  for (const typed of ['per la', '!!', 'il']) expect(await readWords(prisma, networkId, typed)).toBeNull()
})

test('one transaction that changes much leaves documents as if written anew, and nothing behind', async () => {
  const { prisma, networkId, service, documents } = await open()
  await prisma.$transaction(async (tx) => {
    await tx.service.updateMany({ where: { networkId }, data: { eligibilityDescription: 'Tutti.' } })
    await tx.organization.update({ where: { id: service.organizationId }, data: { name: 'Altro nome' } })
    await tx.serviceNeedArea.deleteMany({ where: { networkId, origin: 'term' } })
    await tx.service.delete({ where: { id: service.id } })
  })
  const { kept, anew } = await documents()
  expect(kept).toEqual(anew)
  expect(await prisma.$queryRaw`SELECT count(*)::integer AS count FROM derived.stale`).toEqual([{ count: 0 }])
})

test('changes that are taken back change nothing', async () => {
  const { prisma, service, find, documents } = await open()
  await expect(
    prisma.$transaction(async (tx) => {
      await tx.service.update({ where: { id: service.id }, data: { name: strange } })
      throw new Error('taken back')
    }),
  ).rejects.toThrow('taken back')
  expect(await find(strange)).not.toContain('Casa Ponte')
  const { kept, anew } = await documents()
  expect(kept).toEqual(anew)
})

test('a description of two megabytes is kept whole, and found by how it begins', async () => {
  const { prisma, service, find } = await open()
  const description = `${strange} ${'parola diversa '.repeat(140_000)}`
  await prisma.service.update({ where: { id: service.id }, data: { description } })
  expect(await find(strange)).toContain('Casa Ponte')
  expect((await prisma.service.findUniqueOrThrow({ where: { id: service.id } })).description).toBe(description)
})
