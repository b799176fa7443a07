/**
 * Cuts a file of JSON into the documents it holds, without reading all of it into memory: the elements of an array,
 * the lines of JSON Lines, or one document. It only looks for where a document ends; JSON.parse judges what is inside.
 */
import { basename } from 'node:path'
import { SourceRefused } from '../../../sources/problem.ts'
import { readText } from '../../../sources/read-text.ts'

export interface JsonText {
  text: string
  /** Line on which the document begins, from 1. */
  line: number
  /** Position in the array, from 0; undefined for a document that stands by itself. */
  index: number | undefined
}

const deepest = 100

/** Yields the documents of a file in order. Throws {@link SourceRefused} when a document isn't closed. */
export async function* splitJson(path: string, onBytes: (bytes: number) => void): AsyncGenerator<JsonText> {
  const file = basename(path)
  let line = 1
  let depth = 0
  let inString = false
  let escaped = false
  let inArray = false
  let index = 0
  let pending = ''
  let startLine = 1

  for await (const chunk of readText(path, onBytes)) {
    let from = depth > base() || inString ? 0 : -1
    for (let at = 0; at < chunk.length; at += 1) {
      const char = chunk[at]!
      if (char === '\n') line += 1
      if (inString) {
        if (escaped) escaped = false
        else if (char === '\\') escaped = true
        else if (char === '"') inString = false
        continue
      }
      if (from === -1) {
        if (char === '[' && depth === 0 && index === 0 && !inArray) {
          inArray = true
          depth = 1
          continue
        }
        if (char === ']' && inArray && depth === 1) {
          inArray = false
          depth = 0
          continue
        }
        if (char === ',' && inArray) continue
        if (/\s/.test(char)) continue
        if (char !== '{') {
          throw refuse(file, line, `has ${JSON.stringify(char)} where a document should begin`, 'a document is { … }')
        }
        from = at
        startLine = line
        pending = ''
      }
      if (char === '"') inString = true
      else if (char === '{' || char === '[') depth += 1
      else if (char === '}' || char === ']') depth -= 1
      if (depth > deepest) throw refuse(file, line, `nests deeper than ${deepest}`, 'HSDS nests seven deep at most')
      if (depth === base()) {
        yield { text: pending + chunk.slice(from, at + 1), line: startLine, index: inArray ? index : undefined }
        index += 1
        from = -1
        pending = ''
      }
    }
    if (from !== -1) pending += chunk.slice(from)
  }
  if (depth > 0) throw refuse(file, startLine, 'ends before this document does', 'the file seems cut off')

  // Inside an array a document ends one level above the ground.
  function base(): number {
    return inArray ? 1 : 0
  }
}

function refuse(file: string, line: number, message: string, fix: string): SourceRefused {
  return new SourceRefused(`${file} ${message}; nothing was imported.`, [
    { at: { file, line }, message, fix, scope: 'file' },
  ])
}
