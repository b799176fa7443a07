/**
 * Somebody who wants to know what a release hides. Written without any of the code that protects, from what one who reads the
 * release can see: every shown number, the plan, the questionnaire, the size of each group, how many answered in each (which
 * is more than is told), earlier releases, and, as an insider, all answers of one company.
 *
 * Five ways in: reading what should not be shown at all; computing a hidden group from shown ones by elimination (modulo a prime, where the protection works in
 * integers); narrowing a hidden count by integer programming; finding a handful in what subtraction leaves of a total; and
 * laying the difference between two waves at the door of who joined or left.
 */
import highs, { type Highs } from 'highs'
import { type AskedIf, certainOf, type Gave } from './who-was-asked.ts'

interface Release {
  measures: readonly { name: string; answers: readonly string[] }[]
  results: readonly {
    measure: string
    group: Readonly<Record<string, string>>
    distribution: { readonly value: { readonly counts: readonly number[] } } | { readonly suppressed: true }
  }[]
}

export interface PublicMeasure {
  name: string
  answers: readonly string[]
  health?: boolean
  critical?: number
  combines?: 'any' | 'all'
  /** Whether it combines something that is not counted, too. */
  combinesMore?: boolean
  coarsens?: { measure: string; unites: readonly (readonly number[])[] }
  /** Of a need area that combines several questions: their critical answers. */
  follows?: readonly Gave[]
  /** Of an option to tick. */
  ticks?: Ticks
  /** Of a question that not everybody is asked: on what condition. */
  askedIf?: AskedIf
  /** Where it must be answered: answers after which everybody is asked it, and so answers. */
  answeredAfter?: readonly Gave[]
}

/** How options of a question are ticked. */
export interface Ticks {
  question: string
  /** Which answer is the tick. */
  ticked: number
  /** Whether nobody ticks it beside another. */
  isAlone: boolean
  /** How many are ticked by who ticks none that stands alone. */
  atLeast: number
  atMost: number
}

export interface Knowledge {
  release: Release
  plan: {
    companies: readonly string[]
    recodes: readonly { name: string; categories: readonly string[] }[]
    measures: readonly PublicMeasure[]
  }
  /** Counts of all groups: read only for how many answered, and for the answers of the insider's own company. */
  counted: Counted
  insider: string | null
  least: { usual: number; health: number }
  earlier?: readonly {
    release: Release
    changes: Readonly<Record<string, { joined: number; left: number } | undefined>>
    /** Read only for how many answered then. */
    counted: Counted
  }[]
}

type Counted = readonly {
  key: Readonly<Record<string, string>>
  population?: number | null
  counts: readonly (readonly number[])[]
}[]

export interface Break {
  way: 'read' | 'computed' | 'narrowed' | 'handful' | 'isolated'
  measure: string
  group: string
  detail: string
}

export interface Attack {
  breaks: Break[]
  /** Hidden distributions, and how many of their counts were attacked by integer programming. */
  hidden: number
  narrowed: number
}

const loadHighs = highs as unknown as typeof highs.default
let solver: Promise<Highs> | undefined

/** Tries all ways in. Integer programming takes time, so that it is tried on `cells` hidden counts that `random` chooses. */
export async function attack(knowledge: Knowledge, cells: number, random: () => number): Promise<Attack> {
  solver ??= loadHighs()
  const scene = look(knowledge)
  const hidden = scene.measures.flatMap(({ index }) =>
    scene.groups.filter((group) => isSecret(scene, index, group)).map((group) => ({ measure: index, group })),
  )
  const breaks = [...read(scene), ...compute(scene), ...findHandfuls(scene), ...isolate(scene, knowledge)]
  const released = withoutWithdrawn(scene)
  const narrowable = hidden.filter(({ group }) => released.groups.includes(group))
  let narrowed = 0
  for (; narrowed < cells && narrowable.length > 0; narrowed++) {
    const { measure, group } = narrowable[Math.floor(random() * narrowable.length)]!
    const answer = Math.floor(random() * scene.measures[measure]!.answers.length)
    const found = narrow(await solver, released, measure, group, answer)
    if (found !== undefined) breaks.push(found)
  }
  return { breaks, hidden: hidden.length, narrowed }
}

interface Seen {
  number: number
  text: string
  key: Readonly<Record<string, string>>
  /** Shown counts of each measure; undefined where hidden. */
  told: (readonly number[] | undefined)[]
  /** The same, and where it is hidden, those of a shown group around it that holds no other people. */
  shown: (readonly number[] | undefined)[]
  /** Of which group they are shown. */
  shownOf: Seen[]
  /** How many people belong to it; null where nobody tells. */
  population: number | null
  truth: readonly (readonly number[])[]
  isOwn: boolean
}

