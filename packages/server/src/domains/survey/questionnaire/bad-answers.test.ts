/** Every kind of question with everything that a program may send for an answer, generated as a cross product. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../database/connect.ts'
import { passingSecrets } from '../../../secrets.ts'
import { obtainCredential } from '../../../testing/answer-survey.ts'
import { draftCampaign, makeNetwork, makeSurveyVersion, openFor } from '../../../testing/build-campaign.ts'
import { asOwner, openTestDatabase } from '../../../testing/test-database.ts'
import { mintInvitations, redeemInvitation } from '../running/invitations.ts'
import { submitResponse } from '../running/submit-response.ts'
import { type AnswerFlaw, encodeAnswers } from './answers.ts'
import { describeFlaw } from './flaw.ts'
import type { Question, Questionnaire } from './model.ts'
import { readQuestionnaire } from './read-questionnaire.ts'

const text = { it: 'testo' }
const options = [{ text }, { text }, { text }]
const rows = ['a', 'b'].map((name) => ({ name, text }))

const kinds = {
  single: { kind: 'single', name: 'q', text, options },
  multiple: { kind: 'multiple', name: 'q', text, options, atLeast: 1, atMost: 2, exclusive: [3] },
  scale: { kind: 'scale', name: 'q', text, scale: 'points', notApplicable: text },
  number: { kind: 'number', name: 'q', text, min: -1, max: 120 },
  matrix: { kind: 'matrix', name: 'q', text, rows, answers: { options } },
  ranking: { kind: 'ranking', name: 'q', text, options },
  text: { kind: 'text', name: 'q', text, maxLength: 5 },
} satisfies Record<string, Question>
type Kind = keyof typeof kinds

const values: Record<string, unknown> = {
  'no answer': undefined,
  null: null,
  'a text': 'due',
  'an empty text': '',
  'a number in quotes': '1',
  'a text that is too long': 'x'.repeat(10_000),
  'half a character': 'a\ud83d',
  'the character NUL': 'a\0',
  'the word for not applicable': 'not-applicable',
  'half a code': 1.5,
  'no number': Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  'minus infinity': Number.NEGATIVE_INFINITY,
  'a huge number': 1e300,
  'a number beyond 32 bits': 2 ** 40,
  'a small number': -(2 ** 40),
  'minus zero': -0,
  yes: true,
  no: false,
  'an empty list': [],
  'an empty object': {},
  'a list in a list': [[1]],
  'a list of null': [null],
  'a list of half a code': [1.5],
  'a list of no number': [Number.NaN],
  'a list of minus zero': [-0],
  'a list of a text': ['1'],
  'a list of an object': [{}],
  'a list of a huge number': [1e300],
  'a row with a list': { a: [], b: 1 },
  'a row with an object': { a: {}, b: 1 },
  'a row with a text': { a: 'due', b: 1 },
  'a row with half a code': { a: 1.5, b: 1 },
  'a row with a huge number': { a: 1e300, b: 1 },
  'a row with yes': { a: true, b: 1 },
  'a row named constructor': { a: 1, b: 1, constructor: 1 },
  'a row named __proto__': JSON.parse('{"a":1,"b":1,"__proto__":1}'),
  'lists nested too deep': [[[1]]],
  'objects nested too deep': { a: { a: { a: 1 } }, b: 1 },
  'lists nested a hundred deep': Array.from({ length: 100 }).reduce((inner) => [inner], 1),
  'a list without end': new Array(20_000).fill(1),
}

/** Whether it is taken, or is no answer; or else what is told, and where. */
type Fate = 'taken' | 'nothing' | readonly [code: AnswerFlaw['code'], path: string]

