import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { toldRelease, toldTable } from '../../../testing/told-release.ts'
import { usualThresholds } from '../disclosure/thresholds.ts'
import { releaseCodebookOf } from './release-codebook.ts'
import { freeColumns, releaseCsv } from './release-csv.ts'

const rowsOf = (answers: string[], given: { organization?: string; text?: string } = {}) => {
  const table = toldTable(answers, { '': answers.map(() => 10), women: null })
  const { organization = null, text = table.text } = given
  const named = { ...table, text, answers: answers.map((text) => ({ name: text, text })) }
  return parse<Record<string, string>>(releaseCsv(toldRelease({ organization, tables: [named] })), { columns: true })
}

test.each([
  '=HYPERLINK("https://example.org","results")',
  '+39 0173',
  '-1+cmd',
  '-20--11',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '＝1',
])('what a spreadsheet would take for a formula is a text: %j', (formula) => {
  const rows = rowsOf([formula, 'good'], { organization: formula, text: formula })
  expect(rows).toHaveLength(3)
  for (const row of rows) expect([row.organization, row.text]).toEqual([`'${formula}`, `'${formula}`])
  expect([rows[0]!.answer, rows[0]!.answer_text]).toEqual([`'${formula}`, `'${formula}`])
  for (const row of rows) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\s＝＋－＠]/)
})

test('other texts, and numbers, stay as they are', () => {
  const answers = ['-5', '0', '5-9', 'a = b', 'più - meno', "'già"]
  const rows = rowsOf(answers).filter(({ suppressed }) => suppressed === 'false')
  expect(rows.map(({ answer }) => answer)).toEqual(answers)
  expect(rows.map(({ count, percent, respondents }) => [count, percent, respondents])).toEqual(
    answers.map(() => ['10', '16.7', '60']),
  )
})

test('the codebook says which columns may have an apostrophe', () => {
  const title = { it: 'Prova' }
  const { fields } = releaseCodebookOf({
    document: { name: 'test', title, languages: ['it'], defaultLanguage: 'it', sections: [{ title, questions: [] }] },
    plan: { recodes: [], tables: [['company']], companies: 'own' },
    thresholds: usualThresholds,
    needAreas: new Map(),
  })
  const told = fields.filter(({ label }) => /apostrophe/.test(label.en!) && /apostrofo/.test(label.it!))
  expect(told.map(({ column }) => column)).toEqual(freeColumns)
})
