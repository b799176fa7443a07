/** GraphQL over HTTP: yoga with our schema, limits and errors. */
import type { IncomingHttpHeaders } from 'node:http'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { PothosError, PothosValidationError } from '@pothos/core'
import { type ExecutionResult, GraphQLError } from 'graphql'
import { createGraphQLError, createYoga, isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga'
import type { Config } from '../config.ts'
import { isTimeout } from '../database/is-timeout.ts'
import type { Context } from '../graphql/context.ts'
import { costOf } from '../graphql/cost.ts'
import { limits } from '../graphql/limits.ts'
import { schema } from '../graphql/schema.ts'
import { currentRequest, describeError, type Logger } from '../log.ts'
import type { Purse } from './budgets.ts'
import { exampleTabs } from './example-tabs.ts'
import { type KnownContext, knownDocuments, payFor } from './known-documents.ts'
import { readParameters } from './read-parameters.ts'

/** What the HTTP front hands over with a request. */
export interface RequestContext extends Pick<Context, 'requestId' | 'actor' | 'cost'> {
  budget?: Purse
}

export const graphqlPath = '/graphql'

export function createGraphqlEndpoint(
  shared: Pick<Context, 'prisma' | 'secrets'>,
  config: Pick<Config, 'development'>,
  logger: Logger,
) {
  const known = knownDocuments()
  const yoga = createYoga<RequestContext, Omit<Context, keyof RequestContext>>({
    schema,
    graphqlEndpoint: graphqlPath,
    landingPage: false,
    logging: false,
    batching: false,
    context: shared,
    graphiql: config.development && { title: 'Welfare Network', defaultTabs: exampleTabs },
    renderGraphiQL,
    // The front answers preflights and sets these headers, on its own refusals too.
    cors: false,
    maskedErrors: { maskError: (error) => maskError(error, logger) },
    plugins: [readParameters(), boundedDocuments(), known.plugin, paidOperations(), logOperation(logger), okWithData()],
  })
  return {
    /** Answers any request. */
    fetch: yoga.fetch,
    /** Answers a POST whose document is known; undefined leaves it to `fetch`. */
    answerKnown: async (
      headers: IncomingHttpHeaders,
      body: Buffer,
      request: RequestContext,
    ): Promise<PlainAnswer | undefined> => {
      const answered = await known.answer(headers, body, { ...shared, ...request })
      if (answered === undefined) return undefined
      const { type } = answered
      // Nobody gets this: the front refuses the whole request.
      if (request.budget?.overspent) return { status: 429, type, body: '' }
      const result = withCost(answered.result, request.budget)
      logResult(logger, result)
      if (result.errors === undefined) {
        return { status: 200, type: `${type}; charset=utf-8`, body: JSON.stringify(result) }
      }
      const masked = { ...result, errors: result.errors.map((error) => maskError(error, logger) as GraphQLError) }
      dropStatus(masked)
      const response = processRegularResult(masked, yoga.fetchAPI, type)
      return { status: response.status, type: response.headers.get('content-type')!, body: await response.text() }
    },
  }
}

/** What goes over the wire. */
export interface PlainAnswer {
  status: number
  /** Value of the header content-type. */
  type: string
  body: string
}

// Ids are checked before they reach a resolver, so what the libraries can't use is a forged cursor, an id of the wrong
// type, or of one that is not there: Pothos says the latter, and Prisma the first: P2007, a value that is not of its
// type, or a cursor of another kind than the key.
function findForged(error: unknown): string | undefined {
  if (error instanceof PothosValidationError) return error.message
  if (!(error instanceof Error)) return undefined
  const isForged =
    error instanceof PothosError ||
    ('code' in error && error.code === 'P2007') ||
    (error.name === 'PrismaClientValidationError' && /\bcursor: \{/.test(error.message))
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
  if (isTimeout(original)) {
    return createGraphQLError('This takes longer than a request may. Ask for less, or with more conditions.', {
      ...(error instanceof GraphQLError && error.path && { path: error.path }),
      extensions: { code: 'TOO_SLOW' },
    })
  }
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

// A known document has been paid for before it comes here, where it turns out that something else is out of the ordinary.
function paidOperations(): Plugin<KnownContext> {
  return {
    onExecute: ({ args, setResultAndStopExecution }) => {
      const { document, operationName, variableValues, contextValue } = args
      const { budget } = contextValue
      if (!payFor(contextValue, costOf(schema, document, operationName, variableValues))) setResultAndStopExecution({})
      return {
        onExecuteDone: ({ result, setResult }) => {
          if (!isAsyncIterable(result)) setResult(withCost(result, budget))
        },
      }
    },
  }
}

function withCost(result: ExecutionResult, budget: Purse | undefined): ExecutionResult {
  return budget === undefined ? result : { ...result, extensions: { ...result.extensions, cost: budget.told } }
}

function logOperation(logger: Logger): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone: ({ result }) => {
        if (isAsyncIterable(result)) return
        nameVariableErrors(result)
        logResult(logger, result)
      },
    }),
  }
}

// GraphQL gives no code to what is wrong with variables or the operation's name, found before anything is executed.
function nameVariableErrors({ data, errors }: Pick<ExecutionResult, 'data' | 'errors'>): void {
  if (data !== undefined) return
  for (const { extensions } of errors ?? []) extensions.code ??= 'BAD_USER_INPUT'
}

function logResult(logger: Logger, { errors = [] }: ExecutionResult): void {
  if (!logger.isLevelEnabled('debug')) return
  const codes = [...new Set(errors.map(({ extensions }) => extensions.code ?? 'GRAPHQL_ERROR'))]
  logger.debug({ errors: errors.length, codes }, 'operation')
}

function okWithData(): Plugin {
  return {
    onResultProcess: ({ result }) => {
      if (!Array.isArray(result) && !isAsyncIterable(result)) dropStatus(result)
    },
  }
}

// GraphQL over HTTP: an answer that has data is a 2xx, also when a part of it failed.
function dropStatus({ data, errors }: Pick<ExecutionResult, 'data' | 'errors'>): void {
  if (data == null) return
  for (const { extensions } of errors ?? []) delete extensions.http
}
