/** Writes a folder so that it is there whole or not at all. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

/** The export can't be made; the message says why and what to do. */
export class ExportRefused extends Error {}

/**
 * Lets `write` fill a folder beside `path`, which takes the place of `path` when it is done. Throws
 * {@link ExportRefused} when something is there already.
 */
export async function writeFolder<T>(path: string, write: (folder: string) => Promise<T>): Promise<T> {
  const target = resolve(path)
  refuseToOverwrite(target)
  const partial = makeBeside(target)
  try {
    const result = await write(partial)
    // Somebody else may have written there in the meantime.
    refuseToOverwrite(target)
    if (existsSync(target)) rmdirSync(target)
    renameSync(partial, target)
    return result
  } catch (error) {
    rmSync(partial, { recursive: true, force: true })
    throw readable(error, target)
  }
}

function makeBeside(target: string): string {
  const partial = join(dirname(target), `.${basename(target)}.partial-${randomUUID().slice(0, 8)}`)
  try {
    mkdirSync(dirname(target), { recursive: true })
    mkdirSync(partial)
    return partial
  } catch (error) {
    throw readable(error, target)
  }
}

/** Appends texts to a new file as they come, and makes sure that they are on the disk. */
export async function writeFile(path: string, texts: AsyncIterable<string>): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for await (const text of texts) await file.appendFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function refuseToOverwrite(path: string): void {
  if (!existsSync(path)) return
  if (!statSync(path).isDirectory()) {
    throw new ExportRefused(`${path} is a file. Give a folder that is not there yet, or is empty.`)
  }
  if (readdirSync(path).length > 0) {
    throw new ExportRefused(`${path} is not empty, and nothing is overwritten. Give another folder, or empty this one.`)
  }
}

// What the operating system refuses is for whoever chose the folder to put right.
function readable(error: unknown, path: string): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (code === undefined || syscall === undefined) return error
  return new ExportRefused(
    `${path} can't be written (${code}). Give a folder that this user may write, with room for it.`,
  )
}
