/** A file as text, chunk by chunk: UTF-8 and nothing else, so that no name is stored as mojibake. */
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { SourceRefused } from './problem.ts'

/** Yields the text of a UTF-8 file, without its byte order mark, and tells `onBytes` how much has been read. */
export async function* readText(path: string, onBytes: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  let first = true
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) {
    if (first) refuseUtf16(path, chunk)
    first = false
    yield decode(chunk)
    line += chunk.reduce((lines, byte) => (byte === newline ? lines + 1 : lines), 0)
    onBytes(chunk.length)
  }
  yield decode()

  function decode(chunk?: Buffer): string {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true })
    } catch {
      throw notUtf8(path, line + linesBeforeBadByte(chunk))
    }
  }
}

const newline = 10

function refuseUtf16(path: string, start: Buffer): void {
  const mark = start.subarray(0, 2).toString('hex')
  if (mark === 'fffe' || mark === 'feff') throw notUtf8(path, 1)
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

// A character cut by the chunk's edge can mislead this by a line at most; the line is a hint for a person.
function linesBeforeBadByte(chunk: Buffer | undefined): number {
  if (chunk === undefined) return 0
  let lines = 0
  let start = 0
  for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
    if (!isUtf8(chunk.subarray(start, end))) return lines
    lines += 1
    start = end + 1
  }
  return lines
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
