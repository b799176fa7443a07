import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { parseGlobalId } from '../../../graphql/global-id.ts'
import { askAsAnyone, editAs } from '../../../testing/edit-directory.ts'
import { importSource, makeNetwork } from '../../../testing/import-source.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { exportDirectory } from '../export/export-directory.ts'

let database: Database
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
})
afterAll(() => database.close())

/** The demonstration network, edited by a coordinator. */
async function demonstration() {
  const { prisma } = database
  const { id: networkId, slug } = await prisma.network.findFirstOrThrow({ where: { demonstration: true } })
  const data = {
    networkId,
    organizationId: null,
    issuer: 'https://id',
    subject: 'ada',
    role: 'network_coordinator' as const,
  }
  const { id } = await prisma.staffMember.create({ data })
  const roles = [{ id, networkId, organizationId: null, role: data.role }]
  const edit = editAs(database, { kind: 'staff', issuer: data.issuer, subject: data.subject, roles })
  const organization = await prisma.organization.findFirstOrThrow({ where: { networkId } })
  const globalId = `organization_${organization.id.replaceAll('-', '')}`
  const publish = async (kind: 'Service' | 'Location', input: object) => {
    const made = await edit(`create${kind}`, { organization: globalId, ...input })
    return edit(`publish${kind}`, { id: made.id, expectedVersion: 1 })
  }
  return { networkId, slug, edit, organization: globalId, publish, network: `network_${networkId.replaceAll('-', '')}` }
}

const opened = demonstrationOnce()
function demonstrationOnce() {
  let made: ReturnType<typeof demonstration> | undefined
  return () => {
    made ??= demonstration()
    return made
  }
}

const town = {
  address1: 'Via Roma 1',
  stateProvince: 'CN',
  postalCode: '12051',
  country: 'IT',
  addressType: 'PHYSICAL',
}

test('the municipality of a place follows its addresses, and that of a service area its name', async () => {
  const { edit, publish, network } = await opened()
  const { id: location } = await publish('Location', { network, locationType: 'PHYSICAL', name: 'Sede' })
  const { id: service } = await publish('Service', { name: 'Sportello', status: 'ACTIVE' })
  const placeOf = async () => {
    const found = await database.prisma.location.findUnique({
      where: { id: parseGlobalId(location)!.id },
      select: { municipality: { select: { name: true } } },
    })
    return found!.municipality?.name
  }
  expect(await placeOf()).toBeUndefined()
  const address = await edit('createAddress', { location, city: 'Alba', ...town })
  expect(await placeOf()).toBe('Alba')
  const moved = await edit('changeAddress', { id: address.id, expectedVersion: address.recordVersion, city: 'BRA' })
  expect(await placeOf()).toBe('Bra')
  await edit('removeAddress', { id: address.id, expectedVersion: moved.recordVersion })
  expect(await placeOf()).toBeUndefined()

  const area = await edit('createServiceArea', { service, name: 'Bra' })
  const served = () =>
    database.prisma.serviceArea.findUnique({
      where: { id: parseGlobalId(area.id)!.id },
      select: { municipality: { select: { name: true } } },
    })
  expect(await served()).toEqual({ municipality: { name: 'Bra' } })
  await edit('changeServiceArea', { id: area.id, expectedVersion: area.recordVersion, name: 'altrove' })
  expect(await served()).toEqual({ municipality: null })
})

test('a draft with an address has its municipality when it is published', async () => {
  const { edit, network, organization } = await opened()
  const { id } = await edit('createLocation', { network, organization, locationType: 'PHYSICAL' })
  await edit('createAddress', { location: id, city: 'Alba', ...town })
  await edit('publishLocation', { id, expectedVersion: 1 })
  const found = await database.prisma.location.findUnique({
    where: { id: parseGlobalId(id)!.id },
    select: { municipality: { select: { name: true } }, demonstration: true },
  })
  expect(found).toEqual({ municipality: { name: 'Alba' }, demonstration: true })
})

test('a service answers the need areas of its terms as long as it has them', async () => {
  const { edit, publish } = await opened()
  const mapped = await database.prisma.needAreaTerm.findFirstOrThrow()
  const term = `taxonomy_term_${mapped.taxonomyTermId.replaceAll('-', '')}`
  const { id: service } = await publish('Service', { name: 'Ascolto', status: 'ACTIVE' })
  const serviceId = parseGlobalId(service)!.id
  const areas = async () => {
    const rows = await database.prisma.serviceNeedArea.findMany({ where: { serviceId } })
    return rows.map(({ needAreaId }) => needAreaId)
  }
  const attribute = await edit('createAttribute', { record: service, taxonomyTerm: term })
  expect(await areas()).toContain(mapped.needAreaId)
  const cleared = await edit('changeAttribute', {
    id: attribute.id,
    expectedVersion: 1,
    taxonomyTerm: null,
    value: 'altro',
  })
  expect(await areas()).toEqual([])
  await edit('changeAttribute', { id: attribute.id, expectedVersion: cleared.recordVersion, taxonomyTerm: term })
  expect(await areas()).toContain(mapped.needAreaId)
  await edit('removeAttribute', { id: attribute.id, expectedVersion: cleared.recordVersion + 1 })
  expect(await areas()).toEqual([])
})

