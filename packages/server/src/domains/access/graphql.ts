/** Who a caller is to the server, as the API shows it. */
import type { Anyone, Partner } from '../../actor.ts'
import { ApiKeyScope } from '../../generated/prisma/enums.ts'
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
  authScopes: { known: true },
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

const viewerTypes = { anyone: AnonymousViewer, partner: PartnerViewer } as const

const Viewer = builder.unionType('Viewer', {
  description: 'Who a caller is to the server.',
  types: Object.values(viewerTypes),
  resolveType: ({ kind }) => viewerTypes[kind],
})

builder.queryField('viewer', (t) =>
  t.field({
    authScopes: everyone,
    type: Viewer,
    description: 'Who the caller is to the server, by the credential that came with the request.',
    resolve: (_parent, _args, { actor }) => actor as Anyone | Partner,
  }),
)
