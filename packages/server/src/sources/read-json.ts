/** A JSON file as what it says. */
import { basename } from 'node:path'
import { type ParseError, parse } from 'jsonc-parser'
import { SourceRefused } from './problem.ts'
import { readText } from './read-text.ts'

/** Reads a file of UTF-8, with a byte order mark or without. Throws a {@link SourceRefused} where it can't be read, or is no JSON. */
export async function readJson(path: string): Promise<unknown> {
  let text = ''
  for await (const part of readText(path, () => {})) text += part
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw noJson(basename(path), text)
  }
}

function noJson(file: string, text: string): SourceRefused {
  const errors: ParseError[] = []
  parse(text, errors, { disallowComments: true })
  const line = text.slice(0, errors[0]?.offset).split('\n').length
  const fix = 'check its quotes, commas and brackets'
  return new SourceRefused(`${file} is not JSON; nothing was imported.`, [
    { at: { file, line }, message: 'is not JSON here', fix, scope: 'file' },
  ])
}
