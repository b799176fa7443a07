import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeAnswers, makeQuestionnaire } from '../../../testing/generate-questionnaire.ts'
import { asOwner, databaseForTest } from '../../../testing/test-database.ts'
import { encodeAnswers, type Response } from './answers.ts'
import { conditionHolds } from './condition.ts'
import { measuresOf } from './measures.ts'
import { questionsOf } from './model.ts'
import { holds, type Proposition } from './proposition.ts'

test('the database judges responses as this program does', async () => {
  const database = await databaseForTest('empty')
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
    const judged = await asOwner(database, async (tx) => {
      const [{ tests }] = await tx.$queryRaw<[{ tests: string[] }]>`
        SELECT array(SELECT proposition_sql(each) FROM jsonb_array_elements(${JSON.stringify(propositions)}::jsonb)
          WITH ORDINALITY AS listed(each, place) ORDER BY place) AS tests`
      return tx.$queryRawUnsafe<{ judged: boolean[] }[]>(
        `SELECT ARRAY[${tests.join(',')}] AS judged FROM (VALUES ${rows.join(',')}) AS response(id, answers) ORDER BY id`,
      )
    })
    expect(judged.map(({ judged }) => judged)).toEqual(
      responses.map((values) => propositions.map((proposition) => holds(proposition, values))),
    )
  })
  await fc.assert(property, { numRuns: 60 })
})

test('nothing but numbers of a proposition becomes SQL', async () => {
  const database = await databaseForTest('empty')
  const evil = '0) OR true --'
  const score = {
    items: [{ position: evil, min: 0, max: 1, factor: 1, reversed: false }],
    atLeastAnswered: 1,
    cutOff: { atLeast: 1 },
  }
  for (const proposition of [
    { is: 'in', position: evil, ranges: [[1, 1]] },
    { is: 'in', position: 1, ranges: [[1, evil]] },
    { is: 'scored', score },
    { is: 'reached', score: { ...score, cutOff: { atMost: evil } } },
    { is: 'all', of: [{ is: 'scored', score: { ...score, atLeastAnswered: evil } }] },
  ]) {
    const attempt = asOwner(
      database,
      (tx) => tx.$queryRaw`SELECT proposition_sql(${JSON.stringify(proposition)}::jsonb)`,
    )
    await expect(attempt).rejects.toThrow(/invalid input syntax/)
  }
  const none = asOwner(database, (tx) => tx.$queryRaw`SELECT proposition_sql('{"is": "else"}')`)
  await expect(none).rejects.toThrow(/case not found/)
})
