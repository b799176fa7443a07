/** Answers go into the database, which takes them and shows them to nobody: each with the credential that it spends, or neither. */
import type { Transaction } from '../../../database/connect.ts'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import type { Response } from '../questionnaire/answers.ts'

/**
 * What became of an answer: it counts; it was there, given with the same credential; the credential was spent on another; or
 * nothing is taken from that organization at that moment.
 */
export type Outcome = 'counted' | 'repeated' | 'spent' | 'closed'

/** An answer, ready to be stored. */
export interface Arrival {
  organizationId: string
  /** When it came. It is compared, and not kept. */
  moment: Date
  /** What its credential is known by once it is spent. */
  hash: Buffer
  /** What a repeat of the same answer is known by. */
  fingerprint: Buffer
  response: Response
}

/** The most answers that are stored by one statement. */
export const mostTogether = 100

/** Stores answers to a campaign by one statement, and tells what became of each. */
export async function storeResponses(
  tx: Pick<Transaction, '$queryRaw'>,
  campaignId: string,
  arrivals: readonly Arrival[],
): Promise<Outcome[]> {
  const moments = arrivals.map(({ moment }) => moment.toISOString())
  const organizationIds = arrivals.map(({ organizationId }) => organizationId)
  const hashes = arrivals.map(({ hash }) => `\\x${hash.toString('hex')}`)
  const fingerprints = arrivals.map(({ fingerprint }) => `\\x${fingerprint.toString('hex')}`)
  const answers = arrivals.map(({ response }) => `{${response.values.map((value) => value ?? 'NULL').join()}}`)
  const texts = arrivals.flatMap(({ response }, index) => response.texts.map((text) => ({ place: index + 1, ...text })))
  // Named as Prisma's reads are (see name-statements.ts).
  const [{ outcomes }] = await tx.$queryRaw<[{ outcomes: Outcome[] }]>`
SELECT "submit_responses"(${campaignId}::uuid, ${moments}::timestamptz[], ${organizationIds}::uuid[], ${hashes}::text[]::bytea[],
  ${fingerprints}::text[]::bytea[], ${answers}::text[], ${JSON.stringify(texts)}::jsonb) AS "outcomes"`
  return outcomes
}

/** How many statements of one campaign are under way at most. */
const mostUnderWay = 2

interface Waiting {
  arrival: Arrival
  resolve(outcome: Outcome): void
  reject(error: unknown): void
}

interface Gate {
  waiting: Waiting[]
  underWay: number
}

const gates = new WeakMap<PrismaClient, Map<string, Gate>>()

/**
 * Stores an answer to a campaign. Those that come while others of the campaign are being stored wait for that moment and are
 * stored together; where that fails each is tried alone, so that none fails by another.
 */
export function storeResponse(prisma: PrismaClient, campaignId: string, arrival: Arrival): Promise<Outcome> {
  const ofClient = gates.get(prisma) ?? new Map<string, Gate>()
  gates.set(prisma, ofClient)
  const gate = ofClient.get(campaignId) ?? { waiting: [], underWay: 0 }
  ofClient.set(campaignId, gate)
  const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
  gate.waiting.push({ arrival, resolve, reject })
  if (gate.underWay < mostUnderWay) void letIn()
  return promise

  async function letIn(): Promise<void> {
    gate.underWay += 1
    while (gate.waiting.length > 0) await storeTogether(prisma, campaignId, gate.waiting.splice(0, mostTogether))
    gate.underWay -= 1
    if (gate.underWay === 0) ofClient.delete(campaignId)
  }
}

async function storeTogether(prisma: PrismaClient, campaignId: string, together: Waiting[]): Promise<void> {
  try {
    const outcomes = await storeResponses(
      prisma,
      campaignId,
      together.map(({ arrival }) => arrival),
    )
    for (const [index, { resolve }] of together.entries()) resolve(outcomes[index]!)
  } catch (error) {
    if (together.length === 1) together[0]!.reject(error)
    else await Promise.all(together.map((each) => storeTogether(prisma, campaignId, [each])))
  }
}
