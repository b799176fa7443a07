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
async function main({ createClient, RequestError }, { createPersonKey, readRecoveryCode, writeRecoveryCode }, survey) {
  const welfare = createClient({ endpoint: process.env.ENDPOINT, network: 'alba-bra', timeout: 600_000 })
  const names = []
  for await (const service of welfare.services({ municipality: 'Bra' }, { pageSize: 10 })) names.push(service.name)
  const { totalCount } = await welfare.services({ municipality: 'Bra' }).first()
  const refused = await welfare.request('{ nonsense }').catch((error) => error instanceof RequestError && error.name)
  const { slug } = await welfare.network()
  const key = createPersonKey()
  const restored = readRecoveryCode(writeRecoveryCode(key)).key === key
  const invitation = await survey.openInvitation('0000-0000-0000-0000-0000', { endpoint: process.env.ENDPOINT })
  const oneClass = survey.RequestError === RequestError
  const complete = names.length > 10 && names.length === totalCount
  console.log(JSON.stringify({ slug, complete, refused, restored, invitation, oneClass }))
}
`
const printed = {
  slug: 'alba-bra',
  complete: true,
  refused: 'RequestError',
  restored: true,
  invitation: null,
  oneClass: true,
}

const formats: [format: string, file: string, text: string][] = [
  [
    'an ES module',
    'program.mjs',
    `import * as sdk from '@welfare-network/sdk'
    import * as person from '@welfare-network/sdk/person'
    import * as survey from '@welfare-network/sdk/survey'
    ${program}
    await main(sdk, person, survey)`,
  ],
  [
    'CommonJS',
    'program.cjs',
    `${program}
    main(require('@welfare-network/sdk'), require('@welfare-network/sdk/person'), require('@welfare-network/sdk/survey'))`,
  ],
]

/** A consumer whose types are right; where one is wrong, the compiler must say so. */
const consumer = `
import { createClient, type Page, RateLimitError, type ServiceSummary } from '@welfare-network/sdk'
import { keepPersonKey, type RecoveryCodeProblem, readRecoveryCode } from '@welfare-network/sdk/person'
import { type Answers, type Expected, fingerprintOf, openInvitation, RequestError } from '@welfare-network/sdk/survey'

const welfare = createClient({ endpoint: 'https://welfare.example.org/graphql', network: 'alba-bra' })
export async function names(signal: AbortSignal): Promise<string[]> {
  const page: Page<ServiceSummary> = await welfare.services({ words: 'anziani' }, { signal }).first()
  return page.items.map(({ name }) => name)
}
export const wait = (error: unknown): number | undefined => (error instanceof RateLimitError ? error.retryAfter : 0)
export const own = (): Promise<{ ready: boolean }> => welfare.request<{ ready: boolean }>('{ ready }')
export function restore(code: string): RecoveryCodeProblem | string {
  const { key, problem } = readRecoveryCode(code)
  return problem ?? keepPersonKey({ getItem: () => null, setItem: () => {} }, key)
}
export async function answer(endpoint: string, code: string, answers: Answers): Promise<string> {
  const invitation = await openInvitation(code, { endpoint, storage: { getItem: () => null, setItem: () => {}, removeItem: () => {} } })
  if (invitation === null) return 'none'
  const credential = await invitation.redeem()
  await credential.submit(answers).catch((error) => error instanceof RequestError && error.errors[0]?.code)
  return invitation.organization.name
}
export async function letterOf(names: Expected, key: string): Promise<Expected> {
  return { ...names, publicKey: await fingerprintOf(key) }
}
export const pinned = (code: string, endpoint: string, expect: Expected) => openInvitation(code, { endpoint, expect })
// @ts-expect-error: an invitation has to be redeemed before answers can be sent
export const early = async () => (await openInvitation('', { endpoint: '' }))?.submit({})
// @ts-expect-error: what could not be read is no key
export const read = (code: string): string => readRecoveryCode(code).key
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

const findServices = `
  import { createClient } from '@welfare-network/sdk'
  globalThis.findServices = async (endpoint) => {
    const names = []
    const services = createClient({ endpoint, network: 'alba-bra' }).services
    for await (const { name } of services({ municipality: 'Bra' }, { pageSize: 10 })) names.push(name)
    return names
  }`

const keepKey = `
  import { keepPersonKey, readRecoveryCode, writeRecoveryCode } from '@welfare-network/sdk/person'
  globalThis.restore = (storage, code) => keepPersonKey(storage, readRecoveryCode(code).key)
  globalThis.print = (storage) => writeRecoveryCode(keepPersonKey(storage))`

const answerSurvey = `
  import { openInvitation } from '@welfare-network/sdk/survey'
  globalThis.openInvitation = openInvitation`

/** A program for browsers, as a company would bundle it. */
async function bundleForBrowsers(text = findServices): Promise<string> {
  const entry = await stranger.write(`browser-${text.length}.js`, text)
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
  })
  return outputFiles[0]!.text
}

test.each([
  ['finds services', findServices],
  ['keeps a person key', keepKey],
  ['answers a survey', answerSurvey],
])('a bundle for browsers that %s asks for nothing of Node.js', async (_what, text) => {
  expect(await bundleForBrowsers(text)).not.toMatch(/["'`]node:|require\(|\bprocess\.(?!env)/)
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

test('a bundle that keeps a person key is as small as the README says, for it has nothing of the rest', async ({
  annotate,
}) => {
  const bundle = await bundleForBrowsers(keepKey)
  const size = gzipSync(bundle, { level: 9 }).length
  await annotate(`${size} bytes minified and gzipped`)
  const stated = /is ([\d.]+) kB more/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))?.[1]
  expect((size / 1000).toFixed(1), `${size} bytes`).toBe(stated)
})

test('a bundle that answers a survey is as small as the README says', async ({ annotate }) => {
  const bundle = await bundleForBrowsers(answerSurvey)
  const size = gzipSync(bundle, { level: 9 }).length
  await annotate(`${size} bytes minified and gzipped`)
  const stated = /survey takes (\d+) kB/.exec(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8'))?.[1]
  expect(Math.round(size / 1000), `${size} bytes`).toBe(Number(stated))
  // Nothing of what other programs ask.
  expect(bundle).not.toContain('SearchServices')
})

test('a person key is made, kept, printed and restored where there is getRandomValues and nothing else', async () => {
  const held = new Map<string, string>()
  const storage = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => void held.set(name, value),
  }
  const getRandomValues = (array: Uint8Array<ArrayBuffer>) => crypto.getRandomValues(array)
  const context = createContext({ crypto: { getRandomValues } })
  runInContext(await bundleForBrowsers(keepKey), context)
  const code: string = context.print(storage)
  const [[, key]] = [...held] as [[string, string]]
  held.clear()
  expect(context.restore(storage, code.toLowerCase())).toBe(key)
  expect([...held.values()]).toEqual([key])
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
