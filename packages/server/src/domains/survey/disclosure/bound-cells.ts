/**
 * Bounds: whether every hidden number is known no more narrowly than to an interval of the threshold's width, or of the
 * width that single shown groups leave it (see what-one-table-tells.ts). For everybody, and for an insider of each company.
 */
import type { Attacker, Bounds, Revealed } from './revealed.ts'
import { boundsFor, isSecretTo } from './revealed.ts'
import { Extremes, isSolvable, loadSolver } from './solve-bounds.ts'
import { AnswerSwaps, type Reach } from './swap-answers.ts'
import { widthFromEachAlone, widthOfKnown } from './what-one-table-tells.ts'

export interface NarrowNumber {
  group: number
  attacker: Attacker
}

/**
 * Sets of answers proven wide, by group, so that they need not be again when more is hidden: that only widens them. But where
 * it makes them owed more width, they are to be taken out.
 */
export type ProvenWide = Map<number, Set<string>>

/** Hidden groups of which an attacker could narrow a number too far: of each the first found. */
export async function* findNarrowNumbers(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  proven: ProvenWide,
): AsyncGenerator<NarrowNumber> {
  const { hidden, respondents, guarded } = revealed
  const isWithdrawn = findWithdrawn(revealed)
  const audit = new Audit(revealed, least, insiders)
  try {
    for (const group of [...hidden].sort((a, b) => a - b)) {
      if (respondents[group] === 0 || isWithdrawn(group)) continue
      const provenHere = proven.get(group) ?? new Set()
      proven.set(group, provenHere)
      for (const answers of guarded) {
        const name = answers.join()
        if (provenHere.has(name)) continue
        const attacker = await audit.whoNarrows(group, answers)
        if (attacker !== undefined) {
          yield { group, attacker }
          break
        }
        provenHere.add(name)
      }
    }
  } finally {
    audit.dispose()
  }
}

/**
 * Tables of a large plan that divide companies, and of which nothing is shown, are withdrawn: their numbers are owed no more than
 * those of a table that nobody planned.
 */
function findWithdrawn({ lattice, hidden, respondents, level }: Revealed): (group: number) => boolean {
  const tableOf = (group: number) => Object.keys(lattice.groups[group]!.key).sort().join()
  const shown = new Set(
    lattice.groups
      .filter(({ index, planned }) => planned && !hidden.has(index) && respondents[index]! > 0)
      .map(({ index }) => tableOf(index)),
  )
  const divides = (group: number) =>
    lattice.groups[group]!.company !== null && Object.keys(lattice.groups[group]!.key).length > 1
  return (group) => level !== undefined && divides(group) && !shown.has(tableOf(group))
}

/** The means of proof for one set of hidden groups, each made when it is first needed. */
class Audit {
  readonly #revealed: Revealed
  readonly #least: number
  readonly #companies: readonly number[]
  readonly #swapping: Swapping
  readonly #extremes = new Map<string, Extremes>()
  #room: readonly number[] | undefined

  constructor(revealed: Revealed, least: number, insiders: boolean) {
    this.#revealed = revealed
    this.#least = least
    this.#companies = insiders ? [...revealed.lattice.companies.keys()] : []
    this.#swapping = new Swapping(revealed)
  }

