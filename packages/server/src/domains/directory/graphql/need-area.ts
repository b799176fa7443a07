/** The services that answer a need area. */
import { prismaConnectionHelpers } from '@pothos/plugin-prisma'
import DataLoader from 'dataloader'
import { builder } from '../../../graphql/builder.ts'
import { perRequest } from '../../../graphql/context.ts'
import { NeedArea } from '../../need/graphql.ts'
import { countServicesOf } from '../count-services-of.ts'
import { services } from './lists.ts'
import { ServiceType } from './service.ts'

// The rows of the page are links, its items the services behind them. By key, an index gives the page without reading
// the rest; by name, PostgreSQL would put together every service of the area with all that is asked of it, then sort.
const links = prismaConnectionHelpers(builder, 'ServiceNeedArea', {
  cursor: 'serviceId_needAreaId',
  query: { orderBy: { serviceId: 'asc' } },
  // A page may be asked for its end or its total alone.
  select: (services) => ({ service: services({ select: { id: true } }) }),
  resolveNode: ({ service }) => service,
})

const counts = perRequest(
  ({ prisma }) =>
    new DataLoader(async (ids: readonly string[]) => {
      const counted = await countServicesOf(prisma, ids)
      return ids.map((id) => counted.get(id) ?? 0)
    }),
)

builder.prismaObjectField(NeedArea, 'services', (t) =>
  t.connection(
    {
      type: ServiceType,
      description:
        'Services that answer this very area, without those of the areas below it, in an order that stays but means ' +
        'nothing. For areas below, for an order by name or relevance and for conditions, see Network.services.',
      select: (args, context, selectionAt) => ({
        id: true,
        services: links.getQuery(args, context, (selection) =>
          selectionAt(selectionAt(selection as { select: object }, ['edges', 'node']), ['nodes']),
        ),
      }),
      extensions: {
        loadedRelation: 'services',
        pothosPrismaLoaded: ({ services }: { services?: unknown }) => services !== undefined,
      },
      resolve: ({ id, services }, args, context) => ({
        ...links.resolve(services, args, context),
        totalCount: () => counts(context).load(id),
      }),
    },
    services,
  ),
)