interface Scene {
  knowledge: Knowledge
  measures: (PublicMeasure & {
    index: number
    least: number
    /** Lists of answers, of which everybody who answered gave at least one; undefined where everybody was asked. */
    certain: readonly (readonly Gave[])[] | undefined
    /** Whether how many answered is how many were asked, which nobody tells: that is what others answered. */
    isConditional: boolean
  })[]
  groups: Seen[]
  byText: Map<string, Seen>
  /** A group, and the groups that a dimension divides it into. */
  sums: { total: Seen; parts: Seen[] }[]
  /** The tables of which something is shown, of whatever measure. */
  tablesShown: ReadonlySet<string>
  /** The answers of the insider's company in each group that has some. */
  ownIn: (group: Seen) => readonly (readonly number[])[] | undefined
  /** Companies whose people answered in a group over companies. */
  companiesIn: (group: Seen, measure: number) => { company: string; people: number }[]
  /** How far a shown number may be from the true one. */
  error: (measure: number, group: Seen) => number
}

const textOf = (key: Readonly<Record<string, string>>) =>
  Object.keys(key)
    .sort()
    .map((name) => `${name}=${key[name]}`)
    .join(' ')

function look(knowledge: Knowledge): Scene {
  const { release, plan, counted, insider, least } = knowledge
  const truthOf = new Map(counted.map(({ key, counts }) => [textOf(key), counts]))
  const populationOf = new Map(counted.map(({ key, population }) => [textOf(key), population]))
  const measures = plan.measures.map((measure, index) => ({
    ...measure,
    index,
    least: measure.health === true ? least.health : least.usual,
    certain: measure.askedIf && certainOf(measure.askedIf, plan.measures),
    isConditional: isConditional(measure, plan.measures),
  }))
  const zeros = measures.map(({ answers }) => answers.map(() => 0))
  const byText = new Map<string, Seen>()
  for (const { measure, group, distribution } of release.results) {
    const text = textOf(group)
    const seen = byText.get(text) ?? {
      number: byText.size,
      text,
      key: group,
      told: [],
      shown: [],
      shownOf: [],
      truth: truthOf.get(text) ?? zeros,
      population: populationOf.get(text) ?? null,
      isOwn: insider !== null && group.company === insider,
    }
    seen.told[measures.findIndex(({ name }) => name === measure)] =
      'value' in distribution ? distribution.value.counts : undefined
    byText.set(text, seen)
  }
  const groups = [...byText.values()]
  for (const { index } of measures) {
    for (const group of groups) {
      const same = groups.find(
        (around) =>
          contains(around, group) &&
          around.told[index] !== undefined &&
          peopleIn(around, index) === peopleIn(group, index),
      )
      group.shownOf[index] = group.told[index] === undefined && same !== undefined ? same : group
      group.shown[index] = group.shownOf[index].told[index]
    }
  }
  const dimensions = [{ name: 'company', categories: plan.companies }, ...plan.recodes]
  const sums = groups.flatMap((total) =>
    dimensions.flatMap(({ name, categories }) => {
      if (name in total.key) return []
      const parts = categories.map((category) => byText.get(textOf({ ...total.key, [name]: category })))
      return parts.every((part) => part !== undefined) ? [{ total, parts }] : []
    }),
  )
  const earlier = knowledge.earlier ?? []
  return {
    knowledge,
    measures,
    groups,
    byText,
    sums,
    tablesShown: new Set(groups.filter(({ told }) => told.some((counts) => counts !== undefined)).map(tableOf)),
    ownIn: ({ key, isOwn }) =>
      insider === null || isOwn || 'company' in key
        ? undefined
        : (truthOf.get(textOf({ ...key, company: insider })) ?? zeros),
    companiesIn: ({ key }, measure) =>
      plan.companies
        .map((company) => ({
          company,
          people: sumOf(truthOf.get(textOf({ ...key, company }))?.[measure] ?? []),
        }))
        .filter(({ people }) => people > 0),
    // Numbers that look just like those of an earlier wave may be those, and then they are not quite true.
    error: (measure, { shown, shownOf }) => {
      const { text } = shownOf[measure]!
      const same = earlier.some(({ release }) =>
        release.results.some(
          (result) =>
            result.measure === measures[measure]!.name &&
            textOf(result.group) === text &&
            'value' in result.distribution &&
            result.distribution.value.counts.join() === shown[measure]!.join(),
        ),
      )
      return same ? 4 : 2
    },
  }
}

const peopleIn = ({ truth }: Seen, measure: number) => sumOf(truth[measure]!)

/** A question that not everybody is asked, and what is made of such questions. */
function isConditional({ askedIf, coarsens, follows = [] }: PublicMeasure, all: readonly PublicMeasure[]): boolean {
  const madeOf = [...follows, ...(coarsens === undefined ? [] : [coarsens])].map(({ measure }) => measure)
  return askedIf !== undefined || all.some((each) => madeOf.includes(each.name) && isConditional(each, all))
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)

