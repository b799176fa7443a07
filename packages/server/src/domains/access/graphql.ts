/** Who a caller is to the server, as the API shows it. */
import type { Actor, Anyone, Partner, Person, Staff } from '../../actor.ts'
import { ApiKeyScope, StaffRole } from '../../generated/prisma/enums.ts'
import { builder } from '../../graphql/builder.ts'
import { everyone } from '../../graphql/permissions.ts'

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

builder.queryField('viewer', (t) =>
  t.field({
    authScopes: everyone,
    type: Viewer,
    description: 'Who the caller is to the server, by the credential that came with the request.',
    resolve: (_parent, _args, { actor }) => actor,
  }),
)
