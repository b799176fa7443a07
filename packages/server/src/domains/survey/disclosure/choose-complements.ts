/**
 * Secondary suppression: hides more until nothing hidden can be found out by putting shown numbers together, for anybody or
 * for an insider of any company. What is hidden beside is the cheapest that helps: the group of fewest respondents,
 * rather of one company than of all, and everybody last of all.
 */
import { findNarrowNumbers, type ProvenWide } from './bound-cells.ts'
import { SolvedSums } from './exposed-groups.ts'
import { findTellingRemainders } from './remainder-rule.ts'
import { type Attacker, isSecretTo, type Revealed } from './revealed.ts'
import type { Thresholds } from './thresholds.ts'

/** What an audit found: groups one of which has to be hidden as well. */
interface Fault {
  candidates: readonly number[]
  attacker: Attacker
  /** The group that a number could be narrowed of, where that is the fault. */
  narrow?: number
}

/**
 * The groups to hide: those that `revealed` hides, and complements. Undefined where only groups of a level may be hidden
 * beside, and that is not enough.
 *
 * @param least to what width hidden numbers may be narrowed
 * @param insiders whether companies that know their own answers are reckoned with
 */
export async function chooseComplements(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  thresholds: Thresholds,
): Promise<ReadonlySet<number> | undefined> {
  const hidden = new Set(revealed.hidden)
  const audit = makeAudit(revealed, least, insiders, thresholds)
  const proven: ProvenWide = new Map()
  for (let settled = false; !settled; ) {
    settled = true
    const added = new Set<number>()
    for await (const fault of audit(new Set(hidden), proven)) {
      // One complement may mend several faults; whether it does, the next audit tells.
      if (fault.candidates.some((group) => added.has(group))) continue
      const company = fault.narrow === undefined ? null : revealed.lattice.groups[fault.narrow]!.company
      const complements =
        company === null || revealed.level === undefined
          ? cheapest(revealed, hidden, fault)
          : restOfRow(revealed, revealed.level, hidden, company)
      if (complements.length === 0 && revealed.level !== undefined) return undefined
      // With everything hidden there is nothing to put together; what is left is what everyone knew before.
      for (const group of complements) {
        hidden.add(group)
        added.add(group)
        settled = false
      }
    }
    // Without a group that contains them, hidden groups are owed all the width that it took; and a total is a secret to an
    // insider as soon as a part of another company is.
    for (const { index, within, byCompany } of revealed.lattice.groups) {
      if ([...within, ...byCompany].some((group) => added.has(group))) proven.delete(index)
    }
  }

  // A later complement may have made an earlier one needless: the dearest is shown again if nothing comes out by it.
  const complements = [...hidden].filter((group) => !revealed.hidden.has(group))
  if (complements.length > mostRevisited) return hidden
  for (const group of complements.sort((a, b) => compareDearness(revealed, b, a))) {
    hidden.delete(group)
    if (await hasFault(audit(hidden, new Map()))) hidden.add(group)
  }
  return hidden
}

// The loop is left, not forgotten: so the audit lets go of the solver's memory, which nobody else would.
async function hasFault(faults: AsyncIterable<Fault>): Promise<boolean> {
  for await (const _ of faults) return true
  return false
}

/** With more complements than this, looking at each again would take longer than it is worth. */
const mostRevisited = 30

/** What is wrong with a set of hidden groups: the cheapest kind of fault first, others only where there is none of it. */
function makeAudit(revealed: Revealed, least: number, insiders: boolean, thresholds: Thresholds) {
  return async function* audit(hidden: ReadonlySet<number>, proven: ProvenWide): AsyncGenerator<Fault> {
    const now = { ...revealed, hidden }
    let found = false
    for (const exposed of findExposed(now, insiders)) {
      found = true
      yield exposed
    }
    if (found) return
    for (const { candidates } of findTellingRemainders(
      revealed.lattice,
      revealed.family,
      hidden,
      insiders,
      thresholds,
    )) {
      found = true
      yield { candidates, attacker: null }
    }
    if (!found) yield* findNarrow(now, least, insiders, proven)
  }
}

