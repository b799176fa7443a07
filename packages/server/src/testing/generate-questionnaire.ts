/** Any questionnaire that is right, and any answers that it takes: made without the code that reads them. */
import fc, { type GeneratorValue } from 'fast-check'
import type { Answer, Answers } from '../domains/survey/questionnaire/answers.ts'
import type { Condition, Critical, Question, Questionnaire, Text } from '../domains/survey/questionnaire/model.ts'

const notApplicable = 'not-applicable'

/** A questionnaire of every kind of question, whose conditions look back at any earlier answers. */
export function makeQuestionnaire(gen: GeneratorValue): Questionnaire {
  const scales = Object.fromEntries(
    ['text', 'labels', 'agreement'].map((name) => {
      const min = gen(fc.integer, { min: -3, max: 2 })
      const max = min + gen(fc.integer, { min: 1, max: 5 })
      return [name, { min, max, labels: { [min]: makeText(gen), [max]: makeText(gen) } }]
    }),
  )
  const questions: Question[] = []
  const count = gen(fc.integer, { min: 1, max: 9 })
  for (let index = 0; index < count; index += 1) questions.push(makeQuestion(gen, index, scales, questions))
  const half = Math.ceil(questions.length / 2)
  const document = {
    name: 'generated',
    title: makeText(gen),
    languages: ['it', 'en'],
    defaultLanguage: 'it',
    scales,
    sections: [questions.slice(0, half), questions.slice(half)]
      .filter((questions) => questions.length > 0)
      .map((questions) => ({ title: makeText(gen), questions })),
  }
  const items = questions.flatMap((question) => {
    if (question.kind === 'scale') return [{ question: question.name, scale: scales[question.scale]! }]
    if (question.kind !== 'matrix' || !('scale' in question.answers)) return []
    const scale = scales[question.answers.scale]!
    return question.rows.map(({ name }) => ({ question: question.name, row: name, scale }))
  })
  if (items.length < 2) return document
  const factors = items.map(() => gen(fc.integer, { min: 1, max: 3 }))
  const sum = (end: 'min' | 'max') => items.reduce((sum, { scale }, index) => sum + factors[index]! * scale[end], 0)
  const instrument = {
    name: 'sum',
    text: makeText(gen),
    needAreas: ['work-stress'],
    items: items.map(({ scale: _, ...item }, index) => ({
      ...item,
      factor: factors[index]!,
      reversed: gen(fc.boolean),
    })),
    atLeastAnswered: gen(fc.integer, { min: 1, max: items.length }),
    critical: gen(fc.boolean)
      ? { atLeast: gen(fc.integer, { min: sum('min') + 1, max: sum('max') }) }
      : { atMost: gen(fc.integer, { min: sum('min'), max: sum('max') - 1 }) },
  }
  return { ...document, instruments: [instrument], criticalWhen: { 'work-stress': gen(fc.constantFrom, 'any', 'all') } }
}

/** Answers that the questionnaire takes. */
export function makeAnswers(gen: GeneratorValue, document: Questionnaire): Answers {
  const answers: Answers = {}
  for (const { questions } of document.sections) {
    for (const question of questions) {
      if (question.showIf !== undefined && !isFulfilled(question.showIf, answers)) continue
      if (question.required || gen(fc.integer, { min: 0, max: 3 }) > 0) {
        const answer = makeAnswer(gen, document, question)
        if (answer !== undefined) answers[question.name] = answer
      }
    }
  }
  return answers
}

/** Whether a condition is fulfilled, read from the answers themselves. */
export function isFulfilled(condition: Condition, answers: Answers): boolean {
  if ('all' in condition) return !condition.all.some((part) => !isFulfilled(part, answers))
  if ('any' in condition) return condition.any.map((part) => isFulfilled(part, answers)).includes(true)
  if ('not' in condition) return isFulfilled(condition.not, answers) === false
  const answer = answers[condition.question]
  const given = typeof answer === 'object' && !Array.isArray(answer) ? answer[condition.row!] : answer
  const chosen = Array.isArray(given) ? given : [given]
  return chosen.some((value) => typeof value === 'number' && meets(value, condition))
}

function meets(value: number, criterion: Critical): boolean {
  if ('anyOf' in criterion) return criterion.anyOf.includes(value)
  if ('atLeast' in criterion && value < criterion.atLeast) return false
  return criterion.atMost === undefined || value <= criterion.atMost
}

const texts: Text[] = [{ it: 'Città' }, { it: 'Perché?', en: 'Why?' }]

function makeText(gen: GeneratorValue): Text {
  return gen(fc.constantFrom, ...texts)
}

type Scales = NonNullable<Questionnaire['scales']>

