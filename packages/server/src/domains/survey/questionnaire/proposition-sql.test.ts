import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { databaseForTest } from '../../../testing/test-database.ts'
import { encodeAnswers, type Response } from './answers.ts'
import { conditionHolds } from './condition.ts'
import { measuresOf } from './measures.ts'
import { questionsOf } from './model.ts'
import { holds, type Proposition } from './proposition.ts'
import { propositionSql } from './proposition-sql.ts'

test('the database judges responses as this program does', async () => {
  const { prisma } = await databaseForTest('empty')
  const property = fc.asyncProperty(fc.gen(), async (gen) => {
    const document = makeQuestionnaire(gen)
    const responses = Array.from({ length: 4 }, () => {
      const { values } = encodeAnswers(document, makeAnswers(gen, document)) as Response
      return values
    })
    const conditions = questionsOf(document).flatMap(({ showIf }) =>
      showIf === undefined ? [] : [conditionHolds(document, showIf)],
    )
    const counted = measuresOf(document).flatMap(({ answers }) => answers.map(({ when }) => when))
    const propositions: Proposition[] = [
      ...conditions,
      ...counted,
      // An array may be shorter than its document says.
      { is: 'not', of: { is: 'in', position: 1_000, ranges: [[1, 1]] } },
      { is: 'in', position: 1, ranges: [] },
      { is: 'all', of: [] },
      { is: 'any', of: [] },
    ]
    const rows = responses.map((values, index) => `(${index}, '{${values.map(String).join(',')}}'::int[])`)
    const tests = propositions.map((proposition) => propositionSql(proposition, 'r.answers'))
    const judged = await prisma.$queryRawUnsafe<{ judged: boolean[] }[]>(
      `select array[${tests.join(',')}] as judged from (values ${rows.join(',')}) as r(id, answers) order by id`,
    )
    expect(judged.map(({ judged }) => judged)).toEqual(
      responses.map((values) => propositions.map((proposition) => holds(proposition, values))),
    )
  })
  await fc.assert(property, { numRuns: 60 })
})

test('nothing but whole numbers becomes SQL', () => {
  const ranges = [['0) or true --' as unknown as number, 1]] as const
  expect(() => propositionSql({ is: 'in', position: 1, ranges }, 'answers')).toThrow(TypeError)
})
