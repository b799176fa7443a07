import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../../graphql/schema.ts'
import { describeProblem } from '../../../sources/problem.ts'
import { osmiRows } from '../../../testing/osmi-rows.ts'
import { sharedData } from '../../../testing/shared-data.ts'
import { folderForTest } from '../../../testing/write-files.ts'
import { type Mapping, readMapping } from './mapping.ts'
import { criticalOf, measuresOf } from './measures.ts'
import type { Questionnaire } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'
import { type ReadRow, readResponses } from './read-responses.ts'
import { variablesOf } from './variables.ts'

const folder = join(import.meta.dirname, '../../../../../../examples/osmi-2014')
const { path, isAbsent } = sharedData('osmi-2014.csv')

function load(): { document: Questionnaire; mapping: Mapping } {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'))
  const document = readQuestionnaire(json('questionnaire.json'))
  if ('flaws' in document) throw new Error(JSON.stringify(document.flaws))
  const mapping = readMapping(json('mapping.json'), document.questionnaire)
  if ('flaws' in mapping) throw new Error(JSON.stringify(mapping.flaws))
  return { document: document.questionnaire, mapping: mapping.mapping }
}

async function readAll(path: string): Promise<ReadRow[]> {
  const { document, mapping } = load()
  const rows: ReadRow[] = []
  for await (const row of readResponses(path, mapping, document)) rows.push(row)
  return rows
}

test('questionnaire and mapping of the example are right', () => {
  expect(load().document.license).toBe('CC-BY-SA-4.0')
})

test('the query of its README is one of the API', () => {
  const [, query] = /```graphql themes\n(.*?)```/s.exec(readFileSync(join(folder, 'README.md'), 'utf8'))!
  expect(validate(schema, parse(query!))).toEqual([])
})

test('every company of the example is called synthetic', () => {
  const { company } = load().mapping
  const names = 'synthetic' in company ? company.synthetic.map(({ name }) => name) : []
  expect(names).toHaveLength(8)
  for (const name of names) expect(name).toMatch(/^Synthetic company [A-H]$/)
})

test('rows of its shape become codes, and one is refused by its age, another by a text without a code', async () => {
  const rows = await readAll(join(folderForTest({ 'rows.csv': osmiRows }), 'rows.csv'))
  expect(rows.flatMap((row) => ('problems' in row ? row.problems.map(describeProblem) : []))).toEqual([
    'rows.csv:4 Age "329": is older than anyone who works (correct the source, or leave the row out)',
    'rows.csv:6 remote_work "Perhaps": has no code in the mapping (correct the source, or give the text a code in the mapping)',
  ])
  const variables = variablesOf(load().document).map(({ name }) => name)
  const taken = rows.flatMap((row) => ('response' in row ? [row.response.values] : []))
  const codes = taken.map((values) => Object.fromEntries(variables.map((name, index) => [name, values[index]])))
  const usual = {
    ...{ age: 4, gender: 1, country: 1, self_employed: null, family_history: 2, treatment: 1, work_interfere: 4 },
    ...{ size: 2, remote_work: 2, tech_company: 1, benefits: 1, care_options: 3, wellness_program: 2, seek_help: 1 },
    ...{ anonymity: 3, leave: 2, mental_health_consequence: 3, phys_health_consequence: 2, coworkers: 3 },
    ...{ supervisor: 1, mental_health_interview: 2, phys_health_interview: 3, mental_vs_physical: 3 },
    ...{ obs_consequence: 2 },
  }
  expect(codes).toEqual([
    usual,
    { ...usual, age: 1, gender: 2, country: 4, work_interfere: null, leave: 5, benefits: 2 },
    { ...usual, age: 6, gender: 3, self_employed: 1, size: 6 },
  ])
})

test.skipIf(isAbsent)('of 1,259 real answers 1,251 are taken, and 8 refused for ages that nobody has', async () => {
  const rows = await readAll(path)
  const refused = rows.flatMap((row) => ('problems' in row ? row.problems : []))
  expect(rows).toHaveLength(1_259)
  expect(rows.filter((row) => 'response' in row)).toHaveLength(1_251)
  const young = 'is younger than anyone who may work'
  const old = 'is older than anyone who works'
  const told = [
    `145 Age "-29": ${young}`,
    `366 Age "329": ${old}`,
    `392 Age "99999999999": ${old}`,
    `717 Age "-1726": ${young}`,
    `736 Age "5": ${young}`,
    `991 Age "8": ${young}`,
    `1092 Age "11": ${young}`,
    `1129 Age "-1": ${young}`,
  ]
  const what = '(correct the source, or leave the row out)'
  expect(refused.map(describeProblem)).toEqual(told.map((line) => `osmi-2014.csv:${line} ${what}`))
})

test.skipIf(isAbsent)('what was answered is counted as it stands in the file', async () => {
  const { document } = load()
  const taken = (await readAll(path)).flatMap((row) => ('response' in row ? [row] : []))
  const count = (name: string) => {
    const { position } = variablesOf(document).find((variable) => variable.name === name)!
    const counts = Map.groupBy(taken, ({ response }) => response.values[position - 1] ?? null)
    return Object.fromEntries([...counts].map(([code, rows]) => [code, rows.length]))
  }
  expect(count('gender')).toEqual({ 1: 251, 2: 985, 3: 15 })
  expect(count('work_interfere')).toEqual({ 1: 212, 2: 173, 3: 464, 4: 140, null: 262 })
  expect(count('age')).toEqual({ 1: 156, 2: 360, 3: 347, 4: 207, 5: 149, 6: 32 })
  expect(count('leave')).toEqual({ 1: 203, 2: 265, 3: 125, 4: 97, 5: 561 })
  const companies = Map.groupBy(taken, ({ company }) => company.at(-1)!)
  expect(Object.fromEntries([...companies].map(([letter, rows]) => [letter, rows.length]))).toEqual({
    ...{ A: 388, B: 284, C: 198, D: 144, E: 96, F: 69, G: 48, H: 24 },
  })
  const areas = measuresOf(document).flatMap(({ needArea }) => needArea ?? [])
  const critical = areas.map((area) => {
    const valid = taken.flatMap(({ response }) => criticalOf(document, area, response.values) ?? [])
    return [area, valid.filter((isCritical) => isCritical).length, valid.length]
  })
  expect(critical).toEqual([
    ['mental-wellbeing', 604, 989],
    ['health-care-access', 666, 1_251],
    ['working-hours', 222, 1_251],
    ['work-stress', 391, 1_251],
  ])
})
