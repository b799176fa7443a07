/** An API key, in a line of text, without the key. */
import { scopeNames } from '../domains/access/scopes.ts'
import type { ApiKey } from '../generated/prisma/client.ts'

export function describeKey(key: Omit<ApiKey, 'secretHash'>, now: Date): string {
  const scopes = scopeNames.flatMap(([scope, name]) => (key.scopes.includes(scope) ? name : []))
  const used = key.lastUsedOn === null ? 'never used' : `last used on ${dayOf(key.lastUsedOn)}`
  return `${key.id}  ${key.hint}  ${key.name}: ${scopes.join(', ')}; ${stateOf(key, now)}; ${used}`
}

function stateOf({ revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): string {
  if (revokedAt !== null) return `revoked on ${dayOf(revokedAt)}`
  if (expiresAt === null) return 'in force'
  return expiresAt > now ? `in force until ${expiresAt.toISOString()}` : `expired on ${dayOf(expiresAt)}`
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}
