/** One process at a time in a data folder: two embedded databases on the same files would destroy them. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Another process holds the folder. */
export class FolderInUse extends Error {}

/** Takes the folder for this process and returns the function that lets go of it. Throws {@link FolderInUse}. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'process.pid')
  const holder = readHolder(file)
  if (holder !== undefined && isRunning(holder)) {
    throw new FolderInUse(
      `${folder}: process ${holder} has this embedded database open, and only one at a time can. ` +
        'Stop that process first, or set DATABASE_URL to a PostgreSQL server, which serves many.',
    )
  }
  rmSync(file, { force: true })
  writeFileSync(file, String(process.pid), { flag: 'wx' })
  return () => rmSync(file, { force: true })
}

function readHolder(file: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(file, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
