/** An answer comes in: with a credential that nobody can trace, in one transaction with its spending. */
import { createHash, createHmac, createPublicKey, type KeyObject } from 'node:crypto'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { isSignature, modulusBytes, preparedBytes } from './blind-signature.ts'

export interface Submission {
  campaignId: string
  organizationId: string
  /** What was signed, and the signature. */
  credential: { message: Uint8Array; signature: Uint8Array }
  /** One number, or none, for each variable of the questionnaire: checked against it before. */
  answers: readonly (number | null)[]
  /** What was written in free words, by question. */
  texts: Readonly<Record<string, string>>
}

type Outcome = 'counted' | 'repeated' | 'spent' | 'closed'

/**
 * Takes an answer. A repeat of the same answer with the same credential is taken as the first was: whoever lost the answer
 * may ask again. Nothing of it is logged, and nothing is told but that it counts.
 */
export async function submitResponse(
  prisma: PrismaClient,
  { campaignId, organizationId, credential, answers, texts }: Submission,
  now: Date,
): Promise<void> {
  const publicKey = await findPublicKey(prisma, campaignId, organizationId)
  const { message, signature } = credential
  const wellFormed = message.length === preparedBytes && signature.length === modulusBytes
  if (publicKey === null || !wellFormed || !isSignature(publicKey, message, signature)) {
    throw new Refused('CREDENTIAL_INVALID', 'credential: it is none of this campaign and organization.', ['credential'])
  }
  const hash = Uint8Array.from(createHash('sha256').update(message).digest())
  const said = JSON.stringify([answers, Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1))])
  const fingerprint = Uint8Array.from(createHmac('sha256', message).update(said).digest())
  const [{ outcome }] = await prisma.$queryRaw<[{ outcome: Outcome }]>`
    SELECT submit_response(${campaignId}::uuid, ${organizationId}::uuid, ${now}::timestamptz, ${hash}, ${fingerprint},
      ${answers.map((answer) => answer ?? null)}::integer[], ${JSON.stringify(texts)}::jsonb) AS outcome`
  if (outcome === 'closed') throw new Refused('CAMPAIGN_NOT_OPEN', 'campaign: it takes no answers now.', ['campaign'])
  if (outcome === 'spent') {
    throw new Refused('CREDENTIAL_SPENT', 'credential: another answer was given with it. Each counts once.', [
      'credential',
    ])
  }
}

// Public keys stand still from the opening on, and before it no credential can be had: what was found stays true.
const found = new WeakMap<PrismaClient, Map<string, KeyObject>>()
const mostKept = 10_000

async function findPublicKey(
  prisma: PrismaClient,
  campaignId: string,
  organizationId: string,
): Promise<KeyObject | null> {
  const keys = found.get(prisma) ?? new Map<string, KeyObject>()
  found.set(prisma, keys)
  const name = `${campaignId} ${organizationId}`
  const known = keys.get(name)
  if (known !== undefined) return known
  const invited = await prisma.campaignOrganization.findFirst({
    where: { campaignId, organizationId, campaign: { status: 'open' } },
    select: { publicKey: true },
  })
  if (invited === null) return null
  const key = createPublicKey({ key: Buffer.from(invited.publicKey), format: 'der', type: 'spki' })
  if (keys.size >= mostKept) keys.clear()
  keys.set(name, key)
  return key
}
