/** After all tests: what was logged by any of them holds none of the secrets that any of them made, or the run fails. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findSecrets, readEvidence } from './evidence.ts'

let folder: string | undefined
let users = 0

export default function setup(project: TestProject): () => void {
  // Several projects are one run.
  folder ??= mkdtempSync(join(tmpdir(), 'welfare-network-evidence-'))
  users += 1
  project.provide('evidence', folder)
  return () => {
    users -= 1
    if (users > 0) return
    const evidence = readEvidence(folder!)
    rmSync(folder!, { recursive: true })
    folder = undefined
    const leaks = findSecrets(evidence)
    const { secrets, logs } = evidence
    if (leaks.length === 0) {
      project.vitest.logger.log(
        `Of ${secrets.length} secrets that were made none is in the ${logs.length} lines that were logged.`,
      )
      return
    }
    // What is secret in a test is secret nowhere else: the line may be shown.
    throw new Error(`${leaks.length} lines that were logged hold a secret, such as:\n${leaks[0]}`)
  }
}
