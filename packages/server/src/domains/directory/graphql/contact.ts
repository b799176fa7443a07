/** How an organization, a service or a place is reached. */
import { builder } from '../../../graphql/builder.ts'
import { everyone } from '../../../graphql/permissions.ts'

builder.prismaNode('Contact', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name', { nullable: true }),
    title: t.exposeString('title', { nullable: true }),
    department: t.exposeString('department', { nullable: true }),
    email: t.exposeString('email', { nullable: true }),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    serviceAtLocation: t.relation('serviceAtLocation', { nullable: true, description: 'The service at a location.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    phones: t.relation('phones', { description: 'Telephone numbers.', query: { orderBy: { id: 'asc' } } }),
  }),
})

builder.prismaNode('Phone', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    number: t.exposeString('number'),
    extension: t.exposeFloat('extension', { nullable: true }),
    type: t.exposeString('type', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    contact: t.relation('contact', { nullable: true, description: 'The contact.' }),
    serviceAtLocation: t.relation('serviceAtLocation', { nullable: true, description: 'The service at a location.' }),
    languages: t.relation('languages', {
      description: 'Languages in which people are served.',
      query: { orderBy: { id: 'asc' } },
    }),
  }),
})

builder.prismaNode('Language', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name', { nullable: true }),
    code: t.exposeString('code', { nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    phone: t.relation('phone', { nullable: true, description: 'The telephone number.' }),
  }),
})

builder.prismaNode('Url', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    label: t.exposeString('label', { nullable: true }),
    url: t.exposeString('url'),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('OrganizationIdentifier', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    identifierScheme: t.exposeString('identifierScheme', { nullable: true }),
    identifierType: t.exposeString('identifierType'),
    identifier: t.exposeString('identifier'),
    organization: t.relation('organization', { description: 'The organization.' }),
  }),
})
