/** Published data that is too large, or not ours, to be kept with the project: it lies beside the repository. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../../../../shared/data')

/** Where the data is, and whether it is not there; says so once, so that a skipped test is seen. */
export function sharedData(name: string): { path: string; isAbsent: boolean } {
  const path = join(folder, name)
  const isAbsent = !existsSync(path)
  // biome-ignore lint/suspicious/noConsole: whoever runs the tests must know what was not tested.
  if (isAbsent) console.warn(`skipped: ${name} is not in ${folder}, so what depends on it is not tested`)
  return { path, isAbsent }
}
