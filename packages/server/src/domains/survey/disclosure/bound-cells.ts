/**
 * Bounds: whether every hidden number is known no more narrowly than to an interval of the threshold's width, or of the
 * width that single shown groups leave it (see what-one-table-tells.ts). For everybody, and for an insider of each company.
 */
import type { Attacker, Bounds, Revealed } from './revealed.ts'
import { boundsFor, isSecretTo } from './revealed.ts'
import { countFreeGroups, Extremes, isQuick, isSolvable, loadSolver } from './solve-bounds.ts'
import { AnswerSwaps, type Reach } from './swap-answers.ts'
import { widthFromEachAlone, widthOfKnown } from './what-one-table-tells.ts'

export interface NarrowNumber {
  group: number
  attacker: Attacker
}

export interface Proofs {
  /**
   * Sets of answers proven wide, by group, so that they need not be again when more is hidden: that only widens them. But where
   * it makes them owed more width, they are to be taken out.
   */
  wide: Map<number, Set<string>>
  /** How much more the solver may be asked before this is given up: each question takes the square of how many groups it is about. */
  effort: number
}

/** Hidden groups of which an attacker could narrow a number too far: of each the first found, until it takes too much. */
export async function* findNarrowNumbers(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  proofs: Proofs,
): AsyncGenerator<NarrowNumber> {
  const { hidden, withdrawn, respondents, guarded } = revealed
  const audit = new Audit(revealed, least, insiders, proofs)
  try {
    for (const group of [...hidden].sort((a, b) => a - b)) {
      if (respondents[group] === 0 || withdrawn.has(group)) continue
      const provenHere = proofs.wide.get(group) ?? new Set()
      proofs.wide.set(group, provenHere)
      for (const answers of guarded) {
        const name = answers.join()
        if (provenHere.has(name)) continue
        if (proofs.effort <= 0) return
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

/** The means of proof for one set of hidden groups, each made when it is first needed. */
class Audit {
  readonly #revealed: Revealed
  readonly #least: number
  readonly #companies: readonly number[]
  readonly #proofs: Proofs
  readonly #swapping: Swapping
  readonly #extremes = new Map<string, Extremes>()
  #room: readonly number[] | undefined

  constructor(revealed: Revealed, least: number, insiders: boolean, proofs: Proofs) {
    this.#revealed = revealed
    this.#least = least
    this.#companies = insiders ? [...revealed.lattice.companies.keys()] : []
    this.#proofs = proofs
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
      const block = await this.#findWideBlock(group, answers, attacker, pending, owedToAll)
      if (block !== undefined) {
        pending = pending.filter((other) => other !== null && block.includes(other))
        continue
      }
      if (!(await this.#isWideToSolver(group, answers, attacker, enough))) return attacker
    }
    return undefined
  }

  /** A block that proves it to the attacker, and to all other companies outside it. */
  async #findWideBlock(
    group: number,
    answers: readonly number[],
    attacker: Attacker,
    pending: readonly Attacker[],
    enough: number,
  ): Promise<readonly number[] | undefined> {
    const tried = new Set<string>()
    for (const block of this.#blocksAround(group, attacker, pending)) {
      if (tried.has(block.join())) continue
      tried.add(block.join())
      if (await this.#isWideInBlock(block, group, answers, enough)) return block
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

  /**
   * The company of a group, and others of which most is hidden: they have most room, and leave the rest as it is. First such as
   * prove it to all who are pending, then a few, and where all together are too much for the solver, as many as are not.
   */
  *#blocksAround(group: number, attacker: Attacker, pending: readonly Attacker[]): Generator<readonly number[]> {
    const { company: own } = this.#revealed.lattice.groups[group]!
    const others = this.#byRoom().filter((company) => company !== own && company !== attacker)
    const settled = others.filter((company) => !pending.includes(company))
    if (settled.length > 0) yield this.#blockOf(own, settled, companiesBeside)
    yield this.#blockOf(own, others, companiesBeside)
    if (!isSolvable(this.#revealed, this.#allBut(attacker))) yield this.#blockOf(own, others, others.length)
  }

  /** Of the others the first, but no more than the solver has quickly done with. */
  #blockOf(own: number | null, others: readonly number[], most: number): number[] {
    const block = own === null ? [] : [own]
    for (const company of others.slice(0, most)) {
      if (block.length > 0 && !isQuick(this.#revealed, [...block, company])) break
      block.push(company)
    }
    return block.sort((a, b) => a - b)
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
    return this.#isWide(`all but ${attacker}`, this.#allBut(attacker), attacker, group, answers, enough)
  }

  #allBut(attacker: Attacker): number[] {
    return [...this.#revealed.lattice.companies.keys()].filter((company) => company !== attacker)
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
    this.#proofs.effort -= countFreeGroups(this.#revealed, companies) ** 2
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
