/** The client: what a company's program asks a welfare network. */
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core'
import { RequestError } from './errors.ts'
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
  SuggestionsDocument,
  type SuggestionsQuery,
} from './generated/operations.ts'
import { type Pages, paginate, toPage } from './pages.ts'
import { type Answer, type CallOptions, sendRequest } from './send-request.ts'

export interface ClientOptions {
  /** Address of the API, such as https://welfare.example.org/graphql; in a browser it may be relative to the page. */
  endpoint: string
  /** Short name of the network, such as alba-bra. */
  network: string
  /** Headers sent with every request. */
  headers?: Record<string, string> | undefined
  /** Milliseconds to wait for an answer; 30,000 when absent. */
  timeout?: number | undefined
  /** Another fetch, for a proxy or a test. */
  fetch?: typeof fetch | undefined
}

export interface ListOptions extends CallOptions {
  /** Items a page, 1 to 100; 50 when absent. */
  pageSize?: number | undefined
  /** Only what comes after this cursor, such as a page's endCursor. */
  after?: string | null | undefined
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

/** What somebody may mean who is still typing: a need area, a service, an organization or a municipality. */
export type Suggestion = NonNullable<SuggestionsQuery['network']>['suggestions'][number]

/** A document with its types, as graphql-codegen and gql.tada make it: a parsed document or a text. */
export type TypedDocument<Result, Variables> = DocumentTypeDecoration<Result, Variables>

/** A document without types, parsed, as the gql tags make it. */
export interface ParsedDocument {
  readonly kind: string
  readonly definitions: readonly unknown[]
  /** Never there, so that a typed document with the wrong variables is not taken for one without types. */
  readonly __apiType?: never
}

/** What follows a typed document: its variables may be left out when the document asks for none. */
type Call<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables | undefined, options?: CallOptions]
    : [variables: Variables, options?: CallOptions]

export interface Client {
  /** The network and its active members, 100 of them at most. */
  network(options?: CallOptions): Promise<Network>
  /** The need areas in the order of their tree, parents first; texts in Italian unless asked otherwise. */
  needAreas(options?: ListOptions & { language?: Language | undefined }): Pages<NeedArea>
  /** Services that match a filter; all of them without one. */
  services(filter?: ServiceFilter | null, options?: ListOptions): Pages<ServiceSummary>
  /** One service by its id; null when there is none. */
  service(id: string, options?: CallOptions): Promise<Service | null>
  /** Names in which every word typed begins a word, 8 of them unless asked otherwise; none below two letters. */
  suggestions(
    text: string,
    options?: CallOptions & { size?: number | undefined; language?: Language | undefined },
  ): Promise<Suggestion[]>
  /** Any document of your own, with the types that it brings. */
  request<Result, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    ...call: Call<Variables>
  ): Promise<Result>
  /** Any document of your own without types; name the result's, or examine it. */
  request<Result = unknown>(
    document: string | ParsedDocument,
    variables?: object,
    options?: CallOptions,
  ): Promise<Result>
}

const usualTimeout = 30_000
const usualPageSize = 50
const usualSuggestions = 8
const codes = { it: 'IT', en: 'EN' } as const

/** A client of one network. Every call is one request, a list one request a page. */
export function createClient({ network: slug, headers = {}, timeout = usualTimeout, ...given }: ClientOptions): Client {
  const endpoint = wholeAddress(given.endpoint)
  const destination = { endpoint, headers, timeout, fetch: given.fetch }

  function ask<Result extends object, Variables extends object>(
    document: TypedDocument<Result, Variables>,
    variables: Variables,
    options: CallOptions = {},
  ): Promise<Answer<Result>> {
    return sendRequest(destination, document, variables, options)
  }

  function existing<T>({ data, requestId }: Answer<{ network: T | null }>): T {
    if (data.network !== null) return data.network
    const message = `There is no network "${slug}" at ${endpoint}: check the short name that createClient was given.`
    throw new RequestError(message, { requestId, data, errors: [{ message, code: 'NOT_FOUND', path: ['network'] }] })
  }

  return {
    network: async (options) => existing(await ask(NetworkDocument, { slug }, options)),

    needAreas({ language = 'it', pageSize: first = usualPageSize, after: start = null, ...options } = {}) {
      const variables = { slug, first, language: codes[language] }
      return paginate(async (after) => {
        return toPage(existing(await ask(NeedAreasDocument, { ...variables, after }, options)).needAreas)
      }, start)
    },

    services(filter, { pageSize: first = usualPageSize, after: start = null, ...options } = {}) {
      return paginate(async (after) => {
        return toPage(existing(await ask(SearchServicesDocument, { slug, filter, first, after }, options)).services)
      }, start)
    },

    service: async (id, options) => (await ask(ServiceDocument, { id }, options)).data.service,

    suggestions: async (text, { size = usualSuggestions, language = 'it', ...options } = {}) => {
      const variables = { slug, text, size, language: codes[language] }
      return existing(await ask(SuggestionsDocument, variables, options)).suggestions
    },

    // The result is whatever type the document or the caller names: only the server could tell whether it is right.
    request: async (document: object | string, variables?: object, options: CallOptions = {}) =>
      (await sendRequest<never>(destination, document, variables, options)).data,
  }
}

function wholeAddress(endpoint: string): string {
  try {
    return new URL(endpoint, globalThis.location?.href).href
  } catch (cause) {
    const example = 'Give a whole one, such as https://welfare.example.org/graphql.'
    throw new TypeError(`endpoint: "${endpoint}" is not an address. ${example}`, { cause })
  }
}