function* findExposed(revealed: Revealed, insiders: boolean): Generator<Fault> {
  const { hidden, remembered } = revealed
  let found = false
  for (const fault of findExposedAmong(revealed, hidden, insiders)) {
    found = true
    yield fault
  }
  // Who remembers what was shown of nearly the same people may compute the others from it.
  const forgotten = new Set([...hidden].filter((group) => !remembered.has(group)))
  if (!found && forgotten.size < hidden.size) yield* findExposedAmong(revealed, forgotten, insiders)
}

function* findExposedAmong(revealed: Revealed, unknown: ReadonlySet<number>, insiders: boolean): Generator<Fault> {
  const { lattice, respondents } = revealed
  const isUnknown = (group: number) => unknown.has(group) && respondents[group]! > 0
  const solved = new SolvedSums(lattice.sums, isUnknown, (group) => respondents[group] === 0)
  let found = false
  for (const { group, from } of solved.exposed()) {
    if (!isSecretTo(revealed, group, null)) continue
    found = true
    yield { candidates: from, attacker: null }
  }
  if (found) return

  // Only who has something hidden knows more than is shown, as far as exact numbers go.
  const own = new Map<number, Set<number>>()
  for (const group of insiders ? unknown : []) {
    const { company } = lattice.groups[group]!
    if (company !== null && isUnknown(group)) own.set(company, (own.get(company) ?? new Set()).add(group))
  }
  for (const [attacker, groups] of [...own].sort(([a], [b]) => a - b)) {
    for (const { group, from } of solved.exposedTo(groups)) {
      if (isSecretTo(revealed, group, attacker)) yield { candidates: from, attacker }
    }
  }
}

async function* findNarrow(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  proven: ProvenWide,
): AsyncGenerator<Fault> {
  const { lattice, hidden, respondents } = revealed
  for await (const { group, attacker } of findNarrowNumbers(revealed, least, insiders, proven)) {
    const mayHelp = (each: number) =>
      !hidden.has(each) && respondents[each]! > 0 && (attacker === null || lattice.groups[each]!.company !== attacker)
    const akin = lattice.sums
      .flatMap(({ total, parts }) => (total === group || parts.includes(group) ? [total, ...parts] : []))
      .filter(mayHelp)
    const any = lattice.groups.filter(({ index, planned }) => planned && mayHelp(index)).map(({ index }) => index)
    yield { candidates: akin.length > 0 ? akin : any, attacker, narrow: group }
  }
}

function cheapest(revealed: Revealed, hidden: ReadonlySet<number>, { candidates, attacker }: Fault): number[] {
  return candidates
    .filter((group) => revealed.level?.has(group) ?? true)
    .filter((group) => !hidden.has(group) && revealed.respondents[group]! > 0)
    .filter((group) => attacker === null || revealed.lattice.groups[group]!.company !== attacker)
    .sort((a, b) => compareDearness(revealed, a, b))
    .slice(0, 1)
}

/**
 * In large tables, whose numbers are small, one group more seldom helps. There the row of a number is hidden: the groups of the
 * level that are of its company.
 */
function restOfRow(
  { lattice, respondents }: Revealed,
  level: ReadonlySet<number>,
  hidden: ReadonlySet<number>,
  company: number,
): number[] {
  return [...level].filter(
    (group) => lattice.groups[group]!.company === company && !hidden.has(group) && respondents[group]! > 0,
  )
}

/**
 * By what is lost by hiding a group: least by one of a company that a recode divides, more by a company as a whole, more by a
 * total over companies, and most by everybody; and of a kind, by one of few respondents.
 */
function compareDearness({ lattice, respondents }: Revealed, a: number, b: number): number {
  const kind = (group: number) => {
    const { company, key, within } = lattice.groups[group]!
    if (company === null) return within.length === 0 ? 3 : 2
    return Object.keys(key).length === 1 ? 1 : 0
  }
  return kind(a) - kind(b) || respondents[a]! - respondents[b]! || a - b
}
