/** The real processes, `main.ts` and `cli.ts`, as an operator starts them. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import type { DatabasePlace } from '../database/connect.ts'
import { createSecrets } from '../secrets.ts'
import { keepLog, noteSecret } from './evidence.ts'

export interface RunningProcess {
  child: ChildProcess
  /** What it has printed so far. */
  printed: { out: string; err: string }
  /** How it ended: the exit code, or the signal that killed it. */
  ended: Promise<number | NodeJS.Signals>
  /** Waits until it has printed something, and returns the match. */
  prints(pattern: RegExp): Promise<RegExpExecArray>
}

// Each process loads the same modules: what the first compiled, the next ones need not.
const compiled = mkdtempSync(join(tmpdir(), 'welfare-network-compiled-'))
const running = new Set<RunningProcess>()

afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL')
    await ended
  }
  rmSync(compiled, { recursive: true, force: true })
})

/** Starts a script of this package with these settings and no others. What still runs after the last test is killed. */
export function startProcess(
  script: 'main.ts' | 'cli.ts',
  args: string[],
  settings: Record<string, string>,
): RunningProcess {
  const { PATH, HOME, TMPDIR } = process.env
  const given = { PATH, HOME, TMPDIR, NODE_COMPILE_CACHE: compiled, ...settings }
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
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
  void ended.then(() => keepPrinted(script, printed, settings))
  const started: RunningProcess = { child, printed, ended, prints }
  running.add(started)
  void ended.then(() => running.delete(started))
  return started

  function prints(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(printed.out + printed.err)
        if (found !== null) resolve(found)
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      void ended.then(() => reject(new Error(`It ended without printing ${pattern}:\n${printed.out}${printed.err}`)))
      look()
    })
  }
}

// What the command line prints is for who asked it: a new API key, once. What the server prints is a log.
function keepPrinted(script: string, { out, err }: RunningProcess['printed'], settings: Record<string, string>): void {
  const { DATABASE_URL, WELFARE_NETWORK_DATA, WELFARE_NETWORK_SECRETS } = settings
  if (DATABASE_URL !== undefined && URL.canParse(DATABASE_URL)) noteSecret(new URL(DATABASE_URL).password)
  const secrets = WELFARE_NETWORK_SECRETS ?? join(WELFARE_NETWORK_DATA ?? '', 'secrets.json')
  if (existsSync(secrets))
    for (const [secret] of readFileSync(secrets, 'utf8').matchAll(/[\w-]{43}/g)) noteSecret(secret)
  for (const line of `${script === 'main.ts' ? out : ''}\n${err}`.split('\n')) keepLog(line)
}

/** Runs a command of the command line to its end. */
export async function runCommand(args: string[], settings: Record<string, string>) {
  const { printed, ended } = startProcess('cli.ts', args, settings)
  const code = await ended
  return { code, ...printed }
}

/** The settings that lead a process to a database. */
export function settingsFor(place: DatabasePlace): Record<string, string> {
  if ('folder' in place) return { WELFARE_NETWORK_DATA: place.folder }
  const secrets = join(compiled, 'secrets.json')
  createSecrets(secrets)
  return { DATABASE_URL: place.url, WELFARE_NETWORK_SECRETS: secrets }
}
