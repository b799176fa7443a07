/**
 * Networks are walled off from each other. Two are filled alike, but for a word in each text and key of the second. Of it,
 * callers of the first see what anybody sees: directories are public, and so are networks, members, phases and events. That
 * is all. The rest is asked of every field and every argument that the schema has, whatever is added to it.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, anyone } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { createGraphqlEndpoint } from '../http/graphql-endpoint.ts'
import { createLogger } from '../log.ts'
import { passingSecrets } from '../secrets.ts'
import { everyActor } from '../testing/actors.ts'
import { ask, type Field, idOf, isConnection, type Reached, reachTypes, selectionOf } from '../testing/ask-schema.ts'
import { dumpTables } from '../testing/dump-tables.ts'
import { fillEveryTable, uuidOfRow } from '../testing/fill-every-table.ts'
import { asOwner, openTestDatabase } from '../testing/test-database.ts'
import { type Place, placesIn, type Values, writeArguments } from '../testing/write-arguments.ts'
import { schema } from './schema.ts'

/** Before the names of rows: of the other network, and of rows that are not there. */
const abroad = 'abroad '
const nowhere = 'nowhere '

const rows = 3
const home = Object.entries(everyActor())
const neighbour = everyActor(abroad)

/** Types whose records belong to no network. */
const shared = new Set(['Municipality'])
const nodeTypes = schema
  .getPossibleTypes(schema.getType('Node') as never)
  .map(({ name }) => name)
  .filter((name) => !shared.has(name))

/** Mutations that anybody may send to any network that is there, and what they take of it. */
const openToAll = new Set([
  'openPersonSession input.network',
  'redeemInvitation input.campaign',
  'submitResponse input.campaign',
  'submitResponse input.organization',
])

/** What else a change has to name before it looks at a place. */
const besides: Record<string, string[]> = { 'createServiceCapacity input.unit': ['input.service'] }

