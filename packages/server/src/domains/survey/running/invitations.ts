/** Invitations: codes that an organization hands out, each of which buys one blind signature. */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import type { Transaction } from '../../../database/connect.ts'
import { Refused } from '../../../refused.ts'
import type { Secrets } from '../../../secrets.ts'
import { isSignable, modulusBytes, type SigningKey, signBlinded } from './blind-signature.ts'
import { hashInvitationCode, makeInvitationCode } from './invitation-code.ts'
import { openKey } from './seal-key.ts'

/** Most invitations for each of an organization's people: some are lost, and no one can tell which. */
const mostPerHead = 2

/** Most codes that one request makes. */
export const mostAtOnce = 10_000

/** Makes codes for the people of an organization. They are told now and never again. */
export async function mintInvitations(
  tx: Transaction,
  { campaignId, organizationId, count }: { campaignId: string; organizationId: string; count: number },
): Promise<string[]> {
  if (!(Number.isInteger(count) && count >= 1 && count <= mostAtOnce)) {
    throw new Refused('COUNT_INVALID', `count: ask for 1 to ${mostAtOnce} invitations at a time.`, ['count'])
  }
  // Closing waits for whoever mints, or is waited for: no code outlives it.
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${campaignId}::uuid FOR SHARE`
  // Of two that mint at once, the second counts what the first has made.
  await tx.$queryRaw`
    SELECT FROM campaign_organization WHERE campaign_id = ${campaignId}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`
  const where = { campaignId_organizationId: { campaignId, organizationId } }
  const invited = await tx.campaignOrganization.findUnique({
    where,
    include: { campaign: { select: { status: true } } },
  })
  if (invited === null) {
    throw new Refused('NOT_INVITED', 'organization: the campaign does not ask its people.', ['organization'])
  }
  if (!['draft', 'open'].includes(invited.campaign.status)) {
    throw new Refused('CAMPAIGN_CLOSED', 'campaign: it is closed, so nobody can answer any more.', ['campaign'])
  }
  const made = await tx.invitation.count({ where: { campaignId, organizationId } })
  const left = invited.headCount * mostPerHead - made
  if (count > left) {
    throw new Refused(
      'TOO_MANY_INVITATIONS',
      `count: for ${invited.headCount} people there may be ${invited.headCount * mostPerHead} invitations, and ${made} were made.`,
      ['count'],
    )
  }
  const codes = Array.from({ length: count }, makeInvitationCode)
  const { networkId } = invited
  const rows = codes.map((code) => ({ codeHash: hashInvitationCode(code)!, networkId, campaignId, organizationId }))
  // In the order of the hashes: that in which codes were told, and perhaps handed out, is not kept.
  rows.sort((a, b) => Buffer.compare(a.codeHash, b.codeHash))
  await tx.invitation.createMany({ data: rows })
  return codes
}

/** Whom a code is from; null where it is none. Whether it was used is not told. */
export async function findInvitation(
  tx: Transaction,
  code: string,
): Promise<{ campaignId: string; organizationId: string } | null> {
  const codeHash = hashInvitationCode(code)
  if (codeHash === null) return null
  const select = { campaignId: true, organizationId: true }
  return tx.invitation.findFirst({ where: { codeHash, campaign: { status: 'open' } }, select })
}

export interface Redemption {
  campaignId: string
  code: string
  /** What is to be signed, blinded: as long as the modulus. */
  blindedMessage: Uint8Array
}

/** What is told of a code that is none, was used, or is another campaign's: one thing, so that nobody learns which. */
class InvitationInvalid extends Refused {
  constructor() {
    super('INVITATION_INVALID', 'code: it is not one of this campaign, or was used. Compare it with the invitation.', [
      'code',
    ])
  }
}

/**
 * Buys the signature that a code is worth. The same code with the same message buys the same again, for whoever lost the
 * answer; with another message it buys nothing.
 */
export async function redeemInvitation(
  tx: Transaction,
  secrets: Secrets,
  { campaignId, code, blindedMessage }: Redemption,
  now: Date,
): Promise<{ organizationId: string; blindSignature: Buffer }> {
  const codeHash = hashInvitationCode(code)
  if (codeHash === null) throw new InvitationInvalid()
  const campaign = await tx.campaign.findUnique({ where: { id: campaignId } })
  if (campaign === null || campaign.status !== 'open' || now < campaign.opensAt || now >= campaign.closesAt) {
    throw new Refused('CAMPAIGN_NOT_OPEN', 'campaign: it takes no answers now.', ['campaign'])
  }
  const invitedBy = await tx.invitation.findFirst({ where: { codeHash, campaignId }, select: { organizationId: true } })
  if (invitedBy === null) throw new InvitationInvalid()
  const { organizationId } = invitedBy
  const key = await findKey(tx, secrets, campaignId, organizationId)
  // Before the code is looked at: a message that can't be signed would tell whether a code was used, and not use it.
  if (!isSignable(key, blindedMessage)) {
    throw new Refused(
      'BLINDED_MESSAGE_INVALID',
      `blindedMessage: it is not ${modulusBytes} bytes that the key of the organization can sign.`,
      ['blindedMessage'],
    )
  }
  const blindedHash = Uint8Array.from(createHash('sha256').update(blindedMessage).digest())
  // One statement, and the row its lock: of two messages for one code, one is signed.
  const bought = await tx.$executeRaw`
    UPDATE invitation SET blinded_hash = ${blindedHash}
    WHERE code_hash = ${codeHash} AND campaign_id = ${campaignId}::uuid
      AND (blinded_hash IS NULL OR blinded_hash = ${blindedHash})`
  if (bought === 0) throw new InvitationInvalid()
  return { organizationId, blindSignature: signBlinded(key, blindedMessage) }
}

async function findKey(
  tx: Transaction,
  secrets: Secrets,
  campaignId: string,
  organizationId: string,
): Promise<SigningKey> {
  const { publicKey, privateKey, sealedWith } = await tx.campaignOrganization.findUniqueOrThrow({
    where: { campaignId_organizationId: { campaignId, organizationId } },
  })
  const opened = openKey(secrets, keyContext(campaignId, organizationId), {
    sealed: privateKey!,
    sealedWith: sealedWith!,
  })
  return {
    publicKey: createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }),
    privateKey: createPrivateKey({ key: opened, format: 'der', type: 'pkcs8' }),
  }
}

/** The place that a sealed key is for. */
export function keyContext(campaignId: string, organizationId: string): string {
  return `campaign ${campaignId} organization ${organizationId}`
}
