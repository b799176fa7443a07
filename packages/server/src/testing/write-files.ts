/** Files that exist as long as a test runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder with these files, removed when the test ends. */
export function folderForTest(files: Record<string, string | Uint8Array>): string {
  const { folder, remove } = writeFolder(files)
  onTestFinished(remove)
  return folder
}

/** A folder with these files, for a test that makes many and removes each. */
export function writeFolder(files: Record<string, string | Uint8Array>): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-source-'))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