/** Hidden, not the own, of somebody, and no mere sum of what is shown of companies, and of the own. */
function isSecret(scene: Scene, measure: number, group: Seen): boolean {
  if (!isUnknown(measure, group)) return false
  const isTotal = !('company' in group.key)
  if (isTotal && scene.companiesIn(group, measure).every(({ company }) => company === scene.knowledge.insider))
    return false
  const companies = scene.knowledge.plan.companies.map((company) => textOf({ ...group.key, company }))
  if (!isTotal || !companies.every((text) => scene.byText.has(text))) return true
  return companies.some((text) => isUnknown(measure, scene.byText.get(text)!))
}

function isUnknown(measure: number, group: Seen): boolean {
  return group.shown[measure] === undefined && !group.isOwn && sumOf(group.truth[measure]!) > 0
}

/** Distributions that tell of everybody in them without any art: of few, or of people who nearly all answered alike. */
function read(scene: Scene): Break[] {
  return scene.measures.flatMap(({ index, name, least, critical }) =>
    scene.groups.flatMap((group): Break[] => {
      if (group.told[index] === undefined) return []
      const counts = group.truth[index]!
      const n = sumOf(counts)
      const most = critical === undefined ? Math.max(...counts) : counts[critical]!
      return n < least || most >= 0.9 * n
        ? [{ way: 'read', measure: name, group: group.text, detail: `${most} of ${n}` }]
        : []
    }),
  )
}

/** Gaussian elimination modulo a prime, on dense rows; a row that is left with one unknown gives it away. */
function compute(scene: Scene): Break[] {
  const prime = 33_554_393
  const inverse = (value: number) => {
    let [result, base, exponent] = [1, value, prime - 2]
    for (; exponent > 0; exponent = Math.floor(exponent / 2)) {
      if (exponent % 2 === 1) result = (result * base) % prime
      base = (base * base) % prime
    }
    return result
  }
  return scene.measures.flatMap(({ index: measure, name }) => {
    const unknown = scene.groups.filter((group) => isUnknown(measure, group))
    const column = new Map(unknown.map((group, index) => [group, index]))
    const rows = scene.sums
      .map(({ total, parts }) => {
        const row = new Array<number>(unknown.length).fill(0)
        if (column.has(total)) row[column.get(total)!] = 1
        for (const part of parts) if (column.has(part)) row[column.get(part)!] = prime - 1
        return row
      })
      .filter((row) => row.some((value) => value !== 0))
    let rank = 0
    for (let at = 0; at < unknown.length; at++) {
      const found = rows.findIndex((row, index) => index >= rank && row[at] !== 0)
      if (found < 0) continue
      const pivot = rows[found]!
      rows[found] = rows[rank]!
      const scale = inverse(pivot[at]!)
      rows[rank] = pivot.map((value) => (value * scale) % prime)
      for (const [index, row] of rows.entries()) {
        const factor = row[at]!
        if (index === rank || factor === 0) continue
        rows[index] = row.map((value, each) => (value + (prime - factor) * rows[rank]![each]!) % prime)
      }
      rank++
    }
    return rows.slice(0, rank).flatMap((row): Break[] => {
      const left = unknown.filter((_, index) => row[index] !== 0)
      return left.length === 1 && isSecret(scene, measure, left[0]!)
        ? [{ way: 'computed', measure: name, group: left[0]!.text, detail: '' }]
        : []
    })
  })
}

/**
 * What is left of a shown total when its shown parts, and the own, are taken away: fewer people than the threshold, people
 * who surely nearly all answered alike, or, of a total over companies, those of a single company.
 */
function findHandfuls(scene: Scene): Break[] {
  return scene.measures.flatMap(({ index, name, least, critical }) => [
    ...scene.sums.flatMap(({ total, parts }): Break[] => {
      if (total.shown[index] === undefined) return []
      const left = parts.filter((part) => isUnknown(index, part))
      const people = left.reduce((sum, { truth }) => sum + sumOf(truth[index]!), 0)
      if (people === 0) return []
      const result = { way: 'handful' as const, measure: name, group: total.text }
      if (people < least) return [{ ...result, detail: `${people} people` }]
      const atLeast = total.shown[index]!.map((count, answer) =>
        parts
          .filter((part) => !left.includes(part))
          .reduce(
            (sum, part) =>
              sum -
              (part.shown[index] === undefined
                ? part.truth[index]![answer]!
                : part.shown[index]![answer]! + scene.error(index, part)),
            count - scene.error(index, total),
          ),
      )
      const most = critical === undefined ? Math.max(...atLeast) : atLeast[critical]!
      // Where nothing was taken away but the own, a crowd in which many answered otherwise tells of nobody.
      const isCrowd = !parts.some((part) => part.shown[index] !== undefined && !part.isOwn) && people - most >= least
      return !isCrowd && most >= 0.9 * people
        ? [{ ...result, detail: `${most} of ${people} people answered alike` }]
        : []
    }),
    ...scene.groups.flatMap((total): Break[] => {
      if (total.shown[index] === undefined || scene.ownIn(total) === undefined) return []
      const others = scene.companiesIn(total, index).filter(({ company }) => company !== scene.knowledge.insider)
      return others.length === 1
        ? [{ way: 'handful', measure: name, group: total.text, detail: `all the others are of ${others[0]!.company}` }]
        : []
    }),
  ])
}