  /** Somebody against whom the number of people who gave one of `answers` is not proven wide. */
  async whoNarrows(group: number, answers: readonly number[]): Promise<Attacker | undefined> {
    const own = this.#revealed.lattice.groups[group]!.company
    // Who knows more is owed less: what is wide enough for everybody is so for the insiders whose people didn't move.
    const owedToAll = this.#widthOwed(group, answers, null)
    const first = this.#swapping.reachForAll(group, answers, null, owedToAll)
    let pending: Attacker[] =
      first.width >= owedToAll
        ? this.#companies.filter((company) => company !== own && first.companies.has(company))
        : [null, ...this.#companies.filter((company) => company !== own)]
    while (pending.length > 0) {
      const attacker = pending.shift()!
      const enough = this.#owed(group, answers, attacker)
      if (enough === 0) continue
      const reach = this.#swapping.reachForAll(group, answers, attacker, owedToAll)
      if (reach.width >= owedToAll) {
        pending = pending.filter((other) => other !== null && reach.companies.has(other))
        continue
      }
      if (reach.width >= enough) continue
      if (this.#swapping.reach(group, answers, attacker, enough).width >= enough) continue
      const block = this.#blockAround(group, attacker)
      if (await this.#isWideInBlock(block, group, answers, owedToAll)) {
        pending = pending.filter((other) => other !== null && block.includes(other))
        continue
      }
      if (!(await this.#isWideToSolver(group, answers, attacker, enough))) return attacker
    }
    return undefined
  }

  /** The solver's memory is not the garbage collector's. */
  dispose(): void {
    for (const each of this.#extremes.values()) each.dispose()
  }

  #owed(group: number, answers: readonly number[], attacker: Attacker): number {
    return isSecretTo(this.#revealed, group, attacker) ? this.#widthOwed(group, answers, attacker) : 0
  }

  #widthOwed(group: number, answers: readonly number[], attacker: Attacker): number {
    return Math.min(
      this.#least,
      widthFromEachAlone(this.#revealed, group, answers, attacker),
      widthOfKnown(this.#revealed, group, answers),
    )
  }

  /** The company of a group, and a few others of which most is hidden: they have most room, and leave the rest as it is. */
  #blockAround(group: number, attacker: Attacker): number[] {
    const own = this.#revealed.lattice.groups[group]!.company
    const others = this.#byRoom().filter((company) => company !== own && company !== attacker)
    return [...(own === null ? [] : [own]), ...others.slice(0, companiesBeside)].sort((a, b) => a - b)
  }

  /** Companies by how many people's answers are hidden, most first. */
  #byRoom(): readonly number[] {
    const { lattice, hidden, respondents } = this.#revealed
    if (this.#room === undefined) {
      const room = lattice.companies.map(() => 0)
      for (const group of hidden) {
        const { company } = lattice.groups[group]!
        if (company !== null) room[company]! += respondents[group]!
      }
      this.#room = [...room.keys()].sort((a, b) => room[b]! - room[a]! || a - b)
    }
    return this.#room
  }

  /** Holds for each attacker but the companies of the block. */
  #isWideInBlock(block: readonly number[], group: number, answers: readonly number[], enough: number) {
    return this.#isWide(block.join(), block, 'everyone', group, answers, enough)
  }

  #isWideToSolver(group: number, answers: readonly number[], attacker: Attacker, enough: number) {
    const others = [...this.#revealed.lattice.companies.keys()].filter((company) => company !== attacker)
    return this.#isWide(`all but ${attacker}`, others, attacker, group, answers, enough)
  }

  async #isWide(
    name: string,
    companies: readonly number[],
    attacker: Attacker | 'everyone',
    group: number,
    answers: readonly number[],
    enough: number,
  ): Promise<boolean> {
    if (!isSolvable(this.#revealed, companies)) return false
    let extremes = this.#extremes.get(name)
    if (extremes === undefined) {
      for (const [oldest, each] of this.#extremes) {
        if (this.#extremes.size < mostModels) break
        each.dispose()
        this.#extremes.delete(oldest)
      }
      extremes = new Extremes(await loadSolver(), this.#revealed, new Set(companies), this.#swapping.boundsIn(attacker))
      this.#extremes.set(name, extremes)
    }
    return extremes.isWide(group, answers, enough)
  }
}

/** How many problems the solver holds at a time. */
const mostModels = 16

/** How many companies beside that of a number the solver lets answer otherwise at first. */
const companiesBeside = 3

/** Swaps of answers within what is known to each attacker, or to all of them. */
class Swapping {
  readonly #revealed: Revealed
  readonly #swaps: AnswerSwaps
  readonly #bounds = new Map<Attacker | 'everyone', Bounds>()

  constructor(revealed: Revealed) {
    this.#revealed = revealed
    this.#swaps = new AnswerSwaps(revealed)
  }

  reach(group: number, answers: readonly number[], attacker: Attacker, enough: number): Reach {
    return this.#swaps.reach(group, answers, attacker, this.boundsIn(attacker), enough)
  }

  /** So that it holds for each insider, but those of the companies that `Reach` names and with that of the attacker left alone. */
  reachForAll(group: number, answers: readonly number[], attacker: Attacker, enough: number): Reach {
    return this.#swaps.reach(group, answers, attacker, this.boundsIn('everyone'), enough)
  }

  boundsIn(attacker: Attacker | 'everyone'): Bounds {
    const bounds = this.#bounds.get(attacker) ?? boundsFor(this.#revealed, attacker)
    this.#bounds.set(attacker, bounds)
    return bounds
  }
}
