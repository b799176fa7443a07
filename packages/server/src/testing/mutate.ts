/** Mutations, sent to the schema as an actor. */
import { randomUUID } from 'node:crypto'
import { type GraphQLUnionType, getNamedType, graphql } from 'graphql'
import { expect } from 'vitest'
import type { Actor } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import type { ApiKeyScope, StaffRole } from '../generated/prisma/enums.ts'
import { schema } from '../graphql/schema.ts'
import { passingSecrets } from '../secrets.ts'

// One server is asked.
const secrets = passingSecrets()

/** What came back: the fields that were asked for, or why there are none. */
export interface Answered {
  __typename: string
  code?: string
  message?: string
  path?: string[]
  [field: string]: unknown
}

/** Sends a mutation and answers with `shown` of what it made or changed, or with the error of its payload. */
export async function mutate(
  { prisma }: Pick<Database, 'prisma'>,
  actor: Actor,
  name: string,
  input: object,
  shown = '__typename',
): Promise<Answered> {
  const field = schema.getMutationType()!.getFields()[name]!
  const [made] = (getNamedType(field.type) as GraphQLUnionType)
    .getTypes()
    .filter((type) => type.name !== 'RefusedError')
  const { data, errors } = await graphql({
    schema,
    source: `mutation ($input: ${field.args[0]!.type}) { ${name}(input: $input) {
      __typename ... on ${made!.name} { ${shown} } ... on Error { code message path } } }`,
    variableValues: { input },
    contextValue: { prisma, actor, secrets, requestId: 'request-1' },
  })
  expect(errors).toBeUndefined()
  return data![name] as Answered
}

export function staffMember(role: StaffRole, networkId: string, organizationId: string | null = null): Actor {
  const id = randomUUID()
  return {
    kind: 'staff',
    issuer: 'https://id.example.org',
    subject: id,
    roles: [{ id, role, networkId, organizationId }],
  }
}

export function partnerKey(networkId: string, organizationId: string, ...scopes: ApiKeyScope[]): Actor {
  return { kind: 'partner', keyId: randomUUID(), networkId, organizationId, scopes: new Set(scopes) }
}
