/** Answers as people give them, and as they are stored: encoded, checked by every rule, and decoded. */
import { askedBy, conditionHolds } from './condition.ts'
import { type Flaw, findTooLarge } from './flaw.ts'
import { type Question, type Questionnaire, type QuestionOf, questionsOf } from './model.ts'
import { holds } from './proposition.ts'
import { type Variable, variablesByQuestion, variablesOf } from './variables.ts'

/**
 * Answers by the name of the question. Of a single choice the code (position from 1), of a scale and a number the value,
 * of a multiple choice the codes that are ticked (none is an answer, too), of a matrix the answers by row, of a ranking the
 * codes in order of preference, of a free text the text. What isn't answered is left out.
 */
export type Answers = Record<string, Answer>
export type Answer = Choice | number[] | Record<string, Choice> | string
type Choice = number | typeof notApplicable
export const notApplicable = 'not-applicable'

/** Answers as they are stored: an element for each variable, and the texts apart. */
export interface Response {
  values: (number | null)[]
  texts: { question: string; text: string }[]
}

export interface AnswerFlaw extends Flaw {
  code:
    | 'NOT_AN_ANSWER'
    | 'TOO_LARGE'
    | 'UNKNOWN_QUESTION'
    | 'UNKNOWN_ROW'
    | 'UNKNOWN_CODE'
    | 'OUT_OF_BOUNDS'
    | 'NOT_SHOWN'
    | 'ANSWER_MISSING'
    | 'ROW_MISSING'
    | 'NEVER_NOT_APPLICABLE'
    | 'TICKED_TWICE'
    | 'TOO_FEW_TICKS'
    | 'TOO_MANY_TICKS'
    | 'NOT_ALONE'
    | 'RANKED_TWICE'
    | 'RANKING_INCOMPLETE'
    | 'RANKING_TOO_LONG'
    | 'TEXT_TOO_LONG'
    | 'TEXT_NOT_STORABLE'
}

/** Checks and encodes answers, or tells every one that can't be taken. */
export function encodeAnswers(document: Questionnaire, answers: unknown): Response | { flaws: AnswerFlaw[] } {
  if (!isRecord(answers)) return { flaws: [notAnAnswer([], 'is no object', 'send answers by name of question')] }
  const tooLarge = findTooLarge(answers, { values: 10_000, depth: 3 })
  if (tooLarge !== undefined) return { flaws: [{ ...tooLarge, code: 'TOO_LARGE' }] }

  const values = new Array<number | null>(variablesOf(document).length).fill(null)
  const texts: Response['texts'] = []
  const flaws: AnswerFlaw[] = []
  const unsure = new Set<string>()
  for (const question of questionsOf(document)) {
    const { name, showIf } = question
    const answer = Object.hasOwn(answers, name) ? answers[name] : undefined
    // What hangs on a wrong answer can't be judged: the wrong answer alone is told.
    const isUnsure = showIf !== undefined && askedBy(showIf).some((asked) => unsure.has(asked))
    const isShown = showIf === undefined || isUnsure || holds(conditionHolds(document, showIf), values)
    const mustBe = question.required === true && !isUnsure
    const found = !isShown
      ? notShown(question, answer)
      : isEmpty(question, answer)
        ? mustBe
          ? missing(question)
          : []
        : encode(document, question, answer, { values, texts, mustBe })
    flaws.push(...found)
    if (isUnsure || found.length > 0) unsure.add(name)
  }
  const known = variablesByQuestion(document)
  for (const name of Object.keys(answers).filter((name) => !known.has(name))) {
    flaws.push({
      code: 'UNKNOWN_QUESTION',
      path: [name],
      message: 'is no question of this questionnaire',
      fix: 'remove it, or correct the name',
    })
  }
  return flaws.length > 0 ? { flaws } : { values, texts }
}

/** The answers of a stored response. Its values must come from `encodeAnswers`, with the same document. */
export function decodeAnswers(document: Questionnaire, { values, texts }: Response): Answers {
  const byQuestion = variablesByQuestion(document)
  const written = new Map(texts.map(({ question, text }) => [question, text]))
  const answers = questionsOf(document).flatMap((question): [string, Answer][] => {
    const variables = byQuestion.get(question.name)!
    const answer = decode(question, variables, (variable) => values[variable.position - 1] ?? null, written)
    return answer === undefined ? [] : [[question.name, answer]]
  })
  return Object.fromEntries(answers)
}

