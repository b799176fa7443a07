import { type GraphQLObjectType, parse } from 'graphql'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { anyone } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import { passingSecrets } from '../secrets.ts'
import { openTestDatabase } from '../testing/test-database.ts'
import { encodeGlobalId } from './global-id.ts'
import { planQuery } from './plain-query.ts'
import { schema } from './schema.ts'

let database: Database
let id: string
beforeAll(async () => {
  database = await openTestDatabase('demonstration')
  const organizations = await database.prisma.organization.findMany({
    select: { services: { where: { needAreas: { some: {} } } } },
  })
  const service = organizations.find(({ services }) => services.length > 1)!.services[0]!
  id = encodeGlobalId('Service', service.id)
})
afterAll(() => database.close())

/** Runs a document, planned once, with each of the variables. */
async function runEach(source: string, variables: Record<string, unknown>[]) {
  const run = planQuery(schema, parse(source))!
  const answers: unknown[] = []
  for (const each of variables) {
    const context = { prisma: database.prisma, secrets: passingSecrets(), actor: anyone, requestId: 'a request' }
    const { data, errors } = await run(context, each)
    expect(errors).toBeUndefined()
    answers.push(data)
  }
  return answers
}

/** How often what Service.needAreas asks of the database is found out; `read` is done each time. */
function countPlans(read: (context: object) => void): () => number {
  const { needAreas } = (schema.getType('Service') as GraphQLObjectType).getFields()
  const extensions: Record<string, unknown> = needAreas!.extensions
  const select = extensions.pothosPrismaSelect as (...args: unknown[]) => unknown
  let count = 0
  extensions.pothosPrismaSelect = (args: unknown, context: object, ...others: unknown[]) => {
    count += 1
    read(context)
    return select(args, context, ...others)
  }
  onTestFinished(() => {
    extensions.pothosPrismaSelect = select
  })
  return () => count
}

const areas = 'query ($id: ID!) { service(id: $id) { name organization { id } needAreas { needArea { code name } } } }'

test('what a document asks of a record is found out once, and the answers are the same', async () => {
  const count = countPlans(() => {})
  const [first, second, none] = await runEach(areas, [{ id }, { id }, { id: `service_${'0'.repeat(32)}` }])
  expect(count()).toBe(1)
  expect(first).toEqual({
    service: expect.objectContaining({ needAreas: expect.arrayContaining([expect.anything()]) }),
  })
  expect(second).toEqual(first)
  expect(none).toEqual({ service: null })
})

test('what hangs on who asks is found out each time', async () => {
  const count = countPlans((context) => 'actor' in context && (context as { actor: unknown }).actor)
  const [first, second] = await runEach(areas, [{ id }, { id }])
  expect(count()).toBeGreaterThanOrEqual(2)
  expect(second).toEqual(first)
})

test('what hangs on variables is found out each time', async () => {
  const source = `query ($id: ID!, $first: Int, $language: TextLanguage!) {
    service(id: $id) { organization { services(first: $first) { nodes { id } } } needAreas { needArea { name(language: $language) } } }
  }`
  type Answer = {
    service: { organization: { services: { nodes: object[] } }; needAreas: { needArea: { name: string } }[] }
  }
  const variables = [
    { id, first: 1, language: 'IT' },
    { id, first: 2, language: 'EN' },
  ]
  const [one, two] = (await runEach(source, variables)) as Answer[]
  expect(one!.service.organization.services.nodes).toHaveLength(1)
  expect(two!.service.organization.services.nodes).toHaveLength(2)
  expect(two!.service.needAreas[0]!.needArea.name).not.toBe(one!.service.needAreas[0]!.needArea.name)
})
