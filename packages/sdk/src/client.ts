/** The client: what a company's program asks a welfare network. */
import { RequestError } from './errors.ts'
import {
  CampaignsDocument,
  type CampaignsQuery,
  ComparedTablesDocument,
  type ComparedTablesQuery,
  CriticalThemesDocument,
  type CriticalThemesQuery,
  MintInvitationsDocument,
  type MintInvitationsInput,
  NeedAreasDocument,
  type NeedAreasQuery,
  NetworkDocument,
  type NetworkQuery,
  ParticipationDocument,
  type ParticipationQuery,
  ReplaceInvitationsDocument,
  type ReplaceInvitationsInput,
  ResultTablesDocument,
  type ResultTablesQuery,
  SearchServicesDocument,
  ServiceDocument,
  type ServiceFilter,
  type ServiceQuery,
  type ServiceSummaryFragment,
  SuggestionsDocument,
  type SuggestionsQuery,
} from './generated/operations.ts'
import { type Pages, paginate, toPage } from './pages.ts'
import { unlessRefused } from './refused.ts'
import { type Answer, type CallOptions, sendRequest } from './send-request.ts'
import type { TypedDocument } from './typed-document.ts'
import { wholeAddress } from './whole-address.ts'

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

/** Which tables of a release: of the people of one organization, or of one measure alone. */
export interface TableOptions extends ListOptions {
  organization?: string | undefined
  measure?: string | undefined
  language?: Language | undefined
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

/** A campaign (campagna): a wave of a survey, with the organizations whose people it asks. */
export type Campaign = NonNullable<CampaignsQuery['network']>['campaigns']['nodes'][number]
/** An organization whose people a campaign asks, and how many have answered: to the five below, null when few. */
export type Participation = CampaignOf<ParticipationQuery>['organizations'][number]
/** A need area that more than half of the respondents report as critical. */
export type CriticalTheme = ReleaseOf<CriticalThemesQuery>['criticalThemes'][number]
/** What one measure came to, by group. */
export type ResultTable = ReleaseOf<ResultTablesQuery>['tables']['nodes'][number]
/** By how much one measure changed since the wave before, by group, or why that is not said. */
export type ComparedTable = ReleaseOf<ComparedTablesQuery>['tables']['nodes'][number]

type CampaignOf<Query extends { node: unknown }> = Extract<Query['node'], { __typename: 'Campaign' }>
type ReleaseOf<Query extends { node: unknown }> = NonNullable<
  Extract<Query['node'], { __typename: 'Campaign'; release: unknown }>['release']
>

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
  /** Campaigns that were opened, the newest first. */
  campaigns(options?: ListOptions): Pages<Campaign>
  /**
   * Need areas that most respondents of a campaign report as critical, the most critical first: of everybody, or of the
   * people of one organization, for its own API keys. Null while there is no release.
   */
  criticalThemes(
    campaign: string,
    options?: CallOptions & { organization?: string | undefined; language?: Language | undefined },
  ): Promise<CriticalTheme[] | null>
  /** Released tables in the order of the questionnaire, then of the need areas; none while there is no release. */
  resultTables(campaign: string, options?: TableOptions): Pages<ResultTable>
  /** The same tables beside the wave before; `comparison` is null where there is none that was released. */
  comparedTables(campaign: string, options?: TableOptions): Pages<ComparedTable>
  /** How many were invited and have answered. For those who run the survey, or surveys of the only organization that is asked. */
  participation(campaign: string, options?: CallOptions): Promise<Participation[]>
  /**
   * Makes invitations for the people of an organization, one for each head at most, and tells their codes. They are stored
   * nowhere: a repeat with the same `idempotencyKey` within a day is told the same. For those who run the survey, or surveys of
   * the organization.
   */
  mintInvitations(input: MintInvitationsInput, options?: CallOptions): Promise<string[]>
  /**
   * New codes for codes that were lost, in their order; the lost ones end. Where one was used, which nobody is told, the new one
   * is. For those who make invitations.
   */
  replaceInvitations(input: ReplaceInvitationsInput, options?: CallOptions): Promise<string[]>
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
/** A table has many groups. */
const usualTables = 20
const usualSuggestions = 8
const nothing = { items: [], totalCount: 0, endCursor: null, hasNextPage: false } as const
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

  function campaignOf<Data extends { node: { __typename?: unknown } | null }>(
    id: string,
    { data, requestId }: Answer<Data>,
  ): CampaignOf<Data> {
    if (data.node?.__typename === 'Campaign') return data.node as CampaignOf<Data>
    const message = `There is no campaign "${id}" at ${endpoint}, or it is still a draft.`
    throw new RequestError(message, { requestId, data, errors: [{ message, code: 'NOT_FOUND', path: ['node'] }] })
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

    campaigns({ pageSize: first = usualPageSize, after: start = null, ...options } = {}) {
      return paginate(async (after) => {
        return toPage(existing(await ask(CampaignsDocument, { slug, first, after }, options)).campaigns)
      }, start)
    },

    async criticalThemes(campaign, { organization, language = 'it', ...options } = {}) {
      const variables = { campaign, organization, language: codes[language] }
      const { release } = campaignOf(campaign, await ask(CriticalThemesDocument, variables, options))
      return release?.status === 'RELEASED' ? release.criticalThemes : null
    },

    resultTables(campaign, given) {
      const { variables, start, options } = readTableOptions(campaign, given)
      return paginate(async (after) => {
        const { release } = campaignOf(campaign, await ask(ResultTablesDocument, { ...variables, after }, options))
        return release === null ? nothing : toPage(release.tables)
      }, start)
    },

    comparedTables(campaign, given) {
      const { variables, start, options } = readTableOptions(campaign, given)
      return paginate(async (after) => {
        const { release } = campaignOf(campaign, await ask(ComparedTablesDocument, { ...variables, after }, options))
        return release === null ? nothing : toPage(release.tables)
      }, start)
    },

    async participation(campaign, options) {
      return campaignOf(campaign, await ask(ParticipationDocument, { campaign }, options)).organizations
    },

    async mintInvitations(input, options) {
      const { data, requestId } = await ask(MintInvitationsDocument, { input }, options)
      return unlessRefused(data.mintInvitations, requestId).codes
    },

    async replaceInvitations(input, options) {
      const { data, requestId } = await ask(ReplaceInvitationsDocument, { input }, options)
      return unlessRefused(data.replaceInvitations, requestId).codes
    },

    // The result is whatever type the document or the caller names: only the server could tell whether it is right.
    request: async (document: object | string, variables?: object, options: CallOptions = {}) =>
      (await sendRequest<never>(destination, document, variables, options)).data,
  }
}

function readTableOptions(
  campaign: string,
  {
    organization,
    measure,
    language = 'it',
    pageSize: first = usualTables,
    after = null,
    ...options
  }: TableOptions = {},
) {
  return { variables: { campaign, organization, measure, language, first }, start: after, options }
}
