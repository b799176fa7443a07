import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { makeStranger, type Stranger } from './stranger.ts'

const address = 'https://welfare.example.org/graphql'
const example = `import { createClient } from '@welfare-network/sdk'
const welfare = createClient({ endpoint: '${address}', network: 'alba-bra' })
`

/** The README's programs, each with the heading above it and, after the first, the client that the first makes. */
function readSnippets(): [heading: string, file: string, text: string][] {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const found = readme.matchAll(/^#+ (.+)$|^```ts\n([\s\S]*?)^```$/gm)
  const snippets: [string, string, string][] = []
  let above = ''
  for (const [, heading, code] of found) {
    if (heading !== undefined) above = heading
    else
      snippets.push([
        above,
        `snippet-${snippets.length + 1}.mts`,
        code!.includes('createClient(') ? code! : example + code,
      ])
  }
  return snippets
}

const snippets = readSnippets()

let server: TestServer
let stranger: Stranger
beforeAll(async () => {
  ;[server, stranger] = await Promise.all([startTestServer('demonstration'), makeStranger()])
  for (const [, file, text] of snippets) await stranger.write(file, text.replaceAll(address, server.endpoint))
})
afterAll(async () => {
  await Promise.all([server.close(), stranger.remove()])
})

test('every program of the README compiles', async () => {
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', module: 'nodenext', types: ['node'] }
  await stranger.write('tsconfig.json', JSON.stringify({ compilerOptions, files: snippets.map(([, file]) => file) }))
  const workspace = createRequire(join(import.meta.dirname, '../../../package.json'))
  const typescript = dirname(workspace.resolve('typescript/package.json'))
  expect(await stranger.run(process.execPath, [join(typescript, 'bin/tsc'), '-p', '.'])).toBe('')
})

test.concurrent.each(snippets)('the program under "%s" runs and prints something: %s', async (_heading, file) => {
  // Pages have a storage; Node.js has it on request.
  const storage = ['--experimental-webstorage', `--localstorage-file=${join(stranger.folder, `${file}.storage`)}`]
  expect((await stranger.run(process.execPath, [...storage, file])).trim()).not.toBe('')
})
