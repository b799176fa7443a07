/** Mutations answer with a refusal where they did nothing: an error like any other to who called. */
import { RequestError } from './errors.ts'
import type { RefusalFragment } from './generated/operations.ts'

type Refusal = RefusalFragment & { __typename: 'RefusedError' }

/** What a mutation did; throws why it did nothing. */
export function unlessRefused<Done extends { __typename: string }>(
  result: Done | Refusal,
  requestId: string | undefined,
): Exclude<Done, Refusal> {
  if (result.__typename !== 'RefusedError') return result as Exclude<Done, Refusal>
  const { message, code, path } = result as Refusal
  throw new RequestError(message, { requestId, errors: [{ message, code, path }] })
}
