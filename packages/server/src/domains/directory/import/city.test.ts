import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { citySize, generateCity } from '../../../testing/generate-city.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { databaseForTest } from '../../../testing/test-database.ts'

test('a directory as large as a real city’s goes in whole', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-city-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  generateCity(folder)
  const database = await databaseForTest('empty')
  const networkId = await makeNetwork(database)

  const started = performance.now()
  const { changes, leftOut } = await importSource(database, networkId, folder)
  const seconds = (performance.now() - started) / 1000
  // Told, not asserted: how busy the machine is says more than the importer.
  console.info(`The city was imported in ${seconds.toFixed(1)} s (${database.embedded ? 'embedded' : 'PostgreSQL'}).`)

  expect(leftOut).toEqual([])
  expect(citySize).toMatchObject({
    'organizations.csv': 748,
    'locations.csv': 1482,
    'services.csv': 1876,
    'phones.csv': 7157,
  })
  const { prisma } = database
  expect({
    'organizations.csv': await prisma.organization.count(),
    'programs.csv': await prisma.program.count(),
    'taxonomy.csv': await prisma.taxonomyTerm.count(),
    'locations.csv': await prisma.location.count(),
    'addresses.csv': await prisma.address.count({ where: { addressType: 'physical' } }),
    'mail_addresses.csv': await prisma.address.count({ where: { addressType: 'postal' } }),
    'services.csv': await prisma.service.count(),
    'contacts.csv': await prisma.contact.count(),
    'phones.csv': await prisma.phone.count(),
    'regular_schedules.csv': await prisma.schedule.count(),
    'holiday_schedules.csv': await prisma.holidaySchedule.count(),
  }).toEqual(citySize)
  expect(changes.service).toMatchObject({ created: citySize['services.csv'], updated: 0 })
})
