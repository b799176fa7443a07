import { buildSchema, execute, GraphQLError, type GraphQLFieldResolver, type GraphQLObjectType, parse } from 'graphql'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Context } from './context.ts'
import { planQuery } from './plain-query.ts'

const schema = buildSchema(`
  interface Named { name: String }
  type Person implements Named { name: String age: Int! friends(first: Int = 2): [Person!]! sayings: [String] parent: Person }
  type Place implements Named { name: String near: Person }
  enum Colour { RED GREEN }
  type Query {
    person(id: Int, shout: Boolean!): Person
    people: [Person!]
    optional: [Person]
    named: [Named!]!
    broken: Person
    colour(in: Colour): Colour
    nothing: String
    never: String!
  }
`)

const friends = [{ name: 'Bice' }, { name: 'Ciro', age: 3 }]
const later = <T>(value: T) => new Promise<T>((resolve) => setImmediate(resolve, value))

const resolvers: Record<string, Record<string, GraphQLFieldResolver<never, Context>>> = {
  Person: {
    name: ({ name }: { name: string }) => (name === 'Bice' ? later(name) : name),
    age: ({ age }: { age?: number | Error }) => age,
    friends: (_, { first }) => (first > 5 ? later(null) : later(friends.slice(0, first))),
    sayings: () => ['a', null, later('b'), Promise.reject(new Error('lost')), 'c'],
  },
  Query: {
    person: (_, { id, shout }) => ({ name: shout ? 'ADA' : `Ada ${id}`, age: 4 }),
    people: () => [{ name: 'Ada', age: 1 }, later({ name: 'Bice', age: new Error('not told') }), friends[1]],
    optional: () => [{ name: 'Ada', age: 1 }, later({ name: 'Bice' }), friends[1]],
    named: () => [
      { __typename: 'Person', ...friends[1] },
      later({ __typename: 'Place', name: 'Bra', near: { age: 2 } }),
    ],
    broken: () => {
      throw new GraphQLError('broken', { extensions: { code: 'BROKEN' } })
    },
    colour: (_, { in: colour }) => colour,
    never: () => later(null),
  },
}
for (const [type, fields] of Object.entries(resolvers)) {
  for (const [name, resolve] of Object.entries(fields)) {
    ;(schema.getType(type) as GraphQLObjectType).getFields()[name]!.resolve = resolve as never
  }
}

const context = { requestId: 'a request' } as Context
const unheard: unknown[] = []
const listen = (reason: unknown) => unheard.push(reason)
beforeEach(() => void process.on('unhandledRejection', listen))
afterEach(() => {
  process.off('unhandledRejection', listen)
  expect(unheard.splice(0)).toEqual([])
})

test.each([
  [
    'values, at once and later',
    '{ person(id: 1, shout: false) { name age friends { name } __typename } __typename }',
    {},
  ],
  [
    'variables',
    'query Q($id: Int, $loud: Boolean!) { person(id: $id, shout: $loud) { name } }',
    { id: 3, loud: false },
  ],
  ['a default', 'query ($first: Int = 1) { person(shout: true) { friends(first: $first) { name } } }', {}],
  ['an enum', 'query ($in: Colour) { colour(in: $in) }', { in: 'GREEN' }],
  [
    'fields asked twice',
    '{ person(shout: true) { name friends { name } } ...More } fragment More on Query { person(shout: true) { age friends { __typename } } }',
    {},
  ],
  [
    'fragments on types and interfaces',
    '{ named { __typename name ... on Person { age } ... on Place { near { age } } ... on Named { name } } person(shout: true) { ... on Named { name } ... { age } } }',
    {},
  ],
  ['a null where one may be', '{ nothing person(shout: true) { sayings } }', {}],
  ['an error that says its code', '{ broken { name } nothing }', {}],
  ['an item that may be null and has an error', '{ optional { name age } }', {}],
  ['an item that must not be null and has an error', '{ people { name age } nothing }', {}],
  ['a list that is null and must not be', '{ person(shout: true) { name friends(first: 9) { name } } }', {}],
  ['a null that reaches the top', '{ people { name } never }', {}],
  ['a variable that is missing', 'query ($loud: Boolean!) { person(shout: $loud) { name } }', {}],
  ['a variable of another type', 'query ($id: Int) { person(id: $id, shout: true) { name } }', { id: 'three' }],
])('%s: the answer is that of graphql-js', async (_, query, variableValues: Record<string, unknown>) => {
  const document = parse(query)
  const expected = await execute({ schema, document, variableValues, contextValue: context })
  const plain = await planQuery(schema, document)!(context, variableValues)
  expect(written(plain)).toEqual(written(expected))
  await later(undefined)
})

/** As it goes over the wire; the order of errors is nobody's promise. */
function written({ data, errors }: Awaited<ReturnType<typeof execute>>) {
  const told = errors?.map((error) => JSON.parse(JSON.stringify(error)))
  return {
    data: JSON.parse(JSON.stringify(data ?? null)),
    errors: told?.sort((a, b) => (String(a.path) < String(b.path) ? -1 : 1)),
  }
}

test.each([
  ['another name', '{ person(shout: true) { called: name } }'],
  ['a directive', '{ nothing @skip(if: false) }'],
  ['two operations', 'query A { nothing } query B { nothing }'],
  ['introspection', '{ __schema { description } }'],
])('what has %s is left to graphql-js', (_, query) => {
  expect(planQuery(schema, parse(query))).toBeUndefined()
})

test('fragments that double at every step, in one selection or below each other, cost no time', () => {
  const double = (inner: string) =>
    Array.from(
      { length: 40 },
      (_, step) => `fragment F${step} on Person { ${inner.replaceAll('…', `...F${step + 1}`)} }`,
    )
  for (const inner of ['… … name', 'friends { name … } parent { … }']) {
    const document = parse(`{ people { ...F0 } } ${double(inner).join(' ')} fragment F40 on Person { age }`)
    const plain = planQuery(schema, document)
    expect(plain === undefined).toBe(inner.startsWith('friends'))
  }
})

test('resolvers get what graphql-js gives them', async () => {
  const seen: unknown[] = []
  const { near } = (schema.getType('Place') as GraphQLObjectType).getFields()
  near!.resolve = (_source, args, _context, info) => {
    const { path, fieldName, fieldNodes, returnType, parentType, fragments, rootValue, operation, variableValues } =
      info
    const places = []
    for (let place: typeof path | undefined = path; place !== undefined; place = place.prev) {
      places.push([place.key, place.typename])
    }
    const told = { args, places, fieldName, fieldNodes, returnType, parentType, rootValue, operation, variableValues }
    seen.push({ ...told, fragments: { ...fragments }, schema: info.schema === schema })
    return null
  }
  const document = parse(
    'query ($a: Int = 3) { named { ...P } person(id: $a, shout: true) { name } } fragment P on Place { near { name } }',
  )
  await execute({ schema, document, contextValue: context })
  await planQuery(schema, document)!(context, undefined)
  expect(seen).toHaveLength(2)
  expect(seen[1]).toEqual(seen[0])
})
