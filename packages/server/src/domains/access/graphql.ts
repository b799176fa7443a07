/** Who a caller is to the server, as the API shows it. */
import type { Actor, Anyone, Partner, Person, Staff } from '../../actor.ts'
import { ApiKeyScope, StaffRole } from '../../generated/prisma/enums.ts'
import { builder } from '../../graphql/builder.ts'
import { everyone } from '../../graphql/permissions.ts'
import { refusing } from '../../graphql/problems.ts'
import { Refused } from '../../refused.ts'
import { findNetwork } from '../network/find-network.ts'
import { issueGrantOf } from './issue-grant.ts'
import { openPersonSession, type SessionRefusal } from './person-session.ts'

const Scope = builder.enumType('ApiKeyScope', {
  description: 'What may be done with an API key.',
  values: {
    DIRECTORY_WRITE: {
      value: ApiKeyScope.directory_write,
      description: 'directory:write: write the directory entries of the organization.',
    },
    BENEFIT_WRITE: {
      value: ApiKeyScope.benefit_write,
      description: 'benefit:write: write the benefits that the organization gives its people.',
    },
    COURSE_WRITE: {
      value: ApiKeyScope.course_write,
      description: 'course:write: write the courses that the organization holds.',
    },
    COURSE_ROSTER: {
      value: ApiKeyScope.course_roster,
      description: "course:roster: read who takes part in the organization's courses.",
    },
    SURVEY_RUN: {
      value: ApiKeyScope.survey_run,
      description: "survey:run: run surveys among the organization's people.",
    },
    GRANT_ISSUE: {
      value: ApiKeyScope.grant_issue,
      description: 'grant:issue: say that somebody is entitled through the organization.',
    },
    CARE_WORK: {
      value: ApiKeyScope.care_work,
      description: 'care:work: work on help requests that were referred to the organization.',
    },
    WEBHOOK_MANAGE: {
      value: ApiKeyScope.webhook_manage,
      description: 'webhook:manage: manage where the organization is told of events.',
    },
    NETWORK_COORDINATE: {
      value: ApiKeyScope.network_coordinate,
      description: 'network:coordinate: coordinate the network, with every directory entry of it.',
    },
  },
})

const AnonymousViewer = builder.objectRef<Anyone>('AnonymousViewer').implement({
  authScopes: everyone,
  description: 'A caller without a credential.',
  fields: (t) => ({
    canReadDirectory: t.boolean({
      description: 'True: the public directory is for everybody.',
      resolve: () => true,
    }),
  }),
})

const PartnerViewer = builder.objectRef<Partner>('PartnerViewer').implement({
  authScopes: { kind: 'partner' },
  description: "An organization's server, with an API key.",
  fields: (t) => ({
    organization: t.prismaField({
      type: 'Organization',
      description: 'The organization that asks.',
      resolve: (query, { organizationId }, _args, { prisma }) =>
        prisma.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    network: t.prismaField({
      type: 'Network',
      description: 'The network in which it asks.',
      resolve: (query, { networkId }, _args, { prisma }) =>
        prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } }),
    }),
    scopes: t.field({
      type: [Scope],
      description: 'What may be done with the key.',
      resolve: ({ scopes }) => [...scopes],
    }),
  }),
})

const RelationType = builder.enumType('Relation', {
  description: 'How a person belongs to whom.',
  values: {
    EMPLOYEE: { value: 'employee', description: 'Works for the organization.' },
    FAMILY_MEMBER: { value: 'family_member', description: 'Is of the family of somebody who works for it.' },
    CITIZEN: { value: 'citizen', description: 'Belongs to nobody but the territory.' },
  } as const,
})

const PersonViewer = builder.objectRef<Person>('PersonViewer').implement({
  authScopes: { kind: 'person' },
  description: 'A person in a session, known by nothing but a key.',
  fields: (t) => ({
    relation: t.field({
      type: RelationType,
      description: 'How the person belongs to the organization.',
      resolve: ({ relation }) => relation,
    }),
    organization: t.prismaField({
      type: 'Organization',
      nullable: true,
      description: 'The organization through which the person is entitled; null for a citizen.',
      resolve: (query, { organizationId }, _args, { prisma }) =>
        organizationId === null
          ? null
          : prisma.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
    network: t.prismaField({
      type: 'Network',
      description: 'The network in which the session is.',
      resolve: (query, { networkId }, _args, { prisma }) =>
        prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } }),
    }),
  }),
})

const StaffRoleType = builder.enumType('StaffRole', {
  description: 'What somebody of the staff does.',
  values: {
    NETWORK_COORDINATOR: { value: StaffRole.network_coordinator, description: 'Coordinates the network.' },
    WELFARE_POINT_OPERATOR: { value: StaffRole.welfare_point_operator, description: 'Works at the Welfare Point.' },
    ORGANIZATION_ADMIN: {
      value: StaffRole.organization_admin,
      description: 'Administers what an organization owns.',
    },
  },
})

const StaffAssignment = builder.objectRef<Staff['roles'][number]>('StaffAssignment').implement({
  authScopes: { kind: 'staff' },
  description: 'A role, and where it holds.',
  fields: (t) => ({
    role: t.field({ type: StaffRoleType, description: 'The role.', resolve: ({ role }) => role }),
    network: t.prismaField({
      type: 'Network',
      description: 'The network in which it holds.',
      resolve: (query, { networkId }, _args, { prisma }) =>
        prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } }),
    }),
    organization: t.prismaField({
      type: 'Organization',
      nullable: true,
      description: 'The organization that it is about; null for a role in the whole network.',
      resolve: (query, { organizationId }, _args, { prisma }) =>
        organizationId === null
          ? null
          : prisma.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } }),
    }),
  }),
})

const StaffViewer = builder.objectRef<Staff>('StaffViewer').implement({
  authScopes: { kind: 'staff' },
  description: 'Somebody of the staff, with a token of an OpenID Connect issuer.',
  fields: (t) => ({
    assignments: t.field({
      type: [StaffAssignment],
      description: 'Roles that both the token and the network say.',
      resolve: ({ roles }) => roles,
    }),
  }),
})

const viewerTypes = { anyone: AnonymousViewer, partner: PartnerViewer, person: PersonViewer, staff: StaffViewer }

const Viewer = builder.unionType('Viewer', {
  description: 'Who a caller is to the server.',
  types: Object.values(viewerTypes),
  resolveType: (actor) => viewerTypes[(actor as Actor).kind],
})

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
  authScopes: { partner: 'grant_issue' },
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
    authScopes: { partner: 'grant_issue' },
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

builder.queryField('viewer', (t) =>
  t.field({
    authScopes: everyone,
    type: Viewer,
    description: 'Who the caller is to the server, by the credential that came with the request.',
    resolve: (_parent, _args, { actor }) => actor,
  }),
)
