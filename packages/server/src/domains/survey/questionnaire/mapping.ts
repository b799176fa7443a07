/** A mapping: how the columns of a CSV file of answers become the variables of a questionnaire. */
import { z } from 'zod'
import { type Flaw, findTooLarge, findUnstorable, readShape } from './flaw.ts'
import { limits, type Questionnaire, questionsOf } from './model.ts'
import { findRepeated } from './rules/names.ts'
import { variablesByQuestion, variablesOf } from './variables.ts'

const column = z
  .string()
  .min(1, 'is empty')
  .max(200)
  .meta({ description: 'The name of a column, as the first line has it.' })
const cell = z.string().max(1_000)

const meaning = z
  .union([z.int(), z.literal('not-applicable'), z.null()])
  .meta({ description: 'A code; "not-applicable" where the question offers it; null for unanswered.' })

const rule = z
  .strictObject({
    column,
    codes: z
      .record(cell, meaning)
      .optional()
      .meta({ description: 'What the texts of cells mean, without the space around them.' }),
    ignoreCase: z.boolean().optional().meta({ description: 'Whether MALE means what Male does. No, unless told.' }),
    bands: z
      .array(z.strictObject({ from: z.int(), to: z.int(), code: z.int() }))
      .min(1)
      .max(limits.bands)
      .optional()
      .meta({
        description:
          'What numbers mean, ends included. A number in no band means what `otherwise` says, and is refused without.',
      }),
    otherwise: meaning.optional().meta({ description: 'What any other text means. Without, it is refused.' }),
  })
  .meta({
    id: 'Rule',
    description:
      'Where a variable comes from. Without codes and bands, the cell holds the code itself, or the text of a free text; ' +
      'the number of a question that asks for one stands for itself beside codes, too.',
  })

const test = z
  .union([
    z.strictObject({ column, is: z.array(cell).min(1).max(200) }),
    z.strictObject({ column, below: z.number() }),
    z.strictObject({ column, above: z.number() }),
  ])
  .meta({
    id: 'Test',
    description:
      'What a cell has in it: one of these texts, or a number below or above a bound. What is missing is empty.',
  })

const company = z
  .union([
    z.strictObject({
      column,
      names: z
        .record(cell, z.string().min(1).max(200))
        .optional()
        .meta({ description: 'What the texts of cells stand for.' }),
    }),
    z.strictObject({
      synthetic: z
        .array(
          z.strictObject({
            name: z
              .string()
              .max(200)
              .regex(
                /^(Synthetic company|Azienda sintetica) \S/,
                'does not begin with "Synthetic company" or "Azienda sintetica"',
              ),
            share: z.int().min(1).max(10_000),
          }),
        )
        .min(1)
        .max(1_000),
    }),
  ])
  .meta({
    description:
      'Which company a row belongs to: a column says it, or companies are made up where the data has none. Rows are then ' +
      'dealt out in the order of the file: the first share of rows to the first, and so on, and again from the start.',
  })

export const mappingModel = z
  .strictObject({
    $schema: z.string().max(200).optional(),
    title: z.string().max(200).optional(),
    questionnaire: z
      .string()
      .max(limits.name)
      .meta({ description: 'The name of the questionnaire that is mapped to.' }),
    missing: z
      .array(cell)
      .max(20)
      .optional()
      .meta({ description: 'Texts that say that nothing was answered, such as NA. An empty cell always does.' }),
    company,
    refuse: z
      .array(
        z.strictObject({
          reason: z.string().min(1).max(500).meta({ description: 'What is wrong with such a row.' }),
          where: z.array(test).min(1).max(10).meta({ description: 'All of them are so.' }),
        }),
      )
      .max(100)
      .optional()
      .meta({ description: 'Rows that can not be true, and are refused.' }),
    variables: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*(\.[a-z0-9_]+)?$/, 'is not the name of a variable'), rule)
      .meta({
        description:
          'Where each variable comes from, by its name; of a free text the name of the question. Of a multiple choice and ' +
          'of a ranking all options or none.',
        minProperties: 1,
      }),
  })
  .meta({ title: 'Response mapping', description: 'How a CSV file of answers is read for a questionnaire.' })

export type Mapping = z.infer<typeof mappingModel>
export type MappingRule = z.infer<typeof rule>
export type CellTest = z.infer<typeof test>
export type Meaning = z.infer<typeof meaning>

/** Checks a mapping against its questionnaire: gives it back as it is, or every flaw found. */
export function readMapping(input: unknown, document: Questionnaire): { mapping: Mapping } | { flaws: Flaw[] } {
  const tooLarge = findTooLarge(input, limits)
  if (tooLarge !== undefined) return { flaws: [tooLarge] }
  const unstorable = findUnstorable(input)
  const shaped = readShape(mappingModel, input)
  if ('flaws' in shaped) return { flaws: [...unstorable, ...shaped.flaws] }
  const { value: mapping } = shaped
  const flaws = [
    ...unstorable,
    ...findNothing(mapping),
    ...findWrongName(mapping, document),
    ...findRepeatedCompanies(mapping),
    ...findBrokenRules(mapping, document),
    ...findUnmapped(mapping, document),
    ...findHalfMapped(mapping, document),
  ]
  return flaws.length > 0 ? { flaws } : { mapping }
}

