/** GraphQL over HTTP: yoga with our schema, limits and errors. */

import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { PothosError, PothosValidationError } from '@pothos/core'
import { GraphQLError } from 'graphql'
import { createGraphQLError, createYoga, isAsyncIterable, type Plugin } from 'graphql-yoga'
import type { Config } from '../config.ts'
import type { Database } from '../database/connect.ts'
import type { Context } from '../graphql/context.ts'
import { limits } from '../graphql/limits.ts'
import { schema } from '../graphql/schema.ts'
import { currentRequest, describeError, type Logger } from '../log.ts'
import { exampleTabs } from './example-tabs.ts'
import { readParameters } from './read-parameters.ts'

/** What the HTTP front hands over with a request. */
export interface RequestContext {
  requestId: string
}

export const graphqlPath = '/graphql'

export function createGraphqlEndpoint(
  database: Pick<Database, 'prisma'>,
  config: Pick<Config, 'development'>,
  logger: Logger,
) {
  return createYoga<RequestContext, Omit<Context, 'requestId'>>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    logging: false,
    batching: false,
    context: { prisma: database.prisma },
    graphiql: config.development && { title: 'Welfare Network', defaultTabs: exampleTabs },
    renderGraphiQL,
    // The front answers preflights and sets these headers, on its own refusals too.
    cors: false,
    maskedErrors: { maskError: (error) => maskError(error, logger) },
    plugins: [readParameters(), boundedDocuments(), logOperation(logger), okWithData()],
  })
}

// Ids are checked before they reach a resolver, so what the libraries can't use is a forged cursor, an id of the wrong
// type, or of one that is not there: Pothos says the latter, and Prisma (P2007, a value that is not of its type) the first.
function findForged(error: unknown): string | undefined {
  if (error instanceof PothosValidationError) return error.message
  const isForged = error instanceof PothosError || (error instanceof Error && 'code' in error && error.code === 'P2007')
  return isForged
    ? 'An id or a cursor in the request is not one of this API. Use one that a query returned.'
    : undefined
}

/** An error as the caller sees it: ours as it is, anything else as a request id to quote. */
function maskError(error: unknown, logger: Logger): Error {
  const original = error instanceof GraphQLError ? error.originalError : error
  const wrong = findForged(error) ?? findForged(original)
  if (wrong !== undefined) {
    return createGraphQLError(wrong, {
      ...(error instanceof GraphQLError && error.path && { path: error.path }),
      extensions: { code: 'BAD_USER_INPUT' },
    })
  }
  if (error instanceof GraphQLError && (original == null || original instanceof GraphQLError)) return error
  const requestId = currentRequest.getStore()?.requestId
  logger.error(describeError(original), 'unexpected error')
  return createGraphQLError(
    `Something went wrong here, not in your request. Quote request ${requestId} when you report it.`,
    {
      ...(error instanceof GraphQLError && error.path && { path: error.path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, http: { status: 500 } },
    },
  )
}

// Bounds the work of parsing and validating, which come before the limits on execution.
function boundedDocuments(): Plugin {
  return {
    onParse: ({ parseFn, setParseFn }) => {
      setParseFn((source, options) => parseFn(source, { ...options, maxTokens: limits.tokens }))
    },
  }
}

function logOperation(logger: Logger): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone: ({ result }) => {
        const errors = isAsyncIterable(result) ? [] : (result.errors ?? [])
        const codes = [...new Set(errors.map(({ extensions }) => extensions.code ?? 'GRAPHQL_ERROR'))]
        logger.debug({ errors: errors.length, codes }, 'operation')
      },
    }),
  }
}

// GraphQL over HTTP: an answer that has data is a 2xx, also when a part of it failed.
function okWithData(): Plugin {
  return {
    onResultProcess: ({ result }) => {
      if (Array.isArray(result) || isAsyncIterable(result) || result.data == null) return
      for (const { extensions } of result.errors ?? []) delete extensions.http
    },
  }
}
