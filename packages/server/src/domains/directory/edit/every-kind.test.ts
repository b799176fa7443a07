import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { parseGlobalId } from '../../../graphql/global-id.ts'
import { type Edit, makeEditors } from '../../../testing/edit-directory.ts'
import { anyFields } from '../../../testing/generate-directory.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { listFindings } from '../check-directory.ts'
import { type FieldType, hsds } from '../hsds/model.ts'
import {
  camelCase,
  type EditedKind,
  editedKinds,
  inputNameOf,
  isOfNetwork,
  isPublishedAlone,
  namesNetwork,
  referencesOf,
  typeNameOf,
} from './edited-kinds.ts'
import { findRecord } from './find-record.ts'

let database: Database
let editors: Awaited<ReturnType<typeof makeEditors>>
/** A public record of each kind to refer to, and one that is a draft. */
let ids: Partial<Record<EditedKind, string>>
let drafted: string

beforeAll(async () => {
  database = await openTestDatabase('empty')
  editors = await makeEditors(database)
  const { network, ownId, edit } = editors
  const publish = async (entity: EditedKind, input: object) => {
    const { id } = await edit.coordinator(`create${typeNameOf(entity)}`, input)
    await edit.coordinator(`publish${typeNameOf(entity)}`, { id, expectedVersion: 1 })
    return id
  }
  const make = async (entity: EditedKind, input: object) =>
    (await edit.coordinator(`create${typeNameOf(entity)}`, input)).id
  const service = await publish('service', { organization: ownId, name: 'Sportello', status: 'ACTIVE' })
  const location = await publish('location', { network, organization: ownId, locationType: 'PHYSICAL' })
  const serviceAtLocation = await make('service_at_location', { service, location })
  const contact = await make('contact', { service })
  const taxonomy = await make('taxonomy', { network, name: 'Temi', description: 'I temi.' })
  ids = {
    organization: ownId,
    service,
    location,
    service_at_location: serviceAtLocation,
    contact,
    phone: await make('phone', { service, number: '0173' }),
    program: await publish('program', { organization: ownId, name: 'Programma', description: 'Tutto.' }),
    taxonomy,
    taxonomy_term: await make('taxonomy_term', { network, name: 'Casa', description: 'La casa.' }),
    unit: await make('unit', { network, name: 'posti' }),
  }
  drafted = await make('service', { organization: ownId, name: 'Bozza', status: 'ACTIVE' })
})
afterAll(() => database.close())

describe.each(editedKinds)('%s', (entity) => {
  const type = typeNameOf(entity)

  test('is made and changed to whatever it may say, and ended', async () => {
    const property = fc.asyncProperty(fieldsOf(entity), fieldsOf(entity), async (first, second) => {
      const edit = isOfNetwork(entity) || entity === 'organization' ? editors.edit.coordinator : editors.edit.own
      let made = await edit(`create${type}`, { ...tiesTo(entity, ids), ...inputOf(entity, first) })
      expect(made).toMatchObject({ recordVersion: expect.any(Number), isPublished: !isPublishedAlone(entity) })
      expect(await stored(entity, made.id)).toMatchObject(first)
      if (isPublishedAlone(entity)) {
        made = await edit(`publish${type}`, { id: made.id, expectedVersion: made.recordVersion })
        expect(made).toMatchObject({ isPublished: true, recordVersion: expect.any(Number) })
        expect(await stored(entity, made.id)).toMatchObject(first)
      }
      const cleared = Object.keys(hsds[entity].fields).filter((name) => !(name in second))
      const changes = {
        ...inputOf(entity, second),
        ...Object.fromEntries(cleared.map((name) => [camelCase(name), null])),
      }
      const changed = await edit(`change${type}`, { id: made.id, expectedVersion: made.recordVersion, ...changes })
      expect(changed).toMatchObject({ id: made.id, isPublished: true })
      expect(await stored(entity, made.id)).toMatchObject(second)
      const again = await edit(`change${type}`, { id: made.id, expectedVersion: changed.recordVersion, ...changes })
      expect(again).toEqual(changed)
      await end(edit, entity, changed)
    })
    await fc.assert(property, { numRuns: 4 })
  })

  const [holder] = referencesOf(entity).filter(({ to }) => to === 'service' || to === 'any')
  test.runIf(holder !== undefined)('is a draft where it belongs to one', async () => {
    const [values] = fc.sample(fieldsOf(entity), 1)
    const ties = { ...tiesTo(entity, ids), [inputNameOf(entity, holder!.column)]: drafted }
    const made = await editors.edit.own(`create${type}`, { ...ties, ...inputOf(entity, values!) })
    expect(made).toMatchObject({ recordVersion: 1, isPublished: false })
    expect(await stored(entity, made.id)).toMatchObject(values!)
    expect(await editors.edit.own('discardDraft', { draft: made.id, expectedVersion: 1 })).toEqual({ id: made.id })
    expect(await stored(entity, made.id)).toBeUndefined()
  })

  const required = Object.entries(hsds[entity].fields).filter(
    ([, field]) => field.required && (field.kind === 'text' || field.kind === 'uri'),
  )
  test.runIf(required.length > 0)('is refused without what it needs', async () => {
    const [values] = fc.sample(fieldsOf(entity), 1)
    for (const [name] of required) {
      const input = { ...tiesTo(entity, ids), ...inputOf(entity, values!), [camelCase(name)]: '' }
      expect(await editors.edit.coordinator(`create${type}`, input)).toMatchObject({
        code: 'VALUE_MISSING',
        path: [camelCase(name)],
      })
    }
  })
})

