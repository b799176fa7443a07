/** Connections: one type a kind of item, whichever field gives it. */
import type { ObjectRef, SchemaTypes } from '@pothos/core'
import { builder } from './builder.ts'
import { everyone } from './permissions.ts'

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T extends SchemaTypes> ? T : never

/** The connection of a type: `FooConnection` with `FooEdge`, pages of which `plural` tells the items. */
export function connectionOf<Shape extends object>(type: ObjectRef<Types, Shape>, name: string, plural: string) {
  return builder.connectionObject(
    { type, authScopes: everyone, name: `${name}Connection`, description: `A page of ${plural}.` },
    { authScopes: everyone, name: `${name}Edge`, description: 'An item and where it stands.' },
  )
}
