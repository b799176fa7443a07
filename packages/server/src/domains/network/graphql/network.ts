/** Networks, organizations, memberships, territory, phases and events, as the API shows them. */
import { z } from 'zod'
import { MembershipRole, MembershipStatus, OrganizationKind } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { limits } from '../../../graphql/limits.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { lookUp } from '../../../graphql/planned-selection.ts'
import { sectors } from '../sector.ts'

export const Kind = builder.enumType('OrganizationKind', {
  description: 'What sort of organization it is.',
  values: {
    HEALTH_AUTHORITY: { value: OrganizationKind.health_authority, description: 'Local health authority (ASL).' },
    SOCIAL_CARE_CONSORTIUM: {
      value: OrganizationKind.social_care_consortium,
      description: 'Social-care consortium of municipalities (consorzio socio-assistenziale).',
    },
    MUNICIPALITY: { value: OrganizationKind.municipality, description: 'Municipality (comune).' },
    SOCIAL_COOPERATIVE: {
      value: OrganizationKind.social_cooperative,
      description: 'Social cooperative (cooperativa sociale).',
    },
    VOLUNTEER_ASSOCIATION: {
      value: OrganizationKind.volunteer_association,
      description: 'Volunteer association (associazione di volontariato).',
    },
    COMPANY: { value: OrganizationKind.company, description: 'Company (azienda).' },
    UNIVERSITY: { value: OrganizationKind.university, description: 'University (università).' },
    FOUNDATION: { value: OrganizationKind.foundation, description: 'Foundation (fondazione).' },
    OTHER: { value: OrganizationKind.other, description: 'None of the others, or not known.' },
  },
})

export const Sector = builder.enumType('Sector', {
  description: 'The part of welfare to which an organization belongs, by its kind.',
  values: {
    PUBLIC: {
      value: 'public',
      description: 'Public: health authorities, social-care consortia, municipalities, universities.',
    },
    COMMUNITY: {
      value: 'community',
      description: 'Community (terzo settore): social cooperatives, volunteer associations, foundations.',
    },
    COMPANY: { value: 'company', description: 'Companies.' },
  } as const,
})

export const Role = builder.enumType('MembershipRole', {
  description: 'What an organization does in the network.',
  values: {
    LEAD: { value: MembershipRole.lead, description: 'Leads the network (capofila).' },
    PARTNER: { value: MembershipRole.partner, description: 'Runs it with the leads (partner).' },
    MEMBER: { value: MembershipRole.member, description: 'Belongs to it, as companies do (aderente).' },
  },
})

const Status = builder.enumType('MembershipStatus', {
  description: 'Where a membership stands.',
  values: {
    APPLIED: { value: MembershipStatus.applied, description: 'Applied for and not decided.' },
    ACTIVE: { value: MembershipStatus.active, description: 'Accepted and in force.' },
    LEFT: { value: MembershipStatus.left, description: 'Ended, or withdrawn before it began.' },
  },
})

export const Network = builder.prismaNode('Network', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    territoryName: t.exposeString('territoryName', { nullable: true }),
    demonstration: t.exposeBoolean('demonstration'),
    recordVersion: t.exposeInt('recordVersion'),
    phases: t.relation('phases', {
      description: 'Phases of the work, in order.',
      query: { orderBy: { position: 'asc' } },
    }),
  }),
})

export const Municipality = builder.prismaNode('Municipality', {
  authScopes: everyone,
  id: { field: 'istatCode' },
  select: { istatCode: true },
  nullable: true,
  fields: (t) => ({
    istatCode: t.exposeString('istatCode'),
    name: t.exposeString('name'),
    cadastralCode: t.exposeString('cadastralCode'),
    province: t.exposeString('province'),
  }),
})

const NetworkMunicipality = builder.prismaObject('NetworkMunicipality', {
  authScopes: everyone,
  select: { networkId: true, istatCode: true },
  fields: (t) => ({
    area: t.exposeString('area', { nullable: true }),
    municipality: t.relation('municipality', { description: 'The municipality.' }),
  }),
})

export const Organization = builder.prismaNode('Organization', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true, networkId: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    kind: t.field({
      type: Kind,
      select: { kind: true },
      resolve: ({ kind }) => kind,
      description: 'What sort of organization it is.',
    }),
    sector: t.field({
      type: Sector,
      nullable: true,
      select: { kind: true },
      resolve: ({ kind }) => sectors[kind],
      description: 'Public, community or company welfare; null when the kind does not tell.',
    }),
    name: t.exposeString('name'),
    alternateName: t.exposeString('alternateName', { nullable: true }),
    description: t.exposeString('description'),
    email: t.exposeString('email', { nullable: true }),
    website: t.exposeString('website', { nullable: true }),
    additionalWebsites: t.relation('additionalWebsites', {
      description: 'Further web pages.',
      query: { orderBy: { id: 'asc' } },
    }),
    taxStatus: t.exposeString('taxStatus', { nullable: true }),
    taxId: t.exposeString('taxId', { nullable: true }),
    yearIncorporated: t.exposeInt('yearIncorporated', { nullable: true }),
    legalStatus: t.exposeString('legalStatus', { nullable: true }),
    logo: t.exposeString('logo', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
    retiredOn: t.expose('retiredOn', { type: 'Date', nullable: true }),
    parentOrganization: t.relation('parentOrganization', {
      nullable: true,
      description: 'The organization it is part of.',
    }),
    parts: t.relation('parts', {
      description: 'Organizations that are part of it, by name.',
      query: { orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    }),
    organizationIdentifiers: t.relation('organizationIdentifiers', {
      description: 'Numbers in public registers: VAT number (partita IVA), IPA code, ISTAT code.',
      query: { orderBy: { id: 'asc' } },
    }),
    contacts: t.relation('contacts', { description: 'Whom to ask.', query: { orderBy: { id: 'asc' } } }),
    phones: t.relation('phones', { description: 'Telephone numbers.', query: { orderBy: { id: 'asc' } } }),
    funding: t.relation('funding', { description: 'Where its money comes from.', query: { orderBy: { id: 'asc' } } }),
    programs: t.relation('programs', {
      description: 'Its programs, by name.',
      query: { orderBy: [{ name: 'asc' }, { id: 'asc' }] },
    }),
    memberships: t.relation('memberships', {
      description: 'Its memberships, newest first.',
      query: { orderBy: [{ appliedOn: 'desc' }, { id: 'asc' }] },
    }),
  }),
})