function decode(
  question: Question,
  variables: readonly Variable[],
  elementOf: (variable: Variable) => number | null,
  texts: ReadonlyMap<string, string>,
): Answer | undefined {
  const choiceOf = (variable: Variable): Choice | undefined => {
    const value = elementOf(variable)
    if (value === null) return undefined
    return value === variable.notApplicable?.code ? notApplicable : value
  }
  switch (question.kind) {
    case 'text':
      return texts.get(question.name)
    case 'single':
    case 'scale':
    case 'number':
      return choiceOf(variables[0]!)
    case 'multiple':
      return elementOf(variables[0]!) === null
        ? undefined
        : variables.filter((variable) => elementOf(variable) === 1).map(({ option }) => option!)
    case 'ranking':
      return elementOf(variables[0]!) === null
        ? undefined
        : variables
            .filter((variable) => elementOf(variable)! > 0)
            .sort((one, other) => elementOf(one)! - elementOf(other)!)
            .map(({ option }) => option!)
    case 'matrix': {
      const rows = variables.flatMap((variable): [string, Choice][] => {
        const choice = choiceOf(variable)
        return choice === undefined ? [] : [[variable.row!, choice]]
      })
      return rows.length === 0 ? undefined : Object.fromEntries(rows)
    }
  }
}

interface Into extends Response {
  mustBe: boolean
}

function encode(document: Questionnaire, question: Question, answer: unknown, into: Into): AnswerFlaw[] {
  const variables = variablesByQuestion(document).get(question.name)!
  switch (question.kind) {
    case 'text':
      return encodeText(question, answer, into)
    case 'multiple':
      return encodeTicks(question, variables, answer, into)
    case 'ranking':
      return encodeRanking(question, variables, answer, into)
    case 'matrix':
      return encodeRows(question, variables, answer, into)
    default:
      return encodeChoice(variables[0]!, answer, [question.name], into)
  }
}

function encodeChoice(variable: Variable, answer: unknown, path: readonly string[], { values }: Into): AnswerFlaw[] {
  const { min, max, categories, position } = variable
  if (answer === notApplicable) {
    if (variable.notApplicable === undefined) {
      const message = 'does not offer "not applicable"'
      return [{ code: 'NEVER_NOT_APPLICABLE', path, message, fix: 'answer it, or leave it out' }]
    }
    values[position - 1] = variable.notApplicable.code
    return []
  }
  if (typeof answer !== 'number' || !Number.isInteger(answer)) {
    return [notAnAnswer(path, 'is no whole number', 'send the code of the answer')]
  }
  if (answer < min || answer > max) {
    return [
      categories === undefined
        ? {
            code: 'OUT_OF_BOUNDS',
            path,
            message: `${answer} is out of bounds`,
            fix: `send a number from ${min} to ${max}`,
          }
        : {
            code: 'UNKNOWN_CODE',
            path,
            message: `${answer} is no answer here`,
            fix: `send a code from ${min} to ${max}`,
          },
    ]
  }
  // There is one zero: -0 would come back from the database as 0.
  values[position - 1] = answer === 0 ? 0 : answer
  return []
}

function encodeTicks(
  question: QuestionOf<'multiple'>,
  variables: readonly Variable[],
  answer: unknown,
  { values }: Into,
): AnswerFlaw[] {
  const { name, options, atLeast = 0, atMost = options.length, exclusive = [] } = question
  const codes = readCodes(answer, name, options.length, 'TICKED_TWICE')
  if ('flaws' in codes) return codes.flaws
  const ticked = new Set(codes)
  const path = [name]
  const alone = codes.find((code) => exclusive.includes(code))
  if (alone !== undefined && ticked.size > 1) {
    return [{ code: 'NOT_ALONE', path, message: `option ${alone} stands alone`, fix: 'untick it, or all others' }]
  }
  if (ticked.size < atLeast) {
    return [{ code: 'TOO_FEW_TICKS', path, message: `has ${ticked.size} ticks`, fix: `tick at least ${atLeast}` }]
  }
  if (ticked.size > atMost) {
    return [{ code: 'TOO_MANY_TICKS', path, message: `has ${ticked.size} ticks`, fix: `tick at most ${atMost}` }]
  }
  for (const { position, option } of variables) values[position - 1] = ticked.has(option!) ? 1 : 0
  return []
}

