/** Campaigns of any questionnaire: what a few companies of people answered to it, counted. */
import fc, { type GeneratorValue } from 'fast-check'
import { byCompany, type CountedTables } from '../domains/survey/disclosure/counted-tables.ts'
import { encodeAnswers } from '../domains/survey/questionnaire/answers.ts'
import { measuresOf } from '../domains/survey/questionnaire/measures.ts'
import type { Questionnaire } from '../domains/survey/questionnaire/model.ts'
import { holds } from '../domains/survey/questionnaire/proposition.ts'
import { variablesOf } from '../domains/survey/questionnaire/variables.ts'
import { disclosedMeasures } from '../domains/survey/releasing/disclosed-measures.ts'
import type { PublicMeasure } from './adversary.ts'
import { makeAnswers, makeQuestionnaire } from './generate-questionnaire.ts'
import { readConditions } from './read-conditions.ts'

export interface AnsweredQuestionnaire {
  document: Questionnaire
  counted: CountedTables
  /** What is measured, as a reader of the questionnaire knows it. */
  measures: PublicMeasure[]
}

/** Some of them, the same for the same seed. */
export function drawAnswered(count: number, seed: number): AnsweredQuestionnaire[] {
  return fc.sample(fc.gen().map(answerQuestionnaire), { numRuns: count, seed })
}

function answerQuestionnaire(gen: GeneratorValue): AnsweredQuestionnaire {
  const document = makeQuestionnaire(gen)
  const asked = measuresOf(document)
  const measures = disclosedMeasures(document)
  const sizes = gen(fc.array, fc.constantFrom(3, 8, 15, 30, 60), { minLength: 2, maxLength: 6 })
  const companies = sizes.map((_, index) => `company ${index + 1}`)
  const counts = sizes.map((size) => {
    const given = Array.from({ length: size }, () => {
      const response = encodeAnswers(document, makeAnswers(gen, document))
      if ('flaws' in response) throw new Error(JSON.stringify(response.flaws))
      return response.values
    })
    return asked.map(({ answers }) => answers.map(({ when }) => given.filter((values) => holds(when, values)).length))
  })
  const total = measures.map(({ answers }, measure) =>
    answers.map((_, answer) => counts.reduce((sum, each) => sum + each[measure]![answer]!, 0)),
  )
  return {
    document,
    counted: {
      companies,
      recodes: [],
      tables: [[byCompany]],
      measures,
      groups: [
        { key: {}, population: null, counts: total },
        ...companies.map((company, index) => ({ key: { company }, population: null, counts: counts[index]! })),
      ],
    },
    measures: publicMeasures(document, measures),
  }
}

/**
 * What the adversary reads in a questionnaire. What a score makes of its items it doesn't try: of need areas it knows those that
 * combine questions.
 */
export function publicMeasures(document: Questionnaire, measures: CountedTables['measures']): PublicMeasure[] {
  const conditional = readConditions(document)
  const ticks = readTicks(document)
  return measures.map(({ follows, ...measure }) => ({
    ...measure,
    ...(measure.combines === undefined || follows === undefined ? {} : { follows }),
    ...conditional.get(measure.name),
    ...ticks.get(measure.name),
  }))
}

/** How the options of a multiple choice are ticked, by the name of their measure. */
function readTicks(document: Questionnaire): Map<string, Pick<PublicMeasure, 'ticks'>> {
  return new Map(
    variablesOf(document).flatMap(({ name, option, question }) => {
      if (question.kind !== 'multiple') return []
      const { options, atLeast = 0, atMost = options.length, exclusive = [] } = question
      const isAlone = exclusive.includes(option!)
      const most = Math.min(atMost, options.length - new Set(exclusive).size)
      return [[name, { ticks: { question: question.name, ticked: 1, isAlone, atLeast, atMost: most } }]]
    }),
  )
}
