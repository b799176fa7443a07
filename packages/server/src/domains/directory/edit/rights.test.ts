import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../../actor.ts'
import type { Database } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { type Answer, editAs, makeEditors } from '../../../testing/edit-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'

let database: Database
let here: Awaited<ReturnType<typeof makeEditors>>
let abroad: Awaited<ReturnType<typeof makeEditors>>
beforeAll(async () => {
  database = await openTestDatabase('empty')
  here = await makeEditors(database)
  abroad = await makeEditors(database)
})
afterAll(() => database.close())

type Editors = Awaited<ReturnType<typeof makeEditors>>

const make = (editors: Editors, by: keyof Editors['edit'], organization: string) =>
  editors.edit[by]('createService', { organization, name: 'Sportello', status: 'ACTIVE' })

async function publicService({ edit, ownId }: Editors) {
  const { id } = await edit.own('createService', { organization: ownId, name: 'Sportello', status: 'ACTIVE' })
  return edit.own('publishService', { id, expectedVersion: 1 })
}

const told = ({ code, message, path }: Answer) => ({ code, message, path })

test('the organization itself, its administrators and coordinators make what is its own', async () => {
  for (const by of ['own', 'administrator', 'coordinator', 'coordinatingPartner'] as const) {
    expect(await make(here, by, here.ownId)).toMatchObject({ isPublished: false })
  }
})

test("another organization's record, another network's and none at all are told alike", async () => {
  const nowhere = encodeGlobalId('Organization', '00000000-0000-4000-8000-000000000000')
  const refused = [
    await make(here, 'other', here.ownId),
    await make(here, 'otherAdministrator', here.ownId),
    await make(here, 'other', nowhere),
    await make(abroad, 'own', here.ownId),
    await make(abroad, 'coordinator', here.ownId),
  ]
  for (const answer of refused) expect(told(answer)).toEqual(told(refused[0]!))
  expect(refused[0]).toMatchObject({ code: 'ORGANIZATION_UNKNOWN', path: ['organization'] })
})

test('neither a draft nor its version is told to who may not write it', async () => {
  const draft = await make(here, 'own', here.ownId)
  const published = await publicService(here)
  const nowhere = encodeGlobalId('Service', '00000000-0000-4000-8000-000000000000')
  for (const mutation of ['changeService', 'publishService', 'retireService']) {
    const answers = []
    for (const id of [draft.id, published.id, nowhere]) {
      for (const edit of [here.edit.other, here.edit.otherAdministrator, abroad.edit.coordinator]) {
        for (const expectedVersion of [1, 99]) answers.push(await edit(mutation, { id, expectedVersion }))
      }
    }
    for (const answer of answers) expect(told(answer)).toEqual(told(answers[0]!))
    expect(answers[0]).toMatchObject({ code: 'SERVICE_UNKNOWN', path: ['id'] })
  }
  const refer = (program: string) =>
    here.edit.other('createService', { organization: here.otherId, program, name: 'x', status: 'ACTIVE' })
  const program = await here.edit.own('createProgram', { organization: here.ownId, name: 'P', description: 'p' })
  const none = encodeGlobalId('Program', '00000000-0000-4000-8000-000000000000')
  expect(told(await refer(program.id))).toEqual(told(await refer(none)))
  expect(await refer(none)).toMatchObject({ code: 'PROGRAM_UNKNOWN', path: ['program'] })
})

test('a service may be given at a place of another organization, in the same network alone', async () => {
  const service = await publicService(here)
  const place = async ({ edit, network, otherId }: Editors) => {
    const { id } = await edit.other('createLocation', { network, organization: otherId, locationType: 'PHYSICAL' })
    return (await edit.other('publishLocation', { id, expectedVersion: 1 })).id
  }
  const location = await place(here)
  const input = { service: service.id, location }
  expect(await here.edit.other('createServiceAtLocation', input)).toMatchObject({ code: 'SERVICE_UNKNOWN' })
  expect(await here.edit.own('createServiceAtLocation', input)).toMatchObject({ isPublished: true })
  const across = { ...input, location: await place(abroad) }
  expect(await here.edit.own('createServiceAtLocation', across)).toMatchObject({
    code: 'LOCATION_UNKNOWN',
    path: ['location'],
  })
  // A phone of both is written by who may write both.
  const shared = { service: service.id, location, number: '0173' }
  expect(await here.edit.own('createPhone', shared)).toMatchObject({ code: 'LOCATION_UNKNOWN', path: ['location'] })
  const phone = await here.edit.coordinator('createPhone', shared)
  expect(phone).toMatchObject({ isPublished: true })
  const target = { id: phone.id, expectedVersion: 1 }
  for (const by of ['own', 'other'] as const) {
    expect(await here.edit[by]('removePhone', target)).toMatchObject({ code: 'PHONE_UNKNOWN' })
  }
})

test('what nobody owns is for coordinators', async () => {
  const { network } = here
  const place = { network, locationType: 'VIRTUAL' }
  expect(await here.edit.own('createLocation', place)).toMatchObject({ code: 'NETWORK_UNKNOWN', path: ['network'] })
  expect(await here.edit.coordinator('createLocation', place)).toMatchObject({ isPublished: false })
  const own = await here.edit.own('createLocation', { ...place, organization: here.ownId })
  const alone = { id: own.id, expectedVersion: 1, organization: null }
  expect(await here.edit.own('changeLocation', alone)).toMatchObject({
    code: 'COORDINATORS_ONLY',
    path: ['organization'],
  })
  const term = { network, name: 'Casa', description: 'La casa.' }
  const { edit } = here
  await expect(edit.own('createTaxonomyTerm', term)).rejects.toThrow(/does not allow/)
  await expect(edit.own('createOrganization', { network, name: 'a', description: 'b' })).rejects.toThrow(
    /does not allow/,
  )
  expect(await edit.coordinator('createTaxonomyTerm', term)).toMatchObject({ isPublished: true })
  expect(await abroad.edit.coordinator('createTaxonomyTerm', term)).toMatchObject({ code: 'NETWORK_UNKNOWN' })
  const missing = { ...term, network: encodeGlobalId('Network', '00000000-0000-4000-8000-000000000000') }
  expect(told(await abroad.edit.coordinator('createTaxonomyTerm', missing))).toEqual(
    told(await abroad.edit.coordinator('createTaxonomyTerm', term)),
  )
})

test('who has no scope or role for it may not even ask', async () => {
  const person: Actor = {
    kind: 'person',
    personId: here.own,
    networkId: here.networkId,
    relation: 'employee',
    organizationId: here.own,
  }
  for (const edit of [here.edit.reader, editAs(database, person), editAs(database, { kind: 'anyone' })]) {
    const service = { organization: here.ownId, name: 'Sportello', status: 'ACTIVE' }
    await expect(edit('createService', service)).rejects.toThrow(/credential/)
  }
})

test('a record is given away by who may write it before and after', async () => {
  const service = await publicService(here)
  const away = { id: service.id, expectedVersion: service.recordVersion, organization: here.otherId }
  expect(await here.edit.own('changeService', away)).toMatchObject({ code: 'ORGANIZATION_UNKNOWN' })
  expect(await here.edit.coordinator('changeService', away)).toMatchObject({ id: service.id })
  const back = { ...away, expectedVersion: service.recordVersion + 1, organization: here.ownId }
  expect(await here.edit.own('changeService', back)).toMatchObject({ code: 'SERVICE_UNKNOWN' })
})
