/** One process at a time in a data folder: two embedded databases on the same files would destroy them. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Another process holds the folder. */
export class FolderInUse extends Error {}

/** Folders that this process holds. In a container, the process before may have had the same number. */
const held = new Set<string>()

/** Takes the folder for this process and returns the function that lets go of it. Throws {@link FolderInUse}. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'process.pid')
  if (!created(file)) {
    const holder = holderOf(file)
    if (holder !== undefined) throw inUse(folder, file, holder)
    rmSync(file, { force: true })
    if (!created(file)) throw inUse(folder, file, 'that started at the same moment')
  }
  held.add(file)
  return () => {
    held.delete(file)
    rmSync(file, { force: true })
  }
}

function created(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Whoever holds the folder; undefined when the file was left behind. */
function holderOf(file: string): number | 'that is just starting' | undefined {
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  if (Number.isNaN(pid)) return Date.now() - statSync(file).mtimeMs < writing ? 'that is just starting' : undefined
  if (pid === process.pid) return held.has(file) ? pid : undefined
  return isRunning(pid) ? pid : undefined
}

// Milliseconds for which a file without a number may be one that another process is about to write.
const writing = 2_000

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function inUse(folder: string, file: string, process: number | string): FolderInUse {
  return new FolderInUse(
    `${folder}: process ${process} has this embedded database open, and only one at a time can. ` +
      'Stop that process first, or set DATABASE_URL to a PostgreSQL server, which serves many. ' +
      `If that process is another program, delete ${file}.`,
  )
}
