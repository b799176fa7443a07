import {
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  graphql,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  parse,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Actor } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import { passingSecrets } from '../secrets.ts'

import { ask, type Field, idOf, isConnection, itemOf, leavesOf, reachTypes } from '../testing/ask-schema.ts'
import { fillEveryTable, uuidOfRow } from '../testing/fill-every-table.ts'
import { openTestDatabase } from '../testing/test-database.ts'
import { type WatchedClient, watchStatements } from '../testing/watch-statements.ts'
import { planQuery } from './plain-query.ts'
import { schema } from './schema.ts'

const few = 2
const many = 5

/** Somebody who may ask for most of it, in so many networks. */
const coordinatorOf = (networks: number): Actor => ({
  kind: 'staff',
  issuer: 'https://id.example.org',
  subject: 'somebody',
  roles: Array.from({ length: networks }, (_, network) => ({
    id: uuidOfRow('staff_member', network),
    networkId: uuidOfRow('network', network),
    organizationId: null,
    role: 'network_coordinator',
  })),
})

// Each network is searched on its own: under a list of networks these send statements for each of them, a few.
const searches = new Set(['services', 'suggestions', 'directoryFindings'])

const secrets = passingSecrets()
let database: Database
let client: WatchedClient
let plainQueries = 0

beforeAll(async () => {
  database = await openTestDatabase('empty')
  client = watchStatements(database)
})

afterAll(async () => {
  await client.prisma.$disconnect()
  await database.close()
})

test('no list and no connection sends more statements when there are more rows, plain or not', async () => {
  const { lists, unreached } = findLists()
  expect(unreached, 'say in `given` what to ask these with').toEqual([])
  expect(lists.length).toBeGreaterThan(90)

  const before = await measure(lists, few)
  const after = await measure(lists, many)
  const more = [...after].flatMap(([query, { statements }]) =>
    statements > before.get(query)!.statements ? [`${before.get(query)!.statements} → ${statements}: ${query}`] : [],
  )
  expect(more).toEqual([])
  expect(plainQueries).toBeGreaterThan(before.size)

  // A list of records that stays empty would prove nothing. Annotations can belong to anything; here they belong to
  // services. What a search finds hangs on the words in the rows.
  const grown = new Set([...after].flatMap(([query, { rows, list }]) => (rows > before.get(query)!.rows ? [list] : [])))
  const relations = lists.filter(({ name, field }) => {
    const [type, list] = name.split('.') as [string, string]
    const isSearch = type === 'Network' && searches.has(list)
    return isRecord(type) && isRecord(itemOf(field).name) && !isSearch && !/^(attributes|metadata)$/.test(list)
  })
  expect(relations.map(({ name }) => name).filter((name) => !grown.has(name))).toEqual([])
})

test.each([
  [
    'a service with its organization and need areas',
    `{ service(id: "${idOf('Service', 0)}") { name organization { name } needAreas { needArea { code name } } } }`,
  ],
  [
    'the first services of a need area with organization, areas and locations',
    `{ needArea(network: "network 0", code: "need_area 0") { services(first: 20) { pageInfo { hasNextPage endCursor }
      nodes { name organization { name } needAreas { needArea { name } } serviceAtLocations { location { name } } }
      edges { cursor node { name program { name } } } } } }`,
  ],
  [
    'organizations with services each, with areas and schedules',
    `{ network(slug: "network 0") { organizations(first: 10) { totalCount nodes { name services(first: 10) { totalCount
      nodes { name needAreas { needArea { name } } schedules { freq byday opensAt closesAt } } } } } } }`,
  ],
])('one statement fetches %s', async (_, query) => {
  await fillEveryTable(database, few)
  expect(await send(query)).toMatchObject({ statements: 1 })
})

/** A list or a connection of the schema, and the query around it. */
interface List {
  name: string
  field: Field
  around(selection: string): string
}

interface Measured {
  list: string
  statements: number
  rows: number
}

