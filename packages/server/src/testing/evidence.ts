/** What tests log, and what must never be in it: kept aside while they run, compared when all have ended (see `watch-logs.ts`). */
import crypto from 'node:crypto'
import { appendFileSync, readdirSync, readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { threadId } from 'node:worker_threads'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of what is kept. */
    evidence: string
  }
}

interface Kept {
  secrets: string[]
  logs: string[]
}

const kept: Kept = { secrets: [], logs: [] }

/** This must be in no log. */
export function noteSecret(text: string): void {
  kept.secrets.push(text)
}

/** A piece of what a server logged. */
export function keepLog(text: string): void {
  kept.logs.push(text)
}

/**
 * From now on whatever is drawn at random in this process, and could be a secret by its length, is noted in the forms in
 * which secrets are written: API keys, person keys and the server's own are drawn like this, wherever a test makes them.
 */
export function noteRandomBytes(): void {
  const draw = crypto.randomBytes
  crypto.randomBytes = ((size: number, ...others: []) => {
    const bytes = draw(size, ...others) as Buffer | undefined
    if (size >= 16 && size <= 64 && bytes !== undefined) {
      for (const form of ['base64url', 'hex', 'base64'] as const) noteSecret(bytes.toString(form))
    }
    return bytes
  }) as typeof crypto.randomBytes
  syncBuiltinESMExports()
}

/** Writes down what came together in this process, for the end. */
export function writeEvidence(): void {
  for (const [name, texts] of Object.entries(kept) as [keyof Kept, string[]][]) {
    if (texts.length > 0)
      appendFileSync(join(inject('evidence'), `${name}-${process.pid}-${threadId}`), `${texts.join('\n')}\n`)
    kept[name] = []
  }
}

/** Everything that was written into a folder. */
export function readEvidence(folder: string): Kept {
  const read = (name: keyof Kept) =>
    readdirSync(folder)
      .filter((file) => file.startsWith(name))
      .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))
      .filter((line) => line !== '')
  return { secrets: read('secrets'), logs: read('logs') }
}

/** What can be told for a credential without knowing it. */
const credentials = [
  /\bwnk\d_[0-9a-f]{32}_[\w-]{20,}/,
  /\bwn[a-z]\d\.[\w-]{8,}\.[\w-]{8,}/,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  /\bBearer +[\w.~+/-]{8,}/i,
  // That of the advice on how to write one is nobody's.
  /\bpostgres(ql)?:\/\/(?!user:password@)[^\s:@/]+:[^\s@]+@/,
]

/** The shortest text that is looked for; a shorter one can stand anywhere by chance. */
const shortest = 12

/** Lines of logs that hold a secret, or what has the form of one. */
export function findSecrets({ secrets, logs }: Kept): string[] {
  const byStart = Map.groupBy(new Set(secrets.filter(({ length }) => length >= shortest)), (secret) =>
    secret.slice(0, shortest),
  )
  return logs.filter((line) => {
    if (credentials.some((form) => form.test(line))) return true
    for (let at = 0; at + shortest <= line.length; at += 1) {
      const sames = byStart.get(line.slice(at, at + shortest))
      if (sames?.some((secret) => line.startsWith(secret, at))) return true
    }
    return false
  })
}
