/** Errors that a caller may see. Everything else is masked, logged, and named by the request id alone. */
import { GraphQLError } from 'graphql'

/** The request asks for something that can't be; the message says what, where and what to do. */
export function badInput(message: string, path?: string[]): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'BAD_USER_INPUT', ...(path && { argument: path.join('.') }) },
  })
}
