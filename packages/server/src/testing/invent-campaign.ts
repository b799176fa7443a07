/** Campaigns that nobody ran: invented people, what they answered, and the tables that were counted of them. */
import {
  byCompany,
  type CountedGroup,
  type CountedTables,
  type GroupKey,
  keyText,
  type Measure,
} from '../domains/survey/disclosure/counted-tables.ts'
import type { PublicMeasure } from './adversary.ts'

/** What a campaign looks like, before anybody answers. */
export interface CampaignShape {
  seed: number
  /** People of each company, which share of them answers, between 0 and 1, and whether all are alike in the first recode. */
  companies: { population: number; rate: number; alike?: boolean }[]
  recodes: { name: string; categories: string[] }[]
  tables: string[][]
  questions: Question[]
  /** Need areas: critical is who gave a critical answer to any of these questions, by index, or to `all` that they answered. */
  areas: { questions: number[]; combines?: 'all' }[]
  /** How much companies differ: 0 not at all, 3 hardly ever the same. */
  variety: number
}

export interface Question {
  /** How likely each answer is. */
  weights: number[]
  /** The last of the answers that are critical: the first ones are. */
  criticalUpTo: number
  health?: boolean
  /** Asked only of those who gave a critical answer to all of these earlier questions, or to any of them. */
  ifCritical?: { all: number[] } | { any: number[] }
  /** Which share leaves it out. */
  skipped: number
}

/** Somebody who answered. -1 is no answer. */
export interface Respondent {
  company: number
  recodes: number[]
  answers: number[]
}

export interface Campaign {
  shape: CampaignShape
  populations: number[]
  respondents: Respondent[]
  counted: CountedTables
  /** What is measured, as a reader of the questionnaire knows it. */
  measures: PublicMeasure[]
}

/** The same shape makes the same campaign. */
export function inventCampaign(shape: CampaignShape): Campaign {
  const random = randomFrom(shape.seed)
  const leanings = shape.companies.map(() =>
    shape.questions.map(({ weights }) => weights.map((weight) => weight * Math.exp(shape.variety * (random() - 0.5)))),
  )
  const respondents = shape.companies.flatMap(({ population, rate }, company) =>
    Array.from({ length: population }, () => random() < rate)
      .filter((answers) => answers)
      .map(() => inventRespondent(shape, company, leanings[company]!, random)),
  )
  const populations = shape.companies.map(({ population }) => population)
  const counted = countTables(shape, populations, respondents)
  return { shape, populations, respondents, counted, measures: publicMeasures(shape, counted) }
}

/** How a wave follows on another. */
export interface NextWave {
  seed: number
  /** How many join and leave each company, as far as it goes. */
  joined: readonly number[]
  left: readonly number[]
  /** Which share changes its mind. */
  changed: number
  /** How many more of each company take part, or fewer, of those who work there. */
  participation: readonly number[]
}

/** A later wave: a few people join or leave, some change their minds, some begin or cease to take part, the rest answer as before. */
export function inventNextWave(
  { shape, populations, respondents }: Campaign,
  { seed, joined, left, changed, participation }: NextWave,
): Campaign & { changes: Record<string, { joined: number; left: number }> } {
  const random = randomFrom(seed)
  const even = shape.questions.map(({ weights }) => weights)
  const remaining = [...respondents]
  const changes: Record<string, { joined: number; left: number }> = {}
  for (const company of populations.keys()) {
    let gone = 0
    for (; gone < (left[company] ?? 0); gone++) {
      const index = remaining.findIndex((each) => each.company === company)
      if (index < 0) break
      remaining.splice(index, 1)
    }
    changes[`company ${company + 1}`] = { joined: joined[company] ?? 0, left: gone }
  }
  const stayed = remaining.map((each) =>
    random() < changed ? { ...each, answers: inventRespondent(shape, each.company, even, random).answers } : each,
  )
  const newcomers = populations.flatMap((_, company) =>
    Array.from({ length: joined[company] ?? 0 }, () => inventRespondent(shape, company, even, random)),
  )
  const people = takePart([...stayed, ...newcomers])
  function takePart(before: Respondent[]): Respondent[] {
    return populations.flatMap((population, company) => {
      const own = before.filter((each) => each.company === company)
      const more = participation[company] ?? 0
      if (more <= 0) return own.slice(-more)
      const aside = Math.max(0, population - respondents.filter((each) => each.company === company).length)
      const begin = Array.from({ length: Math.min(more, aside) }, () => inventRespondent(shape, company, even, random))
      return [...own, ...begin]
    })
  }
  const sizes = populations.map((population, company) => {
    const { joined, left } = changes[`company ${company + 1}`]!
    return population + joined - left
  })
  const counted = countTables(shape, sizes, people)
  return {
    shape,
    populations: sizes,
    respondents: people,
    counted,
    measures: publicMeasures(shape, counted),
    changes,
  }
}

