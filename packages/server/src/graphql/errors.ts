/** Errors that a caller may see. Everything else is masked, logged, and named by the request id alone. */
import { GraphQLError } from 'graphql'
import type { Actor } from '../actor.ts'

/** The request asks for something that can't be; the message says what, where and what to do. */
export function badInput(message: string, path?: string[]): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT', ...(path && { argument: path.join('.') }) },
  })
}

/** The caller may not ask for this. What would be there is not told. */
export function notPermitted({ kind }: Actor): GraphQLError {
  return kind === 'anyone'
    ? new GraphQLError('This needs a credential, in the header Authorization.', {
        extensions: { code: 'UNAUTHENTICATED' },
      })
    : new GraphQLError('This credential does not allow that. The query viewer tells what it allows.', {
        extensions: { code: 'FORBIDDEN' },
      })
}
