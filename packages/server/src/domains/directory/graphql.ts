/** The HSDS directory, as the API shows it: every object and field of HSDS 3.1. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import {
  type Attribute,
  Frequency as FrequencyValue,
  LocationType as LocationTypeValue,
  type Metadata,
  type Prisma,
  ServiceStatus as ServiceStatusValue,
  Weekday as WeekdayValue,
} from '../../generated/prisma/client.ts'
import { builder } from '../../graphql/builder.ts'
import { connectionOf } from '../../graphql/connection.ts'
import type { Context } from '../../graphql/context.ts'
import { badInput } from '../../graphql/errors.ts'
import { limits } from '../../graphql/limits.ts'
import { Organization } from '../network/graphql.ts'
import { directoryLoaders } from './load-annotations.ts'
import { countServices, type ServiceFilter, type ServicePosition, searchServices } from './search-services.ts'

const ServiceStatus = builder.enumType('ServiceStatus', {
  description: 'Whether a service can be used today.',
  values: {
    ACTIVE: { value: ServiceStatusValue.active, description: 'It can be used.' },
    INACTIVE: { value: ServiceStatusValue.inactive, description: 'It is not offered at present.' },
    DEFUNCT: { value: ServiceStatusValue.defunct, description: 'It has ended for good.' },
    TEMPORARILY_CLOSED: { value: ServiceStatusValue.temporarily_closed, description: 'It is closed for a time.' },
  },
})

const LocationType = builder.enumType('LocationType', {
  description: 'Kind of a location or address.',
  values: {
    PHYSICAL: { value: LocationTypeValue.physical, description: 'A place that people go to.' },
    POSTAL: { value: LocationTypeValue.postal, description: 'An address for mail.' },
    VIRTUAL: { value: LocationTypeValue.virtual, description: 'A telephone line or a room on the web.' },
  },
})

const Frequency = builder.enumType('Frequency', {
  description: 'How often a schedule recurs (RFC 5545 FREQ).',
  values: {
    WEEKLY: { value: FrequencyValue.WEEKLY, description: 'Every week, or every so many weeks.' },
    MONTHLY: { value: FrequencyValue.MONTHLY, description: 'Every month, or every so many months.' },
  },
})

const Weekday = builder.enumType('Weekday', {
  description: 'Day of the week (RFC 5545).',
  values: {
    MO: { value: WeekdayValue.MO, description: 'Monday (lunedì).' },
    TU: { value: WeekdayValue.TU, description: 'Tuesday (martedì).' },
    WE: { value: WeekdayValue.WE, description: 'Wednesday (mercoledì).' },
    TH: { value: WeekdayValue.TH, description: 'Thursday (giovedì).' },
    FR: { value: WeekdayValue.FR, description: 'Friday (venerdì).' },
    SA: { value: WeekdayValue.SA, description: 'Saturday (sabato).' },
    SU: { value: WeekdayValue.SU, description: 'Sunday (domenica).' },
  },
})

builder.prismaNode('Program', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    name: t.exposeString('name'),
    alternateName: t.exposeString('alternateName', { nullable: true }),
    description: t.exposeString('description'),
    organization: t.relation('organization', { description: 'The organization.' }),
  }),
})

const ServiceType = builder.prismaNode('Service', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

const ServiceAtLocation = builder.prismaNode('ServiceAtLocation', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

const Location = builder.prismaNode('Location', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

builder.prismaNode('Phone', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

builder.prismaNode('Contact', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

builder.prismaNode('Address', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

builder.prismaNode('Schedule', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    validFrom: t.expose('validFrom', { type: 'Date', nullable: true }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
    dtstart: t.expose('dtstart', { type: 'Date', nullable: true }),
    timezone: t.exposeFloat('timezone', { nullable: true }),
    until: t.expose('until', { type: 'Date', nullable: true }),
    count: t.exposeInt('count', { nullable: true }),
    wkst: t.expose('wkst', { type: Weekday, nullable: true }),
    freq: t.expose('freq', { type: Frequency, nullable: true }),
    interval: t.exposeInt('interval', { nullable: true }),
    byday: t.exposeString('byday', { nullable: true }),
    byweekno: t.exposeString('byweekno', { nullable: true }),
    bymonthday: t.exposeString('bymonthday', { nullable: true }),
    byyearday: t.exposeString('byyearday', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    opensAt: t.exposeString('opensAt', { nullable: true }),
    closesAt: t.exposeString('closesAt', { nullable: true }),
    scheduleLink: t.exposeString('scheduleLink', { nullable: true }),
    attendingType: t.exposeString('attendingType', { nullable: true }),
    notes: t.exposeString('notes', { nullable: true }),
    demonstration: t.exposeBoolean('demonstration'),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    serviceAtLocation: t.relation('serviceAtLocation', { nullable: true, description: 'The service at a location.' }),
  }),
})

builder.prismaNode('HolidaySchedule', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    startDate: t.expose('startDate', { type: 'Date' }),
    endDate: t.expose('endDate', { type: 'Date' }),
    yearly: t.exposeBoolean('yearly'),
    closed: t.exposeBoolean('closed'),
    opensAt: t.exposeString('opensAt', { nullable: true }),
    closesAt: t.exposeString('closesAt', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
  }),
})

builder.prismaNode('Funding', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    source: t.exposeString('source', { nullable: true }),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('ServiceArea', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
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

builder.prismaNode('RequiredDocument', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    document: t.exposeString('document', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('Language', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    name: t.exposeString('name', { nullable: true }),
    code: t.exposeString('code', { nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
    phone: t.relation('phone', { nullable: true, description: 'The telephone number.' }),
  }),
})

builder.prismaNode('Accessibility', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    description: t.exposeString('description', { nullable: true }),
    details: t.exposeString('details', { nullable: true }),
    url: t.exposeString('url', { nullable: true }),
    location: t.relation('location', { nullable: true, description: 'The location.' }),
  }),
})

builder.prismaNode('CostOption', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    validFrom: t.expose('validFrom', { type: 'Date', nullable: true }),
    validTo: t.expose('validTo', { type: 'Date', nullable: true }),
    option: t.exposeString('option', { nullable: true }),
    currency: t.exposeString('currency', { nullable: true }),
    amount: t.exposeFloat('amount', { nullable: true }),
    amountDescription: t.exposeString('amountDescription', { nullable: true }),
    service: t.relation('service', { description: 'The service.' }),
  }),
})

builder.prismaNode('OrganizationIdentifier', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    identifierScheme: t.exposeString('identifierScheme', { nullable: true }),
    identifierType: t.exposeString('identifierType'),
    identifier: t.exposeString('identifier'),
    organization: t.relation('organization', { description: 'The organization.' }),
  }),
})

builder.prismaNode('Url', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    label: t.exposeString('label', { nullable: true }),
    url: t.exposeString('url'),
    organization: t.relation('organization', { nullable: true, description: 'The organization.' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
  }),
})

builder.prismaNode('Unit', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    name: t.exposeString('name'),
    scheme: t.exposeString('scheme', { nullable: true }),
    identifier: t.exposeString('identifier', { nullable: true }),
    uri: t.exposeString('uri', { nullable: true }),
  }),
})

builder.prismaNode('ServiceCapacity', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    available: t.exposeFloat('available'),
    maximum: t.exposeFloat('maximum', { nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    updated: t.expose('updated', { type: 'DateTime' }),
    service: t.relation('service', { nullable: true, description: 'The service.' }),
    unit: t.relation('unit', { nullable: true, description: 'What is counted.' }),
  }),
})

builder.prismaNode('Taxonomy', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    uri: t.exposeString('uri', { nullable: true }),
    version: t.exposeString('version', { nullable: true }),
  }),
})

const TaxonomyTerm = builder.prismaNode('TaxonomyTerm', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    code: t.exposeString('code', { nullable: true }),
    name: t.exposeString('name'),
    description: t.exposeString('description'),
    taxonomy: t.exposeString('taxonomy', { nullable: true }),
    language: t.exposeString('language', { nullable: true }),
    termUri: t.exposeString('termUri', { nullable: true }),
    parent: t.relation('parent', { nullable: true, description: 'The broader term.' }),
    taxonomyDetail: t.relation('taxonomyDetail', { nullable: true, description: 'The taxonomy that holds the term.' }),
    needAreas: t.relation('needAreas', {
      description: 'Need areas that the term means.',
      query: { orderBy: { needAreaId: 'asc' } },
    }),
  }),
})

const AttributeType = builder.prismaNode('Attribute', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    linkEntity: t.exposeString('linkEntity', { nullable: true }),
    linkType: t.exposeString('linkType', { nullable: true }),
    value: t.exposeString('value', { nullable: true }),
    label: t.exposeString('label', { nullable: true }),
    taxonomyTerm: t.relation('taxonomyTerm', { nullable: true, description: 'The taxonomy term.' }),
  }),
})

const MetadataType = builder.prismaNode('Metadata', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    resourceType: t.exposeString('resourceType', { nullable: true }),
    lastActionDate: t.expose('lastActionDate', { type: 'Date' }),
    lastActionType: t.exposeString('lastActionType'),
    fieldName: t.exposeString('fieldName'),
    previousValue: t.exposeString('previousValue'),
    replacementValue: t.exposeString('replacementValue'),
    updatedBy: t.exposeString('updatedBy'),
  }),
})

builder.prismaNode('MetaTableDescription', {
  id: { field: 'id' },
  nullable: true,
  fields: (t) => ({
    uuid: t.exposeString('uuid'),
    name: t.exposeString('name', { nullable: true }),
    language: t.exposeString('language', { nullable: true }),
    characterSet: t.exposeString('characterSet', { nullable: true }),
  }),
})

// Attributes and metadata belong to records of any kind. One set of loaders serves a request, as long as it lasts.
const loadersOf = new WeakMap<Context, ReturnType<typeof directoryLoaders>>()

function annotations(context: Context) {
  const loaders = loadersOf.get(context) ?? directoryLoaders(context.prisma)
  loadersOf.set(context, loaders)
  return loaders
}

const annotated = [
  'Organization',
  'Program',
  'Service',
  'ServiceAtLocation',
  'Location',
  'Phone',
  'Contact',
  'Address',
  'Schedule',
  'Funding',
  'ServiceArea',
  'RequiredDocument',
  'Language',
  'Accessibility',
  'CostOption',
  'OrganizationIdentifier',
  'Url',
  'Unit',
  'ServiceCapacity',
  'MetaTableDescription',
] as const

for (const name of annotated) {
  builder.prismaObjectFields(name, (t) => ({
    attributes: t.field({
      type: [AttributeType],
      description: 'Taxonomy terms and labelled values; those of link type source_cell are cells that an import kept.',
      resolve: ({ id }, _args, context): Promise<Attribute[]> => annotations(context).attributes.load(id),
    }),
  }))
}

for (const name of [...annotated, 'Taxonomy', 'TaxonomyTerm', 'Attribute'] as const) {
  builder.prismaObjectFields(name, (t) => ({
    metadata: t.field({
      type: [MetadataType],
      description: 'Changes of its fields, oldest first.',
      resolve: ({ id }, _args, context): Promise<Metadata[]> => annotations(context).metadata.load(id),
    }),
  }))
}

const ServiceFilterInput = builder.inputType('ServiceFilter', {
  description: 'Which services to find; conditions are joined by and.',
  fields: (t) => ({
    needAreas: t.stringList({
      description: `Codes of need areas, at most ${limits.needAreas}: any of them, narrower areas included.`,
      validate: z.array(z.string().max(limits.words)).max(limits.needAreas, `at most ${limits.needAreas} need areas`),
    }),
    organization: t.globalID({
      for: Organization,
      description: 'Global id of the organization that provides the service.',
    }),
    municipality: t.string({
      description:
        'ISTAT code or name of a municipality of the territory: the service is given there or serves its people.',
      validate: z.string().max(limits.words, `at most ${limits.words} characters`),
    }),
    words: t.string({
      description: 'Words in Italian, all of them, in any form, with or without accents; "quoted words" as a phrase.',
      validate: z.string().max(limits.words, `at most ${limits.words} characters`),
    }),
  }),
})

const services = connectionOf(ServiceType, 'Service', 'services')
const locations = connectionOf(Location, 'Location', 'locations')
const terms = connectionOf(TaxonomyTerm, 'TaxonomyTerm', 'taxonomy terms')
const presences = connectionOf(ServiceAtLocation, 'ServiceAtLocation', 'services at locations')

// Two fields that ask in the same order share one selection, so the order is written once.
const byName = { orderBy: [{ name: 'asc' as const }, { id: 'asc' as const }] }

builder.prismaObjectFields('Organization', (t) => ({
  services: t.relatedConnection(
    'services',
    { description: 'Services that it provides, by name.', cursor: 'id', totalCount: true, query: byName },
    services,
  ),
  locations: t.relatedConnection(
    'locations',
    { description: 'Locations that it keeps up to date, by name.', cursor: 'id', totalCount: true, query: byName },
    locations,
  ),
}))

builder.prismaObjectField('Program', 'services', (t) =>
  t.relatedConnection(
    'services',
    { description: 'Services delivered under it, by name.', cursor: 'id', totalCount: true, query: byName },
    services,
  ),
)

builder.prismaObjectField('Location', 'serviceAtLocations', (t) =>
  t.relatedConnection(
    'serviceAtLocations',
    { description: 'Services given there.', cursor: 'id', totalCount: true, query: { orderBy: { id: 'asc' } } },
    presences,
  ),
)

builder.prismaObjectField('Taxonomy', 'terms', (t) =>
  t.relatedConnection(
    'terms',
    { description: 'Its terms, by name.', cursor: 'id', totalCount: true, query: byName },
    terms,
  ),
)

builder.prismaObjectField('TaxonomyTerm', 'children', (t) =>
  t.relatedConnection(
    'children',
    { description: 'The narrower terms, by name.', cursor: 'id', totalCount: true, query: byName },
    terms,
  ),
)

builder.prismaObjectField('Network', 'services', (t) =>
  t.connection(
    {
      type: ServiceType,
      description: 'Services: the most relevant first when searched by words, by name otherwise.',
      select: { id: true },
      args: { filter: t.arg({ type: ServiceFilterInput, description: 'Which services; all when absent.' }) },
      resolve: async (network, args, context, info) => {
        const filter = readFilter(args.filter)
        const backward = args.last != null
        const page = await searchServices(context.prisma, network.id, filter, {
          size: (args.last ?? args.first)!,
          backward,
          after: readCursor(args.after, 'after'),
          before: readCursor(args.before, 'before'),
        })
        const found = await context.prisma.service.findMany({
          ...selectionOf(context, info),
          where: { id: { in: page.positions.map(({ id }) => id) } },
        })
        const byId = new Map(found.map((service) => [service.id, service]))
        const edges = page.positions.flatMap((position) => {
          const node = byId.get(position.id)
          return node === undefined ? [] : [{ cursor: writeCursor(position), node }]
        })
        return {
          edges,
          pageInfo: {
            hasNextPage: backward ? args.before != null : page.hasMore,
            hasPreviousPage: backward ? page.hasMore : args.after != null,
            startCursor: edges.at(0)?.cursor ?? null,
            endCursor: edges.at(-1)?.cursor ?? null,
          },
          totalCount: () => countServices(context.prisma, network.id, filter),
        }
      },
    },
    services,
  ),
)

builder.queryField('service', (t) =>
  t.prismaField({
    type: 'Service',
    nullable: true,
    description: 'The service with a global id; null when there is none.',
    args: {
      id: t.arg.globalID({ required: true, for: ServiceType, description: 'Global id, such as service_0190….' }),
    },
    resolve: (query, _parent, { id }, { prisma }) => prisma.service.findUnique({ ...query, where: { id: id.id } }),
  }),
)

// What the page's items are asked for. queryFromInfo knows the model at run time only, so its type is wider than Prisma's.
function selectionOf(context: Context, info: GraphQLResolveInfo): Prisma.ServiceFindManyArgs {
  return queryFromInfo({ context, info, paths: [['edges', 'node'], ['nodes']] }) as Prisma.ServiceFindManyArgs
}

type FilterInput = typeof ServiceFilterInput.$inferInput

function readFilter(filter: FilterInput | null | undefined): ServiceFilter {
  return {
    needAreas: filter?.needAreas ?? undefined,
    organizationId: filter?.organization?.id,
    municipality: filter?.municipality ?? undefined,
    words: filter?.words ?? undefined,
  }
}

function writeCursor({ relevance, name, id }: ServicePosition): string {
  return Buffer.from(JSON.stringify([relevance, name, id])).toString('base64url')
}

const position = z.tuple([z.number(), z.string(), z.uuid()])

function readCursor(cursor: string | null | undefined, argument: string): ServicePosition | undefined {
  if (cursor == null) return undefined
  try {
    const [relevance, name, id] = position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
    return { relevance, name, id }
  } catch {
    throw badInput(`${argument}: this is not a cursor of this connection. Use one that a page returned.`, [argument])
  }
}
