/**
 * The shape of a questionnaire: one JSON document, stored, exported and published as it is.
 *
 * Nothing is filled in when a document is read, so that what comes out says what went in: the same keys and values, and
 * lists in their order. The order of keys and the white space between them are not kept, for the database stores it as jsonb.
 */
import { z } from 'zod'

/** What is larger is refused: a document is read whole, and a response has an element for each variable. */
export const limits = {
  /** Objects, lists, texts and numbers in a document, together. */
  values: 100_000,
  depth: 24,
  languages: 24,
  scales: 100,
  sections: 50,
  questionsOfSection: 100,
  questions: 300,
  options: 60,
  rows: 40,
  bands: 40,
  scalePoints: 11,
  variables: 1_000,
  instruments: 50,
  items: 60,
  /** Conditions in one list, and lists in one another. */
  conditions: 20,
  conditionDepth: 5,
  needAreas: 20,
  name: 40,
  text: 4_000,
  answerText: 5_000,
  /** A number's bounds: every answer is an integer of 32 bits, with room below for "not applicable". */
  number: 1_000_000_000,
} as const

const noName = 'is not a name: small letters, digits and underscores, a letter first'
const languagePattern = /^[a-z]{2,3}(-[A-Z]{2})?$/

export const name = z
  .string()
  .max(limits.name)
  .regex(/^[a-z][a-z0-9_]*$/, noName)
  .meta({ description: 'Stays the same from version to version: results are compared by it.' })

const needAreaCode = z
  .string()
  .max(100)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not a code of a need area: small letters, digits and single hyphens')

const language = z
  .string()
  .regex(languagePattern, 'is not a language: write it, en or de-CH')
  .meta({ description: 'A language (BCP 47): it, en, de-CH.' })

/** A text in several languages. What whoever asks for another gets, {@link textIn} says. */
export const text = z.record(language, z.string().max(limits.text).regex(/\S/, 'is empty')).meta({
  id: 'Text',
  description: 'A text by language. The default language is always there. Others fall back to it, en-US to en first.',
})

const code = z
  .int({ error: ({ code }) => (code === 'invalid_type' ? 'is not a whole number' : undefined) })
  .min(-limits.number)
  .max(limits.number)
const codes = z.array(code).min(1).max(limits.options)

/** Which values of one variable are meant: these codes, or those within bounds. */
const criterion = {
  anyOf: codes.meta({ description: 'These codes: of options their position from 1, of scales and numbers the value.' }),
  atLeast: code.meta({ description: 'This value and those above it.' }),
  atMost: code.meta({ description: 'This value and those below it.' }),
}

export const critical = z
  .union([
    z.strictObject({ anyOf: criterion.anyOf }),
    z.strictObject({ atLeast: criterion.atLeast, atMost: criterion.atMost.optional() }),
    z.strictObject({ atMost: criterion.atMost }),
  ])
  .meta({
    id: 'Critical',
    description:
      'Which answers say that a person has the need. Of multiple choices: the options that say it when ticked. Not ' +
      'applicable is never critical.',
  })

/** Where a comparison looks: a question asked earlier, and of a matrix one of its rows. */
const asked = {
  question: name.meta({ description: 'The name of a question that stands earlier.' }),
  row: name.optional().meta({ description: 'The row, where that question is a matrix.' }),
}

export type Condition =
  | { question: string; row?: string | undefined; anyOf: number[] }
  | { question: string; row?: string | undefined; atLeast: number; atMost?: number | undefined }
  | { question: string; row?: string | undefined; atMost: number }
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }

// A condition of a condition: declared as a function, because the type mentions itself.
const nested = () =>
  z
    .array(z.lazy(() => condition))
    .min(1)
    .max(limits.conditions)

const condition: z.ZodType<Condition> = z
  .union([
    z.strictObject({ ...asked, anyOf: criterion.anyOf }),
    z.strictObject({ ...asked, atLeast: criterion.atLeast, atMost: criterion.atMost.optional() }),
    z.strictObject({ ...asked, atMost: criterion.atMost }),
    z.strictObject({ all: nested() }),
    z.strictObject({ any: nested() }),
    z.strictObject({ not: z.lazy(() => condition) }),
  ])
  .meta({
    id: 'Condition',
    description:
      'A condition on earlier answers. A comparison with a question that was not answered, not shown or not applicable ' +
      'is false, and its "not" is true. Of a multiple choice, anyOf asks whether any of the options is ticked.',
  })

