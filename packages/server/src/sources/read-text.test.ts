import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { folderForTest, writeFolder } from '../testing/write-files.ts'
import { describeProblem, SourceRefused } from './problem.ts'
import { readText } from './read-text.ts'

async function read(path: string, onBytes: (bytes: number) => void = () => {}): Promise<string> {
  let text = ''
  for await (const chunk of readText(path, onBytes)) text += chunk
  return text
}

async function readBytes(...parts: (string | Uint8Array)[]): Promise<string> {
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)))
  return read(join(folderForTest({ 'file.csv': bytes }), 'file.csv'))
}

async function refusal(...parts: (string | Uint8Array)[]): Promise<string> {
  const error = await readBytes(...parts).catch((error: unknown) => error)
  if (!(error instanceof SourceRefused)) throw error
  return error.problems.map(describeProblem).join('\n')
}

const notUtf8 = (line: number) =>
  `file.csv:${line}: a byte here is not UTF-8 (save the file as UTF-8; spreadsheets often write Windows-1252 or UTF-16)`

const windows1252 = (text: string) => Buffer.from(text, 'latin1')

test('UTF-8 text is read as it is', async () => {
  expect(await readBytes('Cossano Belbo, Sagra è “qui” 😀\n')).toBe('Cossano Belbo, Sagra è “qui” 😀\n')
})

test('any text is read again, and all its bytes are told', async () => {
  const property = fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 200 }), async (text) => {
    fc.pre(!text.startsWith('\uFEFF'))
    const { folder, remove } = writeFolder({ 'file.csv': text })
    let told = 0
    const count = (bytes: number) => {
      told += bytes
    }
    expect(await read(join(folder, 'file.csv'), count).finally(remove)).toBe(text)
    expect(told).toBe(Buffer.byteLength(text))
  })
  await fc.assert(property)
})

test('a byte order mark is no text', async () => {
  expect(await readBytes('\uFEFFid,name\n')).toBe('id,name\n')
})

test('an empty file is empty text', async () => {
  expect(await readBytes('')).toBe('')
})

test('a character that two chunks share is read whole', async () => {
  const text = `${'a'.repeat(256 * 1024 - 1)}è${'b'.repeat(10)}`
  expect(await readBytes(text)).toBe(text)
})

describe('what can not be read is refused, with its path:', () => {
  const refusalOf = async (path: string) => {
    const error = await read(path).catch((error: unknown) => error)
    if (!(error instanceof SourceRefused)) throw error
    return [...error.problems.map(describeProblem), error.message]
  }

  test('a file that is not there', async () => {
    const path = join(folderForTest({}), 'file.csv')
    const message = "file.csv can't be read; nothing was imported."
    expect(await refusalOf(path)).toEqual([`${path}: no such file (check the path)`, message])
    const below = join(folderForTest({ a: '' }), 'a', 'file.csv')
    expect(await refusalOf(below)).toEqual([`${below}: no such file (check the path)`, message])
  })

  test('a folder', async () => {
    const path = folderForTest({})
    expect(await refusalOf(path)).toContain(`${path}: is a folder (give the path of the file in it)`)
  })

  // Root reads everything.
  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')('a file of others', async () => {
    const path = join(folderForTest({ 'file.csv': 'id\n' }), 'file.csv')
    chmodSync(path, 0)
    const fix = 'allow the user that runs this command to read it'
    expect(await refusalOf(path)).toContain(`${path}: may not be read (${fix})`)
  })
})

describe('what is not UTF-8 is refused, with its line:', () => {
  test('Windows-1252', async () => {
    expect(await refusal('id,name\n', windows1252('1,Caffè\n'), '2,Bar\n')).toBe(notUtf8(2))
  })

  test('Windows-1252 on the first line', async () => {
    expect(await refusal(windows1252('1,Caffè'))).toBe(notUtf8(1))
  })

  test('Windows-1252 with Windows line breaks', async () => {
    expect(await refusal('id,name\r\n1,"a\r\nb"\r\n', windows1252('2,Caffè\r\n'))).toBe(notUtf8(4))
  })

  test('Windows-1252 far into a long file, behind characters of several bytes', async () => {
    const lines = 'è€😀, una riga\n'.repeat(30_000)
    expect(await refusal(lines, windows1252('Caffè\n'), lines)).toBe(notUtf8(30_001))
  })

  test('UTF-16, either way around', async () => {
    expect(await refusal(Buffer.from('\uFEFFid,name\n', 'utf16le'))).toBe(notUtf8(1))
    expect(await refusal(Buffer.from('\uFEFFid,name\n', 'utf16le').swap16())).toBe(notUtf8(1))
  })

  test('a character that the end of the file cuts', async () => {
    expect(await refusal('id,name\n1,Caff', Buffer.from('è').subarray(0, 1))).toBe(notUtf8(2))
  })

  test('half of a surrogate pair', async () => {
    expect(await refusal('a\n', new Uint8Array([0xed, 0xa0, 0xbd]))).toBe(notUtf8(2))
  })
})
