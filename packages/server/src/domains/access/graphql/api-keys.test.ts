import { graphql } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import type { Actor } from '../../../actor.ts'
import type { Database } from '../../../database/connect.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { schema } from '../../../graphql/schema.ts'
import { passingSecrets } from '../../../secrets.ts'
import { partnerKey, staffMember } from '../../../testing/mutate.ts'
import { openTestDatabase } from '../../../testing/test-database.ts'
import { verifyAudit } from '../../trace/verify-audit.ts'
import { partnerFinder } from '../find-partner.ts'

async function administration() {
  const database = await openTestDatabase('demonstration')
  onTestFinished(() => database.close())
  const [own, other] = await database.prisma.organization.findMany({ orderBy: { name: 'asc' }, take: 2 })
  const { networkId } = own!
  const { id } = await database.prisma.staffMember.create({
    data: { networkId, organizationId: own!.id, issuer: 'https://id', subject: 'ada', role: 'organization_admin' },
  })
  const roles = [{ id, networkId, organizationId: own!.id, role: 'organization_admin' as const }]
  const actor: Actor = { kind: 'staff', issuer: 'https://id', subject: 'ada', roles }
  const mutate = (input: object, field = 'createApiKey') => send(database, actor, field, input)
  return {
    database,
    own: encodeGlobalId('Organization', own!.id),
    other: encodeGlobalId('Organization', other!.id),
    mutate,
    id,
  }
}

interface Made {
  code?: string
  key?: string | null
  apiKey?: { id: string; name: string; scopes: string[]; revokedAt: string | null }
}

async function send({ prisma }: Database, actor: Actor, field: string, input: object): Promise<Made> {
  const type = `${field[0]!.toUpperCase()}${field.slice(1)}Input`
  const shown = 'id name scopes expiresAt revokedAt'
  const { data, errors } = await graphql({
    schema,
    source: `mutation ($input: ${type}!) { ${field}(input: $input) { __typename
      ${field === 'revokeApiKey' ? `... on ApiKey { ${shown} }` : `... on MadeApiKey { key apiKey { ${shown} } }`}
      ... on Error { code path } } }`,
    variableValues: { input },
    contextValue: { prisma, actor, secrets: passingSecrets(), requestId: 'request-1' },
  })
  expect(errors).toBeUndefined()
  return data![field] as Made
}

const asked = { name: 'intranet', scopes: ['GRANT_ISSUE'] }

test('a key is told once: a repeat is answered with the same key of which nothing secret is told', async () => {
  const { database, own, mutate, id } = await administration()
  const input = { ...asked, organization: own, idempotencyKey: 'one' }
  const first = await mutate(input)
  expect(first).toMatchObject({ key: expect.stringMatching(/^wnk1_/), apiKey: asked })
  expect(await partnerFinder(database.prisma)(first.key!)).toMatchObject({ kind: 'partner' })
  expect(await mutate(input)).toEqual({ ...first, key: null })
  expect(await database.prisma.apiKey.count()).toBe(1)
  expect(await mutate({ ...input, name: 'another' })).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  expect(await mutate({ ...input, idempotencyKey: '' })).toMatchObject({ code: 'IDEMPOTENCY_KEY_INVALID' })
  const entries = await database.prisma.auditEntry.findMany()
  expect(entries).toMatchObject([
    { action: 'api_key.create', actorKind: 'staff', actorReference: id, requestId: 'request-1' },
  ])
  expect(await verifyAudit(database.prisma)).not.toHaveProperty('fault')
  const stored = await database.prisma.$queryRaw<
    { row: string }[]
  >`SELECT idempotent_answer::text AS row FROM idempotent_answer`
  expect(JSON.stringify(stored)).not.toContain(first.key!.slice(-43))
})

test('a key is replaced and revoked, and a refusal leaves no trace', async () => {
  const { database, own, mutate } = await administration()
  const first = await mutate({ ...asked, organization: own, idempotencyKey: 'one' })
  const replace = { apiKey: first.apiKey!.id, overlap: 0, idempotencyKey: 'two' }
  const second = await mutate(replace, 'replaceApiKey')
  expect(second.apiKey).toMatchObject(asked)
  expect(await partnerFinder(database.prisma)(first.key!)).toBeNull()
  expect(await mutate({ ...replace, idempotencyKey: 'three' }, 'replaceApiKey')).toMatchObject({ code: 'KEY_EXPIRED' })
  const revoked = await mutate({ apiKey: second.apiKey!.id }, 'revokeApiKey')
  expect(revoked).toMatchObject({ name: 'intranet', revokedAt: expect.any(Date) })
  expect(await partnerFinder(database.prisma)(second.key!)).toBeNull()
  const actions = (await database.prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })).map(
    ({ action }) => action,
  )
  expect(actions).toEqual(['api_key.create', 'api_key.rotate', 'api_key.revoke'])
})

