/** Announces how long each root field took, on a diagnostics channel that logs and tracers can subscribe to. */
import { channel } from 'node:diagnostics_channel'
import { runFunction } from '@pothos/plugin-tracing'
import type { GraphQLFieldResolver } from 'graphql'
import type { Context } from './context.ts'

/** Messages are {@link RootFieldTrace}. */
export const rootFields = channel('welfare-network:root-field')

export interface RootFieldTrace {
  requestId: string
  /** Name of the field of Query or Mutation. */
  field: string
  /** Milliseconds until the field's own resolver was done. */
  milliseconds: number
  failed: boolean
}

export function traceRootField(
  resolver: GraphQLFieldResolver<unknown, Context, Record<string, unknown>>,
  field: string,
): GraphQLFieldResolver<unknown, Context, Record<string, unknown>> {
  return (parent, args, context, info) =>
    runFunction(
      () => resolver(parent, args, context, info),
      (error, milliseconds) => {
        const trace: RootFieldTrace = { requestId: context.requestId, field, milliseconds, failed: error != null }
        rootFields.publish(trace)
      },
    )
}
