/** A file of secrets of a test's own, which it can rotate. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createSecrets, readSecrets, rotateSecrets, type Secrets } from '../secrets.ts'

export interface SecretsFile {
  path: string
  /** The secrets as a server that starts now reads them. */
  read(): Secrets
  /** Adds a secret and reads again. Older ones than the last are kept when `isNeeded` says so; by itself, none. */
  rotate(isNeeded?: (id: string) => boolean): Promise<Secrets>
}

/** Makes it with one secret; it is removed when the test ends. */
export function secretsForTest(): SecretsFile {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-secrets-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'secrets.json')
  createSecrets(path)
  return {
    path,
    read: () => readSecrets(path),
    async rotate(isNeeded = () => false) {
      await rotateSecrets(path, async (id) => isNeeded(id))
      return readSecrets(path)
    },
  }
}
