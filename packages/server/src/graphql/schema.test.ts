import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  lexicographicSortSchema,
  printSchema,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from './schema.ts'

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
)

test('schema.graphql is what the code says', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../../schema.graphql'), 'utf8')
  expect(committed).toBe(`${printSchema(lexicographicSortSchema(schema))}\n`)
})

test('every type, field, argument and enum value is described', () => {
  const silent: string[] = []
  const note = (name: string, { description }: { description?: string | null | undefined }) => {
    if (!description?.trim()) silent.push(name)
  }
  for (const type of types) {
    note(type.name, type)
    if (isEnumType(type)) for (const value of type.getValues()) note(`${type.name}.${value.name}`, value)
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) note(`${type.name}.${field.name}`, field)
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const field of Object.values(type.getFields())) {
      note(`${type.name}.${field.name}`, field)
      for (const argument of field.args) note(`${type.name}.${field.name}(${argument.name})`, argument)
    }
  }
  expect(silent).toEqual([])
})

test('every connection takes first, last, after and before', () => {
  const fields = types
    .filter(isObjectType)
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ name: `${type.name}.${field.name}`, field })))
    .filter(({ field }) => /Connection!?$/.test(String(field.type)))
  expect(fields.length).toBeGreaterThan(10)
  for (const { name, field } of fields) {
    const given = field.args.map((argument) => argument.name)
    expect(given, name).toEqual(expect.arrayContaining(['first', 'last', 'after', 'before']))
  }
})

test('every mutation takes one input, with a key for repeats, and answers with a union that has RefusedError', () => {
  /** Repeating them changes nothing, and is answered alike. */
  const naturallyOnce = [
    'askOrganization',
    'eraseMe',
    'exportMyData',
    'issueGrant',
    'mapTerm',
    'openPersonSession',
    'redeemInvitation',
    'releaseResults',
    'revokeApiKey',
    'submitResponse',
    'unmapTerm',
  ]
  const mutations = Object.values(schema.getMutationType()!.getFields())
  expect(mutations.length).toBeGreaterThan(90)
  for (const { name, args, type } of mutations) {
    const union = getNamedType(type)
    expect(isUnionType(union) && union.getTypes().map((each) => each.name), name).toContain('RefusedError')
    expect(args.length, name).toBeLessThanOrEqual(1)
    const input = args[0] && getNamedType(args[0].type)
    const fields = isInputObjectType(input) ? input.getFields() : {}
    if (naturallyOnce.includes(name)) {
      expect(Object.keys(fields), name).not.toContain('idempotencyKey')
      continue
    }
    expect(Object.keys(fields), name).toContain('idempotencyKey')
    // What names a version is not done twice anyway, so that the key is the caller's choice.
    const namesVersion = fields.expectedVersion !== undefined
    if (namesVersion) expect(isRequiredInputField(fields.expectedVersion!), name).toBe(true)
    expect(isRequiredInputField(fields.idempotencyKey!), name).toBe(!namesVersion)
  }
})
