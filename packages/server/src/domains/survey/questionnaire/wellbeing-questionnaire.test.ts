import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readRows } from '../../../sources/read-rows.ts'
import { encodeAnswers } from './answers.ts'
import { criticalOf, measuresOf, scoreOf } from './measures.ts'
import { type Questionnaire, questionsOf } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'

const folder = join(import.meta.dirname, '../../../../demonstration')
const areaRow = z.object({ code: z.string(), parent_code: z.string() })
const areas = (await readRows(join(folder, 'need-areas.csv'), areaRow)).map(({ value }) => value)

const input = JSON.parse(readFileSync(join(folder, 'questionnaire.json'), 'utf8'))
const read = readQuestionnaire(input, new Set(areas.map(({ code }) => code)))

function document(): Questionnaire {
  if ('flaws' in read) throw new Error(JSON.stringify(read.flaws))
  return read.questionnaire
}

test('our questionnaire is right, and names need areas of the demonstration', () => {
  expect(read).not.toHaveProperty('flaws')
})

test('it has about 40 questions', () => {
  const { length } = questionsOf(document())
  expect(length).toBeGreaterThanOrEqual(38)
  expect(length).toBeLessThanOrEqual(42)
})

test('it can find every need area critical', () => {
  const measured = measuresOf(document()).flatMap(({ needArea }) => needArea ?? [])
  const parents = new Set(areas.map(({ parent_code }) => parent_code))
  const leaves = areas.map(({ code }) => code).filter((code) => !parents.has(code))
  expect(leaves).toHaveLength(28)
  expect(measured.sort()).toEqual(leaves.sort())
})

test('every text is there in Italian and in English', () => {
  const texts: Record<string, string>[] = []
  const walk = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    if ('it' in value || 'en' in value) texts.push(value as Record<string, string>)
    else Object.values(value).forEach(walk)
  }
  walk(input)
  expect(texts.length).toBeGreaterThan(150)
  expect(texts.filter(({ it, en }) => !it || !en || (it === en && it !== 'No'))).toEqual([])
})

test('what is asked about illness, care and mind counts as health', () => {
  const careful = ['mental-wellbeing', 'work-stress', 'addictions', 'disability', 'rare-diseases', 'health-care-access']
  const measures = measuresOf(document()).filter(({ needArea }) => careful.includes(needArea!))
  expect(measures.map(({ health }) => health)).toEqual(careful.map(() => true))
})

test('nobody is made to answer more than a handful, and none that hurts', () => {
  const required = questionsOf(document()).filter(({ required }) => required)
  expect(required.map(({ name }) => name)).toEqual(['age', 'gender', 'household', 'children', 'care_for'])
})

test('someone answers it', () => {
  const answers = {
    ...{ age: 3, gender: 1, household: 3, children: [1, 2], schedule: 4, work_takes_time: 4, hours_fit: 3 },
    ...{ strain: { workload: 5, conflict: 3, detaching: 4, energy: 2 }, parenting_alone: 2, small_children: 5 },
    ...{ school_help: 'not-applicable', care_for: [1], care_hours: 12, care_burden: 3, elderly_help: 4 },
    ...{ mood: { joy: 3, coping: 4, low: 2, worries: 'not-applicable' }, rights: { paperwork: 4 }, violence_help: 1 },
    ...{ care_given_up: [5], dependence: 'not-applicable', wishes: [2, 3, 7], other: 'Grazie.' },
  }
  const response = encodeAnswers(document(), answers)
  if ('flaws' in response) throw new Error(JSON.stringify(response.flaws))
  const critical = measuresOf(document())
    .flatMap(({ needArea }) => needArea ?? [])
    .filter((area) => criticalOf(document(), area, response.values))
  expect(critical).toEqual([
    ...['work-family-reconciliation', 'early-childhood', 'elderly-care', 'rights-and-paperwork', 'work-stress'],
  ])
  // 5 + 3 + 4 + (6 - 2), and (3 + 4 + (6 - 2)) × 4 / 3; of the hours one answer is too few
  const scores = document().instruments!.map((instrument) => scoreOf(document(), instrument, response.values))
  expect(scores).toEqual([16, null, 44 / 3, null])
})

test('whoever has no children and cares for nobody is not asked about them', () => {
  const told = encodeAnswers(document(), {
    ...{ age: 1, gender: 3, household: 1, children: [6], care_for: [5], small_children: 3, care_hours: 1 },
  })
  expect(told).toMatchObject({ flaws: [{ path: ['small_children'] }, { path: ['care_hours'] }] })
})
