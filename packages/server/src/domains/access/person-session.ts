/**
 * A person's session: opened with the person key, which says who, and a grant, which says through which organization.
 * Neither can be had from the other. It is believed by its signature alone, so reading it asks no database.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Person, Relation } from '../../actor.ts'
import type { Database } from '../../database/connect.ts'
import type { Secrets } from '../../secrets.ts'
import { type GrantStatement, readGrant } from './grant.ts'
import { findOrCreatePerson, readPersonKey } from './person-key.ts'
import { readStatement, signStatement } from './signed-statement.ts'

export interface SessionRequest {
  /** Row key of the network. */
  networkId: string
  /** A grant; without one the person is a citizen. */
  grant?: string | null
  /** The person key: 22 characters of base64url. */
  personKey: string
}

/** Why no session opens: the grant is none or no longer one, is of another network, or the person key isn't one. */
export type SessionRefusal = 'grant_invalid' | 'grant_of_another_network' | 'person_key_malformed'

export type SessionOpening =
  | { type: 'opened'; token: string; expiresAt: Date }
  | { type: 'refused'; reason: SessionRefusal }

const claims = z
  .object({
    sub: z.guid(),
    net: z.guid(),
    rel: z.enum(['employee', 'family_member', 'citizen'] satisfies Relation[]),
    org: z.guid().nullable(),
  })
  .refine(({ rel, org }) => (rel === 'citizen') === (org === null))
  .transform(
    ({ sub, net, rel, org }): Person => ({
      kind: 'person',
      personId: sub,
      networkId: net,
      relation: rel,
      organizationId: org,
    }),
  )

const hour = 3_600_000

/**
 * Opens a session of an hour for the person who has the key, known before or not; with a fresh grant it is renewed by
 * opening another. Throws `TooManyNewcomers`. Neither key nor grant is in what is thrown or refused.
 */
export async function openPersonSession(
  prisma: Database['prisma'],
  secrets: Secrets,
  { networkId, grant, personKey }: SessionRequest,
  now: Date,
): Promise<SessionOpening> {
  const key = readPersonKey(personKey)
  if (key === null) return { type: 'refused', reason: 'person_key_malformed' }

  let entitled: Pick<GrantStatement, 'relation' | 'organizationId'> | null = null
  if (grant !== undefined && grant !== null) {
    const statement = await readGrant(secrets, grant, now)
    if (statement === null) return { type: 'refused', reason: 'grant_invalid' }
    if (statement.networkId !== networkId) return { type: 'refused', reason: 'grant_of_another_network' }
    entitled = statement
  }

  const organizationId = entitled?.organizationId ?? null
  const sub = await findOrCreatePerson(prisma, secrets, { networkId, organizationId, key }, now)
  // On the second, as a token says it.
  const expiresAt = new Date(Math.floor((now.getTime() + hour) / 1000) * 1000)
  const said = { sub, net: networkId, rel: entitled?.relation ?? 'citizen', org: organizationId }
  return { type: 'opened', token: await signStatement(secrets, 'session', said, expiresAt), expiresAt }
}

/** Tells the person in a session; null for a text that is none, or none any more. */
export type ReadPersonSession = (token: string, now: Date) => Promise<Person | null>

/** Sessions remembered at most. */
const most = 10_000

/**
 * A page asks many times in its hour, and what was verified once is so until it ends: by its own end, or with the secret that
 * signed it. What is remembered is found by its hash: the time of looking it up tells nothing of it.
 */
export function personSessions(secrets: Secrets): ReadPersonSession {
  const memory = new Map<string, { person: Person; expires: number; keyId: string }>()
  return async (token, now) => {
    const name = createHash('sha256').update(token).digest('base64')
    const known = memory.get(name)
    if (known !== undefined) {
      const isAccepted = secrets.accepted('session').some(({ id }) => id === known.keyId)
      if (isAccepted && Math.floor(now.getTime() / 1000) < known.expires) return known.person
      memory.delete(name)
    }
    const statement = await readStatement(secrets, 'session', token, now)
    const person = claims.safeParse(statement?.claims).data
    if (statement === null || person === undefined) return null
    memory.set(name, { person, expires: statement.expires, keyId: statement.keyId })
    if (memory.size > most) memory.delete(memory.keys().next().value!)
    return person
  }
}
