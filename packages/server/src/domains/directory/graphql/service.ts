/** Services and what is told of each of them. */
import { builder } from '../../../graphql/builder.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { ServiceStatus } from './codes.ts'

builder.prismaNode('Program', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name'),
    alternateName: t.exposeString('alternateName', { nullable: true }),
    description: t.exposeString('description'),
    organization: t.relation('organization', { description: 'The organization.' }),
  }),
})

export const ServiceType = builder.prismaNode('Service', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name'),
    alternateName: t.exposeString('alternateName', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    email: t.exposeString('email', { nullable: true }),
    status: t.expose('status', { type: ServiceStatus }),
    interpretationServices: t.exposeString('interpretationServices', { nullable: true }),
    applicationProcess: t.exposeString('applicationProcess', { nullable: true }),
    feesDescription: t.exposeString('feesDescription', { nullable: true }),
    waitTime: t.exposeString('waitTime', { nullable: true }),
    fees: t.exposeString('fees', { nullable: true }),
    accreditations: t.exposeString('accreditations', { nullable: true }),
    eligibilityDescription: t.exposeString('eligibilityDescription', { nullable: true }),
    minimumAge: t.exposeFloat('minimumAge', { nullable: true }),
    maximumAge: t.exposeFloat('maximumAge', { nullable: true }),
    assuredDate: t.expose('assuredDate', { type: 'Date', nullable: true }),
    assurerEmail: t.exposeString('assurerEmail', { nullable: true }),
    licenses: t.exposeString('licenses', { nullable: true }),
    alert: t.exposeString('alert', { nullable: true }),
    lastModified: t.expose('lastModified', { type: 'DateTime', nullable: true }),
    demonstration: t.exposeBoolean('demonstration'),
    organization: t.relation('organization', { description: 'The organization.' }),
    program: t.relation('program', { nullable: true, description: 'The program.' }),
    additionalUrls: t.relation('additionalUrls', {
      description: 'Further web pages.',
      query: { orderBy: { id: 'asc' } },
    }),
    phones: t.relation('phones', { description: 'Telephone numbers.', query: { orderBy: { id: 'asc' } } }),
    schedules: t.relation('schedules', { description: 'When it is open (orari).', query: { orderBy: { id: 'asc' } } }),
    holidaySchedules: t.relation('holidaySchedules', {
      description: 'Days on which the schedules do not hold.',
      query: { orderBy: { id: 'asc' } },
    }),
    serviceAreas: t.relation('serviceAreas', {
      description: 'Where people must live or be.',
      query: { orderBy: { id: 'asc' } },
    }),
    serviceAtLocations: t.relation('serviceAtLocations', {
      description: 'The places where the service is given.',
      query: { orderBy: { id: 'asc' } },
    }),
    languages: t.relation('languages', {
      description: 'Languages in which people are served.',
      query: { orderBy: { id: 'asc' } },
    }),
    funding: t.relation('funding', { description: 'Where the money comes from.', query: { orderBy: { id: 'asc' } } }),
    costOptions: t.relation('costOptions', { description: 'Prices.', query: { orderBy: { id: 'asc' } } }),
    requiredDocuments: t.relation('requiredDocuments', {
      description: 'Documents to bring.',
      query: { orderBy: { id: 'asc' } },
    }),
    contacts: t.relation('contacts', { description: 'Whom to ask.', query: { orderBy: { id: 'asc' } } }),
    capacities: t.relation('capacities', {
      description: 'Places that it has, and how many are free.',
      query: { orderBy: { id: 'asc' } },
    }),
    needAreas: t.relation('needAreas', {
      description: 'Need areas that it answers.',
      query: { orderBy: { needAreaId: 'asc' } },
    }),
  }),
})

export const ServiceAtLocation = builder.prismaNode('ServiceAtLocation', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    description: t.exposeString('description', { nullable: true }),
    service: t.relation('service', { description: 'The service.' }),
    location: t.relation('location', { description: 'The location.' }),
    serviceAreas: t.relation('serviceAreas', {
      description: 'Where people must live or be.',
      query: { orderBy: { id: 'asc' } },
    }),
    contacts: t.relation('contacts', { description: 'Whom to ask.', query: { orderBy: { id: 'asc' } } }),
    phones: t.relation('phones', { description: 'Telephone numbers.', query: { orderBy: { id: 'asc' } } }),
    schedules: t.relation('schedules', { description: 'When it is open (orari).', query: { orderBy: { id: 'asc' } } }),
  }),
})

builder.prismaNode('ServiceArea', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    extent: t.exposeString('extent', { nullable: true }),
    extentType: t.exposeString('extentType', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
    wholeTerritory: t.exposeBoolean('wholeTerritory'),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    serviceAtLocation: t.relation('serviceAtLocation', { nullable: true, description: 'The service at a location.' }),
    municipality: t.relation('municipality', {
      nullable: true,
      description: 'The municipality, when it is one of the territory.',
    }),
  }),
})

builder.prismaNode('CostOption', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    validFrom: t.expose('validFrom', { type: 'Date', nullable: true }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
    option: t.exposeString('option', { nullable: true }),
    currency: t.exposeString('currency', { nullable: true }),
    amount: t.exposeFloat('amount', { nullable: true }),
    amountDescription: t.exposeString('amountDescription', { nullable: true }),
    service: t.relation('service', { description: 'The service.' }),
  }),
})

builder.prismaNode('RequiredDocument', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    document: t.exposeString('document', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('Funding', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    source: t.exposeString('source', { nullable: true }),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('ServiceCapacity', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    available: t.exposeFloat('available'),
    maximum: t.exposeFloat('maximum', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    updated: t.expose('updated', { type: 'DateTime' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    unit: t.relation('unit', { nullable: true, description: 'What is counted.' }),
  }),
})

builder.prismaNode('Unit', {
  authScopes: everyone,
  id: { field: 'id' },
  select: { id: true },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    recordVersion: t.exposeInt('recordVersion'),
    name: t.exposeString('name'),
    scheme: t.exposeString('scheme', { nullable: true }),
    identifier: t.exposeString('identifier', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
  }),
})
