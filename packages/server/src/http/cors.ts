/** Which web pages may read the answers (CORS). No answer depends on a cookie, so credentials are never allowed. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Config } from '../config.ts'

/** Sets the headers that let a page of an allowed origin read the answer, and send what a preflight asks about. */
export function allowOrigin(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  origins: Config['corsOrigins'],
): void {
  if (origins === '*') {
    response.setHeader('access-control-allow-origin', '*')
  } else {
    response.appendHeader('vary', 'Origin')
    if (headers.origin === undefined || !origins.includes(headers.origin)) return
    response.setHeader('access-control-allow-origin', headers.origin)
  }
  response.setHeader('access-control-expose-headers', 'x-request-id, retry-after, ratelimit, ratelimit-policy')
  if (method !== 'OPTIONS') return
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS')
  response.setHeader('access-control-allow-headers', 'content-type, authorization, x-request-id')
  response.setHeader('access-control-max-age', '86400')
}