const scale = z
  .strictObject({
    min: z.int().min(-100).max(100).meta({ description: 'The value of the first point.' }),
    max: z.int().min(-100).max(100).meta({ description: 'The value of the last point.' }),
    labels: z
      .record(z.string().regex(/^(0|-?[1-9]\d{0,2})$/, 'is not a value of the scale'), text)
      .meta({ description: 'What points are called, by value. Both ends are; the points between may be.' }),
  })
  .meta({ id: 'Scale', description: 'Points in order, used by any number of questions.' })

const needAreas = z
  .array(needAreaCode)
  .min(1, 'is empty: leave it out')
  .max(limits.needAreas)
  .meta({ description: 'Codes of the need areas that it measures.' })

const common = {
  name,
  text,
  help: text.optional().meta({ description: 'What stands below the question, smaller.' }),
  required: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it must be answered where it is shown. No, unless told.' }),
  showIf: condition.optional(),
  health: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it is about health: results then need twice the respondents. No, unless told.' }),
}
/** Of every kind whose answers can be critical: a ranking and a free text have none that says that a person has a need. */
const measuring = { needAreas: needAreas.optional(), critical: critical.optional() }
// What the rules check, said to editors as well: one measures nothing without the other.
const oneWithTheOther = { dependentRequired: { needAreas: ['critical'], critical: ['needAreas'] } }
// Options and rows may name the need areas instead.
const neverWithoutCritical = { dependentRequired: { needAreas: ['critical'] } }
const notApplicable = text
  .optional()
  .meta({ description: 'The words of the answer "not applicable", where it is offered.' })

const option = z
  .strictObject({ text })
  .meta({ id: 'Option', description: 'A choice. Its code is its position from 1.' })
const options = z.array(option).min(2, 'has fewer than two options').max(limits.options)

const single = z
  .strictObject({ kind: z.literal('single'), ...common, options, notApplicable, ...measuring })
  .meta({ id: 'Single', description: 'One of several options.', ...oneWithTheOther })

const multiple = z
  .strictObject({
    kind: z.literal('multiple'),
    ...common,
    options: z
      .array(
        z
          .strictObject({
            text,
            needAreas: needAreas.optional().meta({
              description: "Need areas of this option, which is a critical one, beside the question's.",
            }),
          })
          .meta({ id: 'Tick', description: 'A choice among several. Its code is its position from 1.' }),
      )
      .min(1, 'has no options')
      .max(limits.options),
    atLeast: z.int().min(0).optional().meta({ description: 'The fewest options to tick. 0, unless told.' }),
    atMost: z.int().min(1).optional().meta({ description: 'The most options to tick. All, unless told.' }),
    exclusive: codes.optional().meta({ description: 'Codes of options that stand alone, such as "none of these".' }),
    ...measuring,
  })
  .meta({
    id: 'Multiple',
    description: 'Any of several options. Each is a variable of its own: 1 ticked, 0 not.',
    ...neverWithoutCritical,
  })

const scaled = z
  .strictObject({ kind: z.literal('scale'), ...common, scale: name, notApplicable, ...measuring })
  .meta({ id: 'Scaled', description: 'A point of one of the scales.', ...oneWithTheOther })

const number = z
  .strictObject({
    kind: z.literal('number'),
    ...common,
    min: code,
    max: code,
    unit: text.optional(),
    bands: z
      .array(
        z
          .strictObject({ text, from: code, to: code })
          .meta({ id: 'Band', description: 'Values that are counted together.' }),
      )
      .min(2, 'has fewer than two bands')
      .max(limits.bands)
      .optional()
      .meta({
        description:
          'In what bands results are counted, each critical as a whole or not; without, the number itself is in no result.',
      }),
    notApplicable,
    ...measuring,
  })
  .meta({ id: 'Number', description: 'A whole number within bounds.', ...oneWithTheOther })

const matrix = z
  .strictObject({
    kind: z.literal('matrix'),
    ...common,
    rows: z
      .array(
        z
          .strictObject({
            name,
            text,
            needAreas: needAreas.optional().meta({ description: "Need areas of this row, beside the question's." }),
          })
          .meta({ id: 'Row', description: 'A question of a matrix.' }),
      )
      .min(1, 'has no rows')
      .max(limits.rows),
    answers: z
      .union([z.strictObject({ scale: name }), z.strictObject({ options })])
      .meta({ description: 'What each row is answered with.' }),
    notApplicable,
    needAreas: measuring.needAreas,
    critical: measuring.critical.meta({
      description: 'Which answers are critical, the same for every row that measures a need area.',
    }),
  })
  .meta({
    id: 'Matrix',
    description: 'Several questions with the same answers. Where it is required, every row is.',
    ...neverWithoutCritical,
  })

