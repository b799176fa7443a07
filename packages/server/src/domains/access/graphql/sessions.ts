/** Grants of organizations, and sessions of people. */
import type { Partner } from '../../../actor.ts'
import { builder } from '../../../graphql/builder.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { refusing } from '../../../graphql/problems.ts'
import { Refused } from '../../../refused.ts'
import { findNetwork } from '../../network/find-network.ts'
import { issueGrantOf } from '../issue-grant.ts'
import { openPersonSession, type SessionRefusal } from '../person-session.ts'

const GrantRelation = builder.enumType('GrantRelation', {
  description: 'How somebody belongs to an organization that says so.',
  values: {
    EMPLOYEE: { value: 'employee', description: 'Works for it.' },
    FAMILY_MEMBER: { value: 'family_member', description: 'Is of the family of somebody who works for it.' },
  } as const,
})

const IssueGrantInput = builder.inputType('IssueGrantInput', {
  description: 'What a grant says.',
  fields: (t) => ({
    relation: t.field({ type: GrantRelation, required: true, description: 'How they belong to the organization.' }),
  }),
})

const IssuedGrant = builder.objectRef<{ grant: string; expiresAt: Date }>('IssuedGrant').implement({
  authScopes: { partner: ['grant_issue'] },
  description:
    'A grant: somebody is entitled through the organization. It says nothing of who, and opens nothing alone.',
  fields: (t) => ({
    grant: t.exposeString('grant', {
      description:
        'The grant, to be handed to the page of the person. All that are issued alike in a minute are the same.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it ends: after 14 to 15 minutes.' }),
  }),
})

const OpenPersonSessionInput = builder.inputType('OpenPersonSessionInput', {
  description: 'What a person shows. It is sent from the browser of the person, and from nowhere else.',
  fields: (t) => ({
    network: t.string({ required: true, description: 'Short name of the network, such as alba-bra.' }),
    grant: t.string({ description: 'A grant of an organization of the network; a citizen has none.' }),
    personKey: t.string({
      required: true,
      description: 'The person key, as @welfare-network/sdk/person makes it: 22 characters of base64url.',
    }),
  }),
})

const OpenedSession = builder.objectRef<{ token: string; expiresAt: Date }>('OpenedSession').implement({
  authScopes: everyone,
  description: 'A session of a person.',
  fields: (t) => ({
    token: t.exposeString('token', {
      description: 'The credential of the person, for the header Authorization: Bearer <token>. Keep it in the page.',
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'When it ends: after an hour. Open another with a fresh grant to go on.',
    }),
  }),
})

const sessionRefusals: Record<SessionRefusal, () => Refused> = {
  grant_invalid: () =>
    new Refused('GRANT_INVALID', 'grant: this is no grant, or none any more. Ask the organization for a new one.', [
      'grant',
    ]),
  grant_of_another_network: () =>
    new Refused('GRANT_OF_ANOTHER_NETWORK', 'grant: it entitles in another network than the one named.', ['grant']),
  person_key_malformed: () =>
    new Refused('PERSON_KEY_MALFORMED', 'personKey: this is no person key. Read the recovery code again.', [
      'personKey',
    ]),
}

builder.mutationFields((t) => ({
  issueGrant: t.field({
    authScopes: { partner: ['grant_issue'] },
    type: IssuedGrant,
    description: 'Says that somebody is entitled through the organization that asks. Needs the scope grant:issue.',
    args: { input: t.arg({ type: IssueGrantInput, required: true, description: 'What the grant says.' }) },
    errors: refusing('IssueGrant', 'The grant, or why there is none.'),
    resolve: (_parent, { input }, { prisma, secrets, actor }) =>
      issueGrantOf(prisma, secrets, actor as Partner, input.relation, new Date()),
  }),
  openPersonSession: t.field({
    authScopes: everyone,
    type: OpenedSession,
    description: 'Opens a session for the person who has a key, whether or not the key was seen before.',
    args: { input: t.arg({ type: OpenPersonSessionInput, required: true, description: 'What the person shows.' }) },
    errors: refusing('OpenPersonSession', 'The session, or why there is none.'),
    resolve: async (_parent, { input }, { prisma, secrets }) => {
      const network = await findNetwork(prisma, input.network)
      if (typeof network === 'string') {
        throw new Refused('NETWORK_UNKNOWN', 'network: there is none of this name.', ['network'])
      }
      const { grant = null, personKey } = input
      const opening = await openPersonSession(prisma, secrets, { networkId: network.id, grant, personKey }, new Date())
      if (opening.type === 'refused') throw sessionRefusals[opening.reason]()
      return opening
    },
  }),
}))
