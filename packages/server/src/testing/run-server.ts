/** Servers as operators run them, each a process of its own, that can be killed at a moment that a test chooses. */
import { expect, vi } from 'vitest'
import { connect, type Database, type DatabasePlace } from '../database/connect.ts'
import { noteSecret } from './evidence.ts'
import { type RunningProcess, startProcess } from './run-process.ts'

const anyPort = { PORT: '0', LOG_LEVEL: 'silent' }
const greeted = /answers at (http:\/\/\S+)[\s\S]*Stop with Ctrl\+C\./

/** Starts a server with these settings, and does not wait for it. */
export function startServer(settings: Record<string, string>): RunningProcess {
  return startProcess('main.ts', [], { ...anyPort, ...settings })
}

/** Starts a server, and returns when it answers. */
export async function runServer(settings: Record<string, string>) {
  const running = startServer(settings)
  const [, address] = await running.prints(greeted)
  const stop = async () => {
    running.child.kill('SIGTERM')
    expect(await running.ended).toBe(0)
  }
  return { ...running, address: address!, stop }
}

/** Asks a server, and returns the data of the answer. */
export async function askServer(
  address: string,
  query: string,
  { credential, variables }: { credential?: string; variables?: object } = {},
): Promise<unknown> {
  if (credential !== undefined) noteSecret(credential)
  const authorization = credential === undefined ? {} : { authorization: `Bearer ${credential}` }
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ query, variables }),
  })
  return ((await response.json()) as { data: unknown }).data
}

/** Kills a server, and returns when it is dead. */
export async function killServer({ child, ended }: RunningProcess): Promise<void> {
  child.kill('SIGKILL')
  expect(await ended).toBe('SIGKILL')
}

/**
 * Kills a server between the commit of what it was sent and the answer to who sent it.
 *
 * @param sent what was sent, and may fail
 * @param isCommitted whether it is in the database, as somebody sees it from beside
 */
export async function killBeforeAnswer(
  place: DatabasePlace,
  server: RunningProcess,
  sent: Promise<unknown>,
  isCommitted: (beside: Database) => Promise<boolean>,
): Promise<void> {
  const cutOff = sent.catch(() => {})
  if ('url' in place) {
    const beside = await connect(place)
    await vi.waitFor(async () => expect(await isCommitted(beside)).toBe(true), { timeout: 10_000, interval: 1 })
    await killServer(server)
    await beside.close()
  } else {
    // Nobody else can look into an embedded database: the answer was sent, and nobody listened.
    await cutOff
    await killServer(server)
  }
  await cutOff
}