export const Membership = builder.prismaNode('Membership', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    organization: t.relation('organization', { description: 'The organization.' }),
    role: t.field({
      type: Role,
      select: { role: true },
      resolve: ({ role }) => role,
      description: 'What the organization does in the network.',
    }),
    status: t.field({
      type: Status,
      select: { status: true },
      resolve: ({ status }) => status,
      description: 'Where the membership stands.',
    }),
    appliedOn: t.expose('appliedOn', { type: 'Date' }),
    decidedOn: t.expose('decidedOn', { type: 'Date', nullable: true }),
    decidedBy: t.exposeString('decidedBy', { nullable: true }),
    leftOn: t.expose('leftOn', { type: 'Date', nullable: true }),
    leftReason: t.exposeString('leftReason', { nullable: true }),
    recordVersion: t.exposeInt('recordVersion'),
  }),
})

export const Phase = builder.prismaNode('Phase', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    position: t.exposeInt('position'),
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    recordVersion: t.exposeInt('recordVersion'),
  }),
})

export const NetworkEvent = builder.prismaNode('NetworkEvent', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    recordVersion: t.exposeInt('recordVersion'),
    venue: t.exposeString('venue', { nullable: true }),
    municipality: t.relation('municipality', { nullable: true, description: 'Where it takes place.' }),
  }),
})

const networks = connectionOf(Network, 'Network', 'networks')
const memberships = connectionOf(Membership, 'Membership', 'memberships')
const organizations = connectionOf(Organization, 'Organization', 'organizations')
const municipalities = connectionOf(NetworkMunicipality, 'NetworkMunicipality', 'municipalities of a territory')
const events = connectionOf(NetworkEvent, 'NetworkEvent', 'public moments')

builder.prismaObjectFields('Network', (t) => ({
  members: t.relatedConnection(
    'memberships',
    {
      description: 'Memberships of organizations, by role (leads first) and name.',
      cursor: 'id',
      totalCount: true,
      args: {
        role: t.arg({ type: Role, description: 'Only this role.' }),
        status: t.arg({ type: Status, description: 'Only this status.' }),
      },
      query: ({ role, status }) => ({
        where: { ...(role && { role }), ...(status && { status }) },
        orderBy: [{ role: 'asc' as const }, { organization: { name: 'asc' as const } }, { id: 'asc' as const }],
      }),
    },
    memberships,
  ),
  organizations: t.relatedConnection(
    'organizations',
    {
      description: 'Organizations, by name.',
      cursor: 'id',
      totalCount: true,
      args: { kind: t.arg({ type: Kind, description: 'Only this kind.' }) },
      query: ({ kind }) => ({
        where: kind ? { kind } : {},
        orderBy: [{ name: 'asc' as const }, { id: 'asc' as const }],
      }),
    },
    organizations,
  ),
  territory: t.relatedConnection(
    'territory',
    {
      description: 'Municipalities of the territory, by name.',
      cursor: 'networkId_istatCode',
      totalCount: true,
      query: { orderBy: [{ municipality: { name: 'asc' } }, { istatCode: 'asc' }] },
    },
    municipalities,
  ),
  events: t.relatedConnection(
    'events',
    {
      description: 'Public moments, oldest first.',
      cursor: 'id',
      totalCount: true,
      query: { orderBy: [{ startsOn: 'asc' }, { id: 'asc' }] },
    },
    events,
  ),
}))

builder.queryFields((t) => ({
  network: t.field({
    authScopes: everyone,
    type: Network,
    nullable: true,
    description: 'The network with a short name; null when there is none.',
    args: {
      slug: t.arg.string({
        required: true,
        description: 'Short name, such as alba-bra.',
        validate: z.string().max(limits.words),
      }),
    },
    resolve: (_parent, { slug }, context, info) => lookUp(context.prisma.network, { slug }, context, info),
  }),
  networks: t.prismaConnection(
    {
      authScopes: everyone,
      type: 'Network',
      cursor: 'id',
      description: 'All networks of this server, by name.',
      totalCount: (_connection, _args, { prisma }) => prisma.network.count(),
      resolve: (query, _parent, _args, { prisma }) =>
        prisma.network.findMany({ ...query, orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
    },
    networks,
  ),
  organization: t.field({
    authScopes: everyone,
    type: Organization,
    nullable: true,
    description: 'The organization with a global id; null when there is none.',
    args: {
      id: t.arg.globalID({ required: true, for: Organization, description: 'Global id, such as organization_0190….' }),
    },
    resolve: (_parent, { id }, context, info) => lookUp(context.prisma.organization, { id: id.id }, context, info),
  }),
}))
