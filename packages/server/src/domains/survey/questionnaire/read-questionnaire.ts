/** A questionnaire that somebody wrote, checked whole: its shape first, then what no shape can say. */
import { type Flaw, findTooLarge, flawsOfShape } from './flaw.ts'
import {
  type Condition,
  type Critical,
  type Instrument,
  limits,
  type Question,
  type Questionnaire,
  type QuestionOf,
  questionnaireModel,
  questionsOf,
  scaleOf,
  type Text,
} from './model.ts'
import { variablesByQuestion } from './variables.ts'

export type ReadQuestionnaire = { questionnaire: Questionnaire } | { flaws: Flaw[] }

/**
 * Checks a document: gives it back as it is, or every flaw found. Rules that look across the document are tried once
 * its shape is right. Where `needAreas` is given, no other codes may be named.
 */
export function readQuestionnaire(input: unknown, needAreas?: ReadonlySet<string>): ReadQuestionnaire {
  const tooLarge = findTooLarge(input, limits)
  if (tooLarge !== undefined) return { flaws: [tooLarge] }
  const parsed = questionnaireModel.safeParse(input)
  if (!parsed.success) return { flaws: flawsOfShape(parsed.error, input) }
  const document = parsed.data
  const broken = [...findBrokenScales(document), ...findTooMany(document), ...findRepeatedNames(document)]
  // What refers to questions and scales can't be judged where these are wrong themselves.
  const flaws =
    broken.length > 0
      ? broken
      : [
          ...findBrokenTexts(document),
          ...visitQuestions(document, findBrokenBounds),
          ...visitQuestions(document, findBrokenCondition),
          ...visitQuestions(document, findBrokenCritical),
          ...findBrokenInstruments(document),
          ...findUnknownAreas(document, needAreas),
        ]
  return flaws.length > 0 ? { flaws } : { questionnaire: document }
}

type Path = readonly string[]

/** A question with the way to it, and what stands before it. */
interface Visit {
  document: Questionnaire
  question: Question
  path: Path
  earlier: ReadonlyMap<string, Question>
}

function visitQuestions(document: Questionnaire, find: (visit: Visit) => Flaw[]): Flaw[] {
  const earlier = new Map<string, Question>()
  return document.sections.flatMap(({ questions }, section) =>
    questions.flatMap((question, index) => {
      const path = ['sections', String(section), 'questions', String(index)]
      const flaws = find({ document, question, path, earlier })
      earlier.set(question.name, question)
      return flaws
    }),
  )
}

function findBrokenScales(document: Questionnaire): Flaw[] {
  const declared = Object.entries(document.scales ?? {}).flatMap(([name, { min, max, labels }]): Flaw[] => {
    const path = ['scales', name]
    if (min >= max)
      return [{ path: [...path, 'max'], message: 'is not above min', fix: 'write the first point as min' }]
    if (max - min + 1 > limits.scalePoints) {
      return [
        { path, message: `has more than ${limits.scalePoints} points`, fix: 'make it shorter, or ask for a number' },
      ]
    }
    const ends = [min, max].filter((end) => !Object.hasOwn(labels, String(end)))
    const beyond = Object.keys(labels).filter((value) => Number(value) < min || Number(value) > max)
    return [
      ...ends.map((end) => ({
        path: [...path, 'labels', String(end)],
        message: 'is missing',
        fix: 'say what this end of the scale means',
      })),
      ...beyond.map((value) => ({
        path: [...path, 'labels', value],
        message: 'labels a point that the scale does not have',
        fix: `label points from ${min} to ${max}`,
      })),
    ]
  })
  const used = visitQuestions(document, ({ question, path }) => {
    const [name, at] =
      question.kind === 'scale'
        ? [question.scale, [...path, 'scale']]
        : question.kind === 'matrix' && 'scale' in question.answers
          ? [question.answers.scale, [...path, 'answers', 'scale']]
          : [undefined, path]
    return name === undefined || scaleOf(document, name) !== undefined
      ? []
      : [{ path: at, message: `there is no scale "${name}"`, fix: 'declare it under scales, or correct the name' }]
  })
  return [...declared, ...used]
}

function findTooMany(document: Questionnaire): Flaw[] {
  const questions = questionsOf(document)
  if (questions.length > limits.questions) {
    return [
      {
        path: ['sections'],
        message: `hold ${questions.length} questions; at most ${limits.questions} are taken`,
        fix: 'ask less',
      },
    ]
  }
  const variables = questions.reduce((sum, question) => sum + countVariables(question), 0)
  return variables <= limits.variables
    ? []
    : [
        {
          path: ['sections'],
          message: `come to ${variables} variables (options and rows counted); at most ${limits.variables} are taken`,
          fix: 'ask less',
        },
      ]
}

