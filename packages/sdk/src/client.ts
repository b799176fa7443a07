/** The client: what a company's program asks a welfare network. */
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { GraphQLClient, type Variables } from 'graphql-request'
import { toWelfareNetworkError, WelfareNetworkError } from './errors.ts'
import {
  NeedAreasDocument,
  type NeedAreasQuery,
  NetworkDocument,
  type NetworkQuery,
  SearchServicesDocument,
  ServiceDocument,
  type ServiceFilter,
  type ServiceQuery,
  type ServiceSummaryFragment,
} from './generated/operations.ts'
import { type Page, type Pages, paginate } from './pages.ts'

export interface ClientOptions {
  /** Address of the API, such as https://welfare.example.org/graphql. */
  endpoint: string
  /** Short name of the network, such as alba-bra. */
  network: string
  /** Headers sent with every request. */
  headers?: Record<string, string>
  /** Milliseconds to wait for an answer; 30,000 when absent. */
  timeout?: number
  /** Another fetch, for a proxy or a test. */
  fetch?: typeof fetch
}

/** What may be said of a single call. */
export interface CallOptions {
  /** Ends the call when it is aborted. */
  signal?: AbortSignal
  /** Milliseconds to wait for the answer of each request. */
  timeout?: number
}

export interface ListOptions extends CallOptions {
  /** Items a page, 1 to 100; 50 when absent. */
  pageSize?: number
  /** Only what comes after this cursor, such as a page's endCursor. */
  after?: string
}

/** Language of texts that exist in several. */
export type Language = 'it' | 'en'

/** A network with its active members. */
export type Network = NonNullable<NetworkQuery['network']>
/** A need area (area di bisogno). */
export type NeedArea = NonNullable<NeedAreasQuery['network']>['needAreas']['nodes'][number]
/** A service as lists show it. */
export type ServiceSummary = ServiceSummaryFragment
/** A service with what a person needs to use it. */
export type Service = NonNullable<ServiceQuery['service']>

export interface Client {
  /** The network and its active members. */
  network(options?: CallOptions): Promise<Network>
  /** The need areas in the order of their tree, parents first; names in Italian unless asked otherwise. */
  needAreas(options?: CallOptions & { language?: Language }): Promise<NeedArea[]>
  /** Services that match a filter; all of them without one. */
  services(filter?: ServiceFilter, options?: ListOptions): Pages<ServiceSummary>
  /** One service by its id; null when there is none. */
  service(id: string, options?: CallOptions): Promise<Service | null>
  /** Any document of your own; its types come with it when it is a typed document of graphql-codegen. */
  request<Result, Given extends Variables>(
    document: TypedDocumentNode<Result, Given> | string,
    variables: Given,
    options?: CallOptions,
  ): Promise<Result>
}

const defaultTimeout = 30_000
const defaultPageSize = 50
const largestPage = 100

/** A client of one network. Every call is one request, a list one request a page. */
export function createClient(options: ClientOptions): Client {
  const { endpoint, network: slug, headers = {} } = options
  const graphql = new GraphQLClient(endpoint, { headers, ...(options.fetch && { fetch: options.fetch }) })

  const request: Client['request'] = async (document, variables, call = {}) => {
    const timeout = call.timeout ?? options.timeout ?? defaultTimeout
    const signals = [AbortSignal.timeout(timeout), ...(call.signal ? [call.signal] : [])]
    try {
      return await graphql.request({ document, variables, signal: AbortSignal.any(signals) } as never)
    } catch (error) {
      throw toWelfareNetworkError(error, { signal: call.signal, timeout })
    }
  }

  function existing<T>(network: T | null): T {
    if (network === null) throw new WelfareNetworkError(`There is no network "${slug}" at ${endpoint}.`)
    return network
  }

  return {
    request,
    network: async (call) => existing((await request(NetworkDocument, { slug }, call)).network),
    needAreas: async ({ language = 'it', ...call } = {}) => {
      const areas: NeedArea[] = []
      const list = paginate(async (after) => {
        const variables = { slug, language: language === 'en' ? ('EN' as const) : ('IT' as const), first: largestPage, after }
        const { nodes, pageInfo } = existing((await request(NeedAreasDocument, variables, call)).network).needAreas
        return { items: nodes, totalCount: nodes.length, endCursor: pageInfo.endCursor ?? null, hasNextPage: pageInfo.hasNextPage }
      }, null)
      for await (const area of list) areas.push(area)
      return areas
    },
    services: (filter, { pageSize = defaultPageSize, after, ...call } = {}) =>
      paginate(async (cursor): Promise<Page<ServiceSummary>> => {
        const variables = { slug, filter: filter ?? null, first: pageSize, after: cursor }
        const { nodes, totalCount, pageInfo } = existing((await request(SearchServicesDocument, variables, call)).network).services
        return { items: nodes, totalCount, endCursor: pageInfo.endCursor ?? null, hasNextPage: pageInfo.hasNextPage }
      }, after ?? null),
    service: async (id, call) => (await request(ServiceDocument, { id }, call)).service ?? null,
  }
}
