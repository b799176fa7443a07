/** Transactions in somebody's name: what row-level security asks, set for as long as the transaction lasts. */
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { beginWith, carriesReads, readOnly, readWith, type Settings, settingStatement } from './carry-settings.ts'
import type { Transaction } from './connect.ts'

/** In whose name a transaction acts. What is absent is nobody, and gives nothing. */
export interface ActingAs {
  /** Row key of the person. */
  personId?: string
  /** Row key of the network. */
  networkId?: string
  /** Row key of the organization. */
  organizationId?: string
  /** Hashes of the key that a person has shown, one for each secret of the server. */
  personKeyHashes?: Uint8Array[]
  /** What no person asks for: erasing what was kept long enough, and whether a secret of the server is still needed. */
  upkeep?: true
}

/** Milliseconds for which a transaction may last, and wait for a connection. */
interface Bounds {
  timeout?: number
  maxWait?: number
}

/**
 * Runs `work` in a transaction that acts as told. Within it, only `tx` acts: another client would act as nobody and,
 * on the embedded database, wait for this transaction for ever. Throws a TypeError when a key has not the form of one.
 */
export function asActor<T>(
  prisma: PrismaClient,
  acting: ActingAs,
  work: (tx: Transaction) => Promise<T>,
  bounds: Bounds = {},
): Promise<T> {
  const settings = settingsOf(acting)
  return beginWith(settings, (wereCarried) =>
    prisma.$transaction(async (tx) => {
      if (!wereCarried()) await tx.$executeRawUnsafe(settingStatement(settings))
      return work(tx)
    }, bounds),
  )
}

/** The models of Prisma, by the names that its client has them under. */
type Model = Uncapitalize<Prisma.ModelName>

/** What reads. What is looked up by a unique key is not among it: Prisma asks such things together, whoever asks them. */
const readings = ['findFirst', 'findMany', 'count'] as const

/** A client that can only read. */
export type Reader = { readonly [Name in Model]: Pick<PrismaClient[Name], (typeof readings)[number]> } & Pick<
  PrismaClient,
  '$queryRaw'
>

/**
 * Runs `work`, which only reads: what it asks of `reader` is asked as told, and PostgreSQL refuses to write. On a server each
 * statement is a transaction of its own, with no more round trips than reading as nobody, and sees the state of its own
 * moment. Throws a TypeError when a key has not the form of one.
 */
export function readAsActor<T>(
  prisma: PrismaClient,
  acting: ActingAs,
  work: (reader: Reader) => Promise<T>,
  bounds: Bounds = {},
): Promise<T> {
  const settings = settingsOf(acting)
  if (carriesReads(prisma)) return work(readerOf(prisma, (read) => readWith(settings, read)))
  return prisma.$transaction(async (tx) => {
    await tx.$executeRawUnsafe(settingStatement(readOnly(settings)))
    return work(readerOf(tx, async (read) => await read()))
  }, bounds)
}

// biome-ignore lint/suspicious/noExplicitAny: what is passed on is of the type of what it is passed to.
type Any = any

function readerOf(client: Transaction, ask: <T>(read: () => PromiseLike<T>) => Promise<T>): Reader {
  const asking =
    (holder: Any, name: string) =>
    (...args: Any[]) =>
      ask(() => holder[name](...args))
  const get = (_: object, name: string) => {
    if (name === '$queryRaw') return asking(client, name)
    const model = client[name as Model]
    return Object.fromEntries(readings.map((reading) => [reading, asking(model, reading)]))
  }
  return new Proxy({}, { get: get as never }) as Reader
}

function settingsOf({ personId, networkId, organizationId, personKeyHashes = [], upkeep }: ActingAs): Settings {
  return [
    ['welfare.person_id', key(personId)],
    ['welfare.network_id', key(networkId)],
    ['welfare.organization_id', key(organizationId)],
    ['welfare.person_key_hashes', personKeyHashes.map((hash) => Buffer.from(hash).toString('hex')).join()],
    ['welfare.upkeep', upkeep === true ? 'on' : ''],
  ]
}

function key(value = ''): string {
  if (value === '' || uuid.test(value)) return value
  throw new TypeError('A transaction acts by row keys, which are UUIDs.')
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
