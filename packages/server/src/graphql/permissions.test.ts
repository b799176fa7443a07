import SchemaBuilder from '@pothos/core'
import { type GraphQLError, getNamedType, graphql, isLeafType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Actor, anyone } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import { passingSecrets } from '../secrets.ts'
import { employeeOf, partnerOf, placeOf, staffOf } from '../testing/actors.ts'
import { ask, askMutation, type Field, reachTypes } from '../testing/ask-schema.ts'
import { fillEveryTable, uuidOfRow } from '../testing/fill-every-table.ts'
import { openTestDatabase } from '../testing/test-database.ts'
import PermissionsPlugin, { everyone } from './permissions.ts'
import { schema } from './schema.ts'

/** What is asked for belongs to organization 0 of network 0. */
const own = placeOf()
const another = { ...own, organizationId: uuidOfRow('organization', 1) }
const abroad = { networkId: uuidOfRow('network', 1), organizationId: uuidOfRow('organization', 2) }

const actors: Record<string, Actor> = {
  anyone,
  'partner, all scopes': partnerOf(own),
  'partner of another organization': partnerOf(another),
  'partner in another network': partnerOf(abroad),
  person: employeeOf(own),
  coordinator: staffOf('network_coordinator', { ...own, organizationId: null }),
  'coordinator of another network': staffOf('network_coordinator', { ...abroad, organizationId: null }),
  operator: staffOf('welfare_point_operator', { ...own, organizationId: null }),
  administrator: staffOf('organization_admin', own),
  'administrator of another organization': staffOf('organization_admin', another),
}

/** Answered; refused; or nothing there to answer, for this caller. */
type Verdict = '✓' | '✗' | '–'

const secrets = passingSecrets()
let database: Database
beforeAll(async () => {
  database = await openTestDatabase('empty')
  await fillEveryTable(database, 2)
})
afterAll(() => database.close())

test('every field, asked by every kind of actor, is answered or refused as the table says', async () => {
  const { reached, unreached } = reachTypes()
  expect(unreached, 'say in ask-schema.ts how to ask these').toEqual([])
  const rows: string[] = []
  const nobodys: string[] = []
  for (const { type, around } of reached) {
    const fields = Object.values(type.getFields())
    const verdicts = new Map(fields.map(({ name }) => [name, [] as Verdict[]]))
    for (const actor of Object.values(actors)) {
      for (const [name, verdict] of await tryFields(fields, around, actor)) verdicts.get(name)!.push(verdict)
    }
    rows.push(...rowsOf(type.name, verdicts))
    if (![...verdicts.values()].every((each) => each.includes('✓'))) nobodys.push(type.name)
  }
  const mutations = Object.values(schema.getMutationType()!.getFields())
  const verdicts = new Map(mutations.map(({ name }) => [name, [] as Verdict[]]))
  for (const actor of Object.values(actors)) {
    for (const field of mutations) verdicts.get(field.name)!.push(await tryMutation(field, actor))
  }
  rows.push(...rowsOf('Mutation', verdicts))
  // These are made of words that are searched for, of hours, of what drafts say, of the budget that is counted by HTTP, and of
  // campaigns that people answered, twice: the rows here have none of them.
  expect(nobodys.sort()).toEqual([
    'AnswerChange',
    'CampaignOrganization',
    'DirectoryDraftValue',
    'DistributionChange',
    'NotCompared',
    'Opening',
    'RequestBudget',
    'SearchCorrection',
    'ServiceHighlight',
    'TextStretch',
    'WaveComparison',
  ])
  await expect(tableOf(rows)).toMatchFileSnapshot('../../docs/permissions.md')
}, 300_000)

test('a field that says not who may ask for it stops the schema from being built', () => {
  const build = (fieldSays: object, typeSays: object) => {
    const builder = new SchemaBuilder<object>({ plugins: [PermissionsPlugin] } as never)
    builder.queryType(typeSays)
    builder.queryField('open', (t) => t.string({ ...fieldSays, resolve: () => 'said' }))
    return () => builder.toSchema()
  }
  expect(build({}, {})).toThrow('Query.open says not who may ask for it')
  expect(build({ authScopes: everyone }, {})).not.toThrow()
  expect(build({}, { authScopes: everyone })).not.toThrow()
})

/** All at once, and one by one those that did not get through that way: one refusal can take its neighbours with it. */
async function tryFields(fields: Field[], around: (selection: string) => string, actor: Actor) {
  const verdicts = await tryTogether(fields, around, actor)
  for (const field of fields) {
    if (verdicts.get(field.name) === '✓') continue
    verdicts.set(field.name, (await tryTogether([field], around, actor)).get(field.name)!)
  }
  return verdicts
}

async function tryTogether(fields: Field[], around: (selection: string) => string, actor: Actor) {
  const probes = fields.map(
    (field, index) => `probe${index}: ${ask(field)}${hasFields(field) ? ' { __typename }' : ''}`,
  )
  const { data, errors } = await execute(around(probes.join(' ')), actor)
  const answered = namesIn(data)
  const refused = isRefused(errors)
  return new Map(
    fields.map(({ name }, index): [string, Verdict] => [
      name,
      answered.has(`probe${index}`) && !refused ? '✓' : refused ? '✗' : '–',
    ]),
  )
}

async function tryMutation(field: Field, actor: Actor): Promise<Verdict> {
  const { data, errors } = await execute(askMutation(field), actor)
  // What was never executed would look as if nobody were refused.
  expect(data, `${field.name}: ${errors?.[0]?.message}`).toBeDefined()
  return isRefused(errors) ? '✗' : '✓'
}

async function execute(source: string, actor: Actor) {
  const contextValue = { prisma: database.prisma, secrets, actor, requestId: 'tried' }
  return graphql({ schema, source, contextValue })
}

function isRefused(errors: readonly GraphQLError[] = []): boolean {
  return errors.some(({ extensions }) => /^(UNAUTHENTICATED|FORBIDDEN)$/.test(String(extensions.code)))
}

function hasFields({ type }: Field): boolean {
  return !isLeafType(getNamedType(type))
}

function namesIn(value: unknown): Set<string> {
  if (typeof value !== 'object' || value === null) return new Set()
  const inner = Object.values(value).map(namesIn)
  return inner.reduce((all, names) => all.union(names), new Set(Array.isArray(value) ? [] : Object.keys(value)))
}

/** One row for the fields of a type that are alike, the most first. */
function rowsOf(type: string, verdicts: Map<string, Verdict[]>): string[] {
  const alike = Map.groupBy(verdicts, ([, each]) => each.join(' | '))
  return [...alike]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([said, fields]) => {
      const names = fields.map(([name]) => `\`${name}\``).join(' ')
      return `| **${type}** ${fields.length === verdicts.size ? '(every field)' : names} | ${said} |`
    })
}

function tableOf(rows: string[]): string {
  return [
    '# Who may ask for what',
    '',
    'Made by `src/graphql/permissions.test.ts`, which asks every field of the schema as every kind of actor. What is asked',
    'for belongs to one organization of one network; the actors are of it unless they say otherwise.',
    '',
    '✓ answered · ✗ refused · – nothing there for this caller',
    '',
    `| field | ${Object.keys(actors).join(' | ')} |`,
    `|---|${Object.keys(actors)
      .map(() => ':-:')
      .join('|')}|`,
    ...rows.sort(),
    '',
  ].join('\n')
}
