import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderForTest } from '../testing/write-files.ts'
import { describeProblem, SourceRefused } from './problem.ts'
import { readJson } from './read-json.ts'

const read = (content: string) => readJson(join(folderForTest({ 'a.json': content }), 'a.json'))

test.each(['', '\ufeff'])('what a file says is read, with %j before it', async (mark) => {
  expect(await read(`${mark}{ "name": "Età" }\n`)).toEqual({ name: 'Età' })
})

test.each([
  ['an end too early', '{\n  "name": "a",\n', 3],
  ['a comma too many', '{\n  "name": "a",\n}', 3],
  ['a comment', '{\n  // a name\n  "name": "a" }', 2],
  ['nothing', '', 1],
])('%s is told with its line', async (_what, content, line) => {
  const refusal = await read(content).catch((error: unknown) => error)
  if (!(refusal instanceof SourceRefused)) throw refusal
  expect(refusal.message).toBe('a.json is not JSON; nothing was imported.')
  expect(refusal.problems.map(describeProblem)).toEqual([
    `a.json:${line}: is not JSON here (check its quotes, commas and brackets)`,
  ])
})
