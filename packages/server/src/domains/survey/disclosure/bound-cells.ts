/**
 * Bounds: whether every hidden number is known no more narrowly than to an interval of the threshold's width, or of the
 * width that single shown groups leave it (see what-one-table-tells.ts). For everybody, and for an insider of each company.
 */
import type { Attacker, Bounds, Revealed } from './revealed.ts'
import { boundsFor, isSecretTo } from './revealed.ts'
import { Extremes, loadSolver } from './solve-bounds.ts'
import { AnswerSwaps } from './swap-answers.ts'
import { widthFromEachAlone } from './what-one-table-tells.ts'

export interface NarrowNumber {
  group: number
  attacker: Attacker
}

/** Numbers proven wide, so that they need not be again when more is hidden: that only widens them. */
export type ProvenWide = Set<string>

/** The first hidden number that an attacker could narrow too far, if there is one. */
export async function findNarrowNumber(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  proven: ProvenWide,
): Promise<NarrowNumber | undefined> {
  const { lattice, hidden, respondents, guarded } = revealed
  const swaps = new AnswerSwaps(revealed)
  const everyone = boundsFor(revealed, 'everyone')
  const boundsOf = new Map<Attacker, Bounds>()
  const boundsIn = (attacker: Attacker) => {
    const bounds = boundsOf.get(attacker) ?? boundsFor(revealed, attacker)
    boundsOf.set(attacker, bounds)
    return bounds
  }
  const companies = insiders ? [...lattice.companies.keys()] : []

  const extremes = new Map<Attacker, Extremes>()
  const extremesFor = async (attacker: Attacker) => {
    const known = extremes.get(attacker) ?? new Extremes(await loadSolver(), revealed, attacker, boundsIn(attacker))
    extremes.set(attacker, known)
    return known
  }

  try {
    for (const group of [...hidden].sort((a, b) => a - b)) {
      if (respondents[group] === 0) continue
      for (const answers of guarded) {
        const name = `${group} ${answers.join()}`
        if (proven.has(name)) continue
        const own = lattice.groups[group]!.company
        const needed = (attacker: Attacker) =>
          isSecretTo(revealed, group, attacker)
            ? Math.min(least, widthFromEachAlone(revealed, group, answers, attacker))
            : 0
        // Who knows more is owed less: what is wide enough for everybody is so for the insiders whose people didn't move.
        const neededByAll = Math.min(least, widthFromEachAlone(revealed, group, answers, null))
        const first = swaps.reach(group, answers, null, everyone, neededByAll)
        let pending: Attacker[] =
          first.width >= neededByAll
            ? [...first.companies].filter((company) => insiders && company !== own)
            : [null, ...companies.filter((company) => company !== own)]
        while (pending.length > 0) {
          const attacker = pending.shift()!
          const enough = needed(attacker)
          if (enough === 0) continue
          const reach = swaps.reach(group, answers, attacker, everyone, neededByAll)
          if (reach.width >= neededByAll) {
            pending = pending.filter((other) => other !== null && reach.companies.has(other))
            continue
          }
          if (reach.width >= enough) continue
          if (swaps.reach(group, answers, attacker, boundsIn(attacker), enough).width >= enough) continue
          if (!isWide(await extremesFor(attacker), revealed, group, answers, enough)) return { group, attacker }
        }
        proven.add(name)
      }
    }
    return undefined
  } finally {
    for (const each of extremes.values()) each.dispose()
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
