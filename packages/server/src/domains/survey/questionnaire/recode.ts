/** Recodes: a variable's values as few categories, by which tables of results are split. A release plan declares them. */
import { z } from 'zod'
import type { Flaw } from './flaw.ts'
import { name, type Questionnaire, type Text, text } from './model.ts'
import { holds, type Proposition, type Range } from './proposition.ts'
import { type Variable, variablesOf } from './variables.ts'

const value = z.int()

/** What a release plan says of a recode. */
export const recodeModel = z
  .strictObject({
    name,
    text,
    variable: z.string().max(100).meta({ description: 'The name of a variable.' }),
    categories: z
      .array(
        z
          .strictObject({
            name,
            text,
            values: z
              .array(z.strictObject({ from: value, to: value }))
              .min(1, 'is empty')
              .max(60)
              .meta({ description: 'Ranges of codes, ends included.' }),
          })
          .refine(({ name }) => name !== unstated, {
            path: ['name'],
            message: 'is the name of the category for all others',
          }),
      )
      .min(2, 'has fewer than two categories')
      .max(12),
  })
  .meta({ id: 'Recode' })

export type Recode = z.infer<typeof recodeModel>

/** The category of whoever is in no other: unanswered, not applicable, or of a value that no category names. */
const unstated = 'unstated'

export interface RecodeCategory {
  name: string
  text: Text
  when: Proposition
}

/** The categories of a checked recode. Everyone is in exactly one: the last is {@link unstated}. */
export function categoriesOf(document: Questionnaire, recode: Recode): RecodeCategory[] {
  const { position } = variableOf(document, recode)!
  const declared = recode.categories.map(({ name, text, values }) => ({
    name,
    text,
    when: { is: 'in' as const, position, ranges: values.map(({ from, to }): Range => [from, to]) },
  }))
  const others: Proposition = { is: 'not', of: { is: 'any', of: declared.map(({ when }) => when) } }
  return [...declared, { name: unstated, text: { en: 'not stated', it: 'non indicato' }, when: others }]
}

/** The name of the category that a respondent is in. */
export function recodeOf(document: Questionnaire, recode: Recode, values: readonly (number | null)[]): string {
  return categoriesOf(document, recode).find(({ when }) => holds(when, values))!.name
}

/** What is wrong with a recode of the right shape, for this questionnaire. */
export function findBrokenRecode(document: Questionnaire, recode: Recode): Flaw[] {
  const variable = variableOf(document, recode)
  if (variable === undefined) {
    const message = `there is no variable "${recode.variable}"`
    return [{ path: ['variable'], message, fix: 'name a variable of the questionnaire' }]
  }
  const names = recode.categories.map(({ name }) => name)
  const flaws: Flaw[] = []
  const taken: Range[] = []
  recode.categories.forEach(({ name, values }, index) => {
    const path = ['categories', String(index)]
    if (names.indexOf(name) !== index) {
      flaws.push({
        path: [...path, 'name'],
        message: `"${name}" is used twice`,
        fix: 'give each category its own name',
      })
    }
    values.forEach(({ from, to }, place) => {
      const at = [...path, 'values', String(place)]
      if (from > to || from < variable.min || to > variable.max) {
        const message = `${from} to ${to} are no answers of "${variable.name}"`
        flaws.push({ path: at, message, fix: `use values from ${variable.min} to ${variable.max}, the smaller first` })
      } else if (taken.some(([begin, end]) => from <= end && begin <= to)) {
        flaws.push({ path: at, message: 'are taken already, in part at least', fix: 'name each value once' })
      }
      taken.push([from, to])
    })
  })
  return flaws
}

function variableOf(document: Questionnaire, { variable }: Recode): Variable | undefined {
  return variablesOf(document).find(({ name }) => name === variable)
}