function makeQuestion(gen: GeneratorValue, index: number, scales: Scales, earlier: readonly Question[]): Question {
  const kinds = ['single', 'multiple', 'scale', 'number', 'matrix', 'ranking', 'text'] as const
  const kind: Question['kind'] = gen(fc.constantFrom, ...kinds)
  const comparable = earlier.filter(({ kind }) => kind !== 'text' && kind !== 'ranking')
  // Names that an object has by itself must do, too.
  const name = ['constructor', 'valueof'][index] ?? `q${index}`
  const common = {
    name,
    text: makeText(gen),
    required: gen(fc.boolean),
    ...(comparable.length > 0 && gen(fc.boolean) ? { showIf: makeCondition(gen, scales, comparable, 1) } : {}),
  }
  const scale = gen(fc.constantFrom, ...Object.keys(scales))
  const size = gen(fc.integer, { min: 2, max: 5 })
  const options = Array.from({ length: size }, () => ({ text: makeText(gen) }))
  const offered = gen(fc.boolean) ? { notApplicable: makeText(gen) } : {}
  const measured = <T extends Critical>(critical: T) =>
    gen(fc.boolean) ? { critical, needAreas: gen(fc.subarray, ['work-stress', 'debt'], { minLength: 1 }) } : {}
  const someCode = () => ({ anyOf: [gen(fc.integer, { min: 1, max: size })] })
  const someCodes = () => ({
    anyOf: gen(
      fc.subarray,
      Array.from({ length: size }, (_, code) => code + 1),
      { minLength: 1 },
    ),
  })
  switch (kind) {
    case 'single':
      return { kind, ...common, options, ...offered, ...measured(someCode()) }
    case 'multiple': {
      const atMost = gen(fc.integer, { min: 1, max: size })
      const exclusive = gen(fc.boolean) ? { exclusive: [size] } : {}
      const atLeast = gen(fc.integer, { min: 0, max: 'exclusive' in exclusive ? 1 : atMost })
      return { kind, ...common, options, atLeast, atMost, ...exclusive, ...measured(someCodes()) }
    }
    case 'scale':
      return { kind, ...common, scale, ...offered, ...measured({ atLeast: scales[scale]!.max }) }
    case 'number': {
      const min = gen(fc.integer, { min: -20, max: 20 })
      const max = min + gen(fc.integer, { min: 1, max: 40 })
      const cut = gen(fc.integer, { min, max: max - 1 })
      const bands = [
        { text: makeText(gen), from: min, to: cut },
        { text: makeText(gen), from: cut + 1, to: max },
      ]
      const counted = gen(fc.boolean) ? { bands } : {}
      return { kind, ...common, min, max, ...counted, ...offered, ...measured({ atMost: cut }) }
    }
    case 'matrix': {
      const rows = Array.from({ length: size }, (_, row) => ({ name: `r${row}`, text: makeText(gen) }))
      return gen(fc.boolean)
        ? { kind, ...common, rows, ...offered, answers: { scale }, ...measured({ atMost: scales[scale]!.min }) }
        : { kind, ...common, rows, ...offered, answers: { options }, ...measured(someCode()) }
    }
    case 'ranking':
      return { kind, ...common, options, ranks: gen(fc.integer, { min: 1, max: size }) }
    case 'text':
      return { kind, ...common, maxLength: 20 }
  }
}

function makeCondition(gen: GeneratorValue, scales: Scales, from: readonly Question[], depth: number): Condition {
  const form = depth > 2 ? 0 : gen(fc.integer, { min: 0, max: 5 })
  const deeper = () => makeCondition(gen, scales, from, depth + 1)
  if (form === 1) return { all: [deeper(), deeper()] }
  if (form === 2) return { any: [deeper(), deeper()] }
  if (form === 3) return { not: deeper() }
  const question = gen(fc.constantFrom, ...from)
  const asked = {
    question: question.name,
    ...(question.kind === 'matrix' ? { row: gen(fc.constantFrom, ...question.rows).name } : {}),
  }
  const [min, max] = rangeOf(question, scales)
  const low = gen(fc.integer, { min, max })
  const high = gen(fc.integer, { min: low, max })
  if (form === 4 || question.kind === 'multiple') return { ...asked, anyOf: [...new Set([low, high])] }
  return form === 5 ? { ...asked, atMost: low } : { ...asked, atLeast: low, atMost: high }
}

function rangeOf(question: Question, scales: Scales): [min: number, max: number] {
  if (question.kind === 'number') return [question.min, question.max]
  const scale =
    question.kind === 'scale'
      ? question.scale
      : question.kind === 'matrix' && 'scale' in question.answers
        ? question.answers.scale
        : undefined
  if (scale !== undefined) return [scales[scale]!.min, scales[scale]!.max]
  const options =
    question.kind === 'matrix' && 'options' in question.answers
      ? question.answers.options
      : question.kind === 'single' || question.kind === 'multiple'
        ? question.options
        : []
  return [1, options.length]
}

function makeAnswer(gen: GeneratorValue, document: Questionnaire, question: Question): Answer | undefined {
  const choose = (offered: object | undefined) => {
    if (offered !== undefined && gen(fc.integer, { min: 0, max: 4 }) === 0) return notApplicable
    const [min, max] = rangeOf(question, document.scales!)
    return gen(fc.integer, { min, max })
  }
  switch (question.kind) {
    case 'single':
    case 'scale':
    case 'number':
      return choose(question.notApplicable)
    case 'text':
      return gen(fc.string, { unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }).replace(/^\s*$/, 'no')
    case 'multiple': {
      const { options, atLeast = 0, atMost = options.length, exclusive = [] } = question
      const codes = options.map((_, index) => index + 1)
      const free = codes.filter((code) => !exclusive.includes(code))
      return exclusive.length > 0 && gen(fc.boolean)
        ? [...exclusive]
        : gen(fc.subarray<number>, free, {
            minLength: Math.min(atLeast, free.length),
            maxLength: Math.min(atMost, free.length),
          })
    }
    case 'ranking': {
      const codes = question.options.map((_, index) => index + 1)
      const ranks = question.ranks ?? codes.length
      return gen(fc.shuffledSubarray<number>, codes, { minLength: ranks, maxLength: ranks })
    }
    case 'matrix': {
      const rows = question.required
        ? question.rows
        : gen(fc.subarray<(typeof question.rows)[number]>, question.rows, { minLength: 1 })
      return Object.fromEntries(rows.map(({ name }) => [name, choose(question.notApplicable)]))
    }
  }
}