/**
 * Bounds of a hidden count by integer programming, over all measures that are linked with its own. Of a question with a condition
 * how many answered is what others answered before: so either the one is known or the other.
 */
function narrow(solver: Highs, scene: Scene, measure: number, group: Seen, answer: number): Break | undefined {
  const ways = scene.measures.some(({ isConditional }) => isConditional) ? [scene, withoutConditions(scene)] : [scene]
  for (const way of ways) {
    const found = narrowKnowing(solver, way, measure, group, answer)
    if (found !== undefined) return found
  }
  return undefined
}

const tableOf = ({ key }: Seen) => Object.keys(key).sort().join()

/**
 * As if nobody had planned the tables that divide companies in a large plan where nothing is shown of them: they are withdrawn,
 * and how many answered in their groups is told by nothing.
 */
function withoutWithdrawn(scene: Scene): Scene {
  const isKept = (group: Seen) => !mayBeWithdrawn(scene, group) || scene.tablesShown.has(tableOf(group))
  const groups = scene.groups.filter(isKept)
  return { ...scene, groups, sums: scene.sums.filter(({ total, parts }) => [total, ...parts].every(isKept)) }
}

function mayBeWithdrawn({ byText }: Scene, { key }: Seen): boolean {
  return byText.size > 60 && 'company' in key && Object.keys(key).length > 1
}

const withoutConditions = (scene: Scene): Scene => ({
  ...scene,
  measures: scene.measures.map(({ answeredAfter: _, ...each }) => ({
    ...each,
    certain: undefined,
    isConditional: false,
  })),
})

function narrowKnowing(solver: Highs, scene: Scene, measure: number, group: Seen, answer: number): Break | undefined {
  const { name, least } = scene.measures[measure]!
  const [low, high] = boundsOf(
    solver,
    writeAll(scene, linkedWith(scene, measure)),
    variable(scene, measure, group, answer),
  )
  if (high - low >= least) return undefined

  // Not narrower than who knows only the questionnaire, the own answers and how many answered, than each group around it leaves
  // it, or its questions, alone; nor, where nothing of a table of a large plan is shown, than if nobody had planned it.
  let lowest = 0
  let highest = sumOf(group.truth[measure]!)
  const allow = (problem: Problem) => {
    const [min, max] = boundsOf(solver, problem, variable(scene, measure, group, answer))
    lowest = Math.max(lowest, min)
    highest = Math.min(highest, max)
  }
  const isWithout = (hides: (group: Seen) => boolean): Scene => ({
    ...withoutConditions(scene),
    groups: scene.groups.map((each) => (hides(each) ? { ...each, shown: [] } : each)),
  })
  const withoutAny = isWithout(() => true)
  allow(writeAll(withoutAny, linkedWith(withoutAny, measure)))
  for (const around of scene.groups) {
    if (contains(around, group) && around.shown[measure] !== undefined)
      allow(writeGroupAlone(scene, measure, group, around))
  }
  const { combines, follows = [], ticks } = scene.measures[measure]!
  if (combines !== undefined) {
    const questions = follows.map(({ measure }) => indexOf(scene, measure))
    allow(writeOthersAlone(solver, scene, measure, group, questions))
  }
  if (ticks !== undefined) allow(writeOthersAlone(solver, scene, measure, group, optionsBeside(scene, measure)))
  const isOfItsTable = (each: Seen) => tableOf(each) === tableOf(group)
  if (
    mayBeWithdrawn(scene, group) &&
    !scene.groups.some((each) => isOfItsTable(each) && each.told[measure] !== undefined)
  )
    allow(writeAll(isWithout(isOfItsTable), [measure]))
  if (high - low >= highest - lowest) return undefined
  return {
    way: 'narrowed',
    measure: name,
    group: group.text,
    detail: `answer ${answer}: ${low}–${high}, alone ${lowest}–${highest}`,
  }
}

function contains(around: Seen, group: Seen): boolean {
  return around !== group && Object.entries(around.key).every(([name, value]) => group.key[name] === value)
}

interface Problem {
  rows: string[]
  bounds: string[]
  variables: string[]
}

const variable = (_: Scene, measure: number, { number }: Seen, answer: number) => `m${measure}g${number}a${answer}`

function boundsOf(solver: Highs, { rows, bounds, variables }: Problem, target: string): [number, number] {
  const solve = (goal: string) => {
    const problem = [
      goal,
      `o: ${target}`,
      'Subject To',
      ...rows.map((row, index) => `r${index}: ${row}`),
      'Bounds',
      ...bounds,
      'General',
      ...variables,
      'End',
    ].join('\n')
    const { Status, ObjectiveValue } = solver.solve(problem, {
      output_flag: false,
      mip_max_nodes: 500,
      // There are small problems that HiGHS never stops simplifying.
      presolve: 'off',
    })
    if (Status === 'Infeasible') throw new Error(`the adversary supposes what is not so:\n${problem}`)
    // A solver that gave up has not narrowed anything.
    return Status === 'Optimal'
      ? Math.round(ObjectiveValue)
      : goal === 'Minimize'
        ? Number.NEGATIVE_INFINITY
        : Number.POSITIVE_INFINITY
  }
  return [solve('Minimize'), solve('Maximize')]
}

