/** An answer comes in: with a credential that nobody can trace, in one transaction with its spending. */
import { createPublicKey, hash, type KeyObject } from 'node:crypto'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import { encodeAnswers } from '../questionnaire/answers.ts'
import type { Questionnaire } from '../questionnaire/model.ts'
import { FlawsRefused } from '../refuse-flaws.ts'
import { isSignature, modulusBytes, preparedBytes } from './blind-signature.ts'
import { storeResponse } from './store-responses.ts'

/** An answer, as it is handed in. */
export interface Submission {
  /** Row key of the campaign. */
  campaignId: string
  /** Row key of the organization whose people were invited. */
  organizationId: string
  /** What was signed, of {@link preparedBytes}, and the signature, of {@link modulusBytes}. */
  credential: { message: Uint8Array; signature: Uint8Array }
  /** Answers by question, as {@link encodeAnswers} takes them. */
  answers: unknown
}

/**
 * Takes an answer. A repeat of the same answer with the same credential is taken as the first was: whoever lost the answer
 * may ask again. Nothing of it is logged, and nothing is told but that it counts. Throws a {@link Refused} with every flaw of the
 * answers, and where the credential is none or spent, or no answer is taken now.
 */
export async function submitResponse(
  prisma: PrismaClient,
  { campaignId, organizationId, credential, answers }: Submission,
  now: Date,
): Promise<void> {
  const asked = await findAsked(prisma, campaignId, organizationId)
  const { message, signature } = credential
  const wellFormed = message.length === preparedBytes && signature.length === modulusBytes
  if (asked === null || !wellFormed || !isSignature(asked.publicKey, message, signature)) {
    throw new Refused('CREDENTIAL_INVALID', 'credential: it is none of this campaign and organization.', ['credential'])
  }
  const encoded = encodeAnswers(asked.document, answers)
  if ('flaws' in encoded) throw new FlawsRefused('ANSWERS_INVALID', ['answers'], encoded.flaws)
  // The message is random and as long as any other, so that hashing it first is as good as a key.
  const said = Buffer.from(JSON.stringify([organizationId, encoded.values, encoded.texts]))
  const outcome = await storeResponse(prisma, campaignId, {
    organizationId,
    moment: now,
    hash: hash('sha256', message, 'buffer'),
    fingerprint: hash('sha256', Buffer.concat([message, said]), 'buffer'),
    response: encoded,
  })
  if (outcome === 'closed') throw new Refused('CAMPAIGN_NOT_OPEN', 'campaign: it takes no answers now.', ['campaign'])
  if (outcome === 'spent') {
    throw new Refused('CREDENTIAL_SPENT', 'credential: another answer was given with it. Each counts once.', [
      'credential',
    ])
  }
}

interface Asked {
  publicKey: KeyObject
  document: Questionnaire
}

// Keys and questions stand still from the opening on, and before it no credential can be had: what was found stays true. Whether
// answers are taken at this moment is asked where they are stored.
const found = new WeakMap<PrismaClient, Map<string, Asked>>()
const mostKept = 1_000

async function findAsked(prisma: PrismaClient, campaignId: string, organizationId: string): Promise<Asked | null> {
  const kept = found.get(prisma) ?? new Map<string, Asked>()
  found.set(prisma, kept)
  const name = `${campaignId} ${organizationId}`
  const known = kept.get(name)
  if (known !== undefined) return known
  const invited = await prisma.campaignOrganization.findFirst({
    where: { campaignId, organizationId, campaign: { status: { not: 'draft' } } },
    select: { publicKey: true, campaign: { select: { surveyVersion: { select: { document: true } } } } },
  })
  if (invited === null) return null
  const asked = {
    publicKey: createPublicKey({ key: Buffer.from(invited.publicKey), format: 'der', type: 'spki' }),
    document: invited.campaign.surveyVersion.document as unknown as Questionnaire,
  }
  if (kept.size >= mostKept) kept.clear()
  kept.set(name, asked)
  return asked
}
