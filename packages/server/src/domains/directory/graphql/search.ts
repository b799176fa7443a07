/** The search for services, as the API shows it. */
import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { z } from 'zod'
import type { Prisma, Service } from '../../../generated/prisma/client.ts'
import { builder } from '../../../graphql/builder.ts'
import type { Context } from '../../../graphql/context.ts'
import { pageCost } from '../../../graphql/page-size.ts'
import { everyone } from '../../../graphql/permissions.ts'
import { cursorsOf, pageInfoOf } from '../../../graphql/positions.ts'
import { isStorable } from '../import/identify.ts'
import { type Highlight, type HighlightedField, highlightServices, type Stretch } from '../search/highlight.ts'
import { measureDistances } from '../search/locate.ts'
import type { ServiceFilter } from '../search/match-services.ts'
import type { Correction } from '../search/read-words.ts'
import { type ServicePosition, searchServices } from '../search/search-services.ts'
import { countsOf, type FoundCounts, ServiceFacets } from './facets.ts'
import { ServiceType } from './service.ts'
import { readFilter, ServiceFilterInput } from './service-filter.ts'

const SearchCorrection = builder.objectRef<Correction>('SearchCorrection').implement({
  authScopes: everyone,
  description: 'A word that no service has, and what was searched for instead.',
  fields: (t) => ({
    typed: t.exposeString('typed', { description: 'The word as it was typed, without case and accents.' }),
    searched: t.exposeStringList('searched', { description: 'The nearest words that services have.' }),
  }),
})

const TextStretch = builder.objectRef<Stretch>('TextStretch').implement({
  authScopes: everyone,
  description: 'A stretch of a text.',
  fields: (t) => ({
    text: t.exposeString('text', {
      description: 'The text as the source wrote it: escape it before it goes into a page.',
    }),
    matched: t.exposeBoolean('matched', { description: 'Whether it is a word searched for.' }),
  }),
})

const HighlightField = builder.enumType('HighlightField', {
  description: 'Field of a service in which words were found.',
  values: {
    NAME: { value: 'name', description: 'Its name.' },
    ALTERNATE_NAME: { value: 'alternateName', description: 'Another name in use.' },
    DESCRIPTION: { value: 'description', description: 'What it does.' },
    ELIGIBILITY_DESCRIPTION: { value: 'eligibilityDescription', description: 'For whom it is meant.' },
  } satisfies Record<string, { value: HighlightedField; description: string }>,
})

const ServiceHighlight = builder.objectRef<Highlight>('ServiceHighlight').implement({
  authScopes: everyone,
  description: 'A field of a service in which words were found; a long text is cut to where they stand.',
  fields: (t) => ({
    field: t.expose('field', { type: HighlightField, description: 'The field.' }),
    stretches: t.expose('stretches', { type: [TextStretch], description: 'The text, divided where words were found.' }),
  }),
})

interface FoundEdge {
  cursor: string
  node: Service
  highlights: () => Promise<Highlight[]>
  distance: () => Promise<number | null>
}

interface FoundServices {
  totalCount: () => Promise<number>
  counts: FoundCounts
  filter: ServiceFilter
}

const edge = builder.edgeObject({
  authScopes: everyone,
  type: ServiceType,
  name: 'FoundServiceEdge',
  description: 'A service found and where it stands.',
  fields: (t) => ({
    highlights: t.field({
      type: [ServiceHighlight],
      description: 'Where the words searched for stand; empty without words, or when they stand elsewhere.',
      resolve: (found) => (found as unknown as FoundEdge).highlights(),
    }),
    distance: t.float({
      nullable: true,
      description: 'Kilometres as the crow flies to its nearest place, when the filter asks for near; otherwise null.',
      resolve: (found) => (found as unknown as FoundEdge).distance(),
    }),
  }),
})

