/** The pages in which services, locations and terms are given by what they belong to. */
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { lookUp } from '../../../graphql/planned-selection.ts'
import { Location } from './location.ts'
import { ServiceAtLocation, ServiceType } from './service.ts'
import { TaxonomyTerm } from './taxonomy.ts'

export const services = connectionOf(ServiceType, 'Service', 'services')
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

builder.queryField('service', (t) =>
  t.field({
    authScopes: everyone,
    type: ServiceType,
    nullable: true,
    description: 'The service with a global id; null when there is none.',
    args: {
      id: t.arg.globalID({ required: true, for: ServiceType, description: 'Global id, such as service_0190….' }),
    },
    resolve: (_parent, { id }, context, info) => lookUp(context.prisma.service, { id: id.id }, context, info),
  }),
)
