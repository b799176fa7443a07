import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeFolder } from '../testing/write-files.ts'
import { describeProblem, SourceRefused } from './problem.ts'
import { type CsvRow, readCsv } from './read-csv.ts'

async function read(text: string): Promise<CsvRow[]> {
  const { folder, remove } = writeFolder({ 'file.csv': text })
  const rows: CsvRow[] = []
  const ignore = () => {}
  try {
    for await (const row of readCsv(join(folder, 'file.csv'), ignore, ignore)) rows.push(row)
  } finally {
    remove()
  }
  return rows
}

async function refusal(text: string): Promise<string> {
  const error = await read(text).catch((error: unknown) => error)
  if (!(error instanceof SourceRefused)) throw error
  return error.problems.map(describeProblem).join('\n')
}

const lines = async (text: string) => (await read(text)).map(({ line }) => line)
const cells = async (text: string) => (await read(text)).map(({ cells }) => cells)

test('a row tells how many cells it has, whatever its columns are called', async () => {
  const sizes = (await read('column 3,name\n1,a\n1\n1,a,b\n')).map(({ size }) => size)
  expect(sizes).toEqual([2, 1, 3])
})

test('cells stand under the names of their columns', async () => {
  expect(await cells('id,name\n1,"Alba, ""città""\ndel tartufo"\n2,\n')).toEqual([
    { id: '1', name: 'Alba, "città"\ndel tartufo' },
    { id: '2', name: '' },
  ])
})

test('names of columns are read without the space around them', async () => {
  expect(await cells(' id , name\n1,Alba\n')).toEqual([{ id: '1', name: 'Alba' }])
})

test('a cell beyond the last column is not lost', async () => {
  expect(await cells('id\n1,Alba,,CN\n')).toEqual([{ id: '1', 'column 2': 'Alba', 'column 3': '', 'column 4': 'CN' }])
})

test('a cell that a short row lacks is absent, not empty', async () => {
  expect(await cells('id,name,city\n1,Alba\n')).toEqual([{ id: '1', name: 'Alba' }])
})

test('a column may have any name', async () => {
  const [row] = await cells('id,constructor,__proto__\n1,a,b\n')
  expect(Object.entries(row!)).toEqual([
    ['id', '1'],
    ['constructor', 'a'],
    ['__proto__', 'b'],
  ])
})

test('empty lines and rows without any text are passed over', async () => {
  expect(await cells('\nid,name\n\n , \n,\n1,Alba\n\n')).toEqual([{ id: '1', name: 'Alba' }])
})

test('a header alone is a table without rows', async () => {
  expect(await read('id,name')).toEqual([])
})

test('reading can end before the file does', async () => {
  const { folder, remove } = writeFolder({ 'file.csv': `id\n${'1\n'.repeat(500_000)}` })
  let bytes = 0
  const count = (read: number) => {
    bytes += read
  }
  for await (const row of readCsv(join(folder, 'file.csv'), () => {}, count)) {
    expect(row).toEqual({ line: 2, size: 1, cells: { id: '1' } })
    break
  }
  remove()
  expect(bytes).toBeLessThan(1_000_000)
})

describe('a row tells the line on which it begins', () => {
  test('after cells of several lines', async () => {
    expect(await lines('id,name\n1,"a\nb\n"\n2,c\n3,"\n"\n4,d')).toEqual([2, 5, 6, 8])
  })

  test('with Windows line breaks, between rows and inside cells', async () => {
    expect(await lines('id,name\r\n1,"a\r\nb"\r\n2,c\r\n')).toEqual([2, 4])
  })

  test('with Windows line breaks inside cells only', async () => {
    expect(await lines('id,name\n1,"a\r\nb"\n2,c\n')).toEqual([2, 4])
  })

  test('with the line breaks of old Macintoshes', async () => {
    expect(await lines('id,name\r1,"a\rb"\r2,c\r')).toEqual([2, 4])
  })

  test('after a header of several lines and lines that are empty', async () => {
    expect(await lines('\nid,"long\nname"\n\n1,a\n\n\n2,b')).toEqual([5, 8])
  })
})

test('any cells come back as they were, each row on its line', async () => {
  const cell = fc.stringMatching(/^[ab",\n\r; è]{0,6}$/)
  const end = fc.constantFrom('\n', '\r\n')
  const row = fc.tuple(fc.integer(), cell, cell, fc.nat({ max: 2 }))
  const property = fc.asyncProperty(fc.array(row, { maxLength: 8 }), end, async (rows, end) => {
    let text = `id,a,b${end}`
    const expected: CsvRow[] = []
    for (const [id, a, b, emptyLines] of rows) {
      expected.push({ line: 1 + text.match(/\r\n|\n|\r/g)!.length, size: 3, cells: { id: String(id), a, b } })
      text += [String(id), a, b].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',') + end.repeat(1 + emptyLines)
    }
    expect(await read(text)).toEqual(expected)
  })
  await fc.assert(property)
})

const quoted = 'quote cells that hold quotes, commas or line breaks; double their quotes'
const refusals: [why: string, text: string, told: string][] = [
  ['is empty', '', '1: is empty (a CSV file begins with a line of column names)'],
  ['holds empty lines only', '\n\n', '1: is empty (a CSV file begins with a line of column names)'],
  ['has a column twice', 'id,name,id\n', '1: has the column "id" twice (rename or remove one of them)'],
  ['has a column without a name', 'id,,x\n', '1: has a column without a name (name every column in the first line)'],
  ['has semicolons', 'id;name\n1;a\n', '1: has semicolons between its cells (save it with commas between the cells)'],
  ['has tabs', 'id\tname\n1\ta\n', '1: has tabs between its cells (save it with commas between the cells)'],
  [
    'never closes a quote',
    'id,name\n1,a\n2,"b\n3,c\n',
    '3: opens a quote here and never closes it (close it; double a quote that belongs to the text)',
  ],
  ['has a quote inside a plain cell', 'id,name\n1,a\n2,b"c"\n', `3: is not CSV here (${quoted})`],
  ['has text behind a quote', 'id,name\n"1"a,b\n', `2: is not CSV here (${quoted})`],
  ['goes wrong after Windows line breaks', 'id,name\r\n1,"a\r\nb"\r\n2,"c"d\r\n', `4: is not CSV here (${quoted})`],
]

test.for(refusals)('a file that %s is refused, with its line and what to do', async ([, text, told]) => {
  expect(await refusal(text)).toBe(`file.csv:${told}`)
})

test('a file that is not UTF-8 is refused by whoever reads its rows', async () => {
  const { folder, remove } = writeFolder({ 'file.csv': Buffer.from('id,name\n1,Caffè\n', 'latin1') })
  const rows = readCsv(
    join(folder, 'file.csv'),
    () => {},
    () => {},
  )
  await expect(rows.next()).rejects.toThrow('file.csv is not UTF-8 text')
  remove()
})