function encodeRanking(
  question: QuestionOf<'ranking'>,
  variables: readonly Variable[],
  answer: unknown,
  { values }: Into,
): AnswerFlaw[] {
  const { name, options, ranks = options.length } = question
  const codes = readCodes(answer, name, options.length, 'RANKED_TWICE')
  if ('flaws' in codes) return codes.flaws
  if (codes.length !== ranks) {
    const path = [name]
    const message = `ranks ${codes.length} options`
    const code = codes.length < ranks ? 'RANKING_INCOMPLETE' : 'RANKING_TOO_LONG'
    return [{ code, path, message, fix: `rank ${ranks}, each once, or leave the question out` }]
  }
  for (const { position, option } of variables) values[position - 1] = codes.indexOf(option!) + 1
  return []
}

function readCodes(
  answer: unknown,
  name: string,
  options: number,
  twice: 'TICKED_TWICE' | 'RANKED_TWICE',
): number[] | { flaws: AnswerFlaw[] } {
  if (!Array.isArray(answer)) return { flaws: [notAnAnswer([name], 'is no list', 'send the codes of options')] }
  const flaws = answer.flatMap((code: unknown, index): AnswerFlaw[] => {
    const path = [name, String(index)]
    if (typeof code !== 'number' || !Number.isInteger(code)) {
      return [notAnAnswer(path, 'is no whole number', 'send the code of an option')]
    }
    if (code < 1 || code > options) {
      return [{ code: 'UNKNOWN_CODE', path, message: `${code} is no option`, fix: `send codes from 1 to ${options}` }]
    }
    return answer.indexOf(code) === index
      ? []
      : [{ code: twice, path, message: `option ${code} is there twice`, fix: 'send each option once' }]
  })
  return flaws.length > 0 ? { flaws } : (answer as number[])
}

function encodeRows(
  question: QuestionOf<'matrix'>,
  variables: readonly Variable[],
  answer: unknown,
  into: Into,
): AnswerFlaw[] {
  const { name } = question
  if (!isRecord(answer)) return [notAnAnswer([name], 'is no object', 'send answers by name of row')]
  const unknown = Object.keys(answer).filter((row) => !variables.some((variable) => variable.row === row))
  return [
    ...unknown.map((row): AnswerFlaw => {
      const message = 'is no row of this question'
      return { code: 'UNKNOWN_ROW', path: [name, row], message, fix: 'remove it, or correct the name' }
    }),
    ...variables.flatMap((variable): AnswerFlaw[] => {
      const path = [name, variable.row!]
      const choice = Object.hasOwn(answer, variable.row!) ? answer[variable.row!] : undefined
      if (choice !== undefined && choice !== null) return encodeChoice(variable, choice, path, into)
      return into.mustBe ? [{ code: 'ROW_MISSING', path, message: 'is not answered', fix: 'answer every row' }] : []
    }),
  ]
}

function encodeText({ name, maxLength }: QuestionOf<'text'>, answer: unknown, { texts }: Into): AnswerFlaw[] {
  const path = [name]
  if (typeof answer !== 'string') return [notAnAnswer(path, 'is no text', 'send a text')]
  // As people count: an emoji is one.
  const length = [...answer].length
  if (length > maxLength) {
    const message = `is ${length} characters long`
    return [{ code: 'TEXT_TOO_LONG', path, message, fix: `write at most ${maxLength}` }]
  }
  if (answer.includes('\0') || !answer.isWellFormed()) {
    return [{ code: 'TEXT_NOT_STORABLE', path, message: 'holds a character that is none', fix: 'send Unicode text' }]
  }
  texts.push({ question: name, text: answer })
  return []
}

// A text of blanks says as little as none, and a matrix without rows as little as no matrix.
function isEmpty({ kind }: Question, answer: unknown): boolean {
  if (answer === undefined || answer === null) return true
  if (kind === 'text') return typeof answer === 'string' && answer.trim() === ''
  return kind === 'matrix' && isRecord(answer) && Object.values(answer).every((part) => part === null)
}

function missing(question: Question): AnswerFlaw[] {
  return [
    { code: 'ANSWER_MISSING', path: [question.name], message: 'is not answered', fix: 'answer it: it is required' },
  ]
}

function notShown(question: Question, answer: unknown): AnswerFlaw[] {
  return isEmpty(question, answer)
    ? []
    : [
        {
          code: 'NOT_SHOWN',
          path: [question.name],
          message: 'is answered, and the other answers do not lead to it',
          fix: 'remove the answer, or correct those before it',
        },
      ]
}

function notAnAnswer(path: readonly string[], message: string, fix: string): AnswerFlaw {
  return { code: 'NOT_AN_ANSWER', path, message, fix }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
