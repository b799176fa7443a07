/** What an operation costs: a field costs 1, or what it says, times the page sizes above it. */
import { complexityFromQuery } from '@pothos/plugin-complexity'
import { type DocumentNode, type GraphQLSchema, getOperationAST, Kind } from 'graphql'
import { limits } from './limits.ts'

/**
 * The cost of an operation that is within the limits; undefined where it is not, or its variables don't fit. What is wrong is
 * told when it is executed.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Record<string, unknown> | null | undefined,
): number | undefined {
  const operation = getOperationAST(document, operationName)
  if (operation == null) return undefined
  const definitions = document.definitions.filter(
    (each) => each.kind !== Kind.OPERATION_DEFINITION || each === operation,
  )
  try {
    const asked = { schema, variables: variables ?? {} }
    const { complexity, depth, breadth } = complexityFromQuery({ ...document, definitions }, asked)
    const isWithin = complexity <= limits.complexity && depth <= limits.depth && breadth <= limits.breadth
    return isWithin ? complexity : undefined
  } catch {
    return undefined
  }
}
