/** Arguments of fields, written from what the schema says of them: for tests that must take in what is added to it. */
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
} from 'graphql'

type Input = GraphQLArgument | GraphQLInputField

/** A place in the arguments of a field that takes a single value, or a list of such. */
export interface Place {
  /** Names on the way to it, with dots. */
  path: string
  /** The last of them. */
  name: string
  /** Name of the scalar or enumeration. */
  type: string
}

/** What stands at a place, as JSON; undefined leaves it to what is known of its type. */
export type Values = (place: Place) => unknown

/** How deep an input may nest: one that holds itself has no end. */
const deepest = 5

/** Every place in the arguments, also in those that may be left out. */
export function placesIn(inputs: readonly Input[], above: string[] = []): Place[] {
  return inputs.flatMap((input) => {
    const path = [...above, input.name]
    const type = getNamedType(input.type)
    if (!isInputObjectType(type)) return [{ path: path.join('.'), name: input.name, type: type.name }]
    return path.length < deepest ? placesIn(Object.values(type.getFields()), path) : []
  })
}

/** The least that a field takes, and what leads to the places that are `told` (their paths); in brackets, or empty. */
export function writeArguments(inputs: readonly Input[], values: Values, told: readonly string[] = []): string {
  const written = writeInputs(inputs, values, told, [])
  return written === '' ? '' : `(${written})`
}

function writeInputs(inputs: readonly Input[], values: Values, told: readonly string[], above: string[]): string {
  const asked = inputs.filter((input) => {
    const path = [...above, input.name].join('.')
    return isRequired(input) || told.some((each) => each === path || each.startsWith(`${path}.`))
  })
  return asked
    .map((input) => `${input.name}: ${writeValue(input.type, values, told, [...above, input.name])}`)
    .join(', ')
}

function writeValue(type: GraphQLInputType, values: Values, told: readonly string[], path: string[]): string {
  const inner = getNullableType(type)
  if (isListType(inner)) return `[${writeValue(inner.ofType, values, told, path)}]`
  if (isInputObjectType(inner)) return `{ ${writeInputs(Object.values(inner.getFields()), values, told, path)} }`
  const value = values({ path: path.join('.'), name: path.at(-1)!, type: inner.name })
  if (value !== undefined) return JSON.stringify(value)
  if (isEnumType(inner)) return inner.getValues()[0]!.name
  const plain = plainValues[inner.name]
  if (plain === undefined) {
    throw new Error(`${path.join('.')}: say in write-arguments.ts what a value of the scalar ${inner.name} looks like.`)
  }
  return JSON.stringify(plain)
}

const plainValues: Record<string, unknown> = {
  ID: 'x',
  String: 'x',
  Int: 1,
  Float: 1,
  Boolean: true,
  Date: '2030-01-05',
  DateTime: '2030-01-05T09:00:00Z',
  LocalTime: '09:00:00',
  JSONObject: {},
}

// Arguments and fields of inputs have the same rule: not null, and no default.
function isRequired(input: Input): boolean {
  return isRequiredArgument(input as GraphQLArgument)
}
