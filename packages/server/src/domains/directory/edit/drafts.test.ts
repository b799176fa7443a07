import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { graphql } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../../../actor.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import { leavesOf, reachTypes } from '../../../testing/ask-schema.ts'
import { type Edit, makeEditors } from '../../../testing/edit-directory.ts'
import { fillEveryTable, keyOfRow } from '../../../testing/fill-every-table.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { serve, type TestServer } from '../../../testing/test-server.ts'
import { exportDirectory } from '../export/export-directory.ts'
import { hsds } from '../hsds/model.ts'
import { camelCase, type EditedKind, editedKinds, inputNameOf, referencesOf, typeNameOf } from './edited-kinds.ts'

const marker = 'Zanzibar'

let server: TestServer
let here: Awaited<ReturnType<typeof makeEditors>>
/** A draft of each kind that there are drafts of, by its kind. */
const drafts = new Map<EditedKind, string>()

beforeAll(async () => {
  const database = await openTestDatabase('empty')
  await fillEveryTable(database, 2)
  // The rows know nothing of trees and of what is derived; the drafts of the test are those that it makes.
  await database.prisma.directoryDraft.deleteMany()
  server = await serve(database)
  here = await makeEditors(database, 'langhe')
  await draftEverything(here.edit.coordinator)
}, 120_000)
afterAll(() => server.close())

/** All parts that each of a draft organization, location, program and service can have. */
async function draftEverything(edit: Edit): Promise<void> {
  for (const entity of editedKinds) {
    const references = referencesOf(entity)
    const isPart = references.some(({ to, holds }) => holds && (to === 'any' || drafts.has(to)))
    if (!isPart && entity !== 'organization') continue
    const ties = references.flatMap(({ column, to, holds, required }) => {
      if (!holds && !required) return []
      const id = drafts.get(to === 'any' ? 'service' : to)
      return id === undefined ? [] : [[inputNameOf(entity, column), id]]
    })
    const fields = Object.entries(hsds[entity].fields).flatMap(([name, field]) => {
      const value = { text: marker, uri: `https://${marker}.example/`, email: `${marker}@example.org` }[
        field.kind as 'text'
      ]
      const needed = { code: 'values' in field && field.values[0]!.toUpperCase(), date: '2026-11-25', 'yes-no': true }
      const least = { ...needed, number: 7, instant: '2026-11-25T09:00:00Z' }[field.kind as 'date']
      return value !== undefined ? [[camelCase(name), value]] : field.required ? [[camelCase(name), least]] : []
    })
    const network = entity === 'organization' || entity === 'location' ? { network: here.network } : {}
    const input = { ...network, ...Object.fromEntries([...ties, ...fields]) }
    const answer = await edit(`create${typeNameOf(entity)}`, input)
    expect(answer, entity).toMatchObject({ isPublished: false })
    drafts.set(entity, answer.id)
  }
}