function findNothing({ variables }: Mapping): Flaw[] {
  if (Object.keys(variables).length > 0) return []
  return [
    { path: ['variables'], message: 'is empty, so that nothing would be read', fix: 'name the column of a variable' },
  ]
}

function findWrongName({ questionnaire }: Mapping, { name }: Questionnaire): Flaw[] {
  return questionnaire === name
    ? []
    : [
        {
          path: ['questionnaire'],
          message: `is "${questionnaire}", and this is "${name}"`,
          fix: 'use the one that belongs to it',
        },
      ]
}

// Both would be one company, with a share that stands nowhere.
function findRepeatedCompanies({ company }: Mapping): Flaw[] {
  if (!('synthetic' in company)) return []
  return findRepeated(
    company.synthetic.map(({ name }) => name),
    (index) => ['company', 'synthetic', String(index), 'name'],
    'give each company a name of its own',
  )
}

function findBrokenRules({ variables }: Mapping, document: Questionnaire): Flaw[] {
  const texts = new Set(questionsOf(document).flatMap(({ kind, name }) => (kind === 'text' ? [name] : [])))
  const known = new Map(variablesOf(document).map((variable) => [variable.name, variable]))
  return Object.entries(variables).flatMap(([name, rule]): Flaw[] => {
    const path = ['variables', name]
    const { codes, bands, otherwise } = rule
    if (texts.has(name)) {
      return (codes ?? bands ?? otherwise)
        ? [{ path, message: 'gives codes to a free text', fix: 'name its column alone' }]
        : []
    }
    const variable = known.get(name)
    if (variable === undefined) {
      return [
        {
          path,
          message: 'is no variable of the questionnaire',
          fix: `write one of ${someOf([...known.keys(), ...texts])}`,
        },
      ]
    }
    const judge = (meaning: Meaning | undefined, at: readonly string[]): Flaw[] => {
      if (meaning === 'not-applicable' && variable.notApplicable === undefined) {
        return [
          { path: at, message: 'is not applicable, which the question does not offer', fix: 'write a code or null' },
        ]
      }
      const isCode = typeof meaning !== 'number' || (variable.min <= meaning && meaning <= variable.max)
      const fix = `write a code from ${variable.min} to ${variable.max}`
      return isCode ? [] : [{ path: at, message: `${meaning} is no answer of the variable`, fix }]
    }
    return [
      ...findAlike(rule, path),
      ...Object.entries(codes ?? {}).flatMap(([cell, meaning]) => judge(meaning, [...path, 'codes', cell])),
      ...(bands ?? []).flatMap(({ from, to, code }, index) => {
        const at = [...path, 'bands', String(index)]
        const overlaps = bands!.slice(0, index).some((band) => from <= band.to && band.from <= to)
        return [
          ...judge(code, [...at, 'code']),
          ...(from > to || overlaps
            ? [{ path: at, message: 'is upside down, or overlaps another', fix: 'let each number lie in one band' }]
            : []),
        ]
      }),
      ...judge(otherwise, [...path, 'otherwise']),
    ]
  })
}

const mostNamed = 20

function someOf(names: readonly string[]): string {
  const rest = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : ''
  return `${names.slice(0, mostNamed).join(', ')}${rest}`
}

// Which of the two would hold for a cell, the order of the keys would say.
function findAlike({ codes = {}, ignoreCase = false }: MappingRule, path: readonly string[]): Flaw[] {
  const meanings = new Map<string, { cell: string; meaning: Meaning }>()
  if (!ignoreCase) return []
  return Object.entries(codes).flatMap(([cell, meaning]): Flaw[] => {
    const alike = meanings.get(cell.toLowerCase())
    if (alike === undefined) meanings.set(cell.toLowerCase(), { cell, meaning })
    if (alike === undefined || alike.meaning === meaning) return []
    return [
      {
        path: [...path, 'codes', cell],
        message: `means something else than ${JSON.stringify(alike.cell)}, which is the same where case is ignored`,
        fix: 'give both the same code, or do not ignore case',
      },
    ]
  })
}

// An option without a column would be stored as one that nobody chose.
function findHalfMapped({ variables }: Mapping, document: Questionnaire): Flaw[] {
  return questionsOf(document).flatMap(({ name, kind, required, showIf }): Flaw[] => {
    // Of a question that must be answered, what is missing is told already.
    const isTold = required === true && showIf === undefined
    if ((kind !== 'multiple' && kind !== 'ranking') || isTold) return []
    const own = variablesByQuestion(document).get(name)!
    const missing = own.filter((variable) => !Object.hasOwn(variables, variable.name))
    if (missing.length === own.length) return []
    return missing.map((variable) => ({
      path: ['variables', variable.name],
      message: 'is missing, and other options of its question are there',
      fix: 'name the columns of all options, or of none',
    }))
  })
}

// Every row would be refused for want of it.
function findUnmapped({ variables }: Mapping, document: Questionnaire): Flaw[] {
  return questionsOf(document).flatMap(({ name, kind, required, showIf }): Flaw[] => {
    if (!required || showIf !== undefined) return []
    const needed =
      kind === 'text'
        ? [name]
        : variablesByQuestion(document)
            .get(name)!
            .map((variable) => variable.name)
    return needed
      .filter((variable) => !Object.hasOwn(variables, variable))
      .map((variable) => ({
        path: ['variables', variable],
        message: 'is missing, and its question is required',
        fix: 'name its column, or do not require the question',
      }))
  })
}
