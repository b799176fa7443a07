/** How to ask every field of the schema, of rows that `fillEveryTable` made. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  isUnionType,
} from 'graphql'
import { encodeGlobalId } from '../graphql/global-id.ts'
import { schema } from '../graphql/schema.ts'
import { keyOfRow } from './fill-every-table.ts'
import { writeArguments } from './write-arguments.ts'

export type Field = GraphQLField<unknown, unknown>

const few = 2
const many = 5

/** What arguments are given, by name; the row that leads to all others is row 0. */
const given: Record<string, (field: Field, rows: number, mark: string) => unknown> = {
  first: () => many,
  slug: (_field, _rows, mark) => `${mark}network 0`,
  network: (_field, _rows, mark) => `${mark}network 0`,
  text: () => 'service',
  code: (field, _rows, mark) => (field.name === 'invitation' ? '0000-0000-0000-0000-0000' : `${mark}need_area 0`),
  moment: () => '2026-01-05T09:00:00Z',
  id: (field, _rows, mark) => idOf(getNamedType(field.type).name, 0, mark),
  ids: (_field, rows, mark) => Array.from({ length: rows }, (_, row) => idOf('Service', row, mark)),
}

/** A type of the schema, and the query around a selection of one of its values. */
export interface Reached {
  type: GraphQLObjectType
  around(selection: string): string
}

/**
 * Every type that a query leads to, and what is not reached: types, and fields whose arguments are not known. It begins at
 * the rows with a `mark`, as `fillEveryTable` made them.
 */
export function reachTypes(mark = ''): { reached: Reached[]; unreached: string[] } {
  const reached: Reached[] = []
  const unreached: string[] = []
  const seen = new Set<GraphQLNamedType>()
  const waiting: Reached[] = [
    { type: schema.getQueryType()!, around: (selection) => `{ ${selection} }` },
    ...schema.getPossibleTypes(schema.getType('Node') as never).map((type) => ({
      type,
      around: (selection: string) =>
        `{ node(id: "${idOf(type.name, 0, mark)}") { ... on ${type.name} { ${selection} } } }`,
    })),
  ]
  for (const { type, around } of waiting) {
    if (seen.has(type)) continue
    seen.add(type)
    reached.push({ type, around })
    for (const field of Object.values(type.getFields())) {
      const asked = ask(field, few, mark)
      if (asked === undefined) unreached.push(`${type.name}.${field.name}`)
      if (asked === undefined) continue
      if (isConnection(field)) {
        const page = getNamedType(field.type) as GraphQLObjectType
        const edge = getNamedType(page.getFields().edges!.type) as GraphQLObjectType
        waiting.push({ type: page, around: (selection) => around(`${asked} { ${selection} }`) })
        waiting.push({ type: edge, around: (selection) => around(`${asked} { edges { ${selection} } }`) })
      }
      const item = itemOf(field)
      const inner = (selection: string) => (isConnection(field) ? `nodes { ${selection} }` : selection)
      const on = (name: string) => (selection: string) => around(`${asked} { ... on ${name} { ${selection} } }`)
      if (isObjectType(item)) {
        waiting.push({ type: item, around: (selection) => around(`${asked} { ${inner(selection)} }`) })
      }
      if (isUnionType(item)) waiting.push(...item.getTypes().map((type) => ({ type, around: on(type.name) })))
    }
  }
  const answers = typesOfAnswers()
  for (const type of Object.values(schema.getTypeMap())) {
    const isPart =
      isIntrospectionType(type) || answers.has(type.name) || /(Connection|Edge)$|^(PageInfo|Mutation)$/.test(type.name)
    if (isObjectType(type) && !seen.has(type) && !isPart) unreached.push(type.name)
  }
  return { reached, unreached }
}

/** The field with the arguments that it needs; undefined when one of them is not known. */
export function ask(field: Field, rows = few, mark = ''): string | undefined {
  const needed = field.args.filter((argument) => isRequiredArgument(argument) || argument.name === 'first')
  if (needed.some(({ name }: GraphQLArgument) => !Object.hasOwn(given, name))) return undefined
  const values = needed.map(({ name }) => `${name}: ${JSON.stringify(given[name]!(field, rows, mark))}`)
  return values.length === 0 ? field.name : `${field.name}(${values.join(', ')})`
}

/** What mutations answer with, in unions of their own, and what that leads to. */
function typesOfAnswers(): Set<string> {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
  const unions = mutations.map(({ type }) => getNamedType(type)).filter(isUnionType)
  const waiting = new Set(unions.flatMap((union) => union.getTypes()))
  for (const type of waiting) {
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type)
      if (isObjectType(inner)) waiting.add(inner)
    }
  }
  return new Set([...waiting].map(({ name }) => name))
}

/** A mutation with the least that it takes. What comes back tells whether the caller may ask, and no more. */
export function askMutation({ name, args }: Field): string {
  return `mutation { probe0: ${name}${writeArguments(args, () => undefined)} { __typename } }`
}

/** Every field of a type that has no fields itself. */
export function leavesOf(type: GraphQLNamedType): string {
  if (!isObjectType(type)) return '__typename'
  const leaves = Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type)))
  return ['__typename', ...leaves.flatMap((field) => ask(field) ?? [])].join(' ')
}

/** The selection after a field: what is one step away; of what can be of several types, which of them, and which record. */
export function selectionOf(field: Field): string {
  const item = itemOf(field)
  const on = (type: typeof item) => `... on ${type.name} { __typename ${isNode(type) ? 'id' : ''} }`
  if (isLeafType(getNamedType(field.type))) return ''
  if (isConnection(field)) return ` { edges { cursor } nodes { ${leavesOf(item)} } }`
  if (isObjectType(item)) return ` { ${leavesOf(item)} }`
  const types = isUnionType(item) ? item.getTypes() : isInterfaceType(item) ? schema.getPossibleTypes(item) : []
  return ` { __typename ${types.map(on).join(' ')} }`
}

function isNode(type: unknown): boolean {
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Node')
}

export function isConnection({ type }: Field): boolean {
  return getNamedType(type).name.endsWith('Connection')
}

/** The type of what a field gives, or of what is on the pages that it gives. */
export function itemOf(field: Field): GraphQLNamedType {
  const type = getNamedType(field.type)
  if (!isConnection(field)) return type
  return getNamedType((type as GraphQLObjectType).getFields().nodes!.type)
}

/** Global id of a row. */
export function idOf(typename: string, row: number, mark = ''): string {
  const table = typename.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()
  return encodeGlobalId(typename, keyOfRow(table, row, mark))
}
