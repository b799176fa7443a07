/**
 * A person is whoever has the person key, 128 random bits made in a browser. Of the key the server keeps a keyed hash: who
 * reads the table without the secrets can't even try keys.
 */
import { createHmac, randomUUID } from 'node:crypto'
import { asActor } from '../../database/as-actor.ts'
import type { Transaction } from '../../database/connect.ts'
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts'
import type { DerivedKey, Secrets } from '../../secrets.ts'
import { admitNewcomer } from './admit-newcomer.ts'

type KeyHash = { hashedWith: string; keyHash: Uint8Array<ArrayBuffer> }

/** The 16 bytes of a person key as browsers send it: 22 characters of base64url. Null for any other text. */
export function readPersonKey(text: string): Uint8Array | null {
  // The last character has four bits to spare, which are zero: one key, one text.
  return /^[\w-]{21}[AQgw]$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : null
}

/** Whoever shows a person key, and through whom they are entitled in the network; null for a citizen. */
interface KeyHolder {
  networkId: string
  organizationId: string | null
  key: Uint8Array
}

/**
 * Row key of the person who has this key in the network, who is made where there is none, as far as newcomers are let in
 * (see admit-newcomer.ts). The hash is renewed to the current secret, so that an older one can be dropped one day.
 *
 * Row-level security shows the row of a person only to who names it: by its row key or, before that is known, by one of the
 * hashes and the network.
 */
export function findOrCreatePerson(
  prisma: PrismaClient,
  secrets: Secrets,
  { networkId, organizationId, key }: KeyHolder,
  now: Date,
): Promise<string> {
  const hashes = secrets.accepted('person-key').map((secret) => hashPersonKey(secret, networkId, key))
  const current = hashes[0]!
  // No finer than the month: the day would be a trace of what somebody did.
  const seenIn = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1))

  return asActor(prisma, { networkId, personKeyHashes: hashes.map(({ keyHash }) => keyHash) }, async (tx) => {
    const person = await findPerson(tx, networkId, hashes)
    if (person === null) {
      await admitNewcomer(tx, networkId, organizationId)
      return createPerson(tx, networkId, { ...current, seenIn })
    }
    if (person.hashedWith !== current.hashedWith || person.seenIn.getTime() !== seenIn.getTime()) {
      await tx.person.updateMany({ where: { id: person.id }, data: { ...current, seenIn } })
    }
    return person.id
  })
}

async function findPerson(tx: Transaction, networkId: string, hashes: KeyHash[]) {
  const found = await tx.person.findMany({
    where: { networkId, keyHash: { in: hashes.map(({ keyHash }) => keyHash) } },
  })
  // Two can only be there when servers with and without the newest secret met the key at once; then the newest counts.
  for (const { hashedWith } of hashes) {
    const person = found.find((each) => each.hashedWith === hashedWith)
    if (person !== undefined) return person
  }
  return null
}

// Of two requests that make the same person at once, the second waits for the first and finds what it made.
async function createPerson(
  tx: Transaction,
  networkId: string,
  hashed: KeyHash & Pick<Prisma.PersonCreateManyInput, 'seenIn'>,
): Promise<string> {
  const [made] = await tx.person.createManyAndReturn({
    data: { id: randomUUID(), networkId, ...hashed },
    skipDuplicates: true,
    select: { id: true },
  })
  return made?.id ?? (await findPerson(tx, networkId, [hashed]))!.id
}

/**
 * Whether there are people whose hash was made with a secret, who could not be found without it. To be asked in a transaction
 * that acts as upkeep: the wall would show nobody, to the owner of the table as well, and a secret that is needed would be
 * dropped.
 */
export async function isSecretNeeded(tx: Transaction, id: string): Promise<boolean> {
  return (await tx.person.findFirst({ where: { hashedWith: id }, select: { id: true } })) !== null
}

// With the network in it, a key that its owner uses in two networks makes two people whom no table joins.
function hashPersonKey({ id, key: secret }: DerivedKey, networkId: string, key: Uint8Array): KeyHash {
  const network = Buffer.from(networkId.replaceAll('-', ''), 'hex')
  return { hashedWith: id, keyHash: new Uint8Array(createHmac('sha256', secret).update(network).update(key).digest()) }
}
