/** Programs of this folder that run as processes of their own and talk by messages. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Child {
  process: ChildProcess
  /** The next thing that it says; fails when it ends instead. */
  hear<Message>(): Promise<Message>
  stop(): Promise<void>
}

export function start(file: string, environment: Record<string, string> = {}): Child {
  const child = fork(join(import.meta.dirname, file), {
    env: { ...process.env, NODE_ENV: 'production', GRAPHILE_ENV: 'production', ...environment },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`${file} ended (${signal ?? code}).`)
  })
  // Only who waits for something is told.
  ended.catch(() => {})
  return {
    process: child,
    hear: async <Message>() => {
      const [message] = await Promise.race([once(child, 'message'), ended])
      return message as Message
    },
    stop: async () => {
      child.kill()
      await ended.catch(() => {})
    },
  }
}
