import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, sep } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../../server/src/testing/test-server.ts'
import { makeStranger, type Stranger } from './stranger.ts'

/** The Node.js that runs this, and the first of another version, 20 or newer, that the machine has of its own. */
function runtimes(): [version: string, path: string][] {
  const own: [string, string] = [process.versions.node, process.execPath]
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.split(sep).includes('node_modules'))
  const others = folders
    .map((folder) => join(folder, 'node'))
    .filter((path) => existsSync(path) && !realpathSync(path).split(sep).includes('node_modules'))
    .map((path): [string, string] => [
      execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
      path,
    ])
    .filter(([version]) => Number.parseInt(version, 10) >= 20 && version !== own[0])
  return [own, ...others.slice(0, 1)]
}

/**
 * What a stranger's program does with the SDK, in either system of modules. A call that left its timer behind would keep
 * the program from ending, for longer than this test waits.
 */
const program = `
async function main({ createClient, RequestError }) {
  const welfare = createClient({ endpoint: process.env.ENDPOINT, network: 'alba-bra', timeout: 600_000 })
  const names = []
  for await (const service of welfare.services({ municipality: 'Bra' }, { pageSize: 10 })) names.push(service.name)
  const { totalCount } = await welfare.services({ municipality: 'Bra' }).first()
  const refused = await welfare.request('{ nonsense }').catch((error) => error instanceof RequestError && error.name)
  const { slug } = await welfare.network()
  console.log(JSON.stringify({ slug, complete: names.length > 10 && names.length === totalCount, refused }))
}
`
const printed = { slug: 'alba-bra', complete: true, refused: 'RequestError' }

const formats: [format: string, file: string, text: string][] = [
  ['an ES module', 'program.mjs', `import * as sdk from '@welfare-network/sdk'\n${program}\nawait main(sdk)`],
  ['CommonJS', 'program.cjs', `const sdk = require('@welfare-network/sdk')\n${program}\nmain(sdk)`],
]

/** A consumer whose types are right; where one is wrong, the compiler must say so. */
const consumer = `
import { createClient, type Page, RateLimitError, type ServiceSummary } from '@welfare-network/sdk'

const welfare = createClient({ endpoint: 'https://welfare.example.org/graphql', network: 'alba-bra' })
export async function names(signal: AbortSignal): Promise<string[]> {
  const page: Page<ServiceSummary> = await welfare.services({ words: 'anziani' }, { signal }).first()
  return page.items.map(({ name }) => name)
}
export const wait = (error: unknown): number | undefined => (error instanceof RateLimitError ? error.retryAfter : 0)
export const own = (): Promise<{ ready: boolean }> => welfare.request<{ ready: boolean }>('{ ready }')
// @ts-expect-error: there is no such filter
welfare.services({ needArea: 'elderly-care' })
// @ts-expect-error: a name is a text
export const wrong = async (): Promise<number> => (await welfare.network()).name
`
const strict = { strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true, target: 'es2022' }
const resolutions: [resolution: string, files: string[], options: object][] = [
  ['nodenext', ['consumer.mts', 'consumer.cts'], { module: 'nodenext', lib: ['es2022'], types: ['node'] }],
  ['bundler', ['consumer.ts'], { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] }],
]
const compilers: [folder: string, name: string][] = [
  ['packages/sdk', 'the TypeScript of this package'],
  ['.', 'the TypeScript of the workspace'],
]

let server: TestServer
let stranger: Stranger
beforeAll(async () => {
  ;[server, stranger] = await Promise.all([startTestServer('demonstration'), makeStranger()])
  for (const [, file, text] of formats) await stranger.write(file, text)
  for (const [resolution, files, options] of resolutions) {
    for (const file of files) await stranger.write(file, consumer)
    await stranger.write(
      `tsconfig.${resolution}.json`,
      JSON.stringify({ compilerOptions: { ...strict, ...options }, files }),
    )
  }
})
afterAll(async () => {
  await Promise.all([server.close(), stranger.remove()])
})

const programs = runtimes().flatMap(([version, node]) =>
  formats.map(([format, file]) => [version, format, node, file] as const),
)
test.concurrent.each(programs)('on Node.js %s a program runs as %s', async (_version, _format, node, file) => {
  expect(JSON.parse(await stranger.run(node, [file], { ENDPOINT: server.endpoint }))).toEqual(printed)
})

const checks = resolutions.flatMap(([resolution]) =>
  compilers.map(([folder, compiler]) => [compiler, resolution, folder] as const),
)
test.concurrent.each(checks)('%s accepts its types under %s', async (_compiler, resolution, folder) => {
  const from = join(import.meta.dirname, '../../..', folder, 'package.json')
  const typescript = dirname(createRequire(from).resolve('typescript/package.json'))
  const words = [join(typescript, 'bin/tsc'), '-p', `tsconfig.${resolution}.json`]
  expect(await stranger.run(process.execPath, words)).toBe('')
})

/** A program for browsers, as a company would bundle it. */
async function bundleForBrowsers(): Promise<string> {
  const entry = await stranger.write(
    'browser.js',
    `import { createClient } from '@welfare-network/sdk'
    globalThis.findServices = async (endpoint) => {
      const names = []
      const services = createClient({ endpoint, network: 'alba-bra' }).services
      for await (const { name } of services({ municipality: 'Bra' }, { pageSize: 10 })) names.push(name)
      return names
    }`,
  )
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
  })
  return outputFiles[0]!.text
}

test('a bundle for browsers asks for nothing of Node.js', async () => {
  expect(await bundleForBrowsers()).not.toMatch(/["'`]node:|require\(|\bprocess\.(?!env)/)
})

test('a bundle for browsers is as small as the README says', async ({ annotate }) => {
  const bundle = await bundleForBrowsers()
  const size = gzipSync(bundle, { level: 9 }).length
  const measured = `${size} bytes minified and gzipped, ${bundle.length} minified`
  await annotate(measured)
  expect(size, measured).toBeLessThan(20_000)
  const stated = /carries (\d+) kB/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))?.[1]
  expect(Math.round(size / 1000), measured).toBe(Number(stated))
})

/** The bundle's function, where there are web globals and nothing else. */
async function loadAtTheEdge(globals: object = {}): Promise<(endpoint: string) => Promise<string[]>> {
  const { fetch, Headers, Request, Response, URL, AbortController, AbortSignal, DOMException } = globalThis
  const web = { fetch, Headers, Request, Response, URL, AbortController, AbortSignal, DOMException }
  const context = createContext({ ...web, setTimeout, clearTimeout, ...globals })
  runInContext(await bundleForBrowsers(), context)
  return context.findServices
}

test('the bundle runs where there are web globals and nothing else, as at the edge', async () => {
  const findServices = await loadAtTheEdge()
  expect((await findServices(server.endpoint)).length).toBeGreaterThan(10)
})

test('in a page the address of the API may be relative to it', async () => {
  const findServices = await loadAtTheEdge({ location: { href: `${server.origin}/intranet/benefits.html` } })
  expect((await findServices('/graphql')).length).toBeGreaterThan(10)
})
