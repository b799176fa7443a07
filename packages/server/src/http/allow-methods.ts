/** Which methods a path takes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuse } from './refuse.ts'

/** The methods of a path that is read and never written. */
export const readingMethods = 'GET, HEAD, OPTIONS'

/** Whether a request is to be answered: one that asks for the methods of the path, or has another, has been. */
export function allowMethods(
  methods: string,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): boolean {
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { allow: methods }).end()
    return false
  }
  if (methods.split(', ').includes(request.method!)) return true
  response.setHeader('allow', methods)
  refuse(response, 405, `This path takes ${methods}.`, 'METHOD_NOT_ALLOWED', requestId)
  return false
}
