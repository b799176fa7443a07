/** API keys of organizations: made, replaced, withdrawn. */
import type { Transaction } from '../../database/connect.ts'
import type { ApiKey, ApiKeyScope } from '../../generated/prisma/client.ts'
import { Refused } from '../../refused.ts'
import { makeApiKey } from './api-key.ts'

export interface ApiKeyRequest {
  networkId: string
  organizationId: string
  /** What its owner calls it. */
  name: string
  scopes: ApiKeyScope[]
  /** Moment from which it is no longer taken; never when null. */
  expiresAt: Date | null
}

/** A key as it is told once: the row, and the key that is not in it. */
export interface ToldApiKey {
  row: ApiKey
  key: string
}

/** Most keys of an organization that are in force. */
export const mostKeys = 50

/** The longest that a replaced key stays in force, in seconds: a week. */
export const longestOverlap = 7 * 24 * 60 * 60

export async function createApiKey(tx: Transaction, request: ApiKeyRequest, now = new Date()): Promise<ToldApiKey> {
  const { networkId, organizationId, name, scopes, expiresAt } = request
  const trimmed = name.trim()
  if (trimmed === '' || trimmed.length > 100) {
    throw new Refused(
      'NAME_INVALID',
      'name: give the key a name of 1 to 100 characters, such as the machine that will have it.',
      ['name'],
    )
  }
  if (scopes.length === 0)
    throw new Refused('SCOPES_EMPTY', 'scopes: a key without a scope can do nothing; give at least one.', ['scopes'])
  if (expiresAt !== null && expiresAt <= now) {
    throw new Refused('EXPIRY_PASSED', 'expiresAt: this moment has passed; give one to come, or none.', ['expiresAt'])
  }
  const inForce = await tx.apiKey.count({ where: { organizationId, ...isInForce(now) } })
  if (inForce >= mostKeys) {
    throw new Refused(
      'TOO_MANY_KEYS',
      `The organization has ${inForce} keys in force, the most there may be. Revoke one first.`,
    )
  }
  const { key, ...made } = makeApiKey()
  const row = await tx.apiKey.create({
    data: {
      ...made,
      networkId,
      organizationId,
      name: trimmed,
      scopes: [...new Set(scopes)],
      createdAt: now,
      expiresAt,
    },
  })
  return { row, key }
}

/** A key with the same name, scopes and end takes the place of another, which stays in force for `overlap` seconds. */
export async function rotateApiKey(
  tx: Transaction,
  { id, overlap }: { id: string; overlap: number },
  now = new Date(),
): Promise<ToldApiKey> {
  if (!(overlap >= 0 && overlap <= longestOverlap)) {
    throw new Refused('OVERLAP_INVALID', `overlap: give 0 to ${longestOverlap} seconds.`, ['overlap'])
  }
  const old = await lockKey(tx, id)
  refuseEnded(old, now)
  if (old.replacedById !== null) {
    throw new Refused(
      'KEY_REPLACED',
      'This key was replaced already. Rotate the key that replaced it, or revoke this one.',
    )
  }
  const { key, ...made } = makeApiKey()
  const { networkId, organizationId, name, scopes, expiresAt } = old
  const row = await tx.apiKey.create({
    data: { ...made, networkId, organizationId, name, scopes, createdAt: now, expiresAt },
  })
  const end = new Date(now.getTime() + overlap * 1_000)
  await tx.apiKey.update({
    where: { id },
    data: { replacedById: row.id, expiresAt: old.expiresAt !== null && old.expiresAt < end ? old.expiresAt : end },
  })
  return { row, key }
}

/** A key is no longer taken, from now on. Revoking it again changes nothing. */
export async function revokeApiKey(tx: Transaction, id: string, now = new Date()): Promise<ApiKey> {
  const old = await lockKey(tx, id)
  return old.revokedAt === null ? tx.apiKey.update({ where: { id }, data: { revokedAt: now } }) : old
}

/** None of an organization's keys is taken any more. Returns the row keys of those that were in force. */
export async function revokeKeysOf(tx: Transaction, organizationId: string, now = new Date()): Promise<string[]> {
  // Whoever replaces one of them at this moment is waited for, and the key that they made is found.
  await tx.$queryRaw`SELECT FROM api_key WHERE organization_id = ${organizationId}::uuid ORDER BY id FOR UPDATE`
  const revoked = await tx.apiKey.updateManyAndReturn({
    where: { organizationId, ...isInForce(now) },
    data: { revokedAt: now },
    select: { id: true },
  })
  return revoked.map(({ id }) => id)
}

/** Condition: neither ended nor withdrawn. */
function isInForce(now: Date) {
  return { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] }
}

async function lockKey(tx: Transaction, id: string): Promise<ApiKey> {
  await tx.$queryRaw`SELECT FROM api_key WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.apiKey.findUnique({ where: { id } })
  if (row === null) throw new Refused('KEY_UNKNOWN', 'There is no such key. Use the id of one that is listed.', ['id'])
  return row
}

function refuseEnded({ expiresAt, revokedAt }: ApiKey, now: Date): void {
  if (revokedAt !== null) throw new Refused('KEY_REVOKED', 'This key was revoked. Create another.')
  if (expiresAt !== null && expiresAt <= now) throw new Refused('KEY_EXPIRED', 'This key has expired. Create another.')
}
