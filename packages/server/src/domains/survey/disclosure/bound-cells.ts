/**
 * Bounds: whether every hidden number is known no more narrowly than to an interval of the threshold's width, or of the
 * width that single shown groups leave it (see what-one-table-tells.ts). For everybody, and for an insider of each company.
 */
import type { Attacker, Bounds, Revealed } from './revealed.ts'
import { boundsFor, isSecretTo } from './revealed.ts'
import { Extremes, loadSolver } from './solve-bounds.ts'
import { AnswerSwaps, type Reach } from './swap-answers.ts'
import { widthFromEachAlone } from './what-one-table-tells.ts'

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
  const audit = new Audit(revealed, least, insiders)
  try {
    for (const group of [...hidden].sort((a, b) => a - b)) {
      if (respondents[group] === 0) continue
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

/** The means of proof for one set of hidden groups, each made when it is first needed. */
class Audit {
  readonly #revealed: Revealed
  readonly #least: number
  readonly #companies: readonly number[]
  readonly #swapping: Swapping
  #without: Swapping | undefined
  readonly #extremes = new Map<Attacker, Extremes>()

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
    const owedToAll = Math.min(this.#least, widthFromEachAlone(this.#revealed, group, answers, null))
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
      const isWide =
        this.#revealed.level === undefined
          ? await this.#isWideBySolver(group, answers, attacker, enough)
          : this.#isAsWideAsWithout(this.#revealed.level, group, answers, attacker, enough)
      if (!isWide) return attacker
    }
    return undefined
  }

  /** The solver's memory is not the garbage collector's. */
  dispose(): void {
    for (const each of this.#extremes.values()) each.dispose()
  }

  #owed(group: number, answers: readonly number[], attacker: Attacker): number {
    return isSecretTo(this.#revealed, group, attacker)
      ? Math.min(this.#least, widthFromEachAlone(this.#revealed, group, answers, attacker))
      : 0
  }

  /** Whether a number is no narrower than it would be if nothing of the level were shown. */
  #isAsWideAsWithout(
    level: ReadonlySet<number>,
    group: number,
    answers: readonly number[],
    attacker: Attacker,
    enough: number,
  ): boolean {
    this.#without ??= new Swapping({ ...this.#revealed, hidden: new Set([...this.#revealed.hidden, ...level]) })
    const left = this.#without.reach(group, answers, attacker, enough)
    return this.#swapping.reach(group, answers, attacker, enough).width >= left.width
  }

  async #isWideBySolver(group: number, answers: readonly number[], attacker: Attacker, enough: number) {
    const extremes =
      this.#extremes.get(attacker) ??
      new Extremes(await loadSolver(), this.#revealed, attacker, this.#swapping.boundsIn(attacker))
    this.#extremes.set(attacker, extremes)
    return isWide(extremes, this.#revealed, group, answers, enough)
  }
}

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

/** Whether the two extremes that the solver finds are far enough apart; where it finds none, there is what people answered. */
function isWide(
  extremes: Extremes,
  { counts }: Revealed,
  group: number,
  answers: readonly number[],
  enough: number,
): boolean {
  const width = counts[0]!.length
  const truth = answers.reduce((sum, answer) => sum + counts[group]![answer]!, 0)
  const furthest = (direction: 'most' | 'least') => {
    const found = extremes.find(group, answers, direction)
    return found === undefined ? truth : answers.reduce((sum, answer) => sum + found[group * width + answer]!, 0)
  }
  const most = furthest('most')
  return most - truth >= enough || most - furthest('least') >= enough
}