function countVariables(question: Question): number {
  if (question.kind === 'matrix') return question.rows.length
  return question.kind === 'multiple' || question.kind === 'ranking' ? question.options.length : 1
}

/** The keys of the model that hold a text. */
export const textKeys: ReadonlySet<string> = new Set([
  'title',
  'introduction',
  'method',
  'text',
  'help',
  'unit',
  'notApplicable',
])

function textsOf({ scales = {}, criticalWhen: _, ...rest }: Questionnaire): { path: Path; text: Text }[] {
  const walk = (value: unknown, path: Path): { path: Path; text: Text }[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) =>
          textKeys.has(key) ? [{ path: [...path, key], text: part as Text }] : walk(part, [...path, key]),
        )
      : []
  // A scale may have the name of such a key.
  const labels = Object.entries(scales).flatMap(([name, { labels }]) =>
    Object.entries(labels).map(([point, text]) => ({ path: ['scales', name, 'labels', point], text })),
  )
  return [...labels, ...walk(rest, [])]
}

function findBrokenTexts(document: Questionnaire): Flaw[] {
  const { languages, defaultLanguage } = document
  const flaws: Flaw[] = []
  if (!languages.includes(defaultLanguage)) {
    flaws.push({ path: ['defaultLanguage'], message: 'is not one of the languages', fix: 'add it to languages' })
  }
  flaws.push(...findRepeated(languages, (index) => ['languages', String(index)], 'name each language once'))
  for (const { path, text } of textsOf(document)) {
    if (!Object.hasOwn(text, defaultLanguage)) {
      flaws.push({ path, message: `has no text in ${defaultLanguage}, the default language`, fix: 'write it' })
    }
    for (const language of Object.keys(text).filter((language) => !languages.includes(language))) {
      flaws.push({
        path: [...path, language],
        message: 'is in a language that the document does not name',
        fix: 'add it to languages, or remove the text',
      })
    }
  }
  return flaws
}

function findRepeatedNames(document: Questionnaire): Flaw[] {
  const asked = visitQuestions(document, ({ question, path, earlier }) => [
    ...(earlier.has(question.name)
      ? [
          {
            path: [...path, 'name'],
            message: `"${question.name}" is used twice`,
            fix: 'give each question a name of its own',
          },
        ]
      : []),
    ...(question.kind === 'matrix'
      ? findRepeated(
          question.rows.map(({ name }) => name),
          (index) => [...path, 'rows', String(index), 'name'],
          'give each row a name of its own',
        )
      : []),
  ])
  const instruments = findRepeated(
    (document.instruments ?? []).map(({ name }) => name),
    (index) => ['instruments', String(index), 'name'],
    'give each instrument a name of its own',
  )
  return [...asked, ...instruments]
}

function findRepeated(values: readonly (string | number)[], pathOf: (index: number) => Path, fix: string): Flaw[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index ? [] : [{ path: pathOf(index), message: `"${value}" is there twice`, fix }],
  )
}

function findBrokenBounds({ question, path }: Visit): Flaw[] {
  switch (question.kind) {
    case 'number':
      return question.min >= question.max
        ? [{ path: [...path, 'max'], message: 'is not above min', fix: 'write the smaller number as min' }]
        : findBrokenBands(question, path)
    case 'multiple': {
      const { options, atLeast = 0, atMost = options.length, exclusive = [] } = question
      return [
        ...(atMost > options.length || atLeast > atMost
          ? [
              {
                path: [...path, atMost > options.length ? 'atMost' : 'atLeast'],
                message: atMost > options.length ? 'is more than there are options' : 'is more than may be ticked',
                fix: 'lower it',
              },
            ]
          : []),
        ...exclusive
          .map((code, index) => ({ code, at: [...path, 'exclusive', String(index)] }))
          .filter(({ code }) => code < 1 || code > options.length)
          .map(({ code, at }) => noSuchCode(at, code, 1, options.length)),
        ...(exclusive.length > 0 && atLeast > 1
          ? [
              {
                path: [...path, 'exclusive'],
                message: 'stand alone, where at least two options must be ticked',
                fix: 'lower atLeast to 1, or drop exclusive',
              },
            ]
          : []),
      ]
    }
    case 'ranking':
      return (question.ranks ?? 1) > question.options.length
        ? [{ path: [...path, 'ranks'], message: 'is more than there are options', fix: 'lower it' }]
        : []
    default:
      return []
  }
}

function findBrokenBands({ min, max, bands }: QuestionOf<'number'>, path: Path): Flaw[] {
  if (bands === undefined) return []
  const flaws = bands.flatMap(({ from, to }, index): Flaw[] => {
    const at = [...path, 'bands', String(index)]
    const expected = index === 0 ? min : bands[index - 1]!.to + 1
    if (from !== expected) {
      return [{ path: [...at, 'from'], message: `leaves a gap or overlaps`, fix: `begin it at ${expected}` }]
    }
    return to < from ? [{ path: [...at, 'to'], message: 'is below from', fix: 'write the larger number as to' }] : []
  })
  const last = bands.at(-1)!
  return last.to === max || flaws.length > 0
    ? flaws
    : [
        {
          path: [...path, 'bands', String(bands.length - 1), 'to'],
          message: 'is not where numbers end',
          fix: `end it at ${max}`,
        },
      ]
}

