import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderForTest } from '../../../testing/write-files.ts'
import { ExportRefused, writeFile, writeFolder } from './write-folder.ts'

async function* texts(...all: string[]) {
  yield* all
}

const write = async (folder: string) => {
  await writeFile(join(folder, 'a.txt'), texts('Alba\n', 'Bra\n'))
  return 'done'
}

test('a folder is there when all is written, and what stood beside it while it was written is gone', async () => {
  const root = folderForTest({})
  const path = join(root, 'deep', 'out')
  expect(await writeFolder(path, write)).toBe('done')
  expect(readdirSync(join(root, 'deep'))).toEqual(['out'])
  expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('Alba\nBra\n')
  // Whoever may read the folder's place may read the folder.
  expect(statSync(path).mode & 0o777).toBe(statSync(join(root, 'deep')).mode & 0o777)
})

test('an empty folder is taken', async () => {
  const root = folderForTest({})
  mkdirSync(join(root, 'out'))
  await writeFolder(join(root, 'out'), write)
  expect(readdirSync(join(root, 'out'))).toEqual(['a.txt'])
})

test('nothing is overwritten: neither a folder that holds something nor a file', async () => {
  const root = folderForTest({ file: 'mine' })
  mkdirSync(join(root, 'out'))
  writeFileSync(join(root, 'out', 'mine'), 'mine')
  const refusal = (name: string) => writeFolder(join(root, name), write).catch((error: unknown) => error)
  for (const [name, message] of Object.entries({
    out: 'is not empty',
    file: 'is a file',
    'file/out': "can't be written",
  })) {
    const error = await refusal(name)
    expect(error).toBeInstanceOf(ExportRefused)
    expect((error as Error).message).toContain(message)
  }
  expect(readdirSync(root).sort()).toEqual(['file', 'out'])
  expect(readdirSync(join(root, 'out'))).toEqual(['mine'])
})

test('what comes to stand there in the meantime stays', async () => {
  const path = join(folderForTest({}), 'out')
  const writing = writeFolder(path, async (folder) => {
    await write(folder)
    mkdirSync(path)
    writeFileSync(join(path, 'mine'), 'mine')
  })
  await expect(writing).rejects.toThrow('is not empty')
  expect(readdirSync(path)).toEqual(['mine'])
})

test('when writing fails there is nothing', async () => {
  const root = folderForTest({})
  const failing = writeFolder(join(root, 'out'), async (folder) => {
    await write(folder)
    throw new Error('no more')
  })
  await expect(failing).rejects.toThrow('no more')
  expect(readdirSync(root)).toEqual([])
})

// The superuser may write everywhere.
test.skipIf(process.getuid?.() === 0)('a place where this user may not write is told', async () => {
  const root = folderForTest({})
  chmodSync(root, 0o500)
  await expect(writeFolder(join(root, 'out'), write)).rejects.toThrow("can't be written (EACCES)")
  chmodSync(root, 0o700)
})