/** The measure, its coarsenings, the areas and questions that hang on any of them, and what these hang on. */
function linkedWith(scene: Scene, measure: number): number[] {
  const linked = new Set([measure])
  for (const each of linked) {
    for (const other of optionsBeside(scene, each)) linked.add(other)
    for (const { index, coarsens, follows = [], certain = [], answeredAfter = [] } of scene.measures) {
      const gave = [...follows, ...certain.flat(), ...answeredAfter]
      const names = [coarsens?.measure, ...gave.map(({ measure }) => measure)]
      if (names.includes(scene.measures[each]!.name)) linked.add(index)
      if (index === each) for (const other of scene.measures) if (names.includes(other.name)) linked.add(other.index)
    }
  }
  return [...linked]
}

/** All that is known of these measures. */
function writeAll(scene: Scene, measures: readonly number[]): Problem {
  const problem: Problem = { rows: [], bounds: [], variables: [] }
  const isWritten = (gave: readonly Gave[]) => gave.every(({ measure }) => measures.includes(indexOf(scene, measure)))
  for (const measure of measures) {
    const { answers, coarsens, follows = [], certain, answeredAfter = [], isConditional } = scene.measures[measure]!
    const all = [...answers.keys()]
    for (const group of scene.groups) {
      writeGroup(scene, problem, measure, group, isConditional)
      if (coarsens !== undefined) {
        for (const answer of all) problem.rows.push(writeUnion(scene, measure, group, answer))
      }
      for (const gave of certain?.filter(isWritten) ?? [])
        problem.rows.push(`${termsOf(scene, gave, group)} ${terms(scene, measure, group, all, '-')} >= 0`)
      for (const gave of answeredAfter.filter((each) => isWritten([each])))
        problem.rows.push(`${terms(scene, measure, group, all)} ${termsOf(scene, [gave], group, '-')} >= 0`)
      if (isWritten(follows)) writeCombination(scene, problem, measure, group)
    }
    for (const { total, parts } of scene.sums) {
      for (const answer of all) {
        const sum = parts.map((part) => `- ${variable(scene, measure, part, answer)}`).join(' ')
        problem.rows.push(`${variable(scene, measure, total, answer)} ${sum} = 0`)
      }
    }
  }
  for (const areas of linkedAreas(scene, measures)) writePeople(scene, problem, areas)
  for (const group of scene.groups) {
    for (const options of Map.groupBy(measures, (each) => scene.measures[each]!.ticks?.question).values())
      writeTicks(scene, problem, options, group)
  }
  return problem
}

/** Need areas of so few questions in all that people can be told apart by what they answered to each. */
function linkedAreas(scene: Scene, measures: readonly number[]): (readonly number[])[] {
  const questionsOf = (areas: readonly number[]) => [
    ...new Set(areas.flatMap((area) => scene.measures[area]!.follows!.map(({ measure }) => measure))),
  ]
  let linked: number[][] = []
  for (const area of measures) {
    const { combines, combinesMore, follows = [] } = scene.measures[area]!
    if (combines === undefined || combinesMore === true) continue
    if (!follows.every(({ measure }) => measures.includes(indexOf(scene, measure)))) continue
    const shares = linked.filter((areas) => questionsOf(areas).some((name) => questionsOf([area]).includes(name)))
    linked = [...linked.filter((areas) => !shares.includes(areas)), [area, ...shares.flat()]]
  }
  return linked.filter((areas) => questionsOf(areas).length <= 3)
}

