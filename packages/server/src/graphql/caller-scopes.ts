/** What a caller may, for the permissions on fields and types; and records that are withheld from a caller. */
import type { GraphQLSchema } from 'graphql'
import type { Actor } from '../actor.ts'
import type { ApiKeyScope, StaffRole } from '../generated/prisma/enums.ts'
import type { Context } from './context.ts'
import { everyone } from './permissions.ts'

export function callerScopes({ actor }: Context) {
  return {
    anyone: true,
    kind: (wanted: Actor['kind']) => actor.kind === wanted,
    partner: (wanted: ApiKeyScope[]) => actor.kind === 'partner' && wanted.some((scope) => actor.scopes.has(scope)),
    staff: (wanted: StaffRole[]) => actor.kind === 'staff' && actor.roles.some(({ role }) => wanted.includes(role)),
  }
}

/**
 * A record, or null where its type is not for this caller: who asks for an id must not learn that there is something to
 * be withheld, so it is answered as one that is not there.
 */
export async function unlessWithheld(
  record: unknown,
  { typename }: { typename: string },
  context: Context,
  schema: GraphQLSchema,
): Promise<unknown> {
  const found = await record
  const permission = schema.getType(typename)?.extensions.permission
  if (found == null || found instanceof Error || permission === everyone) return found
  return (await allows(permission, found, context)) ? found : null
}

type Scopes = ReturnType<typeof callerScopes>

async function allows(permission: unknown, record: unknown, context: Context): Promise<boolean> {
  const said: unknown = typeof permission === 'function' ? await permission(record, context) : permission
  if (typeof said === 'boolean') return said
  const scopes: Scopes = callerScopes(context)
  return Object.entries(said as object).some(([name, wanted]) => {
    const scope = scopes[name as keyof Scopes] as ((wanted: unknown) => boolean) | boolean | undefined
    if (scope === undefined) throw new Error(`A node's permission names the scope "${name}", which is not known here.`)
    return typeof scope === 'function' ? scope(wanted) : scope && wanted === true
  })
}