async function measure(lists: List[], rows: number): Promise<Map<string, Measured>> {
  await fillEveryTable(database, rows)
  const measured = new Map<string, Measured>()
  for (const { name, field, around } of lists) {
    for (const selection of selectionsOf(field, rows)) {
      const { statements, data } = await send(around(selection))
      const query = around(selection).replace(/ids: \[[^\]]*\]/, 'ids: […]')
      measured.set(query, { list: name, statements, rows: countItems(data, field.name) })
    }
  }
  return measured
}

// Drafts and surveys are for who coordinates their network: under a list of networks, all of them.
async function send(source: string): Promise<{ statements: number; data: unknown }> {
  const actor = coordinatorOf(/(drafts|surveys)\(/.test(source) ? many : 1)
  client.statements.length = 0
  const { errors, data } = await graphql({
    schema,
    source,
    contextValue: { prisma: client.prisma, secrets, actor, requestId: 'measured' },
  })
  expect(errors, source).toBeUndefined()
  const statements = client.statements.length
  const execute = planQuery(schema, parse(source))
  if (execute !== undefined) {
    plainQueries += 1
    client.statements.length = 0
    expect(await execute({ prisma: client.prisma, secrets, actor, requestId: 'plain' }, {}), source).toEqual({
      data,
    })
    expect(client.statements.length, source).toBeLessThanOrEqual(statements)
  }
  return { statements, data }
}

/** Every list and connection, of every type that a query leads to. */
function findLists(): { lists: List[]; unreached: string[] } {
  const { reached, unreached } = reachTypes()
  const lists = reached.flatMap(({ type, around }) =>
    Object.values(type.getFields()).flatMap((field) => {
      const isPage = /(Connection|Edge)$/.test(type.name) && ['nodes', 'edges'].includes(field.name)
      const isAsked = ask(field) !== undefined && ((isList(field) && !isPage) || isConnection(field))
      return isAsked ? { name: `${type.name}.${field.name}`, field, around } : []
    }),
  )
  return { lists, unreached }
}

/** Ways to ask a list: for all that its items hold, in parts that stay in the limits, and for the same thing twice. */
function selectionsOf(field: Field, rows: number): string[] {
  const asked = ask(field, rows)!
  const item = itemOf(field)
  if (isLeafType(item)) return [asked]
  if (isInterfaceType(item)) return [`${asked} { id ... on Service { name organization { name } phones { number } } }`]
  const fields = Object.values((item as GraphQLObjectType).getFields())
  const nested = fields.filter(
    ({ name, type }) => !isLeafType(getNamedType(type)) && !(field.name === 'networks' && searches.has(name)),
  )
  const parts = [leavesOf(item), ...nested.map(nestedSelection)]
  const twice = nested
    .filter(isConnection)
    .map(({ name }) => `a: ${name}(first: 1) { nodes { __typename } } b: ${name}(first: 2) { nodes { __typename } }`)
  const selections = [...parts, ...twice]
  if (!isConnection(field)) return selections.map((selection) => `${asked} { ${selection} }`)
  return [
    ...selections.map((selection) => `${asked} { totalCount nodes { ${selection} } }`),
    `${asked} { pageInfo { endCursor } edges { cursor node { ${leavesOf(item)} } } }`,
  ]
}

function nestedSelection(field: Field): string {
  const leaves = leavesOf(itemOf(field))
  return isConnection(field) ? `${ask(field)} { totalCount nodes { ${leaves} } }` : `${ask(field)} { ${leaves} }`
}

/** Whether a type shows a row that has an id of its own. */
function isRecord(name: string): boolean {
  const type = schema.getType(name)
  return isObjectType(type) && type.getInterfaces().some((each) => each.name === 'Node')
}

function isList({ type }: Field): boolean {
  return isListType(getNullableType(type))
}

/** How many items the lists of a name have in an answer. */
function countItems(data: unknown, name: string): number {
  if (typeof data !== 'object' || data === null) return 0
  return Object.entries(data).reduce((sum, [key, value]) => {
    const items = key === name ? (Array.isArray(value) ? value : (value?.nodes ?? value?.edges ?? [])).length : 0
    return sum + items + countItems(value, name)
  }, 0)
}
