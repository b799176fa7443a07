/** How a request is refused, everywhere alike: what was wrong, a code for programs, and the id that finds it in the log. */
import type { ServerResponse } from 'node:http'

export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  code: string,
  requestId: string,
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] }))
}