const everywhere: Record<string, Fate> = {
  'no answer': 'nothing',
  null: 'nothing',
  'lists nested too deep': ['TOO_LARGE', ''],
  'objects nested too deep': ['TOO_LARGE', ''],
  'lists nested a hundred deep': ['TOO_LARGE', ''],
  'a list without end': ['TOO_LARGE', ''],
}
const elements: Record<string, Fate> = {
  'a list in a list': ['NOT_AN_ANSWER', 'q/0'],
  'a list of null': ['NOT_AN_ANSWER', 'q/0'],
  'a list of half a code': ['NOT_AN_ANSWER', 'q/0'],
  'a list of no number': ['NOT_AN_ANSWER', 'q/0'],
  'a list of minus zero': ['UNKNOWN_CODE', 'q/0'],
  'a list of a text': ['NOT_AN_ANSWER', 'q/0'],
  'a list of an object': ['NOT_AN_ANSWER', 'q/0'],
  'a list of a huge number': ['UNKNOWN_CODE', 'q/0'],
}
const beyond = (code: AnswerFlaw['code']): Record<string, Fate> => ({
  'a huge number': [code, 'q'],
  'a number beyond 32 bits': [code, 'q'],
  'a small number': [code, 'q'],
})
/** What is not told as NOT_AN_ANSWER at the question. */
const fates: Record<Kind, Record<string, Fate>> = {
  single: {
    ...beyond('UNKNOWN_CODE'),
    'minus zero': ['UNKNOWN_CODE', 'q'],
    'the word for not applicable': ['NEVER_NOT_APPLICABLE', 'q'],
  },
  multiple: { ...elements, 'an empty list': ['TOO_FEW_TICKS', 'q'] },
  scale: { ...beyond('UNKNOWN_CODE'), 'minus zero': 'taken', 'the word for not applicable': 'taken' },
  number: {
    ...beyond('OUT_OF_BOUNDS'),
    'minus zero': 'taken',
    'the word for not applicable': ['NEVER_NOT_APPLICABLE', 'q'],
  },
  matrix: {
    'an empty object': 'nothing',
    'a row with a list': ['NOT_AN_ANSWER', 'q/a'],
    'a row with an object': ['NOT_AN_ANSWER', 'q/a'],
    'a row with a text': ['NOT_AN_ANSWER', 'q/a'],
    'a row with half a code': ['NOT_AN_ANSWER', 'q/a'],
    'a row with a huge number': ['UNKNOWN_CODE', 'q/a'],
    'a row with yes': ['NOT_AN_ANSWER', 'q/a'],
    'a row named constructor': ['UNKNOWN_ROW', 'q/constructor'],
    'a row named __proto__': ['UNKNOWN_ROW', 'q/__proto__'],
  },
  ranking: { ...elements, 'an empty list': ['RANKING_INCOMPLETE', 'q'] },
  text: {
    'a text': 'taken',
    'a number in quotes': 'taken',
    'an empty text': 'nothing',
    'a text that is too long': ['TEXT_TOO_LONG', 'q'],
    'the word for not applicable': ['TEXT_TOO_LONG', 'q'],
    'half a character': ['TEXT_NOT_STORABLE', 'q'],
    'the character NUL': ['TEXT_NOT_STORABLE', 'q'],
  },
}

const cases = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
  Object.entries(values).map(([name, value]) => {
    const fate: Fate = everywhere[name] ?? fates[kind][name] ?? ['NOT_AN_ANSWER', 'q']
    return { kind, name, value, fate }
  }),
)

function documentOf(...questions: Question[]): Questionnaire {
  const read = readQuestionnaire({
    ...{ name: 'test', title: text, languages: ['it'], defaultLanguage: 'it' },
    scales: { points: { min: -1, max: 3, labels: { '-1': text, 3: text } } },
    sections: [{ title: text, questions }],
  })
  if ('flaws' in read) throw new Error(read.flaws.map(describeFlaw).join('\n'))
  return read.questionnaire
}

/** What is told of answers, and whether it is told in full. */
function told(document: Questionnaire, answers: object): string[] {
  const encoded = encodeAnswers(document, answers)
  if (!('flaws' in encoded)) return []
  for (const { message, fix } of encoded.flaws) expect([message, fix]).not.toContain('')
  return encoded.flaws.map(({ code, path }) => `${code} ${path.join('/')}`)
}

const toldOf = (fate: Fate) => (typeof fate === 'string' ? [] : [fate.join(' ')])

