/** A file as text, chunk by chunk: UTF-8 and nothing else, so that no name is stored as mojibake. */
import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { createInterface } from 'node:readline'
import { SourceRefused } from './problem.ts'

/** Yields the text of a UTF-8 file, without its byte order mark, and tells `onBytes` how much has been read. */
export async function* readText(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let first = true
  for await (const chunk of readBytes(path)) {
    if (first && isUtf16(chunk)) throw notUtf8(path, 1)
    first = false
    const text = decode(chunk)
    if (text === undefined) throw notUtf8(path, await findBadLine(path))
    yield text
    onBytes(chunk.length)
  }
  const rest = decode()
  if (rest === undefined) throw notUtf8(path, await findBadLine(path))
  yield rest

  function decode(chunk?: Buffer): string | undefined {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      return undefined
    }
  }
}

async function* readBytes(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 64 * 1024 }) as AsyncIterable<Buffer>
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code) ?? error
  }
}

// The path as it was given: of a file that isn't there, the name alone doesn't say where it was looked for.
function unreadable(path: string, code: string | undefined): SourceRefused | undefined {
  const [message, fix] = (code === undefined ? undefined : reasons[code]) ?? []
  if (message === undefined || fix === undefined) return undefined
  const problem = { at: { file: path }, message, fix, scope: 'file' as const }
  return new SourceRefused(`${basename(path)} can't be read; nothing was imported.`, [problem])
}

const reasons: Record<string, [message: string, fix: string]> = {
  ENOENT: ['no such file', 'check the path'],
  ENOTDIR: ['no such file', 'check the path'],
  EISDIR: ['is a folder', 'give the path of the file in it'],
  EACCES: ['may not be read', 'allow the user that runs this command to read it'],
  EPERM: ['may not be read', 'allow the user that runs this command to read it'],
}

function isUtf16(start: Buffer): boolean {
  return ['fffe', 'feff'].includes(start.subarray(0, 2).toString('hex'))
}

// No byte of a longer UTF-8 character looks like a line break, so each line can be judged by itself.
async function findBadLine(path: string): Promise<number> {
  let line = 0
  for await (const bytes of createInterface({ input: createReadStream(path, 'latin1'), crlfDelay: Infinity })) {
    line += 1
    if (!isUtf8(Buffer.from(bytes, 'latin1'))) return line
  }
  return line
}

function notUtf8(path: string, line: number): SourceRefused {
  return new SourceRefused(`${basename(path)} is not UTF-8 text; nothing was imported.`, [
    {
      at: { file: basename(path), line },
      message: 'a byte here is not UTF-8',
      fix: 'save the file as UTF-8; spreadsheets often write Windows-1252 or UTF-16',
      scope: 'file',
    },
  ])
}