test('the kind of an organization and its attribute say the same', async () => {
  const { edit, network } = await opened()
  const input = { network, name: 'Azienda', description: 'Fa scarpe.' }
  const { id } = await edit('createOrganization', input)
  const key = parseGlobalId(id)!.id
  const told = async () => {
    const { kind } = await database.prisma.organization.findUniqueOrThrow({ where: { id: key } })
    const attributes = await database.prisma.attribute.findMany({ where: { linkId: key } })
    return [kind, ...attributes.map(({ linkType, value }) => `${linkType} ${value}`)]
  }
  let { recordVersion } = await edit('publishOrganization', { id, expectedVersion: 1 })
  expect(await told()).toEqual(['other'])
  for (const kind of ['COMPANY', 'UNIVERSITY']) {
    ;({ recordVersion } = await edit('changeOrganization', { id, expectedVersion: recordVersion, kind }))
    expect(await told()).toEqual([kind.toLowerCase(), `organization_kind ${kind.toLowerCase()}`])
  }
  // Other attributes leave it alone.
  await edit('createAttribute', { record: id, label: 'colore', value: 'rosso' })
  expect((await told())[0]).toBe('university')
})

test('what was edited is found, and open, at once', async () => {
  const { edit, publish, slug } = await opened()
  const { id: service, recordVersion } = await publish('Service', { name: 'Zufolamento', status: 'ACTIVE' })
  const ask = () =>
    askAsAnyone(
      database,
      `query ($slug: String!, $id: ID!) {
        network(slug: $slug) { services(first: 3, filter: { words: "zufolamento" }) { nodes { id } } }
        service(id: $id) { openAt(moment: "2026-11-23T09:00:00Z") } }`,
      { slug, id: service },
    )
  expect(await ask()).toEqual({ network: { services: { nodes: [{ id: service }] } }, service: { openAt: null } })
  const hours = { freq: 'WEEKLY', byday: 'MO', opensAt: '09:00', closesAt: '12:00' }
  const schedule = await edit('createSchedule', { service, ...hours })
  expect((await ask()).service).toEqual({ openAt: true })
  await edit('changeSchedule', { id: schedule.id, expectedVersion: schedule.recordVersion, byday: 'TU' })
  expect((await ask()).service).toEqual({ openAt: false })
  await edit('changeService', { id: service, expectedVersion: recordVersion, name: 'Altro' })
  expect((await ask()).network.services.nodes).not.toContainEqual({ id: service })
})

test.each(['hsds-json', 'hsds-csv'] as const)(
  'nothing that was edited is lost on the way out and in, as %s',
  async (format) => {
    const { edit, publish, network, networkId, organization } = await opened()
    const { id: service } = await publish('Service', { name: 'Viaggio', status: 'ACTIVE', minimumAge: 6.5 })
    const { id: location } = await publish('Location', { network, locationType: 'PHYSICAL', latitude: 44.7 })
    await edit('createServiceAtLocation', { service, location })
    const phone = await edit('createPhone', { service, location, number: '0173' })
    await edit('changePhone', { id: phone.id, expectedVersion: 1, number: '0172', location: null })
    await edit('createAttribute', { record: phone.id, label: 'colore', value: ' rosso ' })
    const days = { startDate: '2026-12-24', endDate: '2026-12-26', yearly: true, closed: true }
    await edit('createHolidaySchedule', { service, ...days })
    const contact = await edit('createContact', { service, name: 'Ada' })
    await edit('removeContact', { id: contact.id, expectedVersion: 1 })
    const made = await edit('createOrganization', { network, name: 'Vecchia', description: 'Era.', kind: 'COMPANY' })
    const published = await edit('publishOrganization', { id: made.id, expectedVersion: 1 })
    await edit('retireOrganization', { id: made.id, expectedVersion: published.recordVersion })
    expect(organization).toMatch(/^organization_/)

    const folder = mkdtempSync(join(tmpdir(), 'edited-'))
    try {
      const [there, back] = [join(folder, 'there'), join(folder, 'back')]
      await exportDirectory(database.prisma, { networkId, format, path: there })
      const copy = await makeNetwork(database)
      await importSource(database, copy, there)
      await exportDirectory(database.prisma, { networkId: copy, format, path: back })
      expect(readdirSync(back).sort()).toEqual(readdirSync(there).sort())
      const written = readdirSync(there).map((file) => readFileSync(join(there, file), 'utf8'))
      expect(written.join('')).toContain('replacement_value')
      for (const file of readdirSync(there)) {
        const [one, other] = [there, back].map((path) => readFileSync(join(path, file), 'utf8'))
        expect(other === one, file).toBe(true)
      }
      const retired = await database.prisma.organization.findFirstOrThrow({
        where: { networkId: copy, name: 'Vecchia' },
      })
      expect(retired).toMatchObject({ kind: 'company', retiredOn: expect.any(Date) })
      const again = await importSource(database, networkId, there)
      for (const changes of Object.values(again.changes))
        expect(changes).toMatchObject({ created: 0, updated: 0, removed: 0 })
      await database.prisma.network.delete({ where: { id: copy } })
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
)
