/** The SDK of a welfare network: a small client around operations generated from its contract. */
export {
  type Client,
  type ClientOptions,
  createClient,
  type Language,
  type ListOptions,
  type NeedArea,
  type Network,
  type ParsedDocument,
  type Service,
  type ServiceSummary,
  type Suggestion,
  type TypedDocument,
} from './client.ts'
export {
  ConnectionError,
  type FailedAnswer,
  type GraphQLErrorEntry,
  RateLimitError,
  RequestError,
  ServerError,
  TimeoutError,
  WelfareNetworkError,
} from './errors.ts'
export type {
  MembershipRole,
  NearInput,
  OrganizationKind,
  Sector,
  ServiceFilter,
  ServiceStatus,
  SuggestionKind,
} from './generated/operations.ts'
export type { Page, Pages } from './pages.ts'
export type { CallOptions } from './send-request.ts'