describe.each(Object.keys(kinds) as Kind[])('of any answer to a question of kind %s', (kind) => {
  const question: Question = kinds[kind]
  const own = cases.filter((one) => one.kind === kind)
  const first: Question = { ...kinds.single, name: 'first' }
  const showIf = { question: 'first', anyOf: [2] }
  const isTooLarge = (fate: Fate) => fate[0] === 'TOO_LARGE'

  test.each(own)('$name, where it is optional', ({ value, fate }) => {
    expect(told(documentOf(question), { q: value })).toEqual(toldOf(fate))
  })

  test.each(own)('$name, where it is required', ({ value, fate }) => {
    const expected = fate === 'nothing' ? ['ANSWER_MISSING q'] : toldOf(fate)
    expect(told(documentOf({ ...question, required: true }), { q: value })).toEqual(expected)
  })

  test.each(own)('$name, where it is required and shown', ({ value, fate }) => {
    const expected = fate === 'nothing' ? ['ANSWER_MISSING q'] : toldOf(fate)
    expect(told(documentOf(first, { ...question, required: true, showIf }), { first: 2, q: value })).toEqual(expected)
  })

  test.each(own)('$name, where it is not shown', ({ value, fate }) => {
    const expected = isTooLarge(fate) ? toldOf(fate) : fate === 'nothing' ? [] : ['NOT_SHOWN q']
    expect(told(documentOf(first, { ...question, required: true, showIf }), { first: 1, q: value })).toEqual(expected)
  })

  test.each(own)('$name, where it hangs on a wrong answer, which is told as well', ({ value, fate }) => {
    const expected = isTooLarge(fate) ? toldOf(fate) : ['UNKNOWN_CODE first', ...toldOf(fate)]
    expect(told(documentOf(first, { ...question, required: true, showIf }), { first: 9, q: value })).toEqual(expected)
  })
})

describe('an answer that is refused', () => {
  const opensAt = new Date('2026-11-01T00:00:00+01:00')
  const closesAt = new Date('2026-12-01T00:00:00+01:00')
  const now = new Date('2026-11-23T12:00:00+01:00')
  const secrets = passingSecrets()
  const document = documentOf(
    ...Object.entries(kinds).map(([kind, question]): Question => ({ ...question, name: kind })),
  )
  let database: Database
  beforeAll(async () => {
    database = await openTestDatabase('empty')
  })
  afterAll(() => database.close())

  test('spends nothing and leaves nothing: its credential buys another', async () => {
    const { prisma } = database
    const network = await makeNetwork(database, 1)
    const organizationId = network.organizations[0]!
    const version = await makeSurveyVersion(database, network, document)
    const campaignId = await draftCampaign(database, { ...version, opensAt, closesAt })
    await openFor(database, secrets, campaignId, [{ organizationId, headCount: 20 }], now)
    const [code] = await prisma.$transaction((tx) => mintInvitations(tx, { campaignId, organizationId, count: 1 }))
    const { publicKey } = await prisma.campaignOrganization.findFirstOrThrow({ where: { campaignId } })
    const credential = await obtainCredential(publicKey, async (blindedMessage) => {
      const redeem = { campaignId, code: code!, blindedMessage }
      return (await prisma.$transaction((tx) => redeemInvitation(tx, secrets, redeem, now))).blindSignature
    })
    const submit = (answers: unknown) =>
      submitResponse(prisma, { campaignId, organizationId, credential, answers }, now)
    const count = () =>
      asOwner(database, async (tx) => [
        await tx.response.count({ where: { campaignId } }),
        await tx.spentCredential.count({ where: { campaignId } }),
      ])

    for (const { kind, name, value, fate } of cases.filter(({ fate }) => typeof fate !== 'string')) {
      const path = (fate as [string, string])[1].split('/').filter((step) => step !== '')
      const at = path.map((step) => (step === 'q' ? kind : step))
      await expect(submit({ [kind]: value }), `${name} for ${kind}`).rejects.toMatchObject({
        ...{ code: 'ANSWERS_INVALID', path: ['answers', ...at] },
      })
    }
    expect(await count()).toEqual([0, 0])
    await submit({ single: 1 })
    expect(await count()).toEqual([1, 1])
  })
})