/** How many people of each group gave which answers to all questions of these need areas: critical ones, others, or none. */
function writePeople(scene: Scene, problem: Problem, areas: readonly number[]) {
  const questions = new Map(areas.flatMap((area) => scene.measures[area]!.follows!).map((each) => [each.measure, each]))
  let kinds: ReadonlyMap<string, 'critical' | 'other' | 'none'>[] = [new Map()]
  for (const name of questions.keys()) {
    kinds = kinds.flatMap((kind) =>
      (['critical', 'other', 'none'] as const).map((gave) => new Map([...kind, [name, gave]])),
    )
  }
  const people = (group: Seen, isMeant: (kind: (typeof kinds)[0]) => boolean, sign: string) =>
    kinds.flatMap((kind, index) => (isMeant(kind) ? [`${sign}p${areas[0]}g${group.number}k${index}`] : [])).join(' ')
  for (const group of scene.groups) {
    problem.variables.push(...kinds.map((kind) => people(group, (each) => each === kind, '')))
    for (const each of questions.values()) {
      const others = { ...each, answers: allBut(scene, each) }
      const gave = (what: string) => people(group, (kind) => kind.get(each.measure) === what, '-')
      problem.rows.push(`${termsOf(scene, [each], group)} ${gave('critical')} = 0`)
      problem.rows.push(`${termsOf(scene, [others], group)} ${gave('other')} = 0`)
    }
    for (const area of areas) {
      const { combines, critical, follows = [] } = scene.measures[area]!
      const given = (kind: (typeof kinds)[0]) => follows.map(({ measure }) => kind.get(measure)!)
      const isCritical = (kind: (typeof kinds)[0]) =>
        given(kind).includes('critical') && (combines === 'any' || !given(kind).includes('other'))
      const isOther = (kind: (typeof kinds)[0]) => !isCritical(kind) && given(kind).some((gave) => gave !== 'none')
      problem.rows.push(`${variable(scene, area, group, critical!)} ${people(group, isCritical, '-')} = 0`)
      problem.rows.push(`${variable(scene, area, group, 1 - critical!)} ${people(group, isOther, '-')} = 0`)
    }
  }
  for (const { total, parts } of scene.sums) {
    for (const kind of kinds) {
      const sum = parts.map((part) => people(part, (each) => each === kind, '-')).join(' ')
      problem.rows.push(`${people(total, (each) => each === kind, '+')} ${sum} = 0`)
    }
  }
}

const indexOf = (scene: Scene, name: string) => scene.measures.findIndex((each) => each.name === name)

const terms = (scene: Scene, measure: number, group: Seen, answers: readonly number[], sign = '+') =>
  answers.map((answer) => `${sign} ${variable(scene, measure, group, answer)}`).join(' ')

const termsOf = (scene: Scene, gave: readonly Gave[], group: Seen, sign = '+') =>
  gave.map(({ measure, answers }) => terms(scene, indexOf(scene, measure), group, answers, sign)).join(' ')

/** What a need area's number has to do with those of the questions that it combines. */
function writeCombination(scene: Scene, problem: Problem, measure: number, group: Seen) {
  const { combines, combinesMore, critical, follows = [] } = scene.measures[measure]!
  if (combines === undefined) return
  // Critical in all that they answered are those who gave no other answer to any.
  const isCritical = combines === 'any'
  const given = isCritical ? follows : follows.map((each) => ({ ...each, answers: allBut(scene, each) }))
  const area = variable(scene, measure, group, isCritical ? critical! : 1 - critical!)
  for (const each of given) problem.rows.push(`${area} ${termsOf(scene, [each], group, '-')} >= 0`)
  if (combinesMore !== true) problem.rows.push(`${termsOf(scene, given, group)} - ${area} >= 0`)
  if (isCritical) writeUnitedTicks(scene, problem, measure, group)
}

/** What a need area that unites ticks has to do with their numbers: whoever ticks two options is one person. */
function writeUnitedTicks(scene: Scene, problem: Problem, measure: number, group: Seen) {
  const { critical, combinesMore, follows = [] } = scene.measures[measure]!
  const united = follows.map((each) => indexOf(scene, each.measure))
  const area = variable(scene, measure, group, critical!)
  const ticksOf = (options: readonly number[], sign: string) => termsOfTicks(scene, options, group, sign)
  const questions = Map.groupBy(united, (each) => scene.measures[each]!.ticks?.question)
  for (const [question, options] of questions) {
    if (question === undefined) continue
    const { ticks, answers } = scene.measures[options[0]!]!
    const isAlone = (option: number) => scene.measures[option]!.ticks!.isAlone || ticks!.atMost === 1
    const alone = options.filter(isAlone)
    const others = options.filter((option) => !isAlone(option))
    for (const other of others.length === 0 ? [[]] : others.map((option) => [option]))
      problem.rows.push(`${area} ${ticksOf([...alone, ...other], '-')} >= 0`)
    const outside = optionsBeside(scene, options[0]!).filter((option) => !options.includes(option))
    const people = (sign: string) => terms(scene, options[0]!, group, [...answers.keys()], sign)
    // Whoever ticks something ticks one of these, or one outside.
    if (ticks!.atLeast > 0) problem.rows.push(`${area} ${ticksOf(outside, '+')} ${people('-')} >= 0`)
    if (questions.size === 1 && combinesMore !== true)
      problem.rows.push(`${people('+')} - ${area} ${ticksOf(outside.filter(isAlone), '-')} >= 0`)
  }
}

const termsOfTicks = (scene: Scene, options: readonly number[], group: Seen, sign: string) =>
  options.map((each) => terms(scene, each, group, [scene.measures[each]!.ticks!.ticked], sign)).join(' ')

/** The other options of the question. */
function optionsBeside(scene: Scene, measure: number): number[] {
  const { ticks } = scene.measures[measure]!
  return scene.measures.flatMap((each) =>
    ticks !== undefined && each.index !== measure && each.ticks?.question === ticks.question ? [each.index] : [],
  )
}