const ranking = z
  .strictObject({
    kind: z.literal('ranking'),
    ...common,
    options,
    ranks: z.int().min(1).optional().meta({ description: 'How many options are put in order. All, unless told.' }),
  })
  .meta({
    id: 'Ranking',
    description: 'Options in order of preference. Each is a variable: its rank from 1, 0 for none.',
  })

const freeText = z
  .strictObject({
    kind: z.literal('text'),
    ...common,
    maxLength: z.int().min(1).max(limits.answerText).meta({ description: 'The most characters.' }),
  })
  .meta({ id: 'FreeText', description: 'Free text. It is kept apart from all other answers and reaches no company.' })

const question = z.discriminatedUnion('kind', [single, multiple, scaled, number, matrix, ranking, freeText], {
  error: 'is no question: its kind is single, multiple, scale, number, matrix, ranking or text',
})

const section = z
  .strictObject({
    title: text,
    introduction: text.optional(),
    questions: z.array(question).min(1, 'has no questions').max(limits.questionsOfSection),
  })
  .meta({ id: 'Section' })

const instrument = z
  .strictObject({
    name,
    text: text.meta({ description: 'What it measures.' }),
    needAreas,
    items: z
      .array(
        z
          .strictObject({
            question: name.meta({ description: 'A scale, or a matrix of scales.' }),
            row: name.optional().meta({ description: 'The row, where the question is a matrix.' }),
            reversed: z.boolean().optional().meta({ description: 'Counts min + max - value. No, unless told.' }),
            factor: z.int().min(1).max(20).optional().meta({ description: 'Counts so many times. Once, unless told.' }),
          })
          .meta({ id: 'Item' }),
      )
      .min(2, 'has fewer than two items')
      .max(limits.items),
    atLeastAnswered: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'How many items must be answered for a score. All, unless told.' }),
    critical: z
      .union([z.strictObject({ atLeast: code }), z.strictObject({ atMost: code })])
      .meta({ description: 'The cut-off: scores from it upwards, or down from it, are critical.' }),
  })
  .meta({
    id: 'Instrument',
    description:
      'A score: the sum of factor times value. Where items are unanswered it is scaled to all: sum times all factors, ' +
      'divided by the factors of what was answered.',
  })

/** Where the document's schema can be fetched; see json-schema.ts. */
export const questionnaireModel = z
  .strictObject({
    $schema: z.string().max(200).optional(),
    name,
    title: text,
    introduction: text.optional().meta({ description: 'What respondents read first.' }),
    method: text.optional().meta({ description: 'Where the questions and the way of counting come from.' }),
    license: z.string().max(200).optional().meta({ description: 'SPDX identifier of the licence of the texts.' }),
    attribution: z
      .string()
      .max(1_000)
      .optional()
      .meta({ description: 'Whom the licence asks to name, and what was changed.' }),
    languages: z.array(language).min(1).max(limits.languages),
    defaultLanguage: language,
    scales: z
      .record(name, scale)
      .optional()
      .meta({ description: 'The scales, by name.', maxProperties: limits.scales }),
    sections: z.array(section).min(1, 'has no sections').max(limits.sections),
    instruments: z.array(instrument).max(limits.instruments).optional(),
    criticalWhen: z
      .record(needAreaCode, z.enum(['any', 'all']))
      .optional()
      .meta({
        description:
          'For a need area that several questions measure: whether any critical answer makes it critical for the ' +
          'respondent, or only all that were given. Any, unless told.',
      }),
  })
  .meta({
    title: 'Questionnaire',
    description: 'A questionnaire of a welfare network: sections, questions, scales and scores.',
  })

export type Text = z.infer<typeof text>
export type Questionnaire = z.infer<typeof questionnaireModel>
export type Question = z.infer<typeof question>
export type QuestionOf<K extends Question['kind']> = Extract<Question, { kind: K }>
export type Scale = z.infer<typeof scale>
export type Instrument = z.infer<typeof instrument>
export type Critical = z.infer<typeof critical>

/** All questions in the order in which they are asked. */
export function questionsOf(document: Questionnaire): Question[] {
  return document.sections.flatMap(({ questions }) => questions)
}

/** A text in a language; where it isn't there, without the country (en for en-US), and else in the default language. */
export function textIn(
  text: Text,
  language: string,
  { defaultLanguage }: Pick<Questionnaire, 'defaultLanguage'>,
): string {
  const found = [language, language.split('-')[0]!, defaultLanguage].find((each) => Object.hasOwn(text, each))
  return found === undefined ? Object.values(text)[0]! : text[found]!
}

/** The scale of a name. */
export function scaleOf(document: Questionnaire, name: string): Scale | undefined {
  const scales = document.scales ?? {}
  return Object.hasOwn(scales, name) ? scales[name] : undefined
}
