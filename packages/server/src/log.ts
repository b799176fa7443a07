/** Structured logs, one JSON line an event. No address, no body, no value that a caller sent is ever logged. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { type DestinationStream, type Logger, pino } from 'pino'
import type { Config } from './config.ts'
import { type RootFieldTrace, rootFields } from './graphql/trace.ts'

export type { Logger } from 'pino'

/** The request in whose course something happens; lines logged then carry its id. */
export const currentRequest = new AsyncLocalStorage<{ requestId: string }>()

export function createLogger(level: Config['logLevel'], destination?: DestinationStream): Logger {
  // A copy: pino writes the fields of the line into what it is given, and the next line of the request would have them too.
  const options = { level, base: null, mixin: () => ({ ...currentRequest.getStore() }) }
  const logger = destination === undefined ? pino(options) : pino(options, destination)
  if (logger.isLevelEnabled('debug')) {
    rootFields.subscribe((message) => {
      const { field, milliseconds, failed } = message as RootFieldTrace
      logger.debug({ field, milliseconds: Math.round(milliseconds * 10) / 10, failed }, 'root field')
    })
  }
  return logger
}

/** What may be logged of an error: its kind and where it happened. Messages can quote what a person typed. */
export function describeError(error: unknown): { error: string; code?: string; at: string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { error: error.name, ...(code && { code }), at: framesOf(error).slice(0, 8) }
}

// A stack begins with the message, and a line of that may look like a place in the code.
function framesOf({ stack = '', message }: Error): string[] {
  const start = stack.indexOf(message)
  if (start === -1) return []
  const lines = stack.slice(start + message.length).split('\n')
  return lines.flatMap((line) => /^\s+at (.*)/.exec(line)?.[1] ?? [])
}
