/** Edits of a directory through the schema, as one of those who may. */
import { randomUUID } from 'node:crypto'
import { graphql } from 'graphql'
import type { Actor } from '../actor.ts'
import type { Database } from '../database/connect.ts'
import type { ApiKeyScope, StaffRole } from '../generated/prisma/enums.ts'
import { encodeGlobalId } from '../graphql/global-id.ts'
import { schema } from '../graphql/schema.ts'
import { passingSecrets } from '../secrets.ts'
import { asOwner } from './test-database.ts'

/** What a mutation answers: the record that it left, or the error. */
export interface Answer {
  id: string
  recordVersion: number
  isPublished: boolean
  code?: string
  message?: string
  path?: string[]
}

export type Edit = (mutation: string, input: object) => Promise<Answer>

/** Sends mutations in the name of an actor; a creating one gets a key of its own unless it has one. */
export function editAs({ prisma }: Pick<Database, 'prisma'>, actor: Actor): Edit {
  return async (mutation, input) => {
    const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}`
    const edited = /^(create|change|publish|retire)/.test(mutation)
      ? `... on ${type.replace(/^[A-Z][a-z]+/, 'Edited')} { id recordVersion isPublished }`
      : '... on RemovedRecord { id }'
    const { data, errors } = await graphql({
      schema,
      source: `mutation ($input: ${type}Input!) { ${mutation}(input: $input) {
        ${edited} ... on Error { code message path } } }`,
      variableValues: { input: mutation.startsWith('create') ? { idempotencyKey: randomUUID(), ...input } : input },
      contextValue: { prisma, actor, secrets: passingSecrets(), requestId: 'request-1' },
    })
    if (errors !== undefined) throw errors[0]
    return data![mutation] as Answer
  }
}

/** Asks as anyone. */
export async function askAsAnyone({ prisma }: Pick<Database, 'prisma'>, source: string, variableValues: object = {}) {
  const contextValue = { prisma, actor: { kind: 'anyone' }, secrets: passingSecrets(), requestId: 'request-1' }
  const { data, errors } = await graphql({ schema, source, variableValues: { ...variableValues }, contextValue })
  if (errors !== undefined) throw errors[0]
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
  return data as any
}

/** A network with two organizations, and everybody who may edit something of it. */
export async function makeEditors(database: Database, slug: string = randomUUID()) {
  const { prisma } = database
  const { id: networkId } = await prisma.network.create({
    data: { slug, name: `Rete ${slug}`, territoryName: 'Langhe' },
  })
  const organization = async (name: string) => {
    const keys = { id: randomUUID(), uuid: randomUUID() }
    await prisma.organization.create({ data: { ...keys, networkId, name, description: 'Una cooperativa.' } })
    return keys.id
  }
  const own = await organization('Cooperativa Alfa')
  const other = await organization('Cooperativa Beta')
  const partner = (organizationId: string, ...scopes: ApiKeyScope[]): Actor => ({
    kind: 'partner',
    keyId: randomUUID(),
    networkId,
    organizationId,
    scopes: new Set(scopes),
  })
  const staff = async (role: StaffRole, organizationId: string | null): Promise<Actor> => {
    const data = { networkId, organizationId, issuer: 'https://id', subject: randomUUID(), role }
    const { id } = await asOwner(database, (tx) => tx.staffMember.create({ data }))
    return {
      kind: 'staff',
      issuer: data.issuer,
      subject: data.subject,
      roles: [{ id, networkId, organizationId, role }],
    }
  }
  const as = {
    own: partner(own, 'directory_write'),
    other: partner(other, 'directory_write'),
    reader: partner(own, 'grant_issue'),
    coordinatingPartner: partner(other, 'network_coordinate'),
    coordinator: await staff('network_coordinator', null),
    administrator: await staff('organization_admin', own),
    otherAdministrator: await staff('organization_admin', other),
  }
  return {
    networkId,
    network: encodeGlobalId('Network', networkId),
    own,
    other,
    ownId: encodeGlobalId('Organization', own),
    otherId: encodeGlobalId('Organization', other),
    as,
    edit: Object.fromEntries(Object.entries(as).map(([name, actor]) => [name, editAs(database, actor)])) as Record<
      keyof typeof as,
      Edit
    >,
  }
}
