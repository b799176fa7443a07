/** What results count, in the words of the codebook: each measure with its answers, and the rule of each need area. */
import { type Measure, measuresOf, type Part, partsOf } from './measures.ts'
import type { Questionnaire, Text } from './model.ts'
import type { Proposition } from './proposition.ts'
import { variablesOf } from './variables.ts'

export interface CodebookMeasure {
  /** As results name it: the variable, the question that is a ranking, or `need-area:` and its code. */
  name: string
  kind: Measure['kind']
  /** What is asked. The questionnaire has no words for a need area: here it is the code. */
  label: Text
  health: boolean
  /** The answers in the order of results. */
  categories: CountedCategory[]
  /** When a need area is critical for a person. */
  rule?: NeedAreaRule
}

export interface CountedCategory {
  /** As results write it: a code, a band such as `0-29`, the option that came first, critical or not critical. */
  value: string
  text: Text
  /** Whom it counts: those who gave one of these values. Empty where that is not said by values. */
  of: ValuesOf[]
}

/** Values of a variable, ends included. */
export interface ValuesOf {
  variable: string
  from: number
  to: number
}

/** Who answered nothing of it isn't counted. */
export interface NeedAreaRule {
  /** Whether any of these makes it critical, or only all that were answered. */
  critical: 'any' | 'all'
  /** Questions, and the answers to each that are critical. Several ticks of one question are one answer. */
  questions: { variables: string[]; critical: ValuesOf[] }[]
  scores: CodebookScore[]
}

/** Sum of factor × value, or factor × (min + max − value) where reversed; scaled to all items, where some are unanswered. */
export interface CodebookScore {
  name: string
  label: Text
  items: { variable: string; min: number; max: number; factor: number; reversed: boolean }[]
  /** With how many items answered there is a score. */
  atLeastAnswered: number
  /** Which scores are critical. */
  critical: { atLeast: number } | { atMost: number }
}

/** The measures of a questionnaire, in the order of results. */
export function describeMeasures(document: Questionnaire): CodebookMeasure[] {
  return measuresOf(document).map(({ kind, name, needArea, text, health, answers }) => ({
    name,
    kind,
    label: text ?? { en: needArea ?? name },
    health,
    categories: answers.map(({ name: value, text, when }) => ({
      value,
      text,
      of: kind === 'need-area' ? [] : valuesOf(document, when),
    })),
    ...(needArea === undefined ? {} : { rule: ruleOf(document, needArea) }),
  }))
}

/** The values that make a proposition true which is about values alone, none but one of which need be there. */
export function valuesOf(document: Questionnaire, proposition: Proposition): ValuesOf[] {
  switch (proposition.is) {
    case 'in':
      return proposition.ranges.map(([from, to]) => ({ variable: nameAt(document, proposition.position), from, to }))
    case 'any':
      return proposition.of.flatMap((part) => valuesOf(document, part))
    default:
      throw new TypeError(`"${proposition.is}" is not about values alone.`)
  }
}

function ruleOf(document: Questionnaire, needArea: string): NeedAreaRule {
  const parts = partsOf(document, needArea)
  const rules = document.criticalWhen ?? {}
  return {
    critical: Object.hasOwn(rules, needArea) ? rules[needArea]! : 'any',
    questions: parts
      .filter(({ instrument }) => instrument === undefined)
      .map(({ variables, critical }) => ({
        variables: variables.map(({ name }) => name),
        critical: valuesOf(document, critical),
      })),
    scores: parts.flatMap((part) => describeScore(document, part)),
  }
}

function describeScore(document: Questionnaire, { instrument, critical }: Part): CodebookScore[] {
  if (instrument === undefined || critical.is !== 'reached') return []
  const { items, atLeastAnswered, cutOff } = critical.score
  return [
    {
      name: instrument.name,
      label: instrument.text,
      items: items.map(({ position, ...item }) => ({ variable: nameAt(document, position), ...item })),
      atLeastAnswered,
      critical: cutOff,
    },
  ]
}

function nameAt(document: Questionnaire, position: number): string {
  return variablesOf(document)[position - 1]!.name
}
