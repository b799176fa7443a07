/**
 * How wide a hidden number could be at the widest. Each shown distribution is fit to be shown, and it alone already says
 * something of the groups within it: where the whole network gave an answer twice, no company gave it more often. That is
 * no disclosure. What disclosure control answers for is what comes out when shown numbers are put together.
 */
import type { Attacker, Revealed } from './revealed.ts'

/**
 * The width to which shown groups that contain a hidden one narrow the number of its people who gave one of `answers`, each
 * taken alone, in the eyes of the attacker.
 */
export function widthFromEachAlone(
  revealed: Revealed,
  group: number,
  answers: readonly number[],
  attacker: Attacker,
): number {
  const others = revealed.counts[group]!.flatMap((_, answer) => (answers.includes(answer) ? [] : [answer]))
  const respondents = revealed.respondents[group]!
  const most = mostIn(revealed, group, answers, attacker)
  const least = respondents - mostIn(revealed, group, others, attacker)
  return Math.max(0, most - least)
}

function mostIn(revealed: Revealed, group: number, answers: readonly number[], attacker: Attacker): number {
  const { lattice, hidden, counts, respondents, knownIfShown, knownAnyway } = revealed
  const sum = (numbers: readonly number[], given: readonly number[]) =>
    given.reduce((sum, answer) => sum + numbers[answer]!, 0)
  const others = counts[group]!.flatMap((_, answer) => (answers.includes(answer) ? [] : [answer]))
  // What is known of the group itself, shown or not, and what an insider knows of the own people in it.
  const anyway = knownAnyway[group]!
  const highs = anyway.map(({ high }) => high)
  const lows = anyway.map(({ low }) => low)
  let most = Math.min(respondents[group]!, sum(highs, answers), respondents[group]! - sum(lows, others))
  const ownGroup = attacker === null ? undefined : lattice.groups[group]!.byCompany[attacker]
  if (ownGroup !== undefined) most = Math.min(most, respondents[group]! - sum(counts[ownGroup]!, others))
  for (const container of lattice.groups[group]!.within) {
    if (hidden.has(container)) continue
    const { company, byCompany } = lattice.groups[container]!
    const own = company === null && attacker !== null ? counts[byCompany[attacker]!]! : undefined
    const sumOfOwn = answers.reduce((sum, answer) => sum + (own?.[answer] ?? 0), 0)
    // At most what is known of the answers, or what the others leave.
    const known = knownIfShown[container]!
    const high = highOf(known, answers, (answer) => known[answer]!.high)
    const lowOfOthers = counts[container]!.reduce(
      (sum, _, answer) => (answers.includes(answer) ? sum : sum + Math.max(known[answer]!.low, own?.[answer] ?? 0)),
      0,
    )
    most = Math.min(most, high - sumOfOwn, respondents[container]! - lowOfOthers - sumOfOwn)
  }
  return most
}

/** The least upper bound from single answers and from known sums that lie within the set. */
function highOf(
  known: Revealed['knownIfShown'][number],
  answers: readonly number[],
  highOfOne: (answer: number) => number,
) {
  let high = answers.reduce((sum, answer) => sum + highOfOne(answer), 0)
  for (const { answers: together, high: highOfSum } of known) {
    if (together.length > 1 && together.every((answer) => answers.includes(answer))) {
      const rest = answers.filter((answer) => !together.includes(answer))
      high = Math.min(high, highOfSum + rest.reduce((sum, answer) => sum + highOfOne(answer), 0))
    }
  }
  return high
}
