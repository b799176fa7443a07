/** What a person's browser does to answer a survey so that nobody can tell who answered what. */
export {
  ConnectionError,
  type FailedAnswer,
  type GraphQLErrorEntry,
  RateLimitError,
  RequestError,
  ServerError,
  SignatureError,
  TimeoutError,
  WelfareNetworkError,
} from './errors.ts'
export { fingerprintOf } from './fingerprint.ts'
export type { AnsweringStorage, Answers, GivenAnswer } from './keep-answering.ts'
export {
  type Credential,
  type Expected,
  type Invitation,
  openInvitation,
  type SurveyCampaign,
  type SurveyOptions,
} from './open-invitation.ts'
export type { CallOptions } from './send-request.ts'
export type { Clock } from './wait-at-random.ts'
