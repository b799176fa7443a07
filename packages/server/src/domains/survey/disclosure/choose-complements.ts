/**
 * Secondary suppression: hides more until nothing hidden can be found out by putting shown numbers together, for anybody or
 * for an insider of any company. What is hidden beside is the cheapest that helps: the group of fewest respondents,
 * rather of one company than of all, and everybody last of all.
 */
import { findNarrowNumber, type ProvenWide } from './bound-cells.ts'
import { SolvedSums } from './exposed-groups.ts'
import { findTellingRemainder } from './remainder-rule.ts'
import { type Attacker, isSecretTo, type Revealed } from './revealed.ts'
import type { Thresholds } from './thresholds.ts'

/** What an audit found: groups one of which has to be hidden as well. */
interface Fault {
  candidates: readonly number[]
  attacker: Attacker
}

/**
 * The groups to hide: those that `revealed` hides, and complements.
 *
 * @param least to what width hidden numbers may be narrowed
 * @param insiders whether companies that know their own answers are reckoned with
 */
export async function chooseComplements(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  thresholds: Thresholds,
): Promise<ReadonlySet<number>> {
  const hidden = new Set(revealed.hidden)
  const audit = makeAudit(revealed, least, insiders, thresholds)
  let proven: ProvenWide = new Set()
  for (;;) {
    const fault = await audit(hidden, proven)
    if (fault === undefined) break
    const complement = cheapest(revealed, hidden, fault)
    // With everything hidden there is nothing to put together; what is left is what everyone knew before.
    if (complement === undefined) break
    hidden.add(complement)
    // Without a group that contains them, hidden groups are owed all the width that it took.
    if (revealed.lattice.groups.some(({ index, within }) => hidden.has(index) && within.includes(complement)))
      proven = new Set()
  }

  // A later complement may have made an earlier one needless: the dearest is shown again if nothing comes out by it.
  const complements = [...hidden].filter((group) => !revealed.hidden.has(group))
  if (complements.length > mostRevisited) return hidden
  for (const group of complements.sort((a, b) => dearness(revealed, b) - dearness(revealed, a) || b - a)) {
    hidden.delete(group)
    if ((await audit(hidden, new Set())) !== undefined) hidden.add(group)
  }
  return hidden
}

/** With more complements than this, looking at each again would take longer than it is worth. */
const mostRevisited = 30

function makeAudit(revealed: Revealed, least: number, insiders: boolean, thresholds: Thresholds) {
  return async (hidden: ReadonlySet<number>, proven: ProvenWide): Promise<Fault | undefined> =>
    findExposed({ ...revealed, hidden }, insiders) ??
    findRemainder(revealed, hidden, insiders, thresholds) ??
    (await findNarrow({ ...revealed, hidden }, least, insiders, proven))
}

function findExposed(revealed: Revealed, insiders: boolean): Fault | undefined {
  const { lattice, hidden, respondents } = revealed
  const isUnknown = (group: number) => hidden.has(group) && respondents[group]! > 0
  const solved = new SolvedSums(lattice.sums, isUnknown, (group) => respondents[group] === 0)
  const exposure = solved.exposed().find(({ group }) => isSecretTo(revealed, group, null))
  if (exposure !== undefined) return { candidates: exposure.from, attacker: null }

  // Only who has something hidden knows more than is shown, as far as exact numbers go.
  const own = new Map<number, Set<number>>()
  for (const group of insiders ? hidden : []) {
    const { company } = lattice.groups[group]!
    if (company !== null && isUnknown(group)) own.set(company, (own.get(company) ?? new Set()).add(group))
  }
  for (const [attacker, groups] of [...own].sort(([a], [b]) => a - b)) {
    const exposure = solved.exposedTo(groups).find(({ group }) => isSecretTo(revealed, group, attacker))
    if (exposure !== undefined) return { candidates: exposure.from, attacker }
  }
  return undefined
}

function findRemainder(
  { lattice, family }: Revealed,
  hidden: ReadonlySet<number>,
  insiders: boolean,
  thresholds: Thresholds,
): Fault | undefined {
  const remainder = findTellingRemainder(lattice, family, hidden, insiders, thresholds)
  return remainder && { ...remainder, attacker: null }
}

async function findNarrow(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  proven: ProvenWide,
): Promise<Fault | undefined> {
  const { lattice, hidden, respondents } = revealed
  const narrow = await findNarrowNumber(revealed, least, insiders, proven)
  if (narrow === undefined) return undefined
  const { group, attacker } = narrow
  const mayHelp = (each: number) =>
    !hidden.has(each) && respondents[each]! > 0 && (attacker === null || lattice.groups[each]!.company !== attacker)
  const akin = lattice.sums
    .flatMap(({ total, parts }) => (parts.includes(group) ? [total, ...parts] : []))
    .filter(mayHelp)
  const any = lattice.groups.filter(({ index, planned }) => planned && mayHelp(index)).map(({ index }) => index)
  return { candidates: akin.length > 0 ? akin : any, attacker }
}

function cheapest(
  revealed: Revealed,
  hidden: ReadonlySet<number>,
  { candidates, attacker }: Fault,
): number | undefined {
  return candidates
    .filter((group) => !hidden.has(group) && revealed.respondents[group]! > 0)
    .filter((group) => attacker === null || revealed.lattice.groups[group]!.company !== attacker)
    .sort((a, b) => dearness(revealed, a) - dearness(revealed, b) || a - b)[0]
}

/** What is lost by hiding a group: a total over companies is dearer than any company, and everybody dearer than any. */
function dearness({ lattice, respondents }: Revealed, group: number): number {
  const { company, within } = lattice.groups[group]!
  const all = lattice.respondents[0]!.length * Math.max(...respondents) + 1
  return respondents[group]! + (company === null ? all : 0) + (within.length === 0 ? all : 0)
}