test('a draft with all that it can have is nowhere where the public looks', async () => {
  expect([...drafts.keys()].length).toBeGreaterThan(18)
  const { networkId } = here
  const { prisma } = server.database
  const seen: string[] = []
  const look = async (query: string, variables: object = {}) => {
    const { data, errors } = await server.ask(query, variables)
    seen.push(JSON.stringify(data ?? errors))
    return { data, errors }
  }
  for (const { type, around } of reachTypes().reached) {
    const { data } = await look(around(leavesOf(type)))
    expect(data ?? 'refused').toBeDefined()
  }
  const ids = [...drafts.values()]
  const { data } = await look('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids })
  expect(data).toEqual({ nodes: ids.map(() => null) })
  await look('query ($id: ID!) { organization(id: $id) { name } }', { id: drafts.get('organization') })
  await look(`{ network(slug: "langhe") {
    services(first: 9, filter: { words: "${marker}" }) { totalCount nodes { name } }
    suggestions(text: "${marker.slice(0, 5)}") { __typename }
    directoryFindings(first: 99) { nodes { __typename sentence } }
    organizations(first: 9) { nodes { name locations(first: 9) { totalCount } services(first: 9) { totalCount } } } } }`)
  for (const path of [
    'services',
    'organizations',
    'taxonomy_terms',
    'service_at_locations',
    `services?search=${marker}`,
  ]) {
    const answer = await fetch(`${server.origin}/hsds/langhe/${path}`)
    seen.push(await answer.text())
  }
  const folder = mkdtempSync(join(tmpdir(), 'drafts-'))
  try {
    for (const format of ['hsds-json', 'hsds-csv'] as const) {
      const path = join(folder, format)
      await exportDirectory(prisma, { networkId, format, path })
      seen.push(...readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8')))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  expect(seen.join('\n')).toContain('Cooperativa Alfa')
  expect(seen.filter((text) => text.toLowerCase().includes(marker.toLowerCase()))).toEqual([])
  for (const id of ids) expect(seen.filter((text) => text.includes(id))).toEqual([])
})

async function askDrafts(actor: Actor, of: string) {
  const { data, errors } = await graphql({
    schema,
    source: `{ node(id: "${of}") { ... on Network { ...N } ... on Organization { ...O } } }
      fragment N on Network { drafts(first: 9) { totalCount nodes { ...D } } }
      fragment O on Organization { drafts(first: 9) { totalCount nodes { ...D } } }
      fragment D on DirectoryDraft { id kind recordVersion values { field value } parts { kind parts { kind } } }`,
    contextValue: { prisma: server.database.prisma, actor, secrets: passingSecrets(), requestId: 'request-1' },
  })
  return { drafts: (data as { node: { drafts: unknown } } | null)?.node?.drafts, refused: errors?.[0]?.message }
}

test('who may write a draft sees it with its parts, and nobody else does', async () => {
  const { edit, ownId, network, as } = here
  const service = await edit.own('createService', { organization: ownId, name: 'Sportello', status: 'ACTIVE' })
  const contact = await edit.own('createContact', { service: service.id, name: 'Ada' })
  await edit.own('createPhone', { contact: contact.id, number: '333' })
  const told = {
    id: service.id,
    kind: 'SERVICE',
    recordVersion: 1,
    values: [
      { field: 'organization', value: ownId },
      { field: 'name', value: 'Sportello' },
      { field: 'status', value: 'active' },
    ],
    parts: [{ kind: 'CONTACT', parts: [{ kind: 'PHONE' }] }],
  }
  for (const by of ['own', 'administrator', 'coordinator', 'coordinatingPartner'] as const) {
    expect((await askDrafts(as[by], ownId)).drafts, by).toEqual({ totalCount: 1, nodes: [told] })
  }
  for (const by of ['other', 'otherAdministrator', 'reader'] as const) {
    expect(await askDrafts(as[by], ownId), by).toEqual({ refused: expect.stringContaining('does not allow') })
  }
  expect((await askDrafts(as.coordinator, network)).drafts).toMatchObject({
    totalCount: 5,
    nodes: [told, { kind: 'SERVICE' }, { kind: 'LOCATION' }, { kind: 'PROGRAM' }, { kind: 'ORGANIZATION' }],
  })
  expect(await askDrafts(as.own, network)).toEqual({ refused: expect.stringContaining('does not allow') })
  expect(await askDrafts(as.coordinator, encodeGlobalId('Network', keyOfRow('network', 0)))).toEqual({
    refused: expect.stringContaining('does not allow'),
  })
})

test('a draft goes with all its parts', async () => {
  const { edit, ownId } = here
  const service = await edit.own('createService', { organization: ownId, name: 'Via', status: 'ACTIVE' })
  const contact = await edit.own('createContact', { service: service.id, name: 'Ada' })
  await edit.own('createPhone', { contact: contact.id, number: '333' })
  const before = await server.database.prisma.directoryDraft.count()
  expect(await edit.own('discardDraft', { draft: service.id, expectedVersion: 2 })).toMatchObject({
    code: 'VERSION_CONFLICT',
  })
  expect(await edit.own('discardDraft', { draft: service.id, expectedVersion: 1 })).toEqual({ id: service.id })
  expect(await server.database.prisma.directoryDraft.count()).toBe(before - 3)
})

test('what refers to a draft is not published before it', async () => {
  const { edit, network, ownId } = here
  const location = await edit.own('createLocation', {
    network,
    organization: ownId,
    locationType: 'PHYSICAL',
    name: 'Sede',
  })
  const service = await edit.own('createService', { organization: ownId, name: 'Via', status: 'ACTIVE' })
  await edit.own('createServiceAtLocation', { service: service.id, location: location.id })
  const publishService = () => edit.own('publishService', { id: service.id, expectedVersion: 1 })
  expect(await publishService()).toMatchObject({
    code: 'REFERS_TO_DRAFT',
    path: ['location'],
    message: expect.stringContaining('the draft location "Sede"'),
  })
  expect(await edit.own('publishLocation', { id: location.id, expectedVersion: 1 })).toMatchObject({
    isPublished: true,
  })
  expect(await publishService()).toMatchObject({ isPublished: true })
  expect(await publishService()).toMatchObject({ code: 'VERSION_CONFLICT' })
  expect(await edit.own('publishService', { id: service.id, expectedVersion: 2 })).toMatchObject({
    code: 'ALREADY_PUBLISHED',
  })
  // What is public must not lead to what is not.
  const draft = await edit.own('createProgram', { organization: ownId, name: 'P', description: 'p' })
  const change = { id: service.id, expectedVersion: 2, program: draft.id }
  expect(await edit.own('changeService', change)).toMatchObject({ code: 'REFERS_TO_DRAFT', path: ['program'] })
})