test("an organization that is another's is refused as one that is not there, and so are its keys", async () => {
  const { database, own, other, mutate } = await administration()
  const { apiKey } = await mutate({ ...asked, organization: own, idempotencyKey: 'one' })
  const nowhere = encodeGlobalId('Organization', crypto.randomUUID())
  for (const organization of [other, nowhere]) {
    expect(await mutate({ ...asked, organization, idempotencyKey: 'x' })).toEqual({
      __typename: 'RefusedError',
      code: 'ORGANIZATION_UNKNOWN',
      path: ['organization'],
    })
  }
  const stranger: Actor = {
    kind: 'staff',
    issuer: 'https://id',
    subject: 'bice',
    roles: [
      { id: crypto.randomUUID(), networkId: crypto.randomUUID(), organizationId: null, role: 'network_coordinator' },
    ],
  }
  for (const id of [apiKey!.id, encodeGlobalId('ApiKey', crypto.randomUUID())]) {
    expect(await send(database, stranger, 'revokeApiKey', { apiKey: id })).toMatchObject({ code: 'KEY_UNKNOWN' })
  }
})

test('who administers one organization makes no key that coordinates the network, nor replaces one', async () => {
  const { database, own, mutate } = await administration()
  const coordinating = { name: 'network', scopes: ['NETWORK_COORDINATE'] }
  const refused = { code: 'SCOPE_NOT_YOURS', path: ['scopes'] }
  expect(await mutate({ ...coordinating, organization: own, idempotencyKey: 'one' })).toMatchObject(refused)
  const { id: networkId } = await database.prisma.network.findFirstOrThrow()
  const coordinator = staffMember('network_coordinator', networkId)
  const input = { ...coordinating, organization: own, idempotencyKey: 'one' }
  const { apiKey } = await send(database, coordinator, 'createApiKey', input)
  const replace = { apiKey: apiKey!.id, overlap: 0, idempotencyKey: 'two' }
  expect(await mutate(replace, 'replaceApiKey')).toMatchObject(refused)
  expect(await send(database, coordinator, 'replaceApiKey', replace)).toMatchObject({ apiKey: coordinating })
})

test('an organization shows its keys to who administers it, the newest first, and to nobody else', async () => {
  const { database, own, mutate } = await administration()
  for (const [index, name] of ['first', 'second', 'third'].entries()) {
    const { apiKey } = await mutate({ ...asked, name, organization: own, idempotencyKey: name })
    const createdAt = new Date(`2026-01-0${index + 1}T00:00:00Z`)
    await database.prisma.apiKey.updateMany({ where: { name: apiKey!.name }, data: { createdAt } })
  }
  const { id, networkId } = await database.prisma.organization.findFirstOrThrow({ orderBy: { name: 'asc' } })
  const source = `{ network(slug: "alba-bra") { organizations(first: 2) { nodes { id
    apiKeys(first: 2) { totalCount nodes { name } } last: apiKeys(last: 1) { nodes { name } } } } } }`
  const show = async (actor: Actor) => {
    const contextValue = { prisma: database.prisma, actor, secrets: passingSecrets(), requestId: 'request-1' }
    const { data, errors = [] } = await graphql({ schema, source, contextValue })
    const { nodes } = (data as { network: { organizations: { nodes: { apiKeys: unknown }[] } } }).network.organizations
    return { nodes, codes: errors.map(({ extensions }) => extensions.code) }
  }
  const keys = {
    apiKeys: { totalCount: 3, nodes: [{ name: 'third' }, { name: 'second' }] },
    last: { nodes: [{ name: 'first' }] },
  }
  const none = { apiKeys: null, last: null }
  const administrator = await show(staffMember('organization_admin', networkId, id))
  expect(administrator.nodes).toMatchObject([{ id: own, ...keys }, none])
  expect(administrator.codes).toEqual(['FORBIDDEN', 'FORBIDDEN'])
  const empty = { apiKeys: { totalCount: 0, nodes: [] }, last: { nodes: [] } }
  expect((await show(staffMember('network_coordinator', networkId))).nodes).toMatchObject([keys, empty])
  for (const actor of [
    staffMember('network_coordinator', crypto.randomUUID()),
    staffMember('organization_admin', crypto.randomUUID(), id),
    partnerKey(networkId, id, 'directory_write', 'network_coordinate'),
  ]) {
    expect(await show(actor)).toMatchObject({
      nodes: [none, none],
      codes: Array.from({ length: 4 }, () => 'FORBIDDEN'),
    })
  }
})
