/** Runs the `welfare-network` command in a process of its own, and tells what it took. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface Run {
  seconds: number
  /** Most resident memory that the process held, in bytes. */
  memory: number
  /** What the process computed itself, in seconds; the rest it waited for the database. */
  computed: number
}

const cli = createRequire(import.meta.url).resolve('@welfare-network/server/src/cli.ts')

/** Runs the command on the database at `url`. Throws when it does not end with exit code 0. */
export async function runCommand(url: string, ...args: string[]): Promise<Run> {
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', join(import.meta.dirname, 'report-memory.ts'), cli, ...args], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  const [[code], errors, usage] = await Promise.all([
    once(child, 'exit') as Promise<[number | null]>,
    text(child.stderr!),
    text(child.stdio[3] as Readable),
  ])
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${errors}`)
  const { memory, cpu } = JSON.parse(usage) as { memory: number; cpu: NodeJS.CpuUsage }
  return { seconds: (performance.now() - started) / 1000, memory, computed: (cpu.user + cpu.system) / 1e6 }
}
