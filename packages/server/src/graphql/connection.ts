/** Connections: one type a kind of item, whichever field gives it. */
import type { ObjectRef, SchemaTypes } from '@pothos/core'
import { builder } from './builder.ts'
import { everyone } from './permissions.ts'

type AuthScopes = NonNullable<PothosSchemaTypes.ObjectTypeOptions<Types, object>['authScopes']>
type Types = typeof builder extends PothosSchemaTypes.SchemaBuilder<infer T extends SchemaTypes> ? T : never

/**
 * The connection of a type: `FooConnection` with `FooEdge`, pages of which `plural` tells the items; for everyone, or for
 * whom `authScopes` tells.
 */
export function connectionOf<Shape extends object>(
  type: ObjectRef<Types, Shape>,
  name: string,
  plural: string,
  authScopes: AuthScopes = everyone,
) {
  return builder.connectionObject(
    { type, authScopes, name: `${name}Connection`, description: `A page of ${plural}.` },
    { authScopes, name: `${name}Edge`, description: 'An item and where it stands.' },
  )
}
