/** A file of secrets of a test's own, which it can rotate. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSecrets, readSecrets, rotateSecrets, type Secrets, settling } from '../secrets.ts'

export interface SecretsFile {
  path: string
  /** The secrets as a server that starts now reads them, and keeps them for as long as it has not looked again. */
  read(): Secrets
  /**
   * Adds a secret that has settled, and reads again. Older ones than the last are kept when `isNeeded` says so; by itself,
   * none.
   */
  rotate(isNeeded?: (id: string) => boolean): Promise<Secrets>
}

// Rotations of a test come one after another, as if each had settled before the next.
const longAgo = Date.parse('2020-01-01T00:00:00Z')

/** Makes it with one secret; it is removed when the test ends. */
export function secretsForTest(): SecretsFile {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'secrets.json')
  createSecrets(path, new Date(longAgo))
  let rotatedAt = longAgo
  const today = Date.now()
  // A clock that stands still: what was read is not read again.
  const read = () => readSecrets(path, { now: () => today })
  return {
    path,
    read,
    async rotate(isNeeded = () => false) {
      rotatedAt += settling
      await rotateSecrets(path, async (id) => isNeeded(id), new Date(rotatedAt))
      return read()
    },
  }
}
