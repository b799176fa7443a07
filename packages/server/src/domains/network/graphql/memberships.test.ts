import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Actor } from '../../../actor.ts'
import { encodeGlobalId } from '../../../graphql/global-id.ts'
import { passingSecrets } from '../../../secrets.ts'
import { mutate, partnerKey, staffMember } from '../../../testing/mutate.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { createApiKey, rotateApiKey } from '../../access/api-keys.ts'
import { partnerFinder } from '../../access/find-partner.ts'
import { issueGrantOf } from '../../access/issue-grant.ts'
import { verifyAudit } from '../../trace/verify-audit.ts'
import { today } from '../today.ts'

const shown = 'id role status appliedOn decidedOn decidedBy leftOn leftReason recordVersion'

async function twoNetworks() {
  const database = await databaseForTest('empty')
  const { prisma } = database
  const network = async (slug: string) => {
    const { id: networkId } = await prisma.network.create({ data: { slug, name: slug } })
    const id = randomUUID()
    await prisma.organization.create({ data: { id, uuid: id, networkId, name: slug, description: slug } })
    return { networkId, organizationId: id, coordinator: staffMember('network_coordinator', networkId) }
  }
  const [here, there] = [await network('here'), await network('there')]
  const { networkId, organizationId } = here
  const organization = encodeGlobalId('Organization', organizationId)
  const act = (actor: Actor, name: string, input: object) => mutate(database, actor, name, input, shown)
  const apply = (actor: Actor, key: string = randomUUID()) =>
    act(actor, 'applyForMembership', { organization, role: 'PARTNER', idempotencyKey: key })
  return {
    database,
    here,
    there,
    organization,
    administrator: staffMember('organization_admin', networkId, organizationId),
    act,
    apply,
    accept: (membership: unknown, expectedVersion: number, actor = here.coordinator) =>
      act(actor, 'acceptMembership', { membership, expectedVersion, decidedBy: ' the board ' }),
    leave: (membership: unknown, expectedVersion: number, actor = here.coordinator, reason?: string) =>
      act(actor, 'leaveNetwork', { membership, expectedVersion, reason }),
  }
}

test('an organization applies, is accepted and leaves, each step on the record', async () => {
  const { database, here, administrator, apply, accept, leave } = await twoNetworks()
  const day = today().toISOString().slice(0, 10)
  const applied = await apply(administrator)
  expect(applied).toMatchObject({ role: 'PARTNER', status: 'APPLIED', appliedOn: day, recordVersion: 1 })
  const accepted = await accept(applied.id, 1)
  expect(accepted).toMatchObject({ status: 'ACTIVE', decidedOn: day, decidedBy: 'the board', recordVersion: 2 })
  const left = await leave(applied.id, 2, administrator, 'moved away')
  expect(left).toMatchObject({ id: applied.id, status: 'LEFT', leftOn: day, leftReason: 'moved away' })
  const entries = await database.prisma.auditEntry.findMany({ orderBy: { position: 'asc' } })
  const { id } = await database.prisma.membership.findFirstOrThrow()
  expect(entries).toMatchObject(
    ['apply', 'accept', 'leave'].map((step) => ({
      action: `membership.${step}`,
      recordKey: id,
      networkId: here.networkId,
      requestId: 'request-1',
    })),
  )
  expect(await verifyAudit(database.prisma)).not.toHaveProperty('fault')
})

test('a repeat of a step with the same key is answered as the first, also when both arrive at once', async () => {
  const { database, here, apply, act } = await twoNetworks()
  const { coordinator } = here
  const { id: membership } = await apply(coordinator)
  const acceptance = { membership, expectedVersion: 1, decidedBy: 'the board', idempotencyKey: randomUUID() }
  const accept = () => act(coordinator, 'acceptMembership', acceptance)
  const [first, second] = await Promise.all([accept(), accept()])
  expect(first).toMatchObject({ status: 'ACTIVE', recordVersion: 2 })
  expect(second).toEqual(first)
  const leaving = { membership, expectedVersion: 2, idempotencyKey: randomUUID() }
  const left = await act(coordinator, 'leaveNetwork', leaving)
  expect(await act(coordinator, 'leaveNetwork', leaving)).toEqual(left)
  expect(await database.prisma.auditEntry.count()).toBe(3)
})

