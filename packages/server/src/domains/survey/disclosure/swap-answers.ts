/**
 * A cheap and exact proof that a hidden number is wide open: other answers of the same people that agree with all that is
 * known, found by letting people swap answers. What people could have answered instead, starting from what they did, are
 * points of the region in which an attacker has to look; the furthest two say how wide it is at the least.
 *
 * A swap leaves alone whatever group both people belong to, and how many answered anywhere. Alone, one person may change an
 * answer as long as rounding conceals it.
 */
import type { Attacker, Bounds, KnownSum, Revealed } from './revealed.ts'

/** People of these groups change their answer, in those of weight −1 the other way round. */
interface Move {
  groups: readonly number[]
  weights: readonly number[]
  companies: readonly number[]
  /** How many shown groups it moves, which bear little. */
  shown: number
}

/** People of a company, for whom those of the same categories in other companies stand in. */
interface Kin {
  company: number
  own: readonly number[]
  totals: readonly number[]
}

/** How far a number was moved, and in which companies somebody had to answer otherwise for it. */
export interface Reach {
  width: number
  companies: ReadonlySet<number>
}

export class AnswerSwaps {
  readonly #revealed: Revealed
  readonly #answers: number
  /** Of the group that was asked about last: it is asked about many times in turn, and all groups together would be much to hold. */
  #prepared: { group: number; moves?: Move[]; longestFirst?: Move[]; kin?: Kin[] } = { group: -1 }
  /** For each shown group what is known of answers together. */
  readonly #sums: readonly (readonly KnownSum[])[]
  readonly #counts: Int32Array

  constructor(revealed: Revealed) {
    this.#revealed = revealed
    this.#answers = revealed.counts[0]!.length
    this.#sums = revealed.knownIfShown.map((known, group) =>
      revealed.hidden.has(group)
        ? []
        : known.slice(this.#answers).filter(({ answers }) => answers.length < this.#answers),
    )
    this.#counts = Int32Array.from(revealed.counts.flat())
  }

  /** How far the number of people of a group who gave one of `answers` can be moved in sum, up and down; stops at `enough`. */
  reach(group: number, answers: readonly number[], attacker: Attacker, bounds: Bounds, enough: number): Reach {
    const first = this.#reachBy(this.#movesOf(group), group, answers, attacker, bounds, enough)
    if (first.width >= enough) return first
    // What is spent on small exchanges may be wanting for large ones.
    const second = this.#reachBy(this.#longestFirst(group), group, answers, attacker, bounds, enough)
    return second.width > first.width ? second : first
  }

