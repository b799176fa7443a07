/**
 * How wide a hidden number could be at the widest. Each shown distribution is fit to be shown, and it alone already says
 * something of the groups within it: where the whole network gave an answer twice, no company gave it more often. That is
 * no disclosure. What disclosure control answers for is what comes out when shown numbers are put together.
 */
import type { Range } from './ranges.ts'
import type { Attacker, Revealed } from './revealed.ts'

/**
 * Between what shown groups that contain a group, each taken alone, leave the number of its people who gave one of
 * `answers`, in the eyes of the attacker, were the group itself hidden.
 */
export function rangeFromEachAlone(
  revealed: Revealed,
  group: number,
  answers: readonly number[],
  attacker: Attacker,
): Range {
  const others = revealed.counts[group]!.flatMap((_, answer) => (answers.includes(answer) ? [] : [answer]))
  return {
    low: revealed.respondents[group]! - mostIn(revealed, group, others, attacker),
    high: mostIn(revealed, group, answers, attacker),
  }
}

/** The width of that range. */
export function widthFromEachAlone(
  revealed: Revealed,
  group: number,
  answers: readonly number[],
  attacker: Attacker,
): number {
  const { low, high } = rangeFromEachAlone(revealed, group, answers, attacker)
  return Math.max(0, high - low)
}

/**
 * The width to which other measures, as they are shown and hidden, and earlier waves narrow a number. Hiding more of its own measure
 * doesn't widen it: where it is too little, these are hidden (told-by-others.ts).
 */
export function widthOfKnown(
  { knownAnyway, respondents }: Revealed,
  group: number,
  answers: readonly number[],
): number {
  const mostOf = (isMeant: boolean) => {
    let [high, low] = [0, 0]
    for (const [answer, range] of knownAnyway[group]!.entries()) {
      if (answers.includes(answer) === isMeant) high += range.high
      else low += range.low
    }
    return Math.min(high, respondents[group]! - low)
  }
  return Math.max(0, mostOf(true) + mostOf(false) - respondents[group]!)
}

function mostIn(revealed: Revealed, group: number, answers: readonly number[], attacker: Attacker): number {
  const { lattice, hidden, counts, respondents, knownIfShown, unavoidable } = revealed
  const sum = (numbers: readonly number[], given: readonly number[]) =>
    given.reduce((sum, answer) => sum + numbers[answer]!, 0)
  const others = counts[group]!.flatMap((_, answer) => (answers.includes(answer) ? [] : [answer]))
  // What is known of the group itself, whatever is hidden of it, and what an insider knows of the own people in it.
  const highs = unavoidable[group]!.map(({ high }) => high)
  const lows = unavoidable[group]!.map(({ low }) => low)
  let most = Math.min(respondents[group]!, sum(highs, answers), respondents[group]! - sum(lows, others))
  const ownOf = (each: number) => {
    const own = attacker === null ? undefined : lattice.groups[each]!.byCompany[attacker]
    return own === undefined ? counts[group]!.map(() => 0) : counts[own]!
  }
  const ownWithin = ownOf(group)
  most = Math.min(most, respondents[group]! - sum(ownWithin, others))
  for (const container of lattice.groups[group]!.within) {
    if (hidden.has(container)) continue
    const own = ownOf(container)
    // Own people of the group itself are not beside it.
    const ownBeside = sum(own, answers) - sum(ownWithin, answers)
    // At most what is known of the answers, or what the others leave.
    const known = knownIfShown[container]!
    const high = highOf(known, answers, (answer) => known[answer]!.high)
    const lowOfOthers = counts[container]!.reduce(
      (sum, _, answer) => (answers.includes(answer) ? sum : sum + Math.max(known[answer]!.low, own[answer]!)),
      0,
    )
    most = Math.min(most, high - ownBeside, respondents[container]! - lowOfOthers - ownBeside)
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