function noSuchCode(path: Path, code: number, min: number, max: number): Flaw {
  return { path, message: `${code} is no answer of the question`, fix: `use codes from ${min} to ${max}` }
}

function findBrokenCondition({ document, question, path, earlier }: Visit): Flaw[] {
  const walk = (condition: Condition, at: Path, depth: number): Flaw[] => {
    if (depth > limits.conditionDepth) {
      return [{ path: at, message: `is nested more than ${limits.conditionDepth} deep`, fix: 'make it flatter' }]
    }
    if ('not' in condition) return walk(condition.not, [...at, 'not'], depth + 1)
    if ('all' in condition || 'any' in condition) {
      const [key, parts] = 'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const)
      return parts.flatMap((part, index) => walk(part, [...at, key, String(index)], depth + 1))
    }
    const asked = earlier.get(condition.question)
    if (asked === undefined) {
      const stands = questionsOf(document).some(({ name }) => name === condition.question)
      return [
        {
          path: [...at, 'question'],
          message: stands
            ? `"${condition.question}" does not stand before this question`
            : `there is no question "${condition.question}"`,
          fix: 'name a question that is asked earlier',
        },
      ]
    }
    if (asked.kind === 'text' || asked.kind === 'ranking') {
      return [
        {
          path: [...at, 'question'],
          message: `"${asked.name}" is a ${asked.kind}: its answers have no codes`,
          fix: 'name a question with choices, a scale or a number',
        },
      ]
    }
    return [
      ...findBrokenRow(asked, condition.row, [...at, 'row']),
      ...findBrokenCriterion(document, asked, condition, at),
    ]
  }
  return question.showIf === undefined ? [] : walk(question.showIf, [...path, 'showIf'], 1)
}

function findBrokenRow(question: Question, row: string | undefined, path: Path): Flaw[] {
  if (question.kind !== 'matrix') {
    return row === undefined
      ? []
      : [{ path, message: `"${question.name}" is no matrix and has no rows`, fix: 'leave the row out' }]
  }
  if (question.rows.some(({ name }) => name === row)) return []
  const rows = question.rows.map(({ name }) => name).join(', ')
  return [
    row === undefined
      ? { path, message: 'is missing', fix: `name a row of the matrix: ${rows}` }
      : { path, message: `"${question.name}" has no row "${row}"`, fix: `name one of its rows: ${rows}` },
  ]
}

function findBrokenCriterion(document: Questionnaire, question: Question, criterion: Critical, path: Path): Flaw[] {
  const [min, max] = boundsOf(document, question)
  if ('anyOf' in criterion) {
    return [
      ...findRepeated(criterion.anyOf, (index) => [...path, 'anyOf', String(index)], 'name each code once'),
      ...criterion.anyOf.flatMap((code, index) =>
        code < min || code > max ? [noSuchCode([...path, 'anyOf', String(index)], code, min, max)] : [],
      ),
    ]
  }
  if (question.kind === 'multiple') {
    const fix = 'write anyOf, with the codes of options'
    return [{ path, message: `compares the ticks of "${question.name}" with a number`, fix }]
  }
  const atLeast = 'atLeast' in criterion ? criterion.atLeast : undefined
  const atMost = criterion.atMost
  return [
    ...[atLeast, atMost].flatMap((bound, index) =>
      bound !== undefined && (bound < min || bound > max)
        ? [noSuchCode([...path, index === 0 ? 'atLeast' : 'atMost'], bound, min, max)]
        : [],
    ),
    ...(atLeast !== undefined && atMost !== undefined && atLeast > atMost
      ? [{ path: [...path, 'atMost'], message: 'is below atLeast', fix: 'write the smaller number as atLeast' }]
      : []),
  ]
}

// Codes of options; of a multiple choice those that can be ticked, not the 0 and 1 of its variables.
function boundsOf(document: Questionnaire, question: Question): [min: number, max: number] {
  if (question.kind === 'multiple') return [1, question.options.length]
  const { min, max } = variablesByQuestion(document).get(question.name)![0]!
  return [min, max]
}

