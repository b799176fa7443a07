/** The real processes, `main.ts` and `cli.ts`, as an operator starts them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import type { DatabasePlace } from '../database/connect.ts'

export interface RunningProcess {
  child: ChildProcess
  /** What it has printed so far. */
  printed: { out: string; err: string }
  /** How it ended: the exit code, or the signal that killed it. */
  ended: Promise<number | NodeJS.Signals>
  /** Waits until it has printed something, and returns the match. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
}

/** Starts a script of this package with these settings and no others. What still runs when the test ends is killed. */
export function startProcess(
  script: 'main.ts' | 'cli.ts',
  args: string[],
  settings: Record<string, string>,
): RunningProcess {
  const { PATH, HOME, TMPDIR } = process.env
  const env = Object.fromEntries(
    Object.entries({ PATH, HOME, TMPDIR, ...settings }).filter(([, value]) => value !== undefined),
  )
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', script), ...args], {
    env: env as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.err += text
  })
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal!))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return {
    child,
    printed,
    ended,
    prints: async (pattern) => {
      const all = () => printed.out + printed.err
      await expect
        .poll(() => (child.exitCode ?? child.signalCode) !== null || pattern.test(all()), { timeout: 90_000 })
        .toBe(true)
      const found = pattern.exec(all())
      if (found === null) throw new Error(`It ended without printing ${pattern}:\n${all()}`)
      return found
    },
  }
}

/** Runs a command of the command line to its end. */
export async function runCommand(args: string[], settings: Record<string, string>) {
  const { printed, ended } = startProcess('cli.ts', args, settings)
  const code = await ended
  return { code, ...printed }
}

/** The settings that lead a process to a database. */
export function settingsFor(place: DatabasePlace): Record<string, string> {
  return 'url' in place ? { DATABASE_URL: place.url } : { WELFARE_NETWORK_DATA: place.folder }
}
