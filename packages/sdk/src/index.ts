/** The SDK of a welfare network: a small client around operations generated from its contract. */
export {
  type Campaign,
  type Client,
  type ClientOptions,
  type ComparedTable,
  type CriticalTheme,
  createClient,
  type Language,
  type ListOptions,
  type NeedArea,
  type Network,
  type ParsedDocument,
  type Participation,
  type ResultTable,
  type Service,
  type ServiceSummary,
  type Suggestion,
  type TableOptions,
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
  CampaignStatus,
  ComparisonObstacle,
  MembershipRole,
  MintInvitationsInput,
  NearInput,
  OrganizationKind,
  ReleaseStatus,
  ReplaceInvitationsInput,
  Sector,
  ServiceFilter,
  ServiceStatus,
  SuggestionKind,
} from './generated/operations.ts'
export type { Page, Pages } from './pages.ts'
export type { CallOptions } from './send-request.ts'
export type { TypedDocument } from './typed-document.ts'
