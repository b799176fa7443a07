/** A peer that answers as a test needs it to: what a healthy server of ours never does. */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** The address of a peer that answers every request in this way, until the test ends. */
export async function startPeer(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

/** An answer, whole. */
export interface PeerAnswer {
  status?: number
  headers?: Record<string, string>
  /** A text as it is, anything else as JSON. */
  body?: unknown
}

/** The address of a peer that gives this answer to every request. */
export function startPeerThatAnswers({ status = 200, headers = {}, body = '' }: PeerAnswer): Promise<string> {
  return startPeer((_request, response) => {
    const type = typeof body === 'string' ? 'text/html' : 'application/json'
    response.writeHead(status, { 'content-type': type, 'x-request-id': 'request-1', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
}