test('a repeat of an application is answered as the first, also when both arrive at once', async () => {
  const { database, administrator, apply, organization, act } = await twoNetworks()
  const [first, second] = await Promise.all([apply(administrator, 'one'), apply(administrator, 'one')])
  expect(second).toEqual(first)
  expect(await apply(administrator, 'one')).toEqual(first)
  expect(await database.prisma.membership.count()).toBe(1)
  const other = { organization, role: 'LEAD', idempotencyKey: 'one' }
  expect(await act(administrator, 'applyForMembership', other)).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT' })
  expect(await apply(administrator, 'two')).toMatchObject({ code: 'MEMBERSHIP_CURRENT', path: ['organization'] })
})

test.each<[string, (here: { networkId: string; organizationId: string }) => Actor]>([
  [
    'its administrator',
    ({ networkId, organizationId }) => staffMember('organization_admin', networkId, organizationId),
  ],
  ['its key', ({ networkId, organizationId }) => partnerKey(networkId, organizationId, 'directory_write')],
  ['a coordinator', ({ networkId }) => staffMember('network_coordinator', networkId)],
  ['a key that coordinates', ({ networkId }) => partnerKey(networkId, randomUUID(), 'network_coordinate')],
])('%s applies for an organization, and withdraws', async (_, actorIn) => {
  const { here, apply, leave } = await twoNetworks()
  const actor = actorIn(here)
  const { id } = await apply(actor)
  expect(await leave(id, 1, actor)).toMatchObject({ status: 'LEFT', decidedOn: null })
})

test("what is another's is refused as what is not there, in the own network and across", async () => {
  const { database, here, there, administrator, apply, act, accept, leave } = await twoNetworks()
  const { id } = await apply(administrator)
  const neighbour = staffMember('organization_admin', here.networkId, randomUUID())
  const neighbours = partnerKey(here.networkId, randomUUID(), 'directory_write')
  const abroad = [there.coordinator, partnerKey(there.networkId, here.organizationId, 'network_coordinate')]
  const nowhere = encodeGlobalId('Membership', randomUUID())
  const unknown = await leave(nowhere, 1)
  expect(unknown).toMatchObject({ code: 'MEMBERSHIP_UNKNOWN', path: ['membership'] })
  for (const actor of [neighbour, neighbours, ...abroad]) expect(await leave(id, 1, actor)).toEqual(unknown)
  for (const actor of abroad) expect(await accept(id, 1, actor)).toEqual(unknown)
  const none = { organization: encodeGlobalId('Organization', randomUUID()), role: 'MEMBER', idempotencyKey: 'x' }
  const unheard = await act(here.coordinator, 'applyForMembership', none)
  expect(unheard).toMatchObject({ code: 'ORGANIZATION_UNKNOWN', path: ['organization'] })
  for (const actor of [neighbour, neighbours, ...abroad]) expect(await apply(actor)).toEqual(unheard)
  expect(await leave(encodeGlobalId('Service', randomUUID()), 1)).toMatchObject({ code: 'ID_INVALID' })
  expect(await database.prisma.membership.findMany()).toMatchObject([{ status: 'applied', recordVersion: 1 }])
})

test('who knows an older version changes nothing, and of two at once one does', async () => {
  const { database, administrator, apply, accept, leave } = await twoNetworks()
  const { id } = await apply(administrator)
  expect(await accept(id, 2)).toMatchObject({ code: 'VERSION_CONFLICT', path: ['expectedVersion'] })
  const both = await Promise.all([accept(id, 1), leave(id, 1)])
  expect(both.map(({ code }) => code).sort()).toEqual(['VERSION_CONFLICT', undefined])
  expect(await database.prisma.auditEntry.count()).toBe(2)
})

