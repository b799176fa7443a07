/**
 * The secrets of the server, in a file that all its replicas read: one that is current, and those before it that may still
 * be met. Nothing else of them leaves this file: each purpose has a key of its own, derived from a secret.
 */
import { hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** What a derived key is for: signing grants, signing sessions, hashing person keys, sealing the keys of campaigns. */
export type Purpose = 'grant' | 'session' | 'person-key' | 'campaign-key'

/** What was made with a key of these purposes lies in the database until it is used again, so no secret is dropped before. */
const lasting: ReadonlySet<Purpose> = new Set(['person-key', 'campaign-key'])

export interface DerivedKey {
  /** Name of the secret that it was derived from. */
  id: string
  /** 32 bytes. */
  key: Uint8Array
}

export interface Secrets {
  /** The key to sign or hash with now. */
  current(purpose: Purpose): DerivedKey
  /**
   * Keys that are taken, the current one first: for signing, that one and the one before it; for what lies in the database
   * (hashes of person keys, sealed keys of campaigns), all that are kept.
   */
  accepted(purpose: Purpose): DerivedKey[]
}

/** The file of secrets can't be used; the message says why and what to do. */
export class SecretsUnavailable extends Error {}

const form = z.object({
  secrets: z
    .array(
      z.object({
        id: z.string().regex(/^[\w-]{1,32}$/),
        secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
        since: z.iso.datetime(),
      }),
    )
    .min(1),
})

type Stored = z.infer<typeof form>['secrets'][number]

/** Reads the secrets of a file, the newest first. Throws {@link SecretsUnavailable}. */
export function readSecrets(path: string): Secrets {
  return deriveFrom(readStored(path))
}

/** Secrets that live as long as the process: for tests, and for what never sees anyone again. */
export function passingSecrets(): Secrets {
  return deriveFrom([makeSecret(new Date())])
}

/** Makes a file with one secret, unless it is there. Returns whether it was made. */
export function createSecrets(path: string, now = new Date()): boolean {
  if (existsSync(path)) return false
  writeStored(path, [makeSecret(now)])
  return true
}

/** Adds a secret, which becomes the current one, and drops those before the last that nothing hangs on (`isNeeded`). */
export async function rotateSecrets(
  path: string,
  isNeeded: (id: string) => Promise<boolean>,
  now = new Date(),
): Promise<{ id: string; kept: number; dropped: number }> {
  const [last, ...older] = readStored(path)
  const needed = await Promise.all(older.map(({ id }) => isNeeded(id)))
  const kept = [last!, ...older.filter((_, index) => needed[index])]
  const added = makeSecret(now)
  writeStored(path, [added, ...kept])
  return { id: added.id, kept: kept.length, dropped: older.length + 1 - kept.length }
}

function deriveFrom(stored: Stored[]): Secrets {
  const derived = new Map<string, DerivedKey>()
  const derive = ({ id, secret }: Stored, purpose: Purpose): DerivedKey => {
    const name = `${purpose} ${id}`
    const known = derived.get(name)
    if (known !== undefined) return known
    const key = new Uint8Array(
      hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', `welfare-network ${purpose}`, 32),
    )
    derived.set(name, { id, key })
    return derived.get(name)!
  }
  return {
    current: (purpose) => derive(stored[0]!, purpose),
    accepted: (purpose) => (lasting.has(purpose) ? stored : stored.slice(0, 2)).map((each) => derive(each, purpose)),
  }
}

function makeSecret(now: Date): Stored {
  return { id: randomBytes(6).toString('hex'), secret: randomBytes(32).toString('base64url'), since: now.toISOString() }
}

function readStored(path: string): Stored[] {
  const advice = 'Make it with `pnpm welfare-network keys init`, or name another with WELFARE_NETWORK_SECRETS.'
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new SecretsUnavailable(
      `${path}: the file of secrets can't be read (${(error as NodeJS.ErrnoException).code}). ${advice}`,
    )
  }
  // What is wrong is not quoted: it may be a secret.
  try {
    return form.parse(JSON.parse(text)).secrets
  } catch {
    throw new SecretsUnavailable(`${path}: this is not a file of secrets. Restore it from a copy. ${advice}`)
  }
}

// Whole or not at all, and for its owner only.
function writeStored(path: string, secrets: Stored[]): void {
  mkdirSync(dirname(path), { recursive: true })
  const partial = `${path}.partial`
  writeFileSync(partial, `${JSON.stringify({ secrets }, null, 2)}\n`, { mode: 0o600, flush: true })
  renameSync(partial, path)
}
