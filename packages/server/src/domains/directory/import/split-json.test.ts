import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitJson } from './split-json.ts'

async function* chunksOf(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

async function split(text: string, lines = false, size = 7) {
  const parts = []
  for await (const part of splitJson(chunksOf(text, size), { lines })) parts.push(part)
  return parts
}

/** What was found, shortly: documents as values, faults as `line: message`. */
async function read(text: string, lines = false, size = 7): Promise<unknown[]> {
  const parts = await split(text, lines, size)
  return parts.map((part) => (part.kind === 'document' ? JSON.parse(part.text) : `${part.line}: ${part.message}`))
}

const values = fc.json({ depthSize: 'small' }).map((text) => JSON.parse(text) as unknown)
const documents = fc.array(fc.dictionary(fc.string({ unit: 'binary' }), values, { noNullPrototype: true }), {
  maxLength: 6,
})
const space = fc.stringMatching(/^[ \t\n\r]{0,3}$/)
const indent = fc.constantFrom(undefined, 1, 2, '\t')
const size = fc.integer({ min: 1, max: 40 })

describe('any documents are found again, however they are formatted and wherever the file is cut into chunks', () => {
  test('in an array', async () => {
    const property = fc.asyncProperty(documents, indent, space, size, async (given, indent, space, size) => {
      const text = `${space}[${space}${given.map((one) => JSON.stringify(one, null, indent)).join(`${space},${space}`)}${space}]${space}`
      expect(await read(text, false, size)).toEqual(given)
    })
    await fc.assert(property)
  })

  test('one after the other', async () => {
    const property = fc.asyncProperty(documents, indent, space, size, async (given, indent, space, size) => {
      const text = given.map((one) => JSON.stringify(one, null, indent)).join(space)
      expect(await read(text, false, size)).toEqual(given)
    })
    await fc.assert(property)
  })

  test('one a line', async () => {
    const property = fc.asyncProperty(
      documents,
      fc.constantFrom('\n', '\r\n', '\n\n'),
      size,
      async (given, end, size) => {
        const text = given.map((one) => JSON.stringify(one) + end).join('')
        expect(await read(text, true, size)).toEqual(given)
      },
    )
    await fc.assert(property)
  })
})

test('a document tells the line on which it begins', async () => {
  const parts = await split('[\n  {"a": 1},\n\n  {\n    "b": 2\n  }, {"c": 3}\n]')
  expect(parts.map(({ line }) => line)).toEqual([2, 4, 6])
})

test('an element of an array tells its position, a document by itself has none', async () => {
  const positions = async (text: string) => (await split(text)).map(({ index }) => index)
  expect(await positions('[{}, {}]')).toEqual([0, 1])
  expect(await positions('{} {}')).toEqual([undefined, undefined])
})

test('brackets, quotes and backslashes in texts do not end a document', async () => {
  const document = { a: '}]{["', b: '\\"}', c: '\\' }
  expect(await read(`${JSON.stringify(document)}${JSON.stringify(document)}`, false, 1)).toEqual([document, document])
})

test('a list in a file of JSON Lines is read as a list', async () => {
  expect(await read('[{"a": 1},\n {"a":\n 2}]', true)).toEqual([{ a: 1 }, { a: 2 }])
})

test('nothing in it, nothing found', async () => {
  expect(await read('')).toEqual([])
  expect(await read(' \n\t ')).toEqual([])
  expect(await read('[]')).toEqual([])
})

const faults: [why: string, text: string, found: unknown[]][] = [
  ['a document is cut off', '[{"a": 1},\n{"b": [2', [{ a: 1 }, '2: ends before this document does']],
  [
    'a list is cut off between documents',
    '[{"a": 1},\n{"b": 2},\n',
    [{ a: 1 }, { b: 2 }, '3: ends before its list does'],
  ],
  ['a text does not end', '{\n"a": "x,\n"b": 1}', ['2: has a text that does not end on its line']],
  ['a text ends in a line break that is escaped', '{"a": "x\\\n"}', ['1: has a text that does not end on its line']],
  ['a number stands where a document should', '{"a": 1} 2', [{ a: 1 }, '1: has "2" where a document should begin']],
  ['a bracket is one too many', '{"a": 1}}\n{"b": 2}', [{ a: 1 }, '1: has "}" where a document should begin']],
  [
    'commas stand between documents of no list',
    '{"a": 1}, {"b": 2}',
    [{ a: 1 }, '1: has "," where a document should begin'],
  ],
  ['a list follows a document', '{"a": 1}\n[{"b": 2}]', [{ a: 1 }, '2: has "[" where a document should begin']],
  ['a hundred levels are passed', `{"a": ${'['.repeat(100)}`, ['1: nests deeper than 100']],
]

test.for(faults)('reading ends where %s', async ([, text, found]) => {
  for (const size of [1, 3, 1000]) expect(await read(text, false, size)).toEqual(found)
})

test('a hundred levels are read', async () => {
  const text = `{"a": ${'['.repeat(99)}${']'.repeat(99)}}`
  expect(await split(text)).toMatchObject([{ kind: 'document', text }])
})

const badLines: [why: string, line: string, message: string][] = [
  ['is cut off', '{"b": [2', 'ends before this document does'],
  ['has a text that does not end', '{"b": "x}', 'has a text that does not end on its line'],
  ['has a bracket too many', '}', 'has "}" where a document should begin'],
  ['is no document', 'null', 'has "n" where a document should begin'],
  ['nests too deep', `{"a": ${'['.repeat(200)}`, 'nests deeper than 100'],
]

test.for(badLines)('in JSON Lines, reading goes on after a line that %s', async ([, line, message]) => {
  for (const size of [1, 4, 1000]) {
    expect(await read(`{"a": 1}\n${line}\n{"c": 3}\n`, true, size)).toEqual([{ a: 1 }, `2: ${message}`, { c: 3 }])
  }
})