/** One more person, who answers as somebody of the company might. */
function inventRespondent(
  shape: CampaignShape,
  company: number,
  leanings: readonly (readonly number[])[],
  random: () => number,
): Respondent {
  const answers: number[] = []
  for (const [index, { ifCritical, skipped }] of shape.questions.entries()) {
    answers.push(isAsked(shape, ifCritical, answers) && random() >= skipped ? draw(leanings[index]!, random) : -1)
  }
  const recodes = shape.recodes.map(({ categories }) => Math.floor(random() * categories.length))
  if (shape.companies[company]!.alike === true && recodes.length > 0) recodes[0] = 0
  return { company, recodes, answers }
}

/** Counts what respondents answered, in the tables of the plan, and of each company. */
function countTables(
  shape: CampaignShape,
  populations: readonly number[],
  respondents: readonly Respondent[],
): CountedTables {
  const companies = populations.map((_, index) => `company ${index + 1}`)
  const questions = shape.questions.map((question, index): Measure => {
    const { weights, health, ifCritical } = question
    return {
      name: `question ${index + 1}`,
      answers: weights.map((_, answer) => `${answer + 1}`),
      ...(health === undefined ? {} : { health }),
      ...(ifCritical === undefined
        ? {}
        : {
            follows: lookedAt(ifCritical).map((earlier) => wasCritical(shape, earlier)),
          }),
    }
  })
  const areas = shape.areas.map(({ questions, combines = 'any' as const }, index): Measure => {
    const [only, ...more] = questions
    const common = {
      name: `area ${index + 1}`,
      answers: ['critical', 'not critical'],
      critical: 0,
      health: questions.some((question) => shape.questions[question]!.health === true),
    }
    if (more.length > 0) {
      return {
        ...common,
        combines,
        follows: questions.map((question) => wasCritical(shape, question)),
      }
    }
    const critical = criticalAnswers(shape.questions[only!]!)
    const others = [...shape.questions[only!]!.weights.keys()].filter((answer) => !critical.includes(answer))
    return { ...common, coarsens: { measure: `question ${only! + 1}`, unites: [critical, others] } }
  })
  const measures = [...questions, ...areas]

  const groups = new Map<string, { key: GroupKey; population: number | null; counts: number[][] }>()
  const groupOf = (key: GroupKey) => {
    const text = keyText(key)
    const group = groups.get(text) ?? {
      key,
      population: populationOf(key, companies, populations),
      counts: measures.map(({ answers }) => answers.map(() => 0)),
    }
    groups.set(text, group)
    return group
  }
  const margins = marginsOf(shape.tables)
  groupOf({})
  for (const name of companies) groupOf({ [byCompany]: name })
  for (const { company, recodes, answers } of respondents) {
    const given = [...answers, ...shape.areas.map((area) => areaAnswer(shape, area, answers))]
    for (const margin of margins) {
      const key = Object.fromEntries(
        margin.map((name) => {
          if (name === byCompany) return [name, companies[company]!]
          const recode = shape.recodes.findIndex((each) => each.name === name)
          return [name, shape.recodes[recode]!.categories[recodes[recode]!]!]
        }),
      )
      const { counts } = groupOf(key)
      for (const [measure, answer] of given.entries()) if (answer >= 0) counts[measure]![answer]!++
    }
  }
  return {
    companies,
    recodes: shape.recodes,
    tables: shape.tables,
    measures,
    groups: [...groups.values()] as CountedGroup[],
  }
}

/** A generator of numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Shaped like the second wave of the network: 14 organizations with 5,000 people of whom some 2,800 answer, 40 questions
 * with five answers each, two of them about health, and eight need areas; or less of it, of `count` questions.
 */
