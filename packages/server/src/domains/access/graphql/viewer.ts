/** Who a caller is to the server. */
import type { Actor, Anyone, Partner, Person, Staff } from '../../../actor.ts'
import { StaffRole } from '../../../generated/prisma/enums.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Budget, Context } from '../../../graphql/context.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { seenIn } from '../find-person.ts'
import { Scope } from './scope.ts'

function networkOf(query: object, { networkId }: { networkId: string }, _args: object, { prisma }: Context) {
  return prisma.network.findUniqueOrThrow({ ...query, where: { id: networkId } })
}

function organizationOf(
  query: object,
  { organizationId }: { organizationId: string | null },
  _args: object,
  { prisma }: Context,
) {
  return organizationId === null
    ? null
    : prisma.organization.findUniqueOrThrow({ ...query, where: { id: organizationId } })
}

const RequestBudget = builder.objectRef<Budget>('RequestBudget').implement({
  authScopes: everyone,
  description:
    'What a caller may spend on requests: an API key, a person, somebody of the staff, or, without a credential, an address. ' +
    'Each server counts on its own.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'Cost that may be spent in a minute.' }),
    remaining: t.exposeInt('remaining', { description: 'Cost that may still be spent; this request is paid for.' }),
    resetsAt: t.expose('resetsAt', { type: 'DateTime', description: 'When all of it may be spent again.' }),
  }),
})

const Caller = builder.interfaceRef<Actor>('Caller').implement({
  authScopes: everyone,
  description: 'Whoever asks.',
  fields: (t) => ({
    budget: t.field({
      type: RequestBudget,
      nullable: true,
      description: "What may be spent on requests; null where this server doesn't count.",
      resolve: (_caller, _args, { budget }) => budget ?? null,
    }),
  }),
})

const AnonymousViewer = builder.objectRef<Anyone>('AnonymousViewer').implement({
  authScopes: everyone,
  interfaces: [Caller],
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
  interfaces: [Caller],
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
      resolve: networkOf,
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
  interfaces: [Caller],
  description: 'A person in a session, known by nothing but a key.',
  fields: (t) => ({
    relation: t.field({
      type: RelationType,
      description: 'How the person belongs to the organization.',
      resolve: ({ relation }) => relation,
    }),
    seenIn: t.field({
      type: 'Date',
      nullable: true,
      description:
        'First day of the month in which the person last opened a session, which is all that is kept of when they came; null ' +
        'where everything that was kept of them was erased, and the session is of nobody any more.',
      resolve: (person, _args, { prisma }) => seenIn(prisma, person),
    }),
    organization: t.prismaField({
      type: 'Organization',
      nullable: true,
      description: 'The organization through which the person is entitled; null for a citizen.',
      resolve: organizationOf,
    }),
    network: t.prismaField({
      type: 'Network',
      description: 'The network in which the session is.',
      resolve: networkOf,
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
      resolve: networkOf,
    }),
    organization: t.prismaField({
      type: 'Organization',
      nullable: true,
      description: 'The organization that it is about; null for a role in the whole network.',
      resolve: organizationOf,
    }),
  }),
})

const StaffViewer = builder.objectRef<Staff>('StaffViewer').implement({
  authScopes: { kind: 'staff' },
  interfaces: [Caller],
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
