import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPlan } from '../releasing/plan.ts'
import { readMapping } from './mapping.ts'
import type { Questionnaire } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../../../docs', name), 'utf8')
const exampleIn = (page: string, kind: string) =>
  JSON.parse(new RegExp(`\`\`\`json ${kind}\n(.*?)\`\`\``, 's').exec(page)![1]!)
const example = (kind: string) => exampleIn(page('questionnaires.md'), kind)

test('the examples of the documentation are right', () => {
  const questionnaire: Questionnaire = example('questionnaire')
  expect(readQuestionnaire(questionnaire)).toEqual({ questionnaire })
  const mapping = example('mapping')
  expect(readMapping(mapping, questionnaire)).toEqual({ mapping })
})

test('the release plan of the documentation is right for its questionnaire', () => {
  const plan = exampleIn(page('surveys.md'), 'plan')
  expect(readPlan(plan, example('questionnaire'))).toEqual({ plan })
})