test('nothing that was removed has left anything behind', async () => {
  const check = { networkId: editors.networkId, kinds: ['dead_reference', 'attached_to_nothing'] as const }
  const { findings } = await listFindings(database.prisma, check, { size: 10, backward: false })
  expect(findings).toEqual([])
})

async function end(edit: Edit, entity: EditedKind, { id, recordVersion }: { id: string; recordVersion: number }) {
  const target = { id, expectedVersion: recordVersion }
  if (entity === 'organization' || entity === 'service') {
    expect(await edit(`retire${typeNameOf(entity)}`, target)).toMatchObject({ id, isPublished: true })
  } else {
    expect(await edit(`remove${typeNameOf(entity)}`, target)).toEqual({ id })
    expect(await stored(entity, id)).toBeUndefined()
  }
}

/** Values as they are stored. A rule of random words is none, so schedules are told in words here. */
function fieldsOf(entity: EditedKind): fc.Arbitrary<Record<string, unknown>> {
  return anyFields(entity).map((fields) => {
    const { freq: _rule, ...others } = fields
    const values = Object.entries(entity === 'schedule' ? others : fields)
    return Object.fromEntries(values.map(([name, text]) => [name, asStored(hsds[entity].fields[name]!, text)]))
  })
}

function asStored({ kind }: FieldType, text: string): unknown {
  if (kind === 'yes-no') return text === 'true'
  if (['number', 'integer', 'latitude', 'longitude'].includes(kind)) return Number(text)
  return text
}

function inputOf(entity: EditedKind, values: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const isCode = hsds[entity].fields[name]!.kind === 'code'
      return [camelCase(name), isCode ? String(value).toUpperCase().replaceAll(' ', '_') : value]
    }),
  )
}

/** What it refers to: one holder, and what it needs besides. */
function tiesTo(entity: EditedKind, ids: Partial<Record<EditedKind, string>>): Record<string, string> {
  const references = referencesOf(entity)
  const holder = references.find(({ holds, to }) => holds && to !== 'location') ?? references.find(({ holds }) => holds)
  const needed = references.filter((reference) => reference === holder || reference.required)
  return {
    ...(namesNetwork(entity) && { network: editors.network }),
    ...Object.fromEntries(
      needed.map(({ column, to }) => [inputNameOf(entity, column), ids[to === 'any' ? 'service' : to]!]),
    ),
  }
}

async function stored(entity: EditedKind, globalId: string): Promise<Record<string, unknown> | undefined> {
  const { id } = parseGlobalId(globalId)!
  return (await database.prisma.$transaction((tx) => findRecord(tx, entity, id)))?.data
}
