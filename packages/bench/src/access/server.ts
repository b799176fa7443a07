/** This server, with credentials of every kind, which it tells the benchmark. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createApp } from '@welfare-network/server/src/app.ts'
import { applicationRole } from '@welfare-network/server/src/database/application-role.ts'
import { connect } from '@welfare-network/server/src/database/connect.ts'
import { makeApiKey } from '@welfare-network/server/src/domains/access/api-key.ts'
import { openPersonSession } from '@welfare-network/server/src/domains/access/person-session.ts'
import { encodeGlobalId } from '@welfare-network/server/src/graphql/global-id.ts'
import { createLogger } from '@welfare-network/server/src/log.ts'
import { passingSecrets } from '@welfare-network/server/src/secrets.ts'

/** What the benchmark is told. */
export interface Told {
  port: number
  /** A session. */
  person: string
  /** Global ids of services. */
  services: string[]
  /** Each used once, for the server remembers a key for a moment. */
  keys: Record<'right' | 'wrong' | 'unknown' | 'expired' | 'revoked', string[]>
}

const database = await connect({ url: process.env.DATABASE_URL!, role: applicationRole })
const { prisma } = database
const secrets = passingSecrets()
const logger = createLogger('warn')
const server = createApp({ database, secrets, logger, config: { corsOrigins: '*', development: false } })
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const told: Told = {
  port: (server.address() as AddressInfo).port,
  person: await openSession(),
  services: (await prisma.service.findMany({ take: 60, select: { id: true } })).map(({ id }) =>
    encodeGlobalId('Service', id),
  ),
  keys: await makeKeys(Number(process.env.KEYS)),
}
process.send!(told)

async function openSession(): Promise<string> {
  const { id: networkId } = await prisma.network.findFirstOrThrow()
  const personKey = randomBytes(16).toString('base64url')
  const opening = await openPersonSession(prisma, secrets, { networkId, personKey }, new Date())
  if (opening.type === 'refused') throw new Error(opening.reason)
  return opening.token
}

async function makeKeys(count: number): Promise<Told['keys']> {
  const { id: organizationId, networkId } = await prisma.organization.findFirstOrThrow()
  const make = async (changes: { expiresAt?: Date; revokedAt?: Date } | null): Promise<string[]> => {
    const made = Array.from({ length: count }, makeApiKey)
    const rest = { networkId, organizationId, name: 'bench', scopes: ['grant_issue' as const], lastUsedOn: new Date() }
    const rows = made.map(({ id, secretHash, hint }) => ({ id, secretHash, hint, ...rest, ...changes }))
    if (changes !== null) await prisma.apiKey.createMany({ data: rows })
    return made.map(({ key }) => key)
  }
  const past = new Date(Date.now() - 60_000)
  const wrong = await make({})
  return {
    right: await make({}),
    // The last character of a secret has two bits to spare, which are part of what is compared: the one before it has none.
    wrong: wrong.map((key) => `${key.slice(0, -2)}${key.at(-2) === 'A' ? 'B' : 'A'}${key.at(-1)}`),
    unknown: await make(null),
    expired: await make({ expiresAt: past }),
    revoked: await make({ revokedAt: past }),
  }
}
