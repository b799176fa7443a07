/** The codebook of a questionnaire: its variables, and what of them results count, for whoever analyses it elsewhere. */
import { type CodebookMeasure, describeMeasures } from './codebook-measures.ts'
import type { Question, Questionnaire, Text } from './model.ts'
import { type Category, type Variable, variablesOf } from './variables.ts'

/** A codebook as data; its words are DDI's. */
export interface Codebook {
  name: string
  title: Text
  languages: string[]
  defaultLanguage: string
  method?: Text
  license?: string
  attribution?: string
  variables: CodebookVariable[]
  measures: CodebookMeasure[]
}

interface CodebookVariable {
  name: string
  /** Its place in a response, from 1. */
  position: number
  label: Text
  question: { name: string; kind: Question['kind']; text: Text; required: boolean; health: boolean }
  /** The smallest and the largest answer. */
  range: { min: number; max: number }
  unit?: Text
  /** What codes mean; of a number only "not applicable", where it is offered. */
  categories: (Category & { isMissing: boolean })[]
  needAreas: readonly string[]
}

/** The codebook of a questionnaire, in all its languages. Free texts have no variable and are in no result. */
export function codebookOf(document: Questionnaire): Codebook {
  const { name, title, languages, defaultLanguage, method, license, attribution } = document
  return {
    name,
    title,
    languages,
    defaultLanguage,
    ...(method === undefined ? {} : { method }),
    ...(license === undefined ? {} : { license }),
    ...(attribution === undefined ? {} : { attribution }),
    variables: variablesOf(document).map(describe),
    measures: describeMeasures(document),
  }
}

function describe({ name, position, text, question, min, max, categories, notApplicable, needAreas }: Variable) {
  const { kind, required = false, health = false } = question
  const valid = (categories ?? []).map((category) => ({ ...category, isMissing: false }))
  return {
    name,
    position,
    label: text,
    question: { name: question.name, kind, text: question.text, required, health },
    range: { min, max },
    ...('unit' in question && question.unit !== undefined ? { unit: question.unit } : {}),
    categories: notApplicable === undefined ? valid : [...valid, { ...notApplicable, isMissing: true }],
    needAreas,
  }
}
