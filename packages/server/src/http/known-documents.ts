/**
 * The short way for what clients send over and over: a document that was validated before goes from the body straight to
 * execution, without a Request and a Response around it, which take as long as a small query itself.
 */
import type { IncomingHttpHeaders } from 'node:http'
import { BREAK, type DocumentNode, type ExecutionResult, execute, getOperationAST, Kind, visit } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { Context } from '../graphql/context.ts'
import { costOf } from '../graphql/cost.ts'
import { type PlainQuery, planQuery } from '../graphql/plain-query.ts'
import { schema } from '../graphql/schema.ts'
import type { Purse } from './budgets.ts'
import { holdsNul } from './read-parameters.ts'

/** Documents remembered, and the characters of the longest: together a bound on memory. */
const most = { documents: 200, characters: 5_000 }

/** An answer to a known document: the media type that was asked for, and the result. */
export interface KnownAnswer {
  type: 'application/json' | 'application/graphql-response+json'
  result: ExecutionResult
}

interface KnownDocument {
  document: DocumentNode
  /** What it costs, where that hangs on no variable and is known. */
  cost?: number | undefined
  /** Whether what it costs hangs on which operation is meant, or on variables. */
  costHangs: boolean
  /** How to execute it without graphql-js, where that is possible. */
  plain: PlainQuery | undefined
}

export interface KnownDocuments {
  /** Remembers every document that comes to be executed. */
  plugin: Plugin
  /**
   * Executes the query in a body, or returns undefined where anything about the request is out of the ordinary: then
   * nothing was done, and whoever handles every request handles it.
   */
  answer(headers: IncomingHttpHeaders, body: Buffer, context: KnownContext): Promise<KnownAnswer | undefined>
}

/** The caller's purse pays before anything is executed. */
export interface KnownContext extends Omit<Context, 'budget'> {
  budget?: Purse
}

export function knownDocuments(): KnownDocuments {
  const documents = new Map<string, KnownDocument>()
  return {
    plugin: {
      onExecute: ({ args: { document, contextValue } }) => {
        const { query } = contextValue.params
        if (query === undefined || query.length > most.characters) return
        documents.delete(query)
        documents.set(query, { document, costHangs: costHangs(document), plain: planQuery(schema, document) })
        if (documents.size > most.documents) documents.delete(documents.keys().next().value!)
      },
    },
    answer: async (headers, body, contextValue) => {
      const type = readAccept(headers.accept)
      if (type === undefined || !isPlainJson(headers)) return undefined
      const parameters = readParameters(body)
      const known = parameters && documents.get(parameters.query)
      if (known === undefined) return undefined
      documents.delete(parameters!.query)
      documents.set(parameters!.query, known)
      const { document, plain } = known
      const { variables: variableValues, operationName } = parameters!
      const operation = getOperationAST(document, operationName)?.operation
      if (operation !== 'query' && operation !== 'mutation') return undefined
      const cost = known.cost ?? costOf(schema, document, operationName, variableValues)
      if (!known.costHangs) known.cost = cost
      if (!payFor(contextValue, cost)) return { type, result: {} }
      const result =
        plain === undefined
          ? await execute({ schema, document, contextValue, variableValues, operationName })
          : await plain(contextValue, variableValues)
      // Without data nothing was executed, nor changed: a variable is missing or of the wrong type.
      return result.data === undefined ? undefined : { type, result }
    },
  }
}

/**
 * Notes the cost of what is to be executed, and lets the caller pay it: what is not within the limits, or has variables that
 * don't fit, costs the least. False where the caller can't.
 */
export function payFor(context: KnownContext, cost: number | undefined): boolean {
  if (cost !== undefined) context.cost = cost
  return context.budget?.pay(cost ?? 1) ?? true
}

// Page sizes multiply what is below them, and directives leave parts out; no other argument has a price (see cost.ts).
function costHangs(document: DocumentNode): boolean {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
  let hangs = operations.length > 1
  visit(document, {
    Directive: () => {
      hangs = true
      return BREAK
    },
    Argument: ({ name, value }) => {
      if (!['first', 'last'].includes(name.value) || value.kind !== Kind.VARIABLE) return undefined
      hangs = true
      return BREAK
    },
  })
  return hangs
}

function readAccept(accept: string | undefined): KnownAnswer['type'] | undefined {
  if (accept === undefined || accept === '*/*') return 'application/json'
  return accept === 'application/json' || accept === 'application/graphql-response+json' ? accept : undefined
}

function isPlainJson(headers: IncomingHttpHeaders): boolean {
  return headers['content-type'] === 'application/json' && headers['content-encoding'] === undefined
}

interface Parameters {
  query: string
  variables?: Record<string, unknown> | null
  operationName?: string | null
}

function readParameters(body: Buffer): Parameters | undefined {
  const text = body.toString()
  if (holdsNul(text)) return undefined
  let parameters: unknown
  try {
    parameters = JSON.parse(text)
  } catch {
    return undefined
  }
  return isOrdinary(parameters) ? parameters : undefined
}

function isOrdinary(parameters: unknown): parameters is Parameters {
  if (typeof parameters !== 'object' || parameters === null) return false
  const { query, variables, operationName, ...others } = parameters as Record<string, unknown>
  return (
    typeof query === 'string' &&
    (variables == null || (typeof variables === 'object' && !Array.isArray(variables))) &&
    (operationName == null || typeof operationName === 'string') &&
    Object.keys(others).length === 0
  )
}
