/** Connections: one type a kind of item, whichever field gives it. */
import type { ObjectRef, SchemaTypes } from '@pothos/core'
import { builder } from './builder.ts'

type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T extends SchemaTypes> ? T : never

/** The connection of a type: `FooConnection` with `FooEdge`, pages of which `plural` tells the items. */
export function connectionOf<Shape extends object>(type: ObjectRef<Types, Shape>, name: string, plural: string) {
  return builder.connectionObject(
    { type, name: `${name}Connection`, description: `A page of ${plural}.` },
    { name: `${name}Edge`, description: 'An item and where it stands.' },
  )
}
