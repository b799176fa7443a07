/** The codebook of a questionnaire: what each column of an export holds, for whoever analyses it elsewhere. */
import { escapeXml } from '../escape-xml.ts'
import { type Question, type Questionnaire, type Text, textIn } from './model.ts'
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
}

interface CodebookVariable {
  /** The name of the column. */
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

/** The codebook of a questionnaire, in all its languages. Free texts are in no export, so they are not in it. */
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

/** The same as DDI-Codebook 2.5, in one language. Its study has the questionnaire's title. */
export function codebookXml(document: Questionnaire, language: string): string {
  const say = (text: Text) => escapeXml(textIn(text, language, document))
  const { title, attribution, variables } = codebookOf(document)
  const notes = attribution === undefined ? '' : `<notes>${escapeXml(attribution)}</notes>`
  const columns = variables.map(({ name, position, label, question, range, categories, needAreas }) => {
    const measure = question.kind === 'number' ? 'contin' : 'discrete'
    const concepts = needAreas.map((code) => `<concept vocab="need areas">${escapeXml(code)}</concept>`)
    return [
      `<var ID="V${position}" name="${escapeXml(name)}" intrvl="${measure}">`,
      `<labl>${say(label)}</labl>`,
      `<qstn><qstnLit>${say(question.text)}</qstnLit></qstn>`,
      `<valrng><range min="${range.min}" max="${range.max}"/></valrng>`,
      ...categories.map(
        ({ code, text, isMissing }) =>
          `<catgry${isMissing ? ' missing="Y"' : ''}><catValu>${code}</catValu><labl>${say(text)}</labl></catgry>`,
      ),
      ...concepts,
      '<varFormat type="numeric"/>',
      '</var>',
    ].join('')
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="${language}">`,
    `<stdyDscr><citation><titlStmt><titl>${say(title)}</titl></titlStmt>${notes}</citation></stdyDscr>`,
    '<dataDscr>',
    ...columns,
    '</dataDscr>',
    '</codeBook>',
    '',
  ].join('\n')
}
