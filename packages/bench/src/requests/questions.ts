/** What is asked: three questions, each in the words of each server, and what their answers have in common. */
import { createHash } from 'node:crypto'
import { needAreaCode, organizationKinds, slug } from './fill-directory.ts'

export const peers = ['ours', 'postgraphile', 'apollo', 'floor'] as const
export type Peer = (typeof peers)[number]

export interface Question {
  name: string
  title: string
  /** The body of the request of a number, the same for every server but for its words. */
  body(peer: Peer, number: number): string
  /** The data of an answer in one shape, so that those of all servers can be compared. */
  common(peer: Peer, data: never): unknown
}

/** Each of these sends, over and over, requests for other records: request `number` is the same for every server. */
export function questionsAbout({ services, needAreas }: { services: number; needAreas: number }): Question[] {
  // Primes, so that one request is not for the neighbour of the other.
  const serviceKey = (number: number) => md5(`service${1 + ((number * 6343) % services)}`)
  const areaCode = (number: number) => needAreaCode(1 + ((number * 37) % needAreas))
  return [
    {
      name: 'Q1',
      title: 'a service with its organization and need areas',
      body: (peer, number) =>
        ({
          ours: () => graphqlBody(ours.Q1, { id: `service_${serviceKey(number)}` }),
          postgraphile: () => graphqlBody(postgraphile.Q1, { id: withDashes(serviceKey(number)) }),
          apollo: () => graphqlBody(apollo.Q1, { id: withDashes(serviceKey(number)) }),
          floor: () => JSON.stringify({ name: 'Q1', value: withDashes(serviceKey(number)) }),
        })[peer](),
      common: (peer, data) => (peer === 'postgraphile' ? fromPostgraphile.Q1(data) : data),
    },
    {
      name: 'Q2',
      title: 'the first 20 services of a need area with organization, areas and locations',
      body: (peer, number) =>
        peer === 'floor'
          ? JSON.stringify({ name: 'Q2', value: areaCode(number) })
          : graphqlBody({ ours, postgraphile, apollo }[peer].Q2, { code: areaCode(number) }),
      common: (peer, data) => (peer === 'postgraphile' ? fromPostgraphile.Q2(data) : data),
    },
    {
      name: 'Q3',
      title: 'ten organizations with ten services each, with areas and schedules',
      body: (peer, number) => {
        const kind = organizationKinds[(number * 7) % organizationKinds.length]!
        if (peer === 'floor') return JSON.stringify({ name: 'Q3', value: kind })
        const written = peer === 'ours' ? kind.toUpperCase() : kind
        return graphqlBody({ ours, postgraphile, apollo }[peer].Q3, { kind: written })
      },
      common: (peer, data) => (peer === 'postgraphile' ? fromPostgraphile.Q3(data) : data),
    },
  ]
}

const ours = {
  Q1: `query Service($id: ID!) {
    service(id: $id) {
      id name description url email lastModified
      organization { id name }
      needAreas { needArea { code name } }
    }
  }`,
  Q2: `query ServicesOfArea($code: String!) {
    needArea(network: "${slug}", code: $code) {
      services(first: 20) {
        nodes {
          id name url
          organization { id name }
          needAreas { needArea { code name } }
          serviceAtLocations { location { id name latitude longitude } }
        }
      }
    }
  }`,
  Q3: `query Organizations($kind: OrganizationKind) {
    network(slug: "${slug}") {
      organizations(first: 10, kind: $kind) {
        nodes {
          id name
          services(first: 10) {
            nodes {
              id name
              needAreas { needArea { code name } }
              schedules { freq byday opensAt closesAt }
            }
          }
        }
      }
    }
  }`,
}

// Apollo's server is written to the same schema: a team is free to, and the answers then compare as they are.
const apollo = ours

const areasOfPostgraphile =
  'serviceNeedAreasByServiceId(orderBy: [NEED_AREA_ID_ASC]) { nodes { needAreaByNeedAreaId { code nameIt } } }'