/** What the numbers of ticks have to do with each other: some stand alone, and of the others only so many are ticked. */
function writeTicks(scene: Scene, problem: Problem, options: readonly number[], group: Seen) {
  const { ticks } = scene.measures[options[0]!]!
  // Where not all of them are there, nothing is said of how many were ticked.
  if (ticks === undefined || optionsBeside(scene, options[0]!).length + 1 > options.length) return
  const [alone, others] = [true, false].map((isAlone) =>
    options.filter((each) => scene.measures[each]!.ticks!.isAlone === isAlone),
  )
  const ticksOf = (measures: readonly number[], factor: string) => termsOfTicks(scene, measures, group, factor)
  const all = (measure: number, factor: string) =>
    terms(scene, measure, group, [...scene.measures[measure]!.answers.keys()], factor)
  const [first, ...more] = options
  for (const other of more) problem.rows.push(`${all(first!, '+')} ${all(other, '-')} = 0`)
  if (alone!.length > 0) {
    problem.rows.push(`${ticksOf(alone!, '+')} ${all(first!, '-')} <= 0`)
    for (const other of others!) problem.rows.push(`${ticksOf([other, ...alone!], '+')} ${all(first!, '-')} <= 0`)
  }
  for (const [most, sign] of [
    [ticks.atMost, '<='],
    [ticks.atLeast, '>='],
  ] as const) {
    if (most === 0) continue
    problem.rows.push(`${ticksOf(others!, '+')} ${ticksOf(alone!, `+ ${most}`)} ${all(first!, `- ${most}`)} ${sign} 0`)
  }
}

function allBut(scene: Scene, { measure, answers }: Gave): number[] {
  const { answers: all } = scene.measures.find(({ name }) => name === measure)!
  return [...all.keys()].filter((answer) => !answers.includes(answer))
}

function writeGroup(scene: Scene, problem: Problem, measure: number, group: Seen, isConditional: boolean) {
  const truth = group.truth[measure]!
  const shown = group.shown[measure]
  const error = shown === undefined ? 0 : scene.error(measure, group)
  const own = scene.ownIn(group)?.[measure]
  const ownPeople = sumOf(own ?? [])
  for (const [answer, count] of truth.entries()) {
    const name = variable(scene, measure, group, answer)
    let low = Math.max(own?.[answer] ?? 0, (shown?.[answer] ?? 0) - error)
    let high = shown === undefined ? 100_000 : shown[answer]! + error
    if (shown !== undefined && !isConditional) {
      const fit = fitToShow(scene.measures[measure]!, answer, sumOf(truth), group.population)
      low = Math.max(low, fit.low)
      high = Math.min(high, fit.high)
    }
    // Of the others there are only so many.
    if (!isConditional) high = Math.min(high, sumOf(truth) - ownPeople + (own?.[answer] ?? 0))
    if (group.isOwn) low = high = count
    problem.variables.push(name)
    problem.bounds.push(`${low} <= ${name} <= ${high}`)
  }
  if (!isConditional) {
    problem.rows.push(
      `${truth.map((_, answer) => `+ ${variable(scene, measure, group, answer)}`).join(' ')} = ${sumOf(truth)}`,
    )
  }
}

/**
 * What it says of a count that its distribution is shown at all: fewer than 90 in a hundred gave the answer, and where fewer than
 * the threshold didn't answer, fewer than 80, and somebody did. Of a need area only who is critical counts.
 */
function fitToShow(
  { critical, least }: Scene['measures'][0],
  answer: number,
  people: number,
  population: number | null,
) {
  if (critical !== undefined && critical !== answer) return { low: 0, high: people }
  const isCensus = population !== null && population - people < least
  const tooMany = (isCensus ? 80 : 90) * people
  return { low: isCensus && critical === undefined ? 1 : 0, high: Math.floor((tooMany - 1) / 100) }
}

/** What a shown group says of one within it, all others aside: by the measure, and by what it coarsens or is coarsened by. */
function writeGroupAlone(scene: Scene, measure: number, group: Seen, around: Seen): Problem {
  const problem: Problem = { rows: [], bounds: [], variables: [] }
  const finest = scene.measures[measure]!.coarsens?.measure ?? scene.measures[measure]!.name
  for (const { index, name, coarsens, answers } of scene.measures) {
    if (name !== finest && coarsens?.measure !== finest) continue
    writeGroup(scene, problem, index, group, false)
    writeGroup(scene, problem, index, around, false)
    const own = scene.ownIn(around)?.[index]
    // Of the own people those in the hidden group are not beside it but in it.
    const ownWithin = scene.ownIn(group)?.[index]
    for (const answer of answers.keys()) {
      const beside = (own?.[answer] ?? 0) - (ownWithin?.[answer] ?? 0)
      problem.rows.push(
        `${variable(scene, index, around, answer)} - ${variable(scene, index, group, answer)} >= ${beside}`,
      )
      if (coarsens !== undefined) {
        for (const each of [group, around]) problem.rows.push(writeUnion(scene, index, each, answer))
      }
    }
  }
  return problem
}

