import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FolderInUse, lockFolder } from './lock-folder.ts'

test('a folder that nobody holds is taken, and free again when let go of', () => {
  const folder = emptyFolder()
  const unlock = lockFolder(folder)
  expect(readFileSync(join(folder, 'process.pid'), 'utf8')).toBe(String(process.pid))
  unlock()
  expect(existsSync(join(folder, 'process.pid'))).toBe(false)
  lockFolder(folder)()
})

test('a folder that this process holds is refused to it a second time', () => {
  const folder = emptyFolder()
  const unlock = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow(FolderInUse)
  unlock()
  lockFolder(folder)()
})

test('a folder that a running process holds is refused, with its number and what to do', async () => {
  const folder = emptyFolder()
  const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  await once(other, 'spawn')
  onTestFinished(() => void other.kill('SIGKILL'))
  writeFileSync(join(folder, 'process.pid'), String(other.pid))
  expect(() => lockFolder(folder)).toThrow(
    `${folder}: process ${other.pid} has this embedded database open, and only one at a time can. Stop that process`,
  )
  expect(readFileSync(join(folder, 'process.pid'), 'utf8')).toBe(String(other.pid))
})

test('a folder whose process is gone is taken over', () => {
  const folder = emptyFolder()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(join(folder, 'process.pid'), String(pid))
  lockFolder(folder)()
})

test('a folder left behind by a process with the same number, as in a container, is taken over', () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'process.pid'), String(process.pid))
  lockFolder(folder)()
})

test('a folder whose file says nothing is refused while another process may be writing it, and taken over later', () => {
  const folder = emptyFolder()
  const file = join(folder, 'process.pid')
  writeFileSync(file, '')
  expect(() => lockFolder(folder)).toThrow(/process that is just starting/)
  utimesSync(file, 0, 0)
  lockFolder(folder)()
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'welfare-network-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
