import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startTestServer } from '../testing/test-server.ts'
import { shutDown } from './shut-down.ts'

test('a request in flight gets its answer, new connections are refused, and the database is closed last', async () => {
  const { server, database, endpoint } = await startTestServer('empty')
  const { port } = new URL(endpoint)
  const body = '{"query":"{ networks(first: 1) { totalCount } }"}'
  const half = body.length / 2
  const { socket, answer } = open(port)
  socket.write(`${head(body.length)}${body.slice(0, half)}`)
  const order: string[] = []
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  response.on('finish', () => order.push('answer'))

  const stopped = shutDown(server, {
    close: async () => {
      order.push('database')
      await database.close()
    },
  })
  await expect(fetch(endpoint)).rejects.toThrow()

  socket.write(body.slice(half))
  expect(await answer).toContain('{"data":{"networks":{"totalCount":0}}}')
  await stopped
  expect(order).toEqual(['answer', 'database'])
  await expect(database.prisma.$queryRaw`SELECT 1 FROM network`).rejects.toThrow()
})

test('the last answer tells the caller that the connection ends', async () => {
  const { server, database, endpoint } = await startTestServer('empty')
  const { socket, answer } = open(new URL(endpoint).port)
  const body = '{"query":"{__typename}"}'
  socket.write(`${head(body.length)}{`)
  await once(server, 'request')
  const stopped = shutDown(server, database)
  socket.write(body.slice(1))
  expect(await answer).toMatch(/\r\nconnection: close\r\n/i)
  await stopped
})

test('connections that are kept alive and idle do not hold the server up', async () => {
  const { server, database, endpoint } = await startTestServer('empty')
  const { socket, answer } = open(new URL(endpoint).port)
  socket.write('GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n')
  await once(socket, 'data')
  const started = performance.now()
  await shutDown(server, database)
  // Node keeps an idle connection for five seconds.
  expect(performance.now() - started).toBeLessThan(4_000)
  expect(await answer).toContain('"status":"pass"')
})

test('a caller who never finishes is cut off when the patience ends', async () => {
  const { server, database, endpoint } = await startTestServer('empty')
  const { socket, answer } = open(new URL(endpoint).port)
  socket.write(`${head(1_000)}{`)
  await once(server, 'request')
  await shutDown(server, database, 50)
  expect(await answer).toBe('')
})

function head(length: number): string {
  return `POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n\r\n`
}

/** A connection, and all that comes back on it until it is closed. */
function open(port: string): { socket: Socket; answer: Promise<string> } {
  const socket = connect(Number(port), '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += chunk
  })
  const answer = new Promise<string>((resolve) => {
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
  })
  return { socket, answer }
}
