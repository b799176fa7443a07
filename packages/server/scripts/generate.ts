/** Runs Prisma's generators, unless nothing has changed since the last time. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const stampFile = join(root, 'src/generated/stamp')

const inputs = ['package.json', ...globSync('prisma/*.prisma', { cwd: root }).sort()]
const hash = createHash('sha256')
for (const input of inputs) hash.update(readFileSync(join(root, input)))
const stamp = hash.digest('hex')

if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  execFileSync(join(root, 'node_modules/.bin/prisma'), ['generate'], {
    cwd: root,
    // What it prints matters only when it fails, and then the error carries it.
    stdio: 'pipe',
    // Prisma would download a native schema engine, which `generate` never calls: any existing file keeps it quiet.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: 'true' },
  })
  writeFileSync(stampFile, stamp)
}
