/**
 * What is counted for results: each closed variable by its categories, each ranking by what comes first, and each need area by
 * critical or not.
 */
import { isAnswered, isMeant } from './condition.ts'
import type { Critical, Instrument, Questionnaire, QuestionOf, Text } from './model.ts'
import { addUp, holds, type Proposition, type Score } from './proposition.ts'
import { type Variable, variablesByQuestion, variablesOf } from './variables.ts'

export interface Measure {
  kind: 'variable' | 'ranking' | 'need-area'
  /** The variable's name; of a ranking the question's; of a need area `need-area:` and its code. */
  name: string
  /** The need area's code, of a need area; the network knows its words. */
  needArea?: string
  /** What is asked, of a variable and a ranking. */
  text?: Text
  /** Whether any of what it counts is about health. */
  health: boolean
  /**
   * What a respondent may count for, at most one of them. Whoever counts for none (unanswered, not shown, not applicable)
   * is no valid respondent of this measure. Of a need area the first is "critical", the second is not.
   */
  answers: { name: string; text: Text; when: Proposition }[]
  /** Positions (from 0) in `answers` of what is critical; of a need area only. */
  criticalAnswers?: number[]
  /**
   * Of a need area: the measures of the variables that it is made from. Where it is one, the area is a coarsening of it;
   * none, where it is made from numbers that have no bands.
   */
  from?: string[]
  /** Of a need area: whether it is made from something else as well, which is not counted: a number that has no bands. */
  fromMore?: boolean
}

/** The measures: variables and rankings in their order, then need areas in the order in which they are first named. */
export function measuresOf(document: Questionnaire): readonly Measure[] {
  const known = measured.get(document)
  if (known !== undefined) return known
  const measures = measure(document)
  measured.set(document, measures)
  return measures
}

// A document is measured once, though each of its tables asks for its own.
const measured = new WeakMap<Questionnaire, Measure[]>()

function measure(document: Questionnaire): Measure[] {
  const asked = [...Map.groupBy(variablesOf(document), ({ question }) => question)].flatMap(([question, variables]) =>
    question.kind === 'ranking'
      ? [rankingMeasure(question, variables)]
      : variables.flatMap((variable) => measureOf(variable) ?? []),
  )
  const named = new Set(asked.map(({ name }) => name))
  const areas = needAreasOf(document).map((code) => needAreaMeasure(document, code, named))
  return [...asked, ...areas]
}

/** Codes of the need areas that something critical is declared for. */
function needAreasOf(document: Questionnaire): string[] {
  const asked = variablesOf(document).flatMap((variable) =>
    criticalOfVariable(variable) === undefined ? [] : variable.needAreas,
  )
  const scored = (document.instruments ?? []).flatMap(({ needAreas }) => needAreas)
  return [...new Set([...asked, ...scored])]
}

/** Whether a need area is critical for a respondent; null where nothing valid was answered. */
export function criticalOf(
  document: Questionnaire,
  needArea: string,
  values: readonly (number | null)[],
): boolean | null {
  const { valid, critical } = needAreaPropositions(document, needArea)
  return holds(valid, values) ? holds(critical, values) : null
}

/** An instrument's score of a respondent; null where too few items are answered. */
export function scoreOf(
  document: Questionnaire,
  instrument: Instrument,
  values: readonly (number | null)[],
): number | null {
  const sums = addUp(scoreFrom(document, instrument), values)
  return sums === undefined ? null : (sums.sum * sums.all) / sums.answered
}

/** Which answers of a need area's respondents are valid, and which of those critical. */
function needAreaPropositions(
  document: Questionnaire,
  needArea: string,
): { valid: Proposition; critical: Proposition } {
  const parts = partsOf(document, needArea)
  const valid: Proposition = { is: 'any', of: parts.map(({ valid }) => valid) }
  const rules = document.criticalWhen ?? {}
  const needsAll = Object.hasOwn(rules, needArea) && rules[needArea] === 'all'
  const critical: Proposition = needsAll
    ? {
        is: 'all',
        of: [valid, ...parts.map(({ valid, critical }) => ({ is: 'any' as const, of: [critical, not(valid)] }))],
      }
    : { is: 'any', of: parts.map(({ critical }) => critical) }
  return { valid, critical }
}

/** One thing that measures a need area: a question's variables (of several ticks, all), or an instrument. */
export interface Part {
  variables: Variable[]
  valid: Proposition
  critical: Proposition
  /** The instrument, where it is one. */
  instrument?: Instrument
}

