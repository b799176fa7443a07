/** Stands between a server and PostgreSQL and counts the statements that pass, whichever library sends them. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface StatementCounter {
  /** The database's address through this counter. */
  url: string
  /** Statements executed since the last call. */
  take(): number
  close(): void
}

export async function countStatements(databaseUrl: string): Promise<StatementCounter> {
  let count = 0
  const { hostname, port } = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        near.destroy()
        far.destroy()
        sockets.delete(socket)
      })
    }
    near.pipe(far).pipe(near)
    near.on(
      'data',
      eachMessage((type) => {
        if (executes.has(type)) count += 1
      }),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    take: () => {
      const taken = count
      count = 0
      return taken
    },
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

// PostgreSQL's protocol, version 3: a query sent as text (Q), and the execution of a prepared one (E).
const executes = new Set(['Q', 'E'])

/** Cuts what a client sends into messages: the first has a length alone, all others a letter before it. */
function eachMessage(tell: (type: string) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0)
  let started = false
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const head = started ? 1 : 0
      if (rest.length < head + 4) return
      const end = head + rest.readUInt32BE(head)
      if (rest.length < end) return
      if (started) tell(String.fromCharCode(rest[0]!))
      started = true
      rest = rest.subarray(end)
    }
  }
}