const secrets = passingSecrets()
let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
  await fillEveryTable(database, rows)
  await fillEveryTable(database, rows, abroad)
  // One that is retired gets no more services, whatever they are said to belong to.
  await asOwner(database, async (tx) => {
    // Its version stays, which changes name.
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`
    await tx.organization.updateMany({ data: { retiredOn: null } })
    // One that was opened stands still.
    const campaigns = ['', abroad].map((mark) => uuidOfRow('campaign', 0, mark))
    await tx.campaign.updateMany({ where: { id: { in: campaigns } }, data: { status: 'draft' } })
  })
  // What is searched is made of the rows by triggers, which were off.
  await database.prisma.$queryRaw`SELECT derived.refresh_services(array(SELECT id FROM service))::text`
  await database.prisma.$queryRaw`SELECT derived.compile_schedules(array(SELECT id FROM schedule))::text`
})
afterAll(() => database.close())

test('of another network callers see what anybody sees, field by field', async () => {
  const { reached, unreached } = reachTypes(abroad)
  expect(unreached, 'say in ask-schema.ts how to ask these').toEqual([])
  // What viewer tells of is the caller.
  const others = reached.filter(({ around }) => !around('').includes('viewer'))
  const withheld = new Set<string>()
  for (const { type, around } of others) {
    const probes = Object.values(type.getFields())
      .filter(({ name }) => type !== schema.getQueryType() || name !== 'viewer')
      .map((field) => `${ask(field, rows, abroad)}${selectionOf(field)}`)
    for (const question of await questionsOf(probes, around)) {
      const publicly = refusedAlike(await send(question, anyone))
      for (const [name, actor] of home) {
        expect(refusedAlike(await send(question, actor)), `${name} asks ${question}`).toBe(publicly)
      }
      const { coordinator } = neighbour
      if (refusedAlike(await send(question, coordinator!)) !== publicly) withheld.add(type.name)
    }
  }
  // The two can be told apart: there is something to be withheld, and who belongs there gets it.
  expect(withheld).toContain('ApiKey')
}, 300_000)

test('a record that is withheld and one that is not there are answered alike', async () => {
  const withheld: string[] = []
  for (const name of nodeTypes) {
    const [theirs, none] = [idOf(name, 0, abroad), idOf(name, 0, nowhere)]
    for (const write of [
      (id: string) => `{ node(id: "${id}") { __typename ... on ${name} { id } } }`,
      (id: string) => `{ nodes(ids: ["${id}"]) { __typename ... on ${name} { id } } }`,
    ]) {
      const publicly = await send(write(theirs), anyone)
      if (publicly.includes(`"__typename":"${name}"`)) continue
      withheld.push(name)
      for (const [who, actor] of home) {
        const answers = [await send(write(theirs), actor), await send(write(none), actor)]
        expect(masked(answers[0]!, theirs), `${who} asks ${write(theirs)}`).toBe(masked(answers[1]!, none))
      }
    }
  }
  expect(withheld).toContain('ApiKey')
}, 300_000)

test('what is asked of a network gives nothing of another, whatever of the other it is asked with', async () => {
  let tried = 0
  const { reached } = reachTypes()
  const there = new Map(reachTypes(abroad).reached.map((each) => [each.type, each]))
  for (const { type, around } of reached) {
    // The list of networks leads to all of them, and so may what takes the name or the id of one record.
    if (around('').includes('networks(')) continue
    const probes: string[] = []
    for (const field of Object.values(type.getFields())) {
      if (type === schema.getQueryType() && (field.name === 'networks' || field.args.length === 1)) continue
      const cursors = await cursorsOf(field, there.get(type)!)
      for (const place of [undefined, ...placesIn(field.args)]) {
        const told = toldOf(field, place, cursors)
        probes.push(...told.map((each) => `${write(field, place, each)}${selectionOf(field)}`))
      }
    }
    for (const question of await questionsOf(probes, around)) {
      for (const [name, actor] of home) {
        const answer = await send(question, actor)
        expect(tracesIn(answer, question), `${name} asks ${question}`).toEqual([])
      }
    }
    tried += probes.length
  }
  expect(tried).toBeGreaterThan(500)
}, 600_000)

test('a change that names a record of another network is answered as one that names none, and changes nothing', async () => {
  const before = await asOwner(database, dumpTables)
  const deaf: string[] = []
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    for (const place of placesIn(field.args).filter(namesRecords)) {
      if (openToAll.has(`${field.name} ${place.path}`)) continue
      let isHeard = false
      for (const [own, theirs, none] of recordsFor(field, place)) {
        for (const [name, actor] of home) {
          const [foreign, absent] = [change(field, place, theirs), change(field, place, none)]
          const answers = [masked(await send(foreign, actor), theirs), masked(await send(absent, actor), none)]
          expect(answers[0], `${name} asks ${foreign}`).toBe(answers[1])
          isHeard ||= masked(await sendAndTakeBack(change(field, place, own), actor), own) !== answers[1]
        }
      }
      if (!isHeard) deaf.push(`${field.name} ${place.path}`)
    }
  }
  expect(deaf, 'say in tenants.test.ts what these take, for nothing of the network itself is found by them').toEqual([])
  expect(await asOwner(database, dumpTables)).toBe(before)
}, 600_000)

test('an idempotency key that was used in another network leads to nothing of it', async () => {
  for (const field of Object.values(schema.getMutationType()!.getFields())) {
    const places = placesIn(field.args)
    if (!places.some(({ name }) => name === 'idempotencyKey')) continue
    for (const place of places.filter(namesRecords)) {
      for (const [, theirs, none] of recordsFor(field, place)) {
        const question = change(field, place, theirs, abroad)
        for (const actor of Object.values(neighbour)) await send(question, actor)
        for (const [name, actor] of home) {
          const absent = masked(await send(change(field, place, none, abroad), actor), none)
          expect(masked(await send(question, actor), theirs), `${name} asks ${question}`).toBe(absent)
        }
      }
    }
  }
}, 300_000)

/** The answer over HTTP as far as it depends on what is asked, with all errors as callers see them. */
async function send(query: string, actor: Actor, prisma = database.prisma): Promise<string> {
  const endpoint = endpoints.get(prisma) ?? createGraphqlEndpoint({ prisma, secrets }, { development: false }, silent)
  endpoints.set(prisma, endpoint)
  const headers = { 'content-type': 'application/json' }
  const request = new Request('http://localhost/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })
  const response = await endpoint.fetch(request, { requestId: 'tried', actor })
  const answer = await response.text()
  expect(answer, query).not.toMatch(/GRAPHQL_(VALIDATION|PARSE)_FAILED|INTERNAL_SERVER_ERROR/)
  return `${response.status} ${answer}`
}

const silent = createLogger('silent')
const endpoints = new WeakMap<PrismaClient, ReturnType<typeof createGraphqlEndpoint>>()

/** The same, and what it changed is as before. */
async function sendAndTakeBack(query: string, actor: Actor): Promise<string> {
  class TakenBack extends Error {}
  let answer = ''
  const attempt = database.prisma.$transaction(async (tx) => {
    const inside = new Proxy(tx, {
      get: (target, name) =>
        name === '$transaction' ? (work: (inner: typeof tx) => unknown) => work(inside) : Reflect.get(target, name),
    })
    answer = await send(query, actor, inside as PrismaClient)
    throw new TakenBack()
  })
  await attempt.catch((error: unknown) => {
    if (!(error instanceof TakenBack)) throw error
  })
  return answer
}

/** Many probes in a question; those of which one is refused stand alone, for a refusal may take its neighbours with it. */
async function questionsOf(probes: string[], around: Reached['around']): Promise<string[]> {
  const questions: string[] = []
  for (let start = 0; start < probes.length; start += 10) {
    const some = probes.slice(start, start + 10)
    const together = around(some.map((probe, index) => `probe${index}: ${probe}`).join(' '))
    const alone = some.map((probe) => around(`probe: ${probe}`))
    const answers = [await send(together, anyone), await send(together, home[1]![1])]
    questions.push(...(answers.some((answer) => answer.includes('"errors"')) ? alone : [together]))
  }
  return questions
}

/** A field with the least that it takes, of the first network, and something told at a place. */
function write(field: Field, place?: Place, told?: unknown): string {
  const values: Values = ({ path, name, type }) => {
    if (path === place?.path) return told
    return ownOf(field, name, type)
  }
  const paging = field.args.some(({ name }) => name === 'first') ? ['first'] : []
  return `${field.name}${writeArguments(field.args, values, place === undefined ? paging : [...paging, place.path])}`
}

function change(field: Field, place: Place, told: unknown, mark?: string): string {
  const values: Values = ({ path, name, type }) => {
    if (path === place.path) return told
    if (name === 'idempotencyKey') return mark ?? randomUUID()
    return ownOf(field, name, type)
  }
  const paths = [place.path, ...(besides[`${field.name} ${place.path}`] ?? [])]
  return `mutation { probe: ${field.name}${writeArguments(field.args, values, paths)} { __typename ... on Error { message code path } } }`
}

/** What leads to something in the first network; undefined for what may be anything. */
function ownOf(field: Field, name: string, type: string): unknown {
  if (type === 'ID') return idOf(typesFor(field, name)[0]!, 0)
  if (name === 'first') return rows
  return type === 'String' ? namesOf('')[name] : undefined
}

/** Texts that lead to something, by the name of what takes them. */
function namesOf(mark: string): Record<string, string> {
  return {
    slug: `${mark}network 0`,
    network: `${mark}network 0`,
    code: `${mark}need_area 0`,
    needAreas: `${mark}need_area 0`,
    text: 'service',
    personKey: 'A'.repeat(22),
    url: 'https://example.org/',
  }
}

/** What of the other network can be told at a place; what is told without a place is nothing. */
function toldOf(field: Field, place: Place | undefined, cursors: string[]): unknown[] {
  if (place === undefined) return [undefined]
  if (place.name === 'after' || place.name === 'before') return cursors
  if (place.type === 'ID') return typesFor(field, place.name).map((type) => idOf(type, 0, abroad))
  if (place.type === 'String') return [...new Set([...Object.values(namesOf(abroad)), 'abroad', `${abroad}service 0`])]
  return []
}

/** What names a record in a change: an id, or the short name of a network. */
function namesRecords({ name, type }: Place): boolean {
  return type === 'ID' || (type === 'String' && name === 'network')
}

/** For a place, what names a record of the first network, of the other, and none. */
function recordsFor(field: Field, { name, type }: Place): [own: string, theirs: string, none: string][] {
  if (type === 'String') return [['network 0', `${abroad}network 0`, `${nowhere}network 0`]]
  return typesFor(field, name).map((each) => [idOf(each, 0), idOf(each, 0, abroad), idOf(each, 0, nowhere)])
}

/**
 * Types whose ids an argument may take: that of its name, such as `organization`, or for `id` the one that the field is named
 * for, such as updateService; all where the names say nothing.
 */
function typesFor({ name: field }: Pick<Field, 'name'>, name: string): string[] {
  const wanted = name.replace(/Ids?$/, '').toLowerCase()
  const said = nodeTypes.filter((type) => [type.toLowerCase(), `${type.toLowerCase()}s`].includes(wanted))
  if (said.length > 0) return said
  const named = nodeTypes.filter((type) => field.endsWith(type)).sort((a, b) => b.length - a.length)
  return name === 'id' && named.length > 0 ? named.slice(0, 1) : nodeTypes
}

/** Cursors of the same connection in the other network, for somebody who belongs there. */
async function cursorsOf(field: Field, { around }: Reached): Promise<string[]> {
  if (!isConnection(field)) return []
  const answer = await send(around(`probe: ${ask(field, rows, abroad)} { edges { cursor } }`), neighbour.coordinator!)
  const cursors = [...answer.matchAll(/"cursor":"([^"]+)"/g)].map(([, cursor]) => cursor!)
  expect(cursors.length, `${field.name}: there are no cursors to try`).toBeGreaterThan(0)
  return cursors
}

/** What stands in an answer of the other network, beside what was told in the question. */
function tracesIn(answer: string, question: string): string[] {
  const told = question.match(/"[^"]*"/g) ?? []
  const rest = told.reduce((text, each) => text.replaceAll(each.slice(1, -1), ''), answer)
  const keys = rest.replaceAll('-', '').match(/[0-9a-f]{32}/g) ?? []
  return [...(rest.match(/abroad[\w ]*/g) ?? []), ...keys.filter((key) => keysAbroad.has(key))]
}

const keysAbroad = new Set(
  nodeTypes.flatMap((type) => Array.from({ length: rows }, (_, row) => idOf(type, row, abroad).replace(/^.*_/, ''))),
)

/** Answers without what was told in the question. */
function masked(answer: string, told: string): string {
  return answer.replaceAll(told, '<told>')
}

/** That a credential is needed, and that this one does not do. */
function refusedAlike(answer: string): string {
  return answer.replaceAll(
    /"message":"This (needs a credential|credential does not allow)[^"]*"|"code":"(UNAUTHENTICATED|FORBIDDEN)"/g,
    '<refused>',
  )
}