/** What measures a need area: questions in their order, then instruments. */
export function partsOf(document: Questionnaire, needArea: string): Part[] {
  const asked = variablesOf(document).flatMap((variable): Part[] => {
    const criterion = criticalOfVariable(variable)
    return criterion === undefined || !variable.needAreas.includes(needArea)
      ? []
      : [{ variables: [variable], valid: isAnswered(variable), critical: isMeant(variable, criterion) }]
  })
  // Ticks of one question are one answer: its other options don't contradict the critical ones.
  const ticks = Map.groupBy(asked, ({ variables: [variable] }) =>
    variable!.question.kind === 'multiple' ? variable!.question.name : variable!.name,
  )
  const questions = [...ticks.values()].map((parts): Part => {
    const [first] = parts
    return parts.length === 1
      ? first!
      : {
          variables: parts.flatMap(({ variables }) => variables),
          valid: first!.valid,
          critical: { is: 'any', of: parts.map(({ critical }) => critical) },
        }
  })
  const instruments = (document.instruments ?? [])
    .filter(({ needAreas }) => needAreas.includes(needArea))
    .map((instrument): Part => {
      const score = scoreFrom(document, instrument)
      return {
        variables: itemsOf(document, instrument),
        valid: { is: 'scored', score },
        critical: { is: 'reached', score },
        instrument,
      }
    })
  return [...questions, ...instruments]
}

function scoreFrom(document: Questionnaire, instrument: Instrument): Score {
  const variables = itemsOf(document, instrument)
  return {
    items: instrument.items.map(({ reversed = false, factor = 1 }, index) => {
      const { position, min, max } = variables[index]!
      return { position, min, max, reversed, factor }
    }),
    atLeastAnswered: instrument.atLeastAnswered ?? instrument.items.length,
    cutOff: instrument.critical,
  }
}

function itemsOf(document: Questionnaire, { items }: Instrument): Variable[] {
  const byQuestion = variablesByQuestion(document)
  return items.map(({ question, row }) => byQuestion.get(question)!.find((variable) => variable.row === row)!)
}

// An option that is not critical when ticked measures nothing, and neither does what has no rule.
function criticalOfVariable({ question, option }: Variable): Critical | undefined {
  const critical = 'critical' in question ? question.critical : undefined
  if (critical === undefined || option === undefined) return critical
  return 'anyOf' in critical && critical.anyOf.includes(option) ? critical : undefined
}

function measureOf({ name, text, question, position, categories }: Variable): Measure | undefined {
  const { health = false } = question
  const closed =
    categories?.map(({ code, text }) => ({ name: String(code), text, ranges: [[code, code]] as const })) ??
    (question.kind === 'number' ? question.bands : undefined)?.map(({ from, to, text }) => ({
      name: `${from}-${to}`,
      text,
      ranges: [[from, to]] as const,
    }))
  if (closed === undefined) return undefined
  const answers = closed.map(({ name, text, ranges }) => ({
    name,
    text,
    when: { is: 'in' as const, position, ranges },
  }))
  return { kind: 'variable', name, text, health, answers }
}

// The ranks of one option tell of those of the others: who came first is one answer, and by itself.
function rankingMeasure({ name, text, health = false }: QuestionOf<'ranking'>, variables: Variable[]): Measure {
  const answers = variables.map(({ option, text, position }) => ({
    name: String(option),
    text,
    when: { is: 'in' as const, position, ranges: [[1, 1]] as const },
  }))
  return { kind: 'ranking', name, text, health, answers }
}

const isCritical: Text = { en: 'critical', it: 'critico' }
const isNotCritical: Text = { en: 'not critical', it: 'non critico' }

export function measureOfNeedArea(needArea: string): string {
  return `need-area:${needArea}`
}

function needAreaMeasure(document: Questionnaire, needArea: string, measured: ReadonlySet<string>): Measure {
  const { valid, critical } = needAreaPropositions(document, needArea)
  const variables = [...new Set(partsOf(document, needArea).flatMap(({ variables }) => variables))]
  return {
    kind: 'need-area',
    name: measureOfNeedArea(needArea),
    needArea,
    health: variables.some(({ question }) => question.health === true),
    answers: [
      // What is critical is valid: no need to ask twice.
      { name: 'critical', text: isCritical, when: critical },
      { name: 'not-critical', text: isNotCritical, when: { is: 'all', of: [valid, not(critical)] } },
    ],
    criticalAnswers: [0],
    from: variables.map(({ name }) => name).filter((name) => measured.has(name)),
    fromMore: variables.some(({ name }) => !measured.has(name)),
  }
}

function not(of: Proposition): Proposition {
  return { is: 'not', of }
}
