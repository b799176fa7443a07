/** The inputs by which records of the directory are made and changed, one a kind: their fields are those of HSDS. */
import type { InputFieldRef, SchemaTypes } from '@pothos/core'
import { getDatamodel } from '../../../generated/pothos.ts'
import { builder } from '../../../graphql/builder.ts'
import { parseGlobalId } from '../../../graphql/global-id.ts'
import { expectedVersion, idempotencyKey, readId, repeatKey } from '../../../graphql/mutation-input.ts'
import { Refused } from '../../../refused.ts'
import { Kind } from '../../network/graphql.ts'
import { words } from '../edit/check-values.ts'
import {
  camelCase,
  describedKinds,
  type EditedKind,
  inputNameOf,
  namesNetwork,
  referencesOf,
  typeNameOf,
} from '../edit/edited-kinds.ts'
import { type Field, hsds } from '../hsds/model.ts'
import { Frequency, LocationType, ServiceStatus, Weekday } from './codes.ts'

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T extends SchemaTypes> ? T : never
type FieldBuilder = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>
type InputFields = Record<string, InputFieldRef<Types, unknown>>

/** What a mutation is given; which fields there are, the kind of record tells. */
export type Given = Record<string, unknown>

export function createInput(entity: EditedKind) {
  return builder.inputType(`Create${typeNameOf(entity)}Input`, {
    description: `The ${words(entity)} to make.`,
    fields: (t): InputFields => ({
      idempotencyKey: t.string(idempotencyKey),
      ...(namesNetwork(entity) && {
        network: t.id({ required: true, description: 'Global id of the network that will hold the record.' }),
      }),
      ...recordFields(t, entity, true),
    }),
  })
}

export function changeInput(entity: EditedKind) {
  return builder.inputType(`Change${typeNameOf(entity)}Input`, {
    description: `What is to be different about a ${words(entity)}: what is absent stays as it is, and null clears.`,
    fields: (t): InputFields => ({
      idempotencyKey: t.string(repeatKey),
      id: t.id({ required: true, description: `Global id of the ${words(entity)}, be it public or a draft.` }),
      expectedVersion: t.int(expectedVersion),
      ...recordFields(t, entity, false),
    }),
  })
}

/** For what is done to a record as a whole. */
export function targetInput(name: string, entity: EditedKind, description: string) {
  return builder.inputType(`${name}Input`, {
    description,
    fields: (t): InputFields => ({
      idempotencyKey: t.string(repeatKey),
      id: t.id({ required: true, description: `Global id of the ${words(entity)}.` }),
      expectedVersion: t.int(expectedVersion),
    }),
  })
}

/** What was given of the record, by column: row keys, and values as HSDS writes them. Throws a Refused. */
export function readValues(entity: EditedKind, given: Given): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [column, field] of Object.entries(hsds[entity].fields)) {
    const value = given[inputNameOf(entity, column)]
    if (value !== undefined) values[column] = hsdsValue(field, value)
  }
  for (const { column, to } of referencesOf(entity)) {
    const name = inputNameOf(entity, column)
    const id = given[name] as string | null | undefined
    if (id == null) {
      if (id === null) values[column] = null
    } else if (to === 'any') {
      const { kind, key } = readAnyId(id, describedKinds, name)
      values[column] = key
      values.link_entity = kind
    } else {
      values[column] = readId(typeNameOf(to), id, [name])
    }
  }
  // Who clears the kind of an organization says that it is none of the others.
  if (entity === 'organization' && given.kind !== undefined) values.kind = given.kind ?? 'other'
  return values
}

/** The kind and row key in a global id of a record of one of the kinds. Throws a Refused. */
export function readAnyId(
  globalId: string,
  kinds: readonly EditedKind[],
  path: string,
): { kind: EditedKind; key: string } {
  const read = parseGlobalId(globalId)
  const kind = kinds.find((kind) => typeNameOf(kind) === read?.typename)
  if (kind !== undefined) return { kind, key: read!.id }
  throw new Refused('ID_INVALID', `${path}: this is no id of a record that it could be.`, [path])
}

function recordFields(t: FieldBuilder, entity: EditedKind, making: boolean): InputFields {
  const references = referencesOf(entity).map(({ column, to, required }) => [
    inputNameOf(entity, column),
    t.id({ required: making && required, description: `Global id: ${referenceDescription(entity, column, to)}` }),
  ])
  const fields = Object.entries(hsds[entity].fields).map(([column, field]) => [
    inputNameOf(entity, column),
    t.field({
      type: typeOf(entity, column, field),
      required: making && field.required,
      description: describe(entity, column),
    } as never),
  ])
  return {
    ...Object.fromEntries([...references, ...fields]),
    ...(entity === 'organization' && {
      kind: t.field({ type: Kind, description: 'What sort of organization it is; OTHER without.' }),
    }),
  }
}

const scalars = {
  text: 'String',
  uri: 'String',
  email: 'String',
  time: 'String',
  number: 'Float',
  latitude: 'Float',
  longitude: 'Float',
  integer: 'Int',
  'yes-no': 'Boolean',
  date: 'Date',
  instant: 'DateTime',
} as const

const codes = {
  status: ServiceStatus,
  location_type: LocationType,
  address_type: LocationType,
  freq: Frequency,
  wkst: Weekday,
}

function typeOf(entity: EditedKind, column: string, { kind }: Field) {
  if (kind !== 'code') return scalars[kind]
  if (column in codes) return codes[column as keyof typeof codes]
  throw new Error(`${entity}.${column}: say in edit-inputs.ts which enumeration has its words.`)
}

/** In the form that the import reads, whose rules then hold here too. */
function hsdsValue(field: Field, value: unknown): unknown {
  if (value instanceof Date) return field.kind === 'date' ? value.toISOString().slice(0, 10) : value.toISOString()
  return field.kind === 'code' && value === 'temporarily_closed' ? 'temporarily closed' : value
}

const { models } = getDatamodel().datamodel as {
  models: Record<string, { fields: readonly { name: string; documentation?: string }[] }>
}

/** What the database's description says of a column. */
function describe(entity: EditedKind, column: string): string {
  const field = models[typeNameOf(entity)]!.fields.find(({ name }) => name === camelCase(column))
  if (field?.documentation === undefined) throw new Error(`${entity}.${column} is not described in prisma/.`)
  return field.documentation
}

function referenceDescription(entity: EditedKind, column: string, to: EditedKind | 'any'): string {
  if (to === 'any') return 'the record that it describes.'
  const text = describe(entity, column)
  return text.charAt(0).toLowerCase() + text.slice(1)
}
