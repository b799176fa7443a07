/** The codebook of a release as DDI-Codebook 2.5, in one language. */
import { escapeXml } from '../escape-xml.ts'
import type { CodebookScore, CountedCategory, NeedAreaRule, ValuesOf } from '../questionnaire/codebook-measures.ts'
import { type Text, textIn } from '../questionnaire/model.ts'
import type { ReleaseCodebook } from './release-codebook.ts'

/**
 * Its study has the questionnaire's title. V1 and so on are the variables of responses, which are handed to nobody; M1 and so on
 * are what was counted of them, R1 and so on by what it was divided, and F1 and so on what stands in the files.
 */
export function releaseCodebookXml(codebook: ReleaseCodebook, language: string): string {
  const say = (text: Text) => escapeXml(textIn(text, language, codebook))
  const { title, attribution, variables, measures, recodes, fields, disclosureControl } = codebook
  const places = new Map(variables.map(({ name, position }) => [name, `V${position}`]))
  const notes = attribution === undefined ? '' : `<notes>${escapeXml(attribution)}</notes>`
  const derivation = (from: readonly string[], text?: string) => {
    const ids = [...new Set(from)].map((name) => places.get(name)!).join(' ')
    return text === undefined
      ? `<derivation var="${ids}"/>`
      : `<derivation var="${ids}"><drvdesc>${escapeXml(text)}</drvdesc></derivation>`
  }
  const ofVariables = variables.map(({ name, position, label, question, range, categories, needAreas }) => {
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
  const counted = (categories: readonly CountedCategory[]) =>
    categories.map(({ value, text, of }) => {
      const values = of.length === 0 ? '' : `<txt>${escapeXml(writeValues(of))}</txt>`
      return `<catgry><catValu>${escapeXml(value)}</catValu><labl>${say(text)}</labl>${values}</catgry>`
    })
  const ofMeasures = measures.map(({ name, label, categories, rule }, index) =>
    [
      `<var ID="M${index + 1}" name="${escapeXml(name)}" intrvl="discrete">`,
      `<labl>${say(label)}</labl>`,
      ...counted(categories),
      rule === undefined
        ? derivation(categories.flatMap(({ of }) => of.map(({ variable }) => variable)))
        : derivation(
            variablesOfRule(rule),
            writeRule(rule, (text) => textIn(text, language, codebook)),
          ),
      '<varFormat type="character"/>',
      '</var>',
    ].join(''),
  )
  const ofRecodes = recodes.map(({ name, label, variable, categories }, index) =>
    [
      `<var ID="R${index + 1}" name="${escapeXml(name)}" intrvl="discrete">`,
      `<labl>${say(label)}</labl>`,
      ...counted(categories),
      derivation([variable]),
      '<varFormat type="character"/>',
      '</var>',
    ].join(''),
  )
  const ofFields = fields.map(({ path, column, type, label, categories = [] }, index) =>
    [
      `<var ID="F${index + 1}" name="${column ?? path}" files="${column === undefined ? 'JSON' : 'CSV JSON'}">`,
      `<labl>${say(label)}</labl>`,
      `<txt>results.json: ${path}</txt>`,
      ...categories.map(({ value, text }) => `<catgry><catValu>${value}</catValu><labl>${say(text)}</labl></catgry>`),
      `<varFormat type="${type}"/>`,
      '</var>',
    ].join(''),
  )
  const groups = [
    ['responses', 'V', ofVariables, words.responses],
    ['measures', 'M', ofMeasures, words.measures],
    ['recodes', 'R', ofRecodes, words.recodes],
    ['fields', 'F', ofFields, words.fields],
  ] as const
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<codeBook xmlns="ddi:codebook:2_5" version="2.5" xml:lang="${language}">`,
    `<stdyDscr><citation><titlStmt><titl>${say(title)}</titl></titlStmt>${notes}</citation></stdyDscr>`,
    '<fileDscr ID="CSV"><fileTxt><fileName>results.csv</fileName><fileType charset="UTF-8">text/csv</fileType></fileTxt></fileDscr>',
    '<fileDscr ID="JSON"><fileTxt><fileName>results.json</fileName><fileType charset="UTF-8">application/json</fileType></fileTxt></fileDscr>',
    '<dataDscr>',
    // DDI wants all groups before the first variable.
    ...groups
      .filter(([, , members]) => members.length > 0)
      .map(([name, letter, members, label]) => {
        const ids = members.map((_, index) => `${letter}${index + 1}`).join(' ')
        return `<varGrp type="pragmatic" name="${name}" var="${ids}"><labl>${say(label)}</labl></varGrp>`
      }),
    ...groups.flatMap(([, , members]) => members),
    `<notes type="disclosure control">${say(disclosureControl.text)}</notes>`,
    '</dataDscr>',
    '</codeBook>',
    '',
  ].join('\n')
}

const words = {
  responses: { en: 'What was asked, a variable each', it: 'Che cosa è stato chiesto, una variabile ciascuno' },
  measures: {
    en: 'What was counted: categories stand in the column "answer"',
    it: 'Che cosa è stato contato: le categorie stanno nella colonna "answer"',
  },
  recodes: {
    en: 'By what tables are divided: categories stand in the column "group"',
    it: 'Come sono divise le tabelle: le categorie stanno nella colonna "group"',
  },
  fields: { en: 'What stands in the files', it: 'Che cosa sta nei file' },
  any: {
    en: 'Critical where any of these is so, not critical for everyone else who answered one of them',
    it: 'Critico se una di queste è vera, non critico per chi altro ha risposto ad almeno una',
  },
  all: {
    en: 'Critical where all of these are so that were answered, not critical for everyone else who answered one of them',
    it: 'Critico se tutte quelle a cui si è risposto sono vere, non critico per chi altro ha risposto ad almeno una',
  },
} satisfies Record<string, Text>

function variablesOfRule({ questions, scores }: NeedAreaRule): string[] {
  return [
    ...questions.flatMap(({ variables }) => variables),
    ...scores.flatMap(({ items }) => items.map(({ variable }) => variable)),
  ]
}

/** `Critical where any of these is so, …: stress = 4..5; rest (calm + 2 × (1 + 5 − joy)) ≥ 12, at least 1 of 2 answered; ….` */
function writeRule({ critical, questions, scores }: NeedAreaRule, say: (text: Text) => string): string {
  const conditions = [
    ...questions.map(({ critical }) => writeValues(critical)),
    ...scores.map((score) => `${writeScore(score)}, ${say(enoughOf(score))}`),
  ]
  return `${say(words[critical])}: ${conditions.join('; ')}.`
}

function enoughOf({ atLeastAnswered, items }: CodebookScore): Text {
  return {
    en: `at least ${atLeastAnswered} of ${items.length} answered; the sum is scaled to all`,
    it: `almeno ${atLeastAnswered} risposte su ${items.length}; la somma è riportata a tutte`,
  }
}

function writeValues(values: readonly ValuesOf[]): string {
  const byVariable = Map.groupBy(values, ({ variable }) => variable)
  return [...byVariable]
    .map(([variable, ranges]) => {
      const list = ranges.map(({ from, to }) => (from === to ? from : `${from}..${to}`))
      return `${variable} = ${list.join(', ')}`
    })
    .join(' | ')
}

function writeScore({ name, items, critical }: CodebookScore): string {
  const terms = items.map(({ variable, min, max, factor, reversed }) => {
    const value = reversed ? `(${min} + ${max} − ${variable})` : variable
    return factor === 1 ? value : `${factor} × ${value}`
  })
  const cutOff = 'atLeast' in critical ? `≥ ${critical.atLeast}` : `≤ ${critical.atMost}`
  return `${name} (${terms.join(' + ')}) ${cutOff}`
}
