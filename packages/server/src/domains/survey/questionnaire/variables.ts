/**
 * The variables of a questionnaire, in DDI's sense: the ordered columns that its questions come down to.
 *
 * A response is a list of integers, one for each variable: a code, the variable's code for "not applicable", or null for
 * what was not answered or not shown. Free texts have no variable: they are kept apart, linked to nothing.
 */
import { type Question, type Questionnaire, questionsOf, type Scale, scaleOf, type Text } from './model.ts'

export interface Category {
  code: number
  text: Text
}

export interface Variable {
  /** `question`, `question.row` of a matrix, `question.3` for the third option of a multiple choice or a ranking. */
  name: string
  /** Its place in a response, from 1, as PostgreSQL counts the elements of an array. */
  position: number
  question: Exclude<Question, { kind: 'text' }>
  /** The row, of a matrix. */
  row?: string
  /** The code of the option, of a multiple choice and of a ranking. */
  option?: number
  /** What it asks: the question, or the row or option. */
  text: Text
  /** The smallest and largest code that is an answer. "Not applicable" lies below. */
  min: number
  max: number
  /** All codes that are answers, in order; none where any number between the bounds is. */
  categories?: Category[]
  notApplicable?: Category
  /** Codes of the need areas that it measures. */
  needAreas: readonly string[]
}

/** The variables in the order of a response. */
export function variablesOf(document: Questionnaire): readonly Variable[] {
  return layOut(document).variables
}

/** The variables of each question, by its name; none of a free text. */
export function variablesByQuestion(document: Questionnaire): ReadonlyMap<string, readonly Variable[]> {
  return layOut(document).byQuestion
}

interface Layout {
  variables: Variable[]
  byQuestion: Map<string, Variable[]>
}

// A document is laid out once, though thousands of responses are read with it.
const layouts = new WeakMap<Questionnaire, Layout>()

function layOut(document: Questionnaire): Layout {
  let layout = layouts.get(document)
  if (layout === undefined) {
    const variables: Variable[] = []
    const byQuestion = new Map<string, Variable[]>()
    for (const question of questionsOf(document)) {
      const own = flatten(document, question).map((variable, index) => ({
        ...variable,
        position: variables.length + index + 1,
      }))
      variables.push(...own)
      byQuestion.set(question.name, own)
    }
    layout = { variables, byQuestion }
    layouts.set(document, layout)
  }
  return layout
}

const ticks: Category[] = [
  { code: 0, text: { en: 'not chosen', it: 'non indicato' } },
  { code: 1, text: { en: 'chosen', it: 'indicato' } },
]
const unranked: Category = { code: 0, text: { en: 'not ranked', it: 'non in classifica' } }

function flatten(document: Questionnaire, question: Question): Omit<Variable, 'position'>[] {
  const { name, text } = question
  const needAreas = ('needAreas' in question ? question.needAreas : undefined) ?? []
  switch (question.kind) {
    case 'text':
      return []
    case 'single':
      return [{ name, question, text, needAreas, ...ofCategories(choices(question.options), question.notApplicable) }]
    case 'scale':
      return [
        { name, question, text, needAreas, ...ofCategories(points(document, question.scale), question.notApplicable) },
      ]
    case 'number': {
      const { min, max, notApplicable } = question
      return [{ name, question, text, needAreas, min, max, ...ifOffered(notApplicable, min) }]
    }
    case 'multiple':
      return question.options.map((option, index) => ({
        name: `${name}.${index + 1}`,
        question,
        option: index + 1,
        text: option.text,
        needAreas: union(needAreas, option.needAreas),
        ...ofCategories(ticks),
      }))
    case 'ranking': {
      const { options, ranks = options.length } = question
      const order = Array.from({ length: ranks }, (_, index) => plain(index + 1))
      return options.map((option, index) => ({
        name: `${name}.${index + 1}`,
        question,
        option: index + 1,
        text: option.text,
        needAreas,
        ...ofCategories(ranks < options.length ? [unranked, ...order] : order),
      }))
    }
    case 'matrix': {
      const { answers, notApplicable } = question
      const categories = 'scale' in answers ? points(document, answers.scale) : choices(answers.options)
      return question.rows.map((row) => ({
        name: `${name}.${row.name}`,
        question,
        row: row.name,
        text: row.text,
        needAreas: union(needAreas, row.needAreas),
        ...ofCategories(categories, notApplicable),
      }))
    }
  }
}

function ofCategories(categories: Category[], notApplicable?: Text) {
  const min = categories[0]!.code
  return { categories, min, max: categories.at(-1)!.code, ...ifOffered(notApplicable, min) }
}

// -1, unless that is an answer: then the number below all answers.
function ifOffered(text: Text | undefined, min: number): { notApplicable?: Category } {
  return text === undefined ? {} : { notApplicable: { code: Math.min(-1, min - 1), text } }
}

function choices(options: readonly { text: Text }[]): Category[] {
  return options.map(({ text }, index) => ({ code: index + 1, text }))
}

function points(document: Questionnaire, name: string): Category[] {
  const { min, max, labels } = scaleOf(document, name) as Scale
  return Array.from({ length: max - min + 1 }, (_, index) => {
    const code = min + index
    return Object.hasOwn(labels, String(code)) ? { code, text: labels[String(code)]! } : plain(code)
  })
}

function plain(code: number): Category {
  return { code, text: { en: String(code) } }
}

function union(some: readonly string[], others: readonly string[] = []): readonly string[] {
  return [...new Set([...some, ...others])]
}
