import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readMapping } from './mapping.ts'
import type { Questionnaire } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/questionnaires.md'), 'utf8')
const example = (kind: string) => JSON.parse(new RegExp(`\`\`\`json ${kind}\n(.*?)\`\`\``, 's').exec(page)![1]!)

test('the examples of the documentation are right', () => {
  const questionnaire: Questionnaire = example('questionnaire')
  expect(readQuestionnaire(questionnaire)).toEqual({ questionnaire })
  const mapping = example('mapping')
  expect(readMapping(mapping, questionnaire)).toEqual({ mapping })
})
