/** Services searched for, and the pages in which services, locations and terms are given. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { Prisma } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import { connectionOf } from '../../../graphql/connection.ts'
import type { Context } from '../../../graphql/context.ts'
import { badInput } from '../../../graphql/errors.ts'
import { limits } from '../../../graphql/limits.ts'
import { Organization } from '../../network/graphql.ts'
import { countServices, type ServiceFilter, type ServicePosition, searchServices } from '../search-services.ts'
import { Location } from './location.ts'
import { ServiceAtLocation, ServiceType } from './service.ts'
import { TaxonomyTerm } from './taxonomy.ts'

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