test('a step that the status does not allow is refused, and so is a decision by nobody', async () => {
  const { administrator, apply, accept, leave, act, here } = await twoNetworks()
  const { id } = await apply(administrator)
  for (const [decidedBy, code] of Object.entries({ '  ': 'TEXT_EMPTY', ['x'.repeat(101)]: 'TEXT_TOO_LONG' })) {
    const input = { membership: id, expectedVersion: 1, decidedBy }
    expect(await act(here.coordinator, 'acceptMembership', input)).toMatchObject({ code, path: ['decidedBy'] })
  }
  expect(await leave(id, 1, administrator, 'x'.repeat(501))).toMatchObject({ code: 'TEXT_TOO_LONG' })
  await leave(id, 1)
  expect(await accept(id, 2)).toMatchObject({ code: 'MEMBERSHIP_STATUS' })
  // A membership that ended stays what it was, whatever came after it.
  await apply(administrator)
  expect(await accept(id, 2)).toMatchObject({ code: 'MEMBERSHIP_STATUS' })
})

test('who leaves asks with no key any more, and entitles nobody', async () => {
  const { database, here, administrator, apply, accept, leave } = await twoNetworks()
  const { prisma } = database
  const { networkId, organizationId } = here
  const request = { networkId, organizationId, name: 'intranet', expiresAt: null }
  const scopes = ['grant_issue', 'directory_write'] as const
  const made = await createApiKey(prisma, { ...request, scopes: [...scopes] })
  const ended = await createApiKey(prisma, { ...request, scopes: [...scopes], expiresAt: new Date(Date.now() + 1) })
  const declined = await apply(administrator)
  await leave(declined.id, 1)
  expect(await partnerFinder(prisma)(made.key), 'an application that ends, ends no key').not.toBeNull()
  const { id } = await apply(administrator)
  await accept(id, 1)
  const partner = await partnerFinder(prisma)(made.key)
  await issueGrantOf(prisma, passingSecrets(), partner!, 'employee', new Date())
  await prisma.apiKey.update({ where: { id: ended.row.id }, data: { expiresAt: new Date(0) } })
  await leave(id, 2, partner!)
  expect(await partnerFinder(prisma)(made.key)).toBeNull()
  // A server that remembers the key for less than a second more issues nothing by it.
  const late = issueGrantOf(prisma, passingSecrets(), partner!, 'employee', new Date())
  await expect(late).rejects.toThrow('no active membership')
  const last = await prisma.auditEntry.findMany({ orderBy: { position: 'desc' }, take: 2 })
  expect(last).toMatchObject([
    { action: 'membership.leave' },
    { action: 'api_key.revoke', recordKey: made.row.id, actorReference: made.row.id },
  ])
  expect(await prisma.apiKey.findUnique({ where: { id: ended.row.id } })).toMatchObject({ revokedAt: null })
})

test('a key that is replaced while its organization leaves does not survive in the new one', async () => {
  const { database, here, administrator, apply, accept, leave } = await twoNetworks()
  const { prisma } = database
  const { networkId, organizationId } = here
  const request = { networkId, organizationId, name: 'intranet', expiresAt: null }
  const { row } = await createApiKey(prisma, { ...request, scopes: ['directory_write'] })
  const { id } = await apply(administrator)
  await accept(id, 1)
  const [replaced, left] = await Promise.allSettled([
    prisma.$transaction((tx) => rotateApiKey(tx, { id: row.id, overlap: 60 })),
    leave(id, 2),
  ])
  expect(left).toMatchObject({ status: 'fulfilled', value: { status: 'LEFT' } })
  expect(await prisma.apiKey.count({ where: { revokedAt: null } })).toBe(0)
  if (replaced.status === 'rejected') expect(replaced.reason).toMatchObject({ code: 'KEY_REVOKED' })
})
