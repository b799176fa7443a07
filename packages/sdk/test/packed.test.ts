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

let server: TestServer
let stranger: Stranger
beforeAll(async () => {
  ;[server, stranger] = await Promise.all([startTestServer('demonstration'), makeStranger()])
})
afterAll(async () => {
  await Promise.all([server.close(), stranger.remove()])
})

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

/** What a stranger's program does with the SDK, in either system of modules. */
const program = `
async function main({ createClient, RequestError }) {
  const welfare = createClient({ endpoint: process.env.ENDPOINT, network: 'alba-bra' })
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
const programs = runtimes().flatMap(([version, path]) => formats.map((format) => [version, path, ...format] as const))

test.each(programs)('on Node.js %s (%s) a program runs as %s', async (_version, node, _format, file, text) => {
  const path = await stranger.write(file, text)
  expect(JSON.parse(await stranger.run(node, [path], { ENDPOINT: server.endpoint }))).toEqual(printed)
})

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
  ['nodenext in an ES module', ['consumer.mts'], { module: 'nodenext', lib: ['es2022'], types: ['node'] }],
  ['nodenext in CommonJS', ['consumer.cts'], { module: 'nodenext', lib: ['es2022'], types: ['node'] }],
  ['bundler', ['consumer.ts'], { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom'], types: [] }],
]
const compilers: [name: string, folder: string][] = [
  ['the TypeScript of this package', import.meta.dirname],
  ['the TypeScript of the workspace', join(import.meta.dirname, '../../..')],
]
const checks = compilers.flatMap((compiler) => resolutions.map((resolution) => [...compiler, ...resolution] as const))

test.each(checks)('%s (found from %s) accepts its types under %s', async (_name, from, _resolution, files, options) => {
  const typescript = dirname(createRequire(join(from, 'package.json')).resolve('typescript/package.json'))
  for (const file of files) await stranger.write(file, consumer)
  const name = `tsconfig.${files[0]}.json`
  await stranger.write(name, JSON.stringify({ compilerOptions: { ...strict, ...options }, files }))
  expect(await stranger.run(process.execPath, [join(typescript, 'bin/tsc'), '-p', name])).toBe('')
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

test('the bundle runs where there are web globals and nothing else, as at the edge', async () => {
  const { fetch, Headers, Request, Response, URL, URLSearchParams, AbortController, AbortSignal, DOMException } =
    globalThis
  const web = { fetch, Headers, Request, Response, URL, URLSearchParams, AbortController, AbortSignal, DOMException }
  const context = createContext({ ...web, setTimeout, clearTimeout })
  runInContext(await bundleForBrowsers(), context)
  const names: string[] = await context.findServices(server.endpoint)
  expect(names.length).toBeGreaterThan(10)
})