const found = builder.connectionObject(
  {
    authScopes: everyone,
    type: ServiceType,
    name: 'FoundServicesConnection',
    description: 'A page of services found.',
    fields: (t) => ({
      facets: t.field({
        type: ServiceFacets,
        description: 'How all services found divide, on all pages together; counted only when asked for.',
        resolve: (connection) => (connection as unknown as FoundServices).counts,
      }),
      corrections: t.field({
        type: [SearchCorrection],
        description: 'Words that no service has, and what was searched for instead.',
        resolve: (connection) => (connection as unknown as FoundServices).filter.words?.corrections ?? [],
      }),
    }),
  },
  edge,
)

builder.prismaObjectField('Network', 'services', (t) =>
  t.connection(
    {
      type: ServiceType,
      description:
        'Services: the most relevant first when searched by words, the nearest when by distance, by name otherwise.',
      // A search may look at much, whatever it gives back: no request may make more than some dozens.
      complexity: pageCost(400),
      select: { id: true },
      args: { filter: t.arg({ type: ServiceFilterInput, description: 'Which services; all when absent.' }) },
      resolve: async ({ id: networkId }, args, context, info) => {
        const filter = await readFilter(context, networkId, args.filter)
        const backward = args.last != null
        const page = await searchServices(context.prisma, networkId, filter, {
          size: (args.last ?? args.first)!,
          backward,
          after: readCursor(args.after, 'after'),
          before: readCursor(args.before, 'before'),
        })
        const edges = await loadEdges(context, info, page.positions, filter)
        const counts = countsOf(context.prisma, networkId, filter)
        return {
          edges,
          pageInfo: pageInfoOf(args, page.hasMore, edges),
          totalCount: () => counts.count('total'),
          counts,
          filter,
        }
      },
    },
    found,
    edge,
  ),
)

// The services of a page by one statement, with all that is selected of them.
async function loadEdges(
  context: Context,
  info: GraphQLResolveInfo,
  positions: ServicePosition[],
  { words, near }: ServiceFilter,
): Promise<FoundEdge[]> {
  const { prisma } = context
  const ids = positions.map(({ id }) => id)
  const services = await prisma.service.findMany({ ...selectionOf(context, info), where: { id: { in: ids } } })
  const byId = new Map(services.map((service) => [service.id, service]))
  const highlights = once(() => (words == null ? noHighlights : highlightServices(prisma, ids, words)))
  const distances = once(() => (near === undefined ? noDistances : measureDistances(prisma, ids, near)))
  return positions.flatMap((position) => {
    const node = byId.get(position.id)
    if (node === undefined) return []
    return {
      cursor: writeCursor(position),
      node,
      highlights: async () => (await highlights()).get(node.id) ?? [],
      distance: async () => (await distances()).get(node.id) ?? null,
    }
  })
}

const noHighlights = new Map<string, Highlight[]>()
const noDistances = new Map<string, number>()

// What several items of a page ask for is fetched for all of them, when the first asks.
function once<Value>(fetch: () => Value): () => Value {
  let fetched: { value: Value } | undefined
  return () => {
    fetched ??= { value: fetch() }
    return fetched.value
  }
}

// What the page's items are asked for. queryFromInfo knows the model at run time only, so its type is wider than Prisma's.
function selectionOf(context: Context, info: GraphQLResolveInfo): Prisma.ServiceFindManyArgs {
  return queryFromInfo({ context, info, paths: [['edges', 'node'], ['nodes']] }) as Prisma.ServiceFindManyArgs
}

const cursors = cursorsOf(z.tuple([z.number().min(-1e9).max(1e9), z.string().refine(isStorable), z.uuid()]))

function writeCursor({ relevance, name, id }: ServicePosition): string {
  return cursors.write([relevance, name, id])
}

function readCursor(cursor: string | null | undefined, argument: string): ServicePosition | undefined {
  const position = cursors.read(cursor, argument)
  return position && { relevance: position[0], name: position[1], id: position[2] }
}