function findBrokenCritical({ document, question, path }: Visit): Flaw[] {
  if (question.kind === 'text' || question.kind === 'ranking' || question.critical === undefined) return []
  const { critical } = question
  const at = [...path, 'critical']
  const flaws = findBrokenCriterion(document, question, critical, at)
  if (flaws.length > 0) return flaws
  const parts = question.kind === 'matrix' ? question.rows : question.kind === 'multiple' ? question.options : []
  const named = [question, ...parts].some(({ needAreas }) => needAreas !== undefined)
  if (!named) {
    return [{ path: at, message: 'says what is critical, but for no need area', fix: 'name the need areas' }]
  }
  const [min, max] = boundsOf(document, question)
  const covers =
    'anyOf' in critical
      ? critical.anyOf.length === max - min + 1
      : (!('atLeast' in critical) || critical.atLeast === min) && (critical.atMost ?? max) === max
  // Ticking nothing is an answer, too.
  return covers && question.kind !== 'multiple'
    ? [{ path: at, message: 'makes every answer critical', fix: 'leave at least one answer that is not' }]
    : []
}

function findBrokenInstruments(document: Questionnaire): Flaw[] {
  const questions = new Map(questionsOf(document).map((question) => [question.name, question]))
  return (document.instruments ?? []).flatMap((instrument, index) => {
    const path = ['instruments', String(index)]
    const items = instrument.items.flatMap((item, index): Flaw[] => {
      const at = [...path, 'items', String(index)]
      const question = questions.get(item.question)
      if (question === undefined) {
        return [
          { path: [...at, 'question'], message: `there is no question "${item.question}"`, fix: 'correct the name' },
        ]
      }
      const isScale = question.kind === 'scale' || (question.kind === 'matrix' && 'scale' in question.answers)
      return isScale
        ? findBrokenRow(question, item.row, [...at, 'row'])
        : [
            {
              path: [...at, 'question'],
              message: `"${item.question}" is no scale`,
              fix: 'add up points of scales only',
            },
          ]
    })
    const repeated = findRepeated(
      instrument.items.map(({ question, row }) => (row === undefined ? question : `${question}.${row}`)),
      (index) => [...path, 'items', String(index)],
      'count each item once',
    )
    return items.length > 0 || repeated.length > 0
      ? [...items, ...repeated]
      : findBrokenCutOff(document, instrument, path)
  })
}

function findBrokenCutOff(document: Questionnaire, instrument: Instrument, path: Path): Flaw[] {
  const { items, critical, atLeastAnswered } = instrument
  if (atLeastAnswered !== undefined && atLeastAnswered > items.length) {
    return [{ path: [...path, 'atLeastAnswered'], message: 'is more than there are items', fix: 'lower it' }]
  }
  const bounds = items.map(({ question, factor = 1 }) => {
    const { min, max } = variablesByQuestion(document).get(question)![0]!
    return { min: factor * min, max: factor * max }
  })
  const min = bounds.reduce((sum, bound) => sum + bound.min, 0)
  const max = bounds.reduce((sum, bound) => sum + bound.max, 0)
  const splits =
    'atLeast' in critical
      ? critical.atLeast > min && critical.atLeast <= max
      : critical.atMost >= min && critical.atMost < max
  return splits
    ? []
    : [
        {
          path: [...path, 'critical'],
          message: `does not split the scores, which go from ${min} to ${max}`,
          fix: 'choose a cut-off that some scores reach and some do not',
        },
      ]
}

function findUnknownAreas(document: Questionnaire, known: ReadonlySet<string> | undefined): Flaw[] {
  const named: { path: Path; code: string }[] = []
  const flaws: Flaw[] = []
  const visit = (needAreas: readonly string[] | undefined, path: Path) => {
    const areas = needAreas ?? []
    named.push(...areas.map((code, index) => ({ path: [...path, 'needAreas', String(index)], code })))
    flaws.push(...findRepeated(areas, (index) => [...path, 'needAreas', String(index)], 'name each need area once'))
  }
  visitQuestions(document, ({ question, path }) => {
    visit(question.needAreas, path)
    if (question.kind === 'matrix') {
      for (const [index, row] of question.rows.entries()) visit(row.needAreas, [...path, 'rows', String(index)])
    }
    if (question.kind === 'multiple') {
      for (const [index, { needAreas }] of question.options.entries()) {
        visit(needAreas, [...path, 'options', String(index)])
      }
    }
    return []
  })
  document.instruments?.forEach(({ needAreas }, index) => {
    visit(needAreas, ['instruments', String(index)])
  })
  const codes = new Set(named.map(({ code }) => code))
  for (const code of Object.keys(document.criticalWhen ?? {}).filter((code) => !codes.has(code))) {
    flaws.push({ path: ['criticalWhen', code], message: 'is a need area that nothing measures', fix: 'remove it' })
  }
  const unknown = named.filter(({ code }) => known !== undefined && !known.has(code))
  return [
    ...flaws,
    ...unknown.map(({ path, code }) => ({
      path,
      message: `the network has no need area "${code}"`,
      fix: 'correct the code, or import the need area first',
    })),
  ]
}