const postgraphile = {
  Q1: `query Service($id: UUID!) {
    serviceByRowId(rowId: $id) {
      rowId name description url email lastModified
      organizationByOrganizationId { rowId name }
      ${areasOfPostgraphile}
    }
  }`,
  Q2: `query ServicesOfArea($code: String!) {
    needAreaByNetworkIdAndCode(networkId: "${withDashes(md5('network'))}", code: $code) {
      serviceNeedAreasByNeedAreaId(first: 20, orderBy: [SERVICE_ID_ASC]) {
        nodes {
          serviceByServiceId {
            rowId name url
            organizationByOrganizationId { rowId name }
            ${areasOfPostgraphile}
            serviceAtLocationsByServiceId(orderBy: [ROW_ID_ASC]) {
              nodes { locationByLocationId { rowId name latitude longitude } }
            }
          }
        }
      }
    }
  }`,
  Q3: `query Organizations($kind: OrganizationKind) {
    networkBySlug(slug: "${slug}") {
      organizationsByNetworkId(first: 10, condition: { kind: $kind }, orderBy: [NAME_ASC]) {
        nodes {
          rowId name
          servicesByOrganizationId(first: 10, orderBy: [NAME_ASC]) {
            nodes {
              rowId name
              ${areasOfPostgraphile}
              schedulesByServiceId(orderBy: [ROW_ID_ASC]) { nodes { freq byday opensAt closesAt } }
            }
          }
        }
      }
    }
  }`,
}

// biome-ignore-start lint/suspicious/noExplicitAny: answers of another server, which are compared as a whole.
const fromPostgraphile = {
  Q1: ({ serviceByRowId: service }: any) => ({
    service: {
      ...pick(service, ['name', 'description', 'url', 'email']),
      id: globalId('service', service.rowId),
      lastModified: new Date(service.lastModified).toISOString(),
      organization: organizationOf(service),
      needAreas: areasOf(service),
    },
  }),
  Q2: ({ needAreaByNetworkIdAndCode: area }: any) => ({
    needArea: {
      services: {
        nodes: area.serviceNeedAreasByNeedAreaId.nodes.map(({ serviceByServiceId: service }: any) => ({
          ...pick(service, ['name', 'url']),
          id: globalId('service', service.rowId),
          organization: organizationOf(service),
          needAreas: areasOf(service),
          serviceAtLocations: service.serviceAtLocationsByServiceId.nodes.map(
            ({ locationByLocationId: place }: any) => ({
              location: {
                ...pick(place, ['name', 'latitude', 'longitude']),
                id: globalId('location', place.rowId),
              },
            }),
          ),
        })),
      },
    },
  }),
  Q3: ({ networkBySlug: network }: any) => ({
    network: {
      organizations: {
        nodes: network.organizationsByNetworkId.nodes.map((organization: any) => ({
          id: globalId('organization', organization.rowId),
          name: organization.name,
          services: {
            nodes: organization.servicesByOrganizationId.nodes.map((service: any) => ({
              id: globalId('service', service.rowId),
              name: service.name,
              needAreas: areasOf(service),
              schedules: service.schedulesByServiceId.nodes,
            })),
          },
        })),
      },
    },
  }),
}

function organizationOf({ organizationByOrganizationId: organization }: any) {
  return { id: globalId('organization', organization.rowId), name: organization.name }
}

function areasOf({ serviceNeedAreasByServiceId: links }: any) {
  return links.nodes.map(({ needAreaByNeedAreaId: area }: any) => ({
    needArea: { code: area.code, name: area.nameIt },
  }))
}

function pick(record: any, names: string[]) {
  return Object.fromEntries(names.map((name) => [name, record[name]]))
}
// biome-ignore-end lint/suspicious/noExplicitAny: see above.

function globalId(type: string, key: string): string {
  return `${type}_${key.replaceAll('-', '')}`
}

function graphqlBody(query: string, variables: object): string {
  return JSON.stringify({ query, variables })
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

function withDashes(hash: string): string {
  return hash.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