/**
 * What shown groups around a group say of a number that others tell of, were all of them hidden in the group: the questions of
 * a need area, or the other options to tick. Each by each shown group around, all others aside.
 */
function writeOthersAlone(
  solver: Highs,
  scene: Scene,
  measure: number,
  group: Seen,
  others: readonly number[],
): Problem {
  const problem: Problem = { rows: [], bounds: [], variables: [] }
  const hidden = { ...group, shown: [] }
  writeGroup(scene, problem, measure, hidden, false)
  writeCombination(scene, problem, measure, group)
  writeTicks(scene, problem, [measure, ...others], group)
  for (const index of others) {
    writeGroup(scene, problem, index, hidden, false)
    for (const around of scene.groups.filter((each) => contains(each, group) && each.shown[index] !== undefined)) {
      for (const answer of scene.measures[index]!.answers.keys()) {
        const [low, high] = boundsOf(
          solver,
          writeGroupAlone(scene, index, hidden, around),
          variable(scene, index, group, answer),
        )
        const count = variable(scene, index, group, answer)
        problem.rows.push(`${count} >= ${low}`, `${count} <= ${high}`)
      }
    }
  }
  return problem
}

/** That an answer of a coarser measure is the answers that it unites. */
function writeUnion(scene: Scene, measure: number, group: Seen, answer: number): string {
  const { measure: name, unites } = scene.measures[measure]!.coarsens!
  const finer = scene.measures.find((each) => each.name === name)!.index
  const united = unites[answer]!.map((each) => `+ ${variable(scene, finer, group, each)}`)
  return `${united.join(' ')} - ${variable(scene, measure, group, answer)} = 0`
}

/** How many joined and left a company, or, in sum, all of them; undefined where that isn't told of each. */
function changeOf(
  companies: readonly string[],
  changes: Readonly<Record<string, { joined: number; left: number } | undefined>>,
  company: string | undefined,
) {
  const each = (company === undefined ? companies : [company]).map((name) => changes[name])
  return each.reduce(
    (sum, change) => sum && change && { joined: sum.joined + change.joined, left: sum.left + change.left },
    { joined: 0, left: 0 },
  )
}

/**
 * Supposes that all who answered in both waves answered alike, and asks what then is certain of the others: of those who joined
 * or left, and of those who took part in one wave only, who may be as few as the numbers of respondents ask for, or all who stood
 * aside in the other.
 */
function isolate(scene: Scene, { earlier = [], counted }: Knowledge): Break[] {
  const groupOf = (groups: Counted, group: Readonly<Record<string, string>>) =>
    groups.find(({ key }) => textOf(key) === textOf(group))
  return earlier.flatMap(({ release, changes, counted: countedThen }) =>
    release.results.flatMap(({ measure: name, group, distribution }): Break[] => {
      const change = changeOf(scene.knowledge.plan.companies, changes, group.company)
      const seen = scene.byText.get(textOf(group))
      const measure = scene.measures.find((each) => each.name === name)
      if (change === undefined || seen === undefined || measure === undefined) return []
      const { joined, left } = change
      const now = seen.told[measure.index]
      if (now === undefined) return []

      const result = { measure: name, group: seen.text, way: 'isolated' as const }
      const error = scene.error(measure.index, seen)
      if ('suppressed' in distribution) {
        // What was hidden then is what is shown now, but for those who came and went.
        const width = 2 * error + joined + left
        return joined + left < measure.least && width < measure.least
          ? [{ ...result, detail: `hidden then, ${width} wide now` }]
          : []
      }
      const before = distribution.value.counts
      // At the least so many came with an answer, and so many went.
      const came = now.map((count, answer) => Math.max(0, count - error - (before[answer]! + 2)))
      const went = now.map((count, answer) => Math.max(0, before[answer]! - 2 - (count + error)))

      const [then, today] = [groupOf(countedThen, group), groupOf(counted, group)]
      const answeredThen = sumOf(then?.counts[measure.index] ?? [])
      const answeredNow = sumOf(today?.counts[measure.index] ?? [])
      const more = answeredNow - answeredThen - (joined - left)
      const suppositions = [{ came: joined + Math.max(0, more), went: left + Math.max(0, -more) }]
      if (then?.population != null && today?.population != null) {
        const [asideThen, asideNow] = [then.population - answeredThen, today.population - answeredNow]
        suppositions.push({ came: joined + asideThen, went: left + asideNow })
      }
      const tells = (certain: readonly number[], of: number) => {
        const most = measure.critical === undefined ? Math.max(...certain) : certain[measure.critical]!
        return sumOf(certain) > 0 && (of < measure.least || most >= 0.9 * of)
      }
      const found = suppositions.find(
        // More than there were: then others changed their minds.
        (of) => sumOf(came) <= of.came && sumOf(went) <= of.went && (tells(came, of.came) || tells(went, of.went)),
      )
      if (found === undefined) return []
      return [{ ...result, detail: `came ${came} of ${found.came}, went ${went} of ${found.went}` }]
    }),
  )
}
