/**
 * Which measures tell of each other. A need area of one question is that question seen from further away: what hides one
 * must hide the other, and what is shown of both is shown of one. Such measures make a family, protected as one.
 */
import type { Lattice, Measure } from './counted-tables.ts'

export interface Family {
  /** Index of the measure whose answers all others of the family unite. */
  finest: number
  members: readonly Member[]
  /** Finest measures of other families that it follows: hidden where they are. */
  follows: readonly number[]
  /**
   * Finest measures of families that are hidden where this one is, and the other way round: of need areas that share a question,
   * of a score and its items, of several ticks and the need area that unites them.
   */
  beside: readonly number[]
  /** What other measures tell of the finest answers, wherever both are shown. */
  told: readonly Told[]
}

/** Answers of the finest measure of whose number another measure tells. */
export interface Told {
  answers: readonly number[]
  /** The need area that tells of it, where none shares its questions; undefined where it is known to the last person. */
  area: number | undefined
}

export interface Member {
  measure: number
  /** For each of its answers, the answers of the finest measure that it unites. */
  unites: readonly (readonly number[])[]
}

/** Names of the measures that a need area is made from. */
function madeFrom({ critical, follows = [] }: Measure): ReadonlySet<string> {
  return new Set(critical === undefined ? [] : follows.map(({ measure }) => measure))
}

/**
 * Names of the measures that are hidden where a need area is, and the other way round, since nobody works out what they tell of
 * it: the items of a score, and all options of a question of which it unites several, where their ticks depend on each other.
 */
function hiddenWith(area: Measure, measures: readonly Measure[]): ReadonlySet<string> {
  if (area.critical === undefined || area.coarsens !== undefined) return new Set()
  const from = madeFrom(area)
  const questions = measures.flatMap(({ name, ticks }) =>
    ticks !== undefined && from.has(name) ? [ticks.question] : [],
  )
  const ofSeveral = ({ ticks }: Measure) =>
    ticks !== undefined && questions.indexOf(ticks.question) < questions.lastIndexOf(ticks.question)
  return new Set([...(area.combines === undefined ? from : []), ...measures.filter(ofSeveral).map(({ name }) => name)])
}

/**
 * The families in an order in which each comes after those that it follows.
 * @throws RangeError where measures name others that are not there, or follow each other in a circle.
 */
export function findFamilies({ measures, groups, counts }: Lattice): Family[] {
  const indexOf = (name: string, by: string) => {
    const found = measures.findIndex((measure) => measure.name === name)
    if (found < 0) throw new RangeError(`${by}: no measure is called "${name}"`)
    return found
  }
  const finestOf = measures.map(({ name, coarsens }, index) => {
    if (coarsens === undefined) return index
    const finest = indexOf(coarsens.measure, name)
    if (measures[finest]!.coarsens !== undefined)
      throw new RangeError(`${name}: coarsens "${coarsens.measure}", itself one`)
    for (const { index: group } of groups) {
      for (const [answer, united] of coarsens.unites.entries()) {
        const sum = united.reduce((sum, each) => sum + counts[finest]![group]![each]!, 0)
        if (sum !== counts[index]![group]![answer])
          throw new RangeError(`${name}: is no coarsening of "${coarsens.measure}"`)
      }
    }
    return finest
  })

  const sharesQuestion = (area: number, other: number) =>
    other !== area && !madeFrom(measures[area]!).isDisjointFrom(madeFrom(measures[other]!))
  const together = measures.map((measure) => hiddenWith(measure, measures))
  const besideOf = (finest: number) =>
    [...measures.entries()].flatMap(([other, { name }]) => {
      const areTogether = together[finest]!.has(name) || together[other]!.has(measures[finest]!.name)
      return sharesQuestion(finest, other) || areTogether ? [finestOf[other]!] : []
    })
  const families = new Map<number, Family>()
  for (const finest of new Set(finestOf)) {
    const members = [...measures.entries()]
      .filter(([index]) => finestOf[index] === finest)
      .map(([measure, { answers, coarsens }]) => ({
        measure,
        unites: coarsens?.unites ?? [...answers.keys()].map((answer) => [answer]),
      }))
      .sort((a, b) => Number(b.measure === finest) - Number(a.measure === finest))
    const follows = members.flatMap(({ measure }) =>
      (measures[measure]!.follows ?? []).map((each) => finestOf[indexOf(each.measure, measures[measure]!.name)]!),
    )
    const told = measures.flatMap(({ name, combines, follows = [] }, by) =>
      follows.flatMap(({ measure, answers }) => {
        const member = members.find((each) => each.measure === indexOf(measure, name))
        if (member === undefined) return []
        const area = combines !== undefined && besideOf(by).length === 0 ? by : undefined
        return [{ answers: answers.flatMap((answer) => member.unites[answer]!), area }]
      }),
    )
    const beside = besideOf(finest)
    families.set(finest, {
      finest,
      members,
      follows: [...new Set(follows)].filter((each) => each !== finest),
      beside,
      told,
    })
  }

  const ordered: Family[] = []
  const state = new Map<number, 'begun' | 'done'>()
  const visit = (family: Family) => {
    if (state.get(family.finest) === 'done') return
    if (state.get(family.finest) === 'begun') throw new RangeError(`${measures[family.finest]!.name}: follows itself`)
    state.set(family.finest, 'begun')
    for (const each of family.follows) visit(families.get(each)!)
    state.set(family.finest, 'done')
    ordered.push(family)
  }
  for (const family of families.values()) visit(family)
  return ordered
}