  #reachBy(
    moves: readonly Move[],
    group: number,
    answers: readonly number[],
    attacker: Attacker,
    bounds: Bounds,
    enough: number,
  ): Reach {
    const companies = new Set<number>()
    const others = this.#revealed.counts[group]!.flatMap((_, answer) => (answers.includes(answer) ? [] : [answer]))
    let width = 0
    for (const [to, from] of [
      [answers, others],
      [others, answers],
    ] as const) {
      if (width < enough) width += this.#push(moves, group, to, from, attacker, bounds, enough - width, companies)
    }
    return { width, companies }
  }

  #push(
    moves: readonly Move[],
    group: number,
    to: readonly number[],
    from: readonly number[],
    attacker: Attacker,
    bounds: Bounds,
    enough: number,
    companies: Set<number>,
  ): number {
    const counts = this.#counts.slice()
    let pushed = 0
    for (const move of moves) {
      if (attacker !== null && move.companies.includes(attacker)) continue
      for (const up of to) {
        for (const down of from) {
          const times = this.#room(counts, move, up, down, bounds, enough - pushed)
          if (times === 0) continue
          for (const [index, each] of move.groups.entries()) {
            this.#apply(counts, [each], times * move.weights[index]!, up, down)
          }
          pushed += times
          for (const company of move.companies) companies.add(company)
          if (pushed >= enough) return pushed
        }
      }
    }
    return pushed + this.#pushAlongChains(group, to, from, attacker, bounds, enough - pushed, companies, counts)
  }

  /**
   * Longer exchanges: somebody of the group changes to an answer, somebody of another company changes from that answer to a
   * third, and so on, until totals over companies are as before, or rounding conceals what they differ by. The shortest
   * chain through the answers is found breadth first.
   */
  #pushAlongChains(
    group: number,
    to: readonly number[],
    from: readonly number[],
    attacker: Attacker,
    bounds: Bounds,
    enough: number,
    companies: Set<number>,
    counts: Int32Array,
  ): number {
    const { lattice } = this.#revealed
    const company = lattice.groups[group]!.company
    if (company === null) return 0
    const people = this.#peopleLike(group)
    const starts = to.flatMap((up) => from.map((down) => ({ up, down })))
    let pushed = 0
    let found = true
    while (found && pushed < enough) {
      found = false
      for (const { up, down } of starts) {
        const first = people.find((each) => each.company === company)!
        if (this.#roomIn(counts, first.own, 1, up, down, bounds, 1) === 0) continue
        const chain = this.#findChain(people, company, attacker, bounds, counts, up, down)
        if (chain === undefined) continue
        const steps = [
          { groups: first.own, up, down },
          ...chain.steps.map(({ who, up, down }) => ({ groups: who.own, up, down })),
        ]
        for (const step of steps) this.#apply(counts, step.groups, 1, step.up, step.down)
        if (chain.excess !== down) this.#apply(counts, first.totals, 1, chain.excess, down)
        for (const each of [company, ...chain.steps.map(({ who }) => who.company)]) companies.add(each)
        pushed++
        found = true
        break
      }
    }
    return pushed
  }

  #findChain(
    people: readonly Kin[],
    company: number,
    attacker: Attacker,
    bounds: Bounds,
    counts: Int32Array,
    up: number,
    down: number,
  ): { steps: { who: Kin; up: number; down: number }[]; excess: number } | undefined {
    const { totals } = people[0]!
    const queue = [{ steps: [] as { who: Kin; up: number; down: number }[], excess: up }]
    const seen = new Set([up])
    for (const chain of queue) {
      if (chain.excess === down || this.#roomIn(counts, totals, 1, chain.excess, down, bounds, 1) === 1) return chain
      for (let next = 0; next < this.#answers; next++) {
        if (seen.has(next)) continue
        const who = people.find(
          (each) =>
            each.company !== company &&
            each.company !== attacker &&
            !chain.steps.some((step) => step.who === each) &&
            this.#roomIn(counts, each.own, 1, next, chain.excess, bounds, 1) === 1,
        )
        if (who === undefined) continue
        seen.add(next)
        queue.push({ steps: [...chain.steps, { who, up: next, down: chain.excess }], excess: next })
      }
    }
    return undefined
  }

  /** People who differ from those of a group by company alone: their companies' own groups, and the totals they share. */
  #peopleLike(group: number): Kin[] {
    const prepared = this.#preparedFor(group)
    if (prepared.kin !== undefined) return prepared.kin
    const { lattice, hidden } = this.#revealed
    const usual = this.#usual(group)
    const kin = lattice.companies.map((_, company) => {
      const groups = lattice.containing(usual.with(0, company))
      return {
        company,
        own: groups.filter((each) => lattice.groups[each]!.company !== null),
        totals: groups.filter((each) => lattice.groups[each]!.company === null),
      }
    })
    // Hidden groups have most room.
    const shown = ({ own }: Kin) => own.filter((each) => !hidden.has(each)).length
    kin.sort((a, b) => shown(a) - shown(b))
    prepared.kin = kin
    return kin
  }

  #apply(counts: Int32Array, groups: readonly number[], weight: number, up: number, down: number) {
    for (const each of groups) {
      counts[each * this.#answers + up]! += weight
      counts[each * this.#answers + down]! -= weight
    }
  }

  #room(
    counts: Int32Array,
    { groups, weights }: Move,
    up: number,
    down: number,
    bounds: Bounds,
    enough: number,
  ): number {
    let room = enough
    for (let index = 0; index < groups.length && room > 0; index++) {
      room = this.#roomOf(counts, groups[index]!, weights[index]!, up, down, bounds, room)
    }
    return room
  }

  #roomIn(
    counts: Int32Array,
    groups: readonly number[],
    weight: number,
    up: number,
    down: number,
    bounds: Bounds,
    enough: number,
  ): number {
    return groups.reduce((room, each) => this.#roomOf(counts, each, weight, up, down, bounds, room), enough)
  }

  /** How many times, up to `room`, a group can bear that `weight` people change their answer. */
  #roomOf(
    counts: Int32Array,
    group: number,
    weight: number,
    up: number,
    down: number,
    bounds: Bounds,
    room: number,
  ): number {
    const raised = group * this.#answers + (weight > 0 ? up : down)
    const lowered = group * this.#answers + (weight > 0 ? down : up)
    const times = Math.abs(weight)
    const space = Math.min(
      room * times,
      bounds.high[raised]! - counts[raised]!,
      counts[lowered]! - bounds.low[lowered]!,
    )
    let left = Math.floor(space / times)
    for (const { answers, low, high } of left > 0 ? this.#sums[group]! : []) {
      const holdsUp = answers.includes(up)
      if (holdsUp === answers.includes(down)) continue
      let sum = 0
      for (const answer of answers) sum += counts[group * this.#answers + answer]!
      left = Math.min(left, Math.floor((holdsUp === weight > 0 ? high - sum : sum - low) / times))
    }
    return Math.max(0, left)
  }

  /** Moves that change the group by one person, those that shake few shown groups first. */
  #movesOf(group: number): Move[] {
    const prepared = this.#preparedFor(group)
    if (prepared.moves !== undefined) return prepared.moves
    const moves: Move[] = []
    for (const people of this.#exchanges(group)) {
      const move = this.#moveOf(people, group)
      if (move !== undefined) moves.push(move)
    }
    moves.sort((a, b) => a.shown - b.shown)
    prepared.moves = moves
    return moves
  }

  /** The same moves, those of most people first. */
  #longestFirst(group: number): Move[] {
    const moves = this.#movesOf(group)
    const prepared = this.#preparedFor(group)
    prepared.longestFirst ??= moves.toSorted((a, b) => b.groups.length - a.groups.length || a.shown - b.shown)
    return prepared.longestFirst
  }

  #preparedFor(group: number) {
    if (this.#prepared.group !== group) this.#prepared = { group }
    return this.#prepared
  }

  /** Who changes an answer, and who changes it back: in turn +1, −1, … One, two who differ in one respect, four in two. */
  *#exchanges(group: number): Generator<number[][]> {
    const { lattice } = this.#revealed
    const fixed = lattice.coordinates[group]!
    const usual = this.#usual(group)
    const dimensions = [...fixed.keys()].filter((dimension) => fixed[dimension]! >= 0)
    const someone: { one: number[]; unusual?: number }[] = [{ one: usual }]
    for (const [dimension, category] of fixed.entries()) {
      if (category >= 0) continue
      for (let other = 0; other < lattice.categories[dimension]!; other++) {
        if (other !== usual[dimension]) someone.push({ one: usual.with(dimension, other), unusual: dimension })
      }
    }
    // Where no group is divided by these dimensions and by what is unusual of somebody, an exchange moves the same groups as
    // that of the usual people.
    const isAnother = (unusual: number | undefined, ...exchanged: number[]) =>
      unusual === undefined || lattice.isCrossed(unusual, ...exchanged)
    for (const { one, unusual } of someone) {
      if (isAnother(unusual)) yield [one]
      // Did they differ in what the group leaves open, both would be of it, and it would not move.
      for (const dimension of dimensions) {
        if (!isAnother(unusual, dimension)) continue
        for (let other = 0; other < lattice.categories[dimension]!; other++) {
          if (other !== one[dimension]) yield [one, one.with(dimension, other)]
        }
      }
    }
    for (const { one, unusual } of someone) {
      for (const first of dimensions) {
        for (const second of dimensions.filter((dimension) => dimension > first)) {
          if (!isAnother(unusual, first, second)) continue
          for (const [a, b] of this.#others(one, first, second)) {
            yield [one, one.with(first, a!), one.with(first, a!).with(second, b!), one.with(second, b!)]
          }
        }
      }
    }
    if (dimensions.length === 3) {
      const [first, second, third] = dimensions as [number, number, number]
      for (const [a, b, c] of this.#others(usual, first, second, third)) {
        const across = (one: number[]) => [
          one,
          one.with(first, a!),
          one.with(first, a!).with(second, b!),
          one.with(second, b!),
        ]
        const [near, far] = [across(usual), across(usual.with(third, c!))]
        yield near.flatMap((one, index) => (index % 2 === 0 ? [one, far[index]!] : [far[index]!, one]))
      }
    }
  }

  /** Other categories than somebody's, of each of these dimensions one. */
  *#others(one: readonly number[], ...dimensions: number[]): Generator<number[]> {
    const [dimension, ...rest] = dimensions
    if (dimension === undefined) {
      yield []
      return
    }
    for (let category = 0; category < this.#revealed.lattice.categories[dimension]!; category++) {
      if (category === one[dimension]) continue
      for (const others of this.#others(one, ...rest)) yield [category, ...others]
    }
  }

  /** Categories of people of a group of whom there are many. */
  #usual(group: number): number[] {
    const fixed = this.#revealed.lattice.coordinates[group]!
    return fixed.map((category, dimension) => (category >= 0 ? category : this.#largest(group, dimension)))
  }

  /** The category of a dimension with most people of the group: they have most answers to change. */
  #largest(group: number, dimension: number): number {
    const { lattice, respondents } = this.#revealed
    const fixed = lattice.coordinates[group]!
    let largest = 0
    let most = -1
    for (const part of lattice.sums.find(
      ({ total, parts }) => total === group && lattice.coordinates[parts[0]!]![dimension] !== fixed[dimension],
    )?.parts ?? []) {
      if (respondents[part]! > most) {
        most = respondents[part]!
        largest = lattice.coordinates[part]![dimension]!
      }
    }
    return largest
  }

  #moveOf(people: number[][], group: number): Move | undefined {
    const { lattice, hidden } = this.#revealed
    const groups: number[] = []
    const weights: number[] = []
    for (const [index, person] of people.entries()) {
      for (const each of lattice.containing(person)) {
        const place = groups.indexOf(each)
        const weight = index % 2 === 0 ? 1 : -1
        if (place >= 0) weights[place]! += weight
        else {
          groups.push(each)
          weights.push(weight)
        }
      }
    }
    // Forward is whatever moves the group up.
    if (weights[groups.indexOf(group)] !== 1) return undefined
    const companies: number[] = []
    let shown = 0
    let moved = 0
    for (const [place, each] of groups.entries()) {
      if (weights[place] === 0) continue
      groups[moved] = each
      weights[moved] = weights[place]!
      moved++
      if (!hidden.has(each)) shown++
      // An insider knows of own people only where there are groups of the own company alone; a total is bounded by what they gave.
      const { company } = lattice.groups[each]!
      if (company !== null && !companies.includes(company)) companies.push(company)
    }
    groups.length = weights.length = moved
    return { groups, weights, companies, shown }
  }
}
