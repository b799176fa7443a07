/** Invitations: places among those who may answer, as many as there are people. Each has a code, and buys one blind signature. */
import { createHash, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import type { Transaction } from '../../../database/connect.ts'
import { Prisma } from '../../../generated/prisma/client.ts'
import { Refused } from '../../../refused.ts'
import type { Secrets } from '../../../secrets.ts'
import { isSignable, modulusBytes, type SigningKey, signBlinded } from './blind-signature.ts'
import { hashInvitationCode, makeInvitationCodes, type Seed } from './invitation-code.ts'
import { openKey } from './seal-key.ts'

/** Most invitations that one request makes. */
export const mostAtOnce = 10_000

/** Most codes that one request replaces. */
export const mostReplaced = 1_000

/** The people of an organization, as a campaign asks them. */
export interface Invited {
  /** Row key. */
  campaignId: string
  /** Row key. */
  organizationId: string
}

/**
 * Makes invitations for the people of an organization while the campaign is open, as many as there are people at most: of two
 * that make them at once, the second counts the first's. Returns their codes, which are stored nowhere; whoever has the seed
 * makes them again. Throws a {@link Refused}.
 */
export async function mintInvitations(
  tx: Transaction,
  { count, ...invited }: Invited & { count: number },
  seed: Seed = randomBytes(32),
): Promise<string[]> {
  const { campaignId, organizationId } = invited
  if (!(Number.isInteger(count) && count >= 1 && count <= mostAtOnce)) {
    throw new Refused('COUNT_INVALID', `count: ask for 1 to ${mostAtOnce} invitations at a time.`, ['count'])
  }
  const { networkId, headCount } = await lockInvited(tx, invited)
  // One statement, and the row its lock.
  const isRoom = await tx.$executeRaw`
    UPDATE campaign_organization SET invitations_made = invitations_made + ${count}
    WHERE campaign_id = ${campaignId}::uuid AND organization_id = ${organizationId}::uuid
      AND invitations_made + ${count} <= head_count`
  if (isRoom === 0) throw await noRoom(tx, invited, headCount)
  const codes = makeInvitationCodes(seed, count)
  const rows = codes.map((code) => ({ codeHash: hashInvitationCode(code)!, networkId, campaignId, organizationId }))
  // In the order of the hashes: that in which codes were told, and perhaps handed out, is not kept.
  rows.sort((a, b) => Buffer.compare(a.codeHash, b.codeHash))
  await tx.invitation.createMany({ data: rows })
  return codes
}

async function noRoom(tx: Transaction, invited: Invited, headCount: number): Promise<Refused> {
  const { invitationsMade: made } = await tx.campaignOrganization.findUniqueOrThrow({
    where: { campaignId_organizationId: invited },
  })
  const left = headCount - made
  const advice =
    left > 0
      ? `Ask for ${left} at most.`
      : 'A code that is lost is replaced by who knows it; a list that is lost is told again to who repeats its request within a day.'
  const message = `count: there is one invitation for each of ${headCount} people, and ${made} were made. ${advice}`
  return new Refused('TOO_MANY_INVITATIONS', message, ['count'])
}

/**
 * Puts a new code in the place of each that is given, and returns them in the same order. The place stays what it is: where it
 * was used, the new code buys nothing either, and whether it was is not told. Nothing is replaced unless all are. Throws a
 * {@link Refused} that says which is none of the organization.
 */
export async function replaceInvitations(
  tx: Transaction,
  { codes, ...invited }: Invited & { codes: readonly string[] },
  seed: Seed = randomBytes(32),
): Promise<string[]> {
  const { campaignId, organizationId } = invited
  if (codes.length === 0 || codes.length > mostReplaced) {
    throw new Refused('COUNT_INVALID', `codes: give 1 to ${mostReplaced} codes at a time.`, ['codes'])
  }
  await lockInvited(tx, invited)
  // Of two that replace the same code at once, the second finds it gone.
  await tx.$queryRaw`
    SELECT FROM campaign_organization WHERE campaign_id = ${campaignId}::uuid AND organization_id = ${organizationId}::uuid FOR UPDATE`
  const old = codes.map((code) => Buffer.from(hashInvitationCode(code) ?? []))
  const found = await tx.invitation.findMany({
    where: { campaignId, organizationId, codeHash: { in: old.map((hash) => Uint8Array.from(hash)) } },
    select: { codeHash: true },
  })
  const known = new Set(found.map(({ codeHash }) => Buffer.from(codeHash).toString('hex')))
  for (const [index, hash] of old.entries()) {
    // What was given before is not there a second time.
    if (known.delete(hash.toString('hex'))) continue
    throw new Refused(
      'CODE_UNKNOWN',
      `codes.${index}: it is no code of this organization in this campaign, or is given twice. Nothing was replaced.`,
      ['codes', String(index)],
    )
  }
  const made = makeInvitationCodes(seed, codes.length)
  // As above, their order is not kept.
  const pairs = made
    .map((code, index) => ({ lost: old[index]!, made: Buffer.from(hashInvitationCode(code)!) }))
    .sort((a, b) => Buffer.compare(a.made, b.made))
    .map(({ lost, made }) => Prisma.sql`(${lost}::bytea, ${made}::bytea)`)
  await tx.$executeRaw`
    UPDATE invitation SET code_hash = made FROM (VALUES ${Prisma.join(pairs)}) AS each (lost, made) WHERE code_hash = lost`
  return made
}

/** The organization, where the campaign is open and asks its people. Closing waits, or is waited for: no code outlives it. */
async function lockInvited(tx: Transaction, invited: Invited): Promise<{ networkId: string; headCount: number }> {
  await tx.$queryRaw`SELECT FROM campaign WHERE id = ${invited.campaignId}::uuid FOR SHARE`
  const found = await tx.campaignOrganization.findUnique({
    where: { campaignId_organizationId: invited },
    include: { campaign: { select: { status: true } } },
  })
  if (found === null) {
    throw new Refused('NOT_INVITED', 'organization: the campaign does not ask its people.', ['organization'])
  }
  const { status } = found.campaign
  if (status === 'draft') {
    throw new Refused(
      'CAMPAIGN_NOT_OPEN',
      'campaign: it is a draft, and how many people it asks may change. Open it first: answers are taken from opensOn on.',
      ['campaign'],
    )
  }
  if (status !== 'open') {
    throw new Refused('CAMPAIGN_CLOSED', 'campaign: it is closed, so nobody can answer any more.', ['campaign'])
  }
  return found
}

/** Whom a code is from; null where it is none. Whether it was used is not told. */
export async function findInvitation(tx: Transaction, code: string): Promise<Invited | null> {
  const codeHash = hashInvitationCode(code)
  if (codeHash === null) return null
  const select = { campaignId: true, organizationId: true }
  return tx.invitation.findFirst({ where: { codeHash, campaign: { status: 'open' } }, select })
}

/** What somebody redeems who was invited. */
export interface Redemption {
  /** Row key of the campaign. */
  campaignId: string
  /** The code, as it was typed. */
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
 * answer; with another message it buys nothing. Throws a {@link Refused}.
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