export function secondWave(
  seed: number,
  tables: string[][] = [[byCompany], ['gender'], ['age']],
  count = 40,
): CampaignShape {
  const random = randomFrom(seed)
  const sizes = [30, 45, 60, 80, 110, 150, 200, 260, 330, 420, 500, 600, 1015, 1200]
  // Small companies are more willing. All in all, 56 per cent.
  const rates = [0.9, 0.8, 0.75, 0.7, 0.7, 0.65, 0.65, 0.6, 0.6, 0.6, 0.58, 0.56, 0.54, 0.49]
  const profiles = [
    [8, 15, 27, 32, 18],
    [4, 9, 22, 40, 25],
    [22, 28, 24, 17, 9],
    [12, 20, 30, 24, 14],
    [3, 6, 14, 37, 40],
    [30, 30, 20, 13, 7],
  ]
  return {
    seed,
    companies: sizes.map((population, index) => ({ population, rate: rates[index]! })),
    recodes: [
      { name: 'gender', categories: ['woman', 'man', 'other or not said'] },
      { name: 'age', categories: ['under 30', '30–39', '40–49', '50–59', '60 and over', 'not said'] },
    ],
    tables,
    questions: Array.from({ length: count }, (_, index) => ({
      weights: profiles[Math.floor(random() * profiles.length)]!,
      criticalUpTo: 1,
      skipped: 0.03,
      ...(index === 11 || index === 26 ? { health: true } : {}),
    })),
    areas: Array.from({ length: Math.floor(count / 5) }, (_, area) => ({
      questions: area < 2 ? [area * 5] : [0, 1, 2, 3, 4].map((each) => area * 5 + each),
    })),
    variety: 0.8,
  }
}

function isCritical({ criticalUpTo }: Question, answer: number): boolean {
  return answer >= 0 && answer <= criticalUpTo
}

function isAsked(
  { questions }: CampaignShape,
  ifCritical: Question['ifCritical'],
  answers: readonly number[],
): boolean {
  if (ifCritical === undefined) return true
  const given = lookedAt(ifCritical).map((earlier) => isCritical(questions[earlier]!, answers[earlier]!))
  return 'all' in ifCritical ? !given.includes(false) : given.includes(true)
}

function lookedAt(ifCritical: NonNullable<Question['ifCritical']>): number[] {
  return 'all' in ifCritical ? ifCritical.all : ifCritical.any
}

function wasCritical({ questions }: CampaignShape, question: number) {
  return { measure: `question ${question + 1}`, answers: criticalAnswers(questions[question]!) }
}

function publicMeasures(shape: CampaignShape, { measures }: CountedTables): PublicMeasure[] {
  return measures.map(({ follows, ...measure }, index) => {
    const ifCritical = shape.questions[index]?.ifCritical
    if (ifCritical === undefined) return { ...measure, ...(follows && { follows }) }
    const critical = lookedAt(ifCritical).map((earlier) => wasCritical(shape, earlier))
    return { ...measure, askedIf: 'all' in ifCritical ? { all: critical } : { any: critical } }
  })
}

function criticalAnswers(question: Question): number[] {
  return [...question.weights.keys()].filter((answer) => isCritical(question, answer))
}

function areaAnswer(shape: CampaignShape, area: CampaignShape['areas'][0], answers: readonly number[]): number {
  const critical = area.questions
    .filter((question) => answers[question]! >= 0)
    .map((question) => isCritical(shape.questions[question]!, answers[question]!))
  if (critical.length === 0) return -1
  return (area.combines === 'all' ? !critical.includes(false) : critical.includes(true)) ? 0 : 1
}

function marginsOf(tables: readonly (readonly string[])[]): string[][] {
  const margins = new Map<string, string[]>()
  for (const table of tables) {
    for (const whole of [table, [...new Set([byCompany, ...table])]]) {
      for (let mask = 0; mask < 1 << whole.length; mask++) {
        const margin = whole.filter((_, index) => mask & (1 << index)).sort()
        margins.set(margin.join(), margin)
        if (!margin.includes(byCompany)) margins.set([byCompany, ...margin].join(), [byCompany, ...margin])
      }
    }
  }
  return [...new Map([...margins.values()].map((margin) => [[...margin].sort().join(), margin])).values()]
}

function populationOf(key: GroupKey, companies: readonly string[], populations: readonly number[]): number | null {
  const dimensions = Object.keys(key)
  if (dimensions.length === 0) return populations.reduce((sum, population) => sum + population, 0)
  return dimensions.length === 1 && dimensions[0] === byCompany
    ? populations[companies.indexOf(key[byCompany]!)]!
    : null
}

function draw(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0)
  for (const [index, weight] of weights.entries()) {
    left -= weight
    if (left < 0) return index
  }
  return weights.length - 1
}
