/** A project outside the workspace that has the packed SDK, as a stranger's would. */
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const packageFolder = join(import.meta.dirname, '..')

export interface Stranger {
  folder: string
  /** Writes a file of the project and returns its path. */
  write(name: string, text: string): Promise<string>
  /** Runs a command in the project and returns what it prints; fails with what it printed when it fails. */
  run(command: string, words: string[], environment?: Record<string, string>): Promise<string>
  remove(): Promise<void>
}

/**
 * Packs what `pnpm build` made, and unpacks it into a new project with exactly the dependencies that it declares: those of
 * the workspace, linked, so that nothing is downloaded.
 */
export async function makeStranger(): Promise<Stranger> {
  await access(join(packageFolder, 'dist/index.cjs')).catch(() => {
    throw new Error('packages/sdk/dist is not complete. Run `pnpm build`, then the tests.')
  })
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'welfare-network-stranger-')))
  const sdk = join(folder, 'node_modules/@welfare-network/sdk')
  const tarball = join(folder, 'sdk.tgz')
  await mkdir(sdk, { recursive: true })
  await run(packageFolder, 'npx', ['-y', '--prefer-offline', 'pnpm@12', 'pack', '--out', tarball])
  await run(folder, 'tar', ['-xzf', tarball, '--strip-components=1', '-C', sdk])

  const { dependencies } = JSON.parse(await readFile(join(sdk, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), '@types/node']) await link(name, folder)
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'stranger', private: true }))

  return {
    folder,
    async write(name, text) {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    },
    run: (command, words, environment) => run(folder, command, words, environment),
    remove: () => rm(folder, { recursive: true }),
  }
}

async function link(name: string, folder: string): Promise<void> {
  const place = join(folder, 'node_modules', name)
  await mkdir(dirname(place), { recursive: true })
  await symlink(await realpath(join(packageFolder, 'node_modules', name)), place, 'junction')
}

async function run(folder: string, command: string, words: string[], environment = {}): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, words, {
      cwd: folder,
      env: { ...process.env, ...environment },
    })
    return stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string }
    throw new Error(`${command} ${words.join(' ')} failed:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error })
  }
}
