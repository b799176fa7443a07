/** How people answer: whom a code is from, a signature for it, and the answers. Nothing here is recorded anywhere. */
import { builder } from '../../../graphql/builder.ts'
import { readId } from '../../../graphql/mutation-input.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { findInvitation, redeemInvitation } from '../running/invitations.ts'
import { submitResponse } from '../running/submit-response.ts'
import { CampaignOrganization } from './campaign.ts'

builder.queryField('invitation', (t) =>
  t.prismaField({
    authScopes: everyone,
    type: CampaignOrganization,
    nullable: true,
    description:
      'To the people of which organization, and in which campaign, the code of an invitation was given; null where it is ' +
      'none, also when the campaign is over. Take the public key from the campaign, in another request: then ' +
      'it is the one that everybody is given.',
    args: { code: t.arg.string({ required: true, description: 'The code, as it was told: 7QF2-M9XK-….' }) },
    complexity: 10,
    resolve: async (query, _parent, { code }, { prisma }) => {
      const found = await findInvitation(prisma, code)
      return found && prisma.campaignOrganization.findUnique({ ...query, where: { campaignId_organizationId: found } })
    },
  }),
)

const RedeemInvitationInput = builder.inputType('RedeemInvitationInput', {
  description: 'An invitation, and what is to be signed for it.',
  fields: (t) => ({
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    code: t.string({ required: true, description: 'The code of the invitation.' }),
    blindedMessage: t.string({
      required: true,
      description:
        'The message, prepared and blinded with the public key (RFC 9474, 4.1 and 4.2): 256 bytes in base64.',
    }),
  }),
})

const RedeemedInvitation = builder.objectRef<{ blindSignature: Buffer }>('RedeemedInvitation').implement({
  authScopes: everyone,
  description: 'What an invitation buys.',
  fields: (t) => ({
    blindSignature: t.string({
      description: 'The blind signature, to be finalized (RFC 9474, 4.4) in the browser: 256 bytes in base64.',
      resolve: ({ blindSignature }) => blindSignature.toString('base64'),
    }),
  }),
})

const CredentialInput = builder.inputType('CredentialInput', {
  description: 'What shows that somebody was invited, and not who.',
  fields: (t) => ({
    message: t.string({ required: true, description: 'The prepared message: 64 bytes in base64.' }),
    signature: t.string({
      required: true,
      description: 'The signature of the organization’s key: 256 bytes in base64.',
    }),
  }),
})

const SubmitResponseInput = builder.inputType('SubmitResponseInput', {
  description: 'The answers of somebody to a campaign.',
  fields: (t) => ({
    campaign: t.id({ required: true, description: 'Global id of the campaign.' }),
    organization: t.id({ required: true, description: 'Global id of the organization whose people were invited.' }),
    credential: t.field({ type: CredentialInput, required: true, description: 'The credential; it counts once.' }),
    answers: t.field({
      type: 'JSONObject',
      required: true,
      description:
        'Answers by the name of the question: of a single choice the code (its place from 1), of a scale and a number the ' +
        'value, of a multiple choice the codes, of a matrix an object by row, of a ranking the codes in order, of a free ' +
        'text the text; "not-applicable" where that is offered. What is not answered is left out.',
    }),
  }),
})

const SubmittedResponse = builder.objectRef<{ counted: true }>('SubmittedResponse').implement({
  authScopes: everyone,
  description: 'That the answers count.',
  fields: (t) => ({
    counted: t.exposeBoolean('counted', {
      description: 'Always true. Nothing tells them from those of others any more, so there is nothing else to show.',
    }),
  }),
})

builder.mutationFields((t) => ({
  redeemInvitation: t.field({
    authScopes: everyone,
    type: RedeemedInvitation,
    description:
      'Buys the one blind signature that an invitation is worth. The same code with the same message buys the same again, ' +
      'with another message nothing. Sent from the browser of the person.',
    args: { input: t.arg({ type: RedeemInvitationInput, required: true, description: 'The invitation.' }) },
    complexity: 50,
    errors: refusing('RedeemInvitation', 'The blind signature, or why there is none.'),
    resolve: async (_parent, { input }, { prisma, secrets }) => {
      const campaignId = readId('Campaign', input.campaign, ['campaign'])
      const blindedMessage = bytes(input.blindedMessage, ['blindedMessage'])
      const redemption = { campaignId, code: input.code, blindedMessage }
      return prisma.$transaction((tx) => redeemInvitation(tx, secrets, redemption, new Date()))
    },
  }),
  submitResponse: t.field({
    authScopes: everyone,
    type: SubmittedResponse,
    description:
      'Hands answers in. The same again with the same credential is answered as it was; other answers are refused. Sent from ' +
      'the browser of the person, some time after the invitation was redeemed.',
    args: { input: t.arg({ type: SubmitResponseInput, required: true, description: 'The answers.' }) },
    complexity: 50,
    errors: refusing('SubmitResponse', 'That the answers count, or why they don’t.'),
    resolve: async (_parent, { input }, { prisma }) => {
      const campaignId = readId('Campaign', input.campaign, ['campaign'])
      const organizationId = readId('Organization', input.organization, ['organization'])
      const credential = {
        message: bytes(input.credential.message, ['credential', 'message']),
        signature: bytes(input.credential.signature, ['credential', 'signature']),
      }
      await submitResponse(prisma, { campaignId, organizationId, credential, answers: input.answers }, new Date())
      return { counted: true as const }
    },
  }),
}))

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const longest = 1_000

function bytes(text: string, path: string[]): Uint8Array {
  if (text.length <= longest && base64.test(text)) return Uint8Array.from(Buffer.from(text, 'base64'))
  throw new Refused(
    'BASE64_INVALID',
    `${path.join('.')}: this is no base64 (RFC 4648, 4) of a few hundred bytes.`,
    path,
  )
}
