/** The peer that a team writes by hand: Apollo Server, Prisma, and a dataloader for each relation. */
import { ApolloServer, type BaseContext } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { PrismaPg } from '@prisma/adapter-pg'
import type {
  NeedArea,
  Organization,
  OrganizationKind,
  Schedule,
  Service,
} from '@welfare-network/server/src/generated/prisma/client.ts'
import { PrismaClient } from '@welfare-network/server/src/generated/prisma/client.ts'
import DataLoader from 'dataloader'
import { databaseUrl } from './process.ts'

const typeDefs = `#graphql
  enum OrganizationKind {
    health_authority social_care_consortium municipality social_cooperative volunteer_association
    company university foundation other
  }
  scalar DateTime
  type Query {
    service(id: ID!): Service
    needArea(network: String!, code: String!): NeedArea
    network(slug: String!): Network
  }
  type Network { organizations(first: Int!, kind: OrganizationKind): Organizations! }
  type Organizations { nodes: [Organization!]! }
  type Organization { id: ID! name: String! services(first: Int!): Services! }
  type Services { nodes: [Service!]! }
  type Service {
    id: ID! name: String! description: String url: String email: String lastModified: String
    organization: Organization!
    needAreas: [ServiceNeedArea!]!
    serviceAtLocations: [ServiceAtLocation!]!
    schedules: [Schedule!]!
  }
  type ServiceNeedArea { needArea: NeedArea! }
  type NeedArea { code: String! name: String! services(first: Int!): Services! }
  type ServiceAtLocation { location: Location! }
  type Location { id: ID! name: String latitude: Float longitude: Float }
  type Schedule { freq: String byday: String opensAt: String closesAt: String }
`

const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: databaseUrl, max: 10 }) })

type Id = string

function loaders() {
  const one = <Row extends { id: Id }>(fetch: (ids: Id[]) => Promise<Row[]>) =>
    new DataLoader<Id, Row>(async (ids) => {
      const rows = new Map((await fetch([...ids])).map((row) => [row.id, row]))
      return ids.map((id) => rows.get(id) ?? new Error(`no row ${id}`))
    })
  const manyBy = <Row>(keyOf: (row: Row) => Id, fetch: (ids: Id[]) => Promise<Row[]>) =>
    new DataLoader<Id, Row[]>(async (ids) => {
      const rows = Map.groupBy(await fetch([...ids]), keyOf)
      return ids.map((id) => rows.get(id) ?? [])
    })
  return {
    organization: one((ids) => prisma.organization.findMany({ where: { id: { in: ids } } })),
    needArea: one((ids) => prisma.needArea.findMany({ where: { id: { in: ids } } })),
    location: one((ids) => prisma.location.findMany({ where: { id: { in: ids } } })),
    needAreasOfService: manyBy(
      ({ serviceId }: { serviceId: Id; needAreaId: Id }) => serviceId,
      (ids) => prisma.serviceNeedArea.findMany({ where: { serviceId: { in: ids } }, orderBy: { needAreaId: 'asc' } }),
    ),
    locationsOfService: manyBy(
      ({ serviceId }: { serviceId: Id; locationId: Id }) => serviceId,
      (ids) => prisma.serviceAtLocation.findMany({ where: { serviceId: { in: ids } }, orderBy: { id: 'asc' } }),
    ),
    schedulesOfService: manyBy(
      ({ serviceId }: Schedule) => serviceId!,
      (ids) => prisma.schedule.findMany({ where: { serviceId: { in: ids } }, orderBy: { id: 'asc' } }),
    ),
    // A page of each of several organizations: the one relation for which "all rows of these" would be too many.
    servicesOfOrganization: new DataLoader<{ id: Id; first: number }, Service[], string>(
      async (asked) => {
        const rows = await prisma.organization.findMany({
          where: { id: { in: asked.map(({ id }) => id) } },
          select: { id: true, services: { take: asked[0]!.first, orderBy: [{ name: 'asc' }, { id: 'asc' }] } },
        })
        const byId = new Map(rows.map(({ id, services }) => [id, services]))
        return asked.map(({ id }) => byId.get(id) ?? [])
      },
      { cacheKeyFn: ({ id, first }) => `${id} ${first}` },
    ),
  }
}

interface Context extends BaseContext {
  load: ReturnType<typeof loaders>
}

const globalId = (type: string, id: Id) => `${type}_${id.replaceAll('-', '')}`

const resolvers = {
  Query: {
    service: (_: unknown, { id }: { id: Id }) => prisma.service.findUnique({ where: { id } }),
    needArea: (_: unknown, { network, code }: { network: string; code: string }) =>
      prisma.needArea.findFirst({ where: { code, network: { slug: network } } }),
    network: (_: unknown, { slug }: { slug: string }) => prisma.network.findUnique({ where: { slug } }),
  },
  Network: {
    organizations: async ({ id }: { id: Id }, { first, kind }: { first: number; kind?: OrganizationKind }) => ({
      nodes: await prisma.organization.findMany({
        where: { networkId: id, ...(kind && { kind }) },
        orderBy: [{ name: 'asc' }, { id: 'asc' }],
        take: first,
      }),
    }),
  },
  Organization: {
    id: ({ id }: Organization) => globalId('organization', id),
    services: async ({ id }: Organization, { first }: { first: number }, { load }: Context) => ({
      nodes: await load.servicesOfOrganization.load({ id, first }),
    }),
  },
  Service: {
    id: ({ id }: Service) => globalId('service', id),
    lastModified: ({ lastModified }: Service) => lastModified?.toISOString(),
    organization: ({ organizationId }: Service, _: unknown, { load }: Context) =>
      load.organization.load(organizationId),
    needAreas: ({ id }: Service, _: unknown, { load }: Context) => load.needAreasOfService.load(id),
    serviceAtLocations: ({ id }: Service, _: unknown, { load }: Context) => load.locationsOfService.load(id),
    schedules: ({ id }: Service, _: unknown, { load }: Context) => load.schedulesOfService.load(id),
  },
  ServiceNeedArea: {
    needArea: ({ needAreaId }: { needAreaId: Id }, _: unknown, { load }: Context) => load.needArea.load(needAreaId),
  },
  NeedArea: {
    name: ({ nameIt }: NeedArea) => nameIt,
    services: async ({ id }: NeedArea, { first }: { first: number }) => {
      const links = await prisma.serviceNeedArea.findMany({
        where: { needAreaId: id },
        orderBy: { serviceId: 'asc' },
        take: first,
        include: { service: true },
      })
      return { nodes: links.map(({ service }) => service) }
    },
  },
  ServiceAtLocation: {
    location: ({ locationId }: { locationId: Id }, _: unknown, { load }: Context) => load.location.load(locationId),
  },
  Location: { id: ({ id }: { id: Id }) => globalId('location', id) },
}

const server = new ApolloServer<Context>({ typeDefs, resolvers })
const { url } = await startStandaloneServer(server, {
  listen: { port: 0, host: '127.0.0.1' },
  context: async () => ({ load: loaders() }),
})
process.send!({ port: Number(new URL(url).port) })
