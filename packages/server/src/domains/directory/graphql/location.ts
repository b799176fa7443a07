/** Places, their addresses and their accessibility. */
import { builder } from '../../../graphql/builder.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { LocationType } from './codes.ts'

export const Location = builder.prismaNode('Location', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    locationType: t.expose('locationType', { type: LocationType }),
    url: t.exposeString('url', { nullable: true }),
    name: t.exposeString('name', { nullable: true }),
    alternateName: t.exposeString('alternateName', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    transportation: t.exposeString('transportation', { nullable: true }),
    latitude: t.exposeFloat('latitude', { nullable: true }),
    longitude: t.exposeFloat('longitude', { nullable: true }),
    externalIdentifier: t.exposeString('externalIdentifier', { nullable: true }),
    externalIdentifierType: t.exposeString('externalIdentifierType', { nullable: true }),
    demonstration: t.exposeBoolean('demonstration'),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    municipality: t.relation('municipality', {
      nullable: true,
      description: 'The municipality, when it is one of the territory.',
    }),
    languages: t.relation('languages', {
      description: 'Languages in which people are served.',
      query: { orderBy: { id: 'asc' } },
    }),
    addresses: t.relation('addresses', {
      description: 'Postal and street addresses.',
      query: { orderBy: { id: 'asc' } },
    }),
    contacts: t.relation('contacts', { description: 'Whom to ask.', query: { orderBy: { id: 'asc' } } }),
    accessibility: t.relation('accessibility', {
      description: 'What makes it usable by people with disabilities.',
      query: { orderBy: { id: 'asc' } },
    }),
    phones: t.relation('phones', { description: 'Telephone numbers.', query: { orderBy: { id: 'asc' } } }),
    schedules: t.relation('schedules', { description: 'When it is open (orari).', query: { orderBy: { id: 'asc' } } }),
    holidaySchedules: t.relation('holidaySchedules', {
      description: 'Days on which the schedules do not hold.',
      query: { orderBy: { id: 'asc' } },
    }),
  }),
})

builder.prismaNode('Address', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    attention: t.exposeString('attention', { nullable: true }),
    address1: t.exposeString('address1'),
    address2: t.exposeString('address2', { nullable: true }),
    city: t.exposeString('city'),
    region: t.exposeString('region', { nullable: true }),
    stateProvince: t.exposeString('stateProvince'),
    postalCode: t.exposeString('postalCode'),
    country: t.exposeString('country'),
    addressType: t.expose('addressType', { type: LocationType }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
  }),
})

builder.prismaNode('Accessibility', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    description: t.exposeString('description', { nullable: true }),
    details: t.exposeString('details', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
  }),
})
