/** The load: a process of its own that sends a number of requests, a few at a time, and times each. */
import { Pool } from 'undici'

export interface Load {
  port: number
  path: string
  /** Bodies sent one after another, from the first again after the last. */
  bodies: string[]
  /** Credential of who asks; nobody without. */
  credential?: string
  requests: number
  /** How many are under way at once, each on a connection of its own. */
  concurrency: number
}

export interface Measured {
  requestsPerSecond: number
  /** Milliseconds that half of the requests took at most. */
  p50: number
  /** Milliseconds that 99 of 100 requests took at most. */
  p99: number
}

process.on('message', async (load: Load) => process.send!(await send(load)))

async function send({ port, path, bodies, credential, requests, concurrency }: Load): Promise<Measured> {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: concurrency, pipelining: 1 })
  const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
  const times = new Float64Array(requests)
  let next = 0
  const worker = async () => {
    for (let number = next++; number < requests; number = next++) {
      const started = performance.now()
      const { statusCode, body } = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...authorization },
        body: bodies[number % bodies.length]!,
      })
      await body.dump({ limit: Number.MAX_SAFE_INTEGER })
      if (statusCode !== 200) throw new Error(`request ${number} was answered with ${statusCode}`)
      times[number] = performance.now() - started
    }
  }
  const started = performance.now()
  await Promise.all(Array.from({ length: concurrency }, worker))
  const seconds = (performance.now() - started) / 1000
  await pool.close()
  times.sort()
  return {
    requestsPerSecond: requests / seconds,
    p50: times[Math.floor(requests * 0.5)]!,
    p99: times[Math.floor(requests * 0.99)]!,
  }
}
