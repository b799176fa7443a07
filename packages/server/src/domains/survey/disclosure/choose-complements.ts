/**
 * Secondary suppression: hides more until nothing hidden can be found out by putting shown numbers together, for anybody or
 * for an insider of any company. What is hidden beside is the cheapest that helps: the group of fewest respondents,
 * rather of one company than of all, and everybody last of all.
 */
import { findNarrowNumbers, type Proofs } from './bound-cells.ts'
import { SolvedSums } from './exposed-groups.ts'
import { findTellingRemainders } from './remainder-rule.ts'
import { type Attacker, isOfSamePeople, isSameAsShown, isSecretTo, type Revealed } from './revealed.ts'
import type { Thresholds } from './thresholds.ts'

/** What an audit found: groups one of which has to be hidden as well. */
interface Fault {
  candidates: readonly number[]
  attacker: Attacker
  /** The group that a number could be narrowed of, where that is the fault. */
  narrow?: number
}

/**
 * The groups to hide: those that `revealed` hides, and complements. Where these are a whole level, the others are of no account.
 *
 * @param least to what width hidden numbers may be narrowed; 0 where it is enough that none can be computed
 * @param insiders whether companies that know their own answers are reckoned with
 */
export async function chooseComplements(
  revealed: Revealed,
  least: number,
  insiders: boolean,
  thresholds: Thresholds,
): Promise<ReadonlySet<number>> {
  const { lattice, level, respondents } = revealed
  const hidden = new Set(revealed.hidden)
  const audit = makeAudit(revealed, least, insiders, thresholds)
  const proofs: Proofs = { wide: new Map(), effort: level === undefined ? Number.POSITIVE_INFINITY : mostEffort }
  for (let settled = false; !settled; ) {
    const added = new Set<number>()
    const helped = new Set<number | null>()
    for await (const fault of audit(new Set(hidden), proofs)) {
      // One complement may mend several faults; whether it does, the next audit tells.
      if (fault.candidates.some((group) => added.has(group))) continue
      const company = fault.narrow === undefined ? null : lattice.groups[fault.narrow]!.company
      if (company !== null && helped.has(company)) continue
      for (const group of complementsOf(revealed, hidden, fault)) {
        hidden.add(group)
        added.add(group)
        if (company !== null) helped.add(company).add(lattice.groups[group]!.company)
      }
    }
    if (level !== undefined && (proofs.effort <= 0 || level.isSubsetOf(hidden))) return hidden.union(level)
    // Without a group that contains them, hidden groups are owed all the width that it took; and a total is a secret to an
    // insider as soon as a part of another company is.
    for (const { index, within, byCompany } of lattice.groups) {
      if ([...within, ...byCompany].some((group) => added.has(group))) proofs.wide.delete(index)
    }
    settled = added.size === 0
  }

  // A later complement may have made an earlier one needless: the dearest is shown again if nothing comes out by it.
  const complements = [...hidden].filter((group) => !revealed.hidden.has(group) && respondents[group]! > 0)
  if (complements.length > mostRevisited || level !== undefined) return hidden
  for (const group of complements.sort((a, b) => compareDearness(revealed, b, a))) {
    hidden.delete(group)
    if (await hasFault(audit(hidden, { ...proofs, wide: new Map() }))) hidden.add(group)
  }
  return hidden
}

// The loop is left, not forgotten: so the audit lets go of the solver's memory, which nobody else would.
async function hasFault(faults: AsyncIterable<Fault>): Promise<boolean> {
  for await (const _ of faults) return true
  return false
}

/** With more complements than this, or in levels, looking at each again would take longer than it is worth. */
const mostRevisited = 30

/** A level that takes more is nearly all hidden in the end, and takes minutes to get there. This is some five seconds. */
const mostEffort = 750_000

/** What is wrong with a set of hidden groups: the cheapest kind of fault first, others only where there is none of it. */
function makeAudit(revealed: Revealed, least: number, insiders: boolean, thresholds: Thresholds) {
  return async function* audit(hidden: ReadonlySet<number>, proofs: Proofs): AsyncGenerator<Fault> {
    const now = { ...revealed, hidden }
    // Whoever sees a group of the same people sees this one.
    const unknown = new Set([...hidden].filter((group) => !isSameAsShown(now, group)))
    let found = false
    for (const exposed of findExposed(now, unknown, insiders)) {
      const candidates = whatToHide(now, exposed)
      if (candidates.length === 0) continue
      found = true
      yield { ...exposed, candidates }
    }
    if (found) return
    const { lattice, family } = revealed
    for (const { candidates } of findTellingRemainders(lattice, family, unknown, insiders, thresholds)) {
      found = true
      yield { candidates, attacker: null }
    }
    if (!found && least > 0) yield* findNarrow(now, least, insiders, proofs)
  }
}

/** The groups of which one has to be hidden; none where all are, and what is left is what everyone knew before. */
function whatToHide(revealed: Revealed, { candidates, attacker }: Fault): number[] {
  const { lattice, hidden } = revealed
  const mayHide = mayBeHidden(revealed, attacker)
  // A hidden group that is known is so by those around it that are of the same people.
  return candidates
    .flatMap((group) =>
      hidden.has(group)
        ? lattice.groups[group]!.within.filter((each) => isOfSamePeople(revealed, group, each))
        : [group],
    )
    .filter(mayHide)
}

/** Whether hiding a group could help against an attacker. */
function mayBeHidden({ lattice, hidden, respondents }: Revealed, attacker: Attacker): (group: number) => boolean {
  return (group) =>
    !hidden.has(group) && respondents[group]! > 0 && (attacker === null || lattice.groups[group]!.company !== attacker)
}

function* findExposed(revealed: Revealed, unknown: ReadonlySet<number>, insiders: boolean): Generator<Fault> {
  const { remembered } = revealed
  let found = false
  for (const fault of findExposedAmong(revealed, unknown, insiders)) {
    found = true
    yield fault
  }
  // Who remembers what was shown of nearly the same people may compute the others from it.
  const forgotten = new Set([...unknown].filter((group) => !remembered.has(group)))
  if (!found && forgotten.size < unknown.size) yield* findExposedAmong(revealed, forgotten, insiders)
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
  proofs: Proofs,
): AsyncGenerator<Fault> {
  const { lattice } = revealed
  for await (const { group, attacker } of findNarrowNumbers(revealed, least, insiders, proofs)) {
    const mayHelp = mayBeHidden(revealed, attacker)
    const akin = lattice.sums
      .flatMap(({ total, parts }) => (total === group || parts.includes(group) ? [total, ...parts] : []))
      .filter(mayHelp)
    const any = lattice.groups.filter(({ index, planned }) => planned && mayHelp(index)).map(({ index }) => index)
    yield { candidates: akin.length > 0 ? akin : any, attacker, narrow: group }
  }
}

/** What to hide for a fault: one group, or where a number of a large table is narrow, a row of groups. */
function complementsOf(revealed: Revealed, hidden: ReadonlySet<number>, fault: Fault): readonly number[] {
  const { level, lattice } = revealed
  const mayHide = mayBeHidden({ ...revealed, hidden }, fault.attacker)
  const company = fault.narrow === undefined ? null : lattice.groups[fault.narrow]!.company
  if (level !== undefined && company !== null) {
    const shown = [...level].filter((group) => !hidden.has(group))
    const row = rowOf(revealed, shown.filter(mayHide), company)
    return row.length > 0 ? row : shown
  }
  const isDear = (group: number) => Number(level !== undefined && !level.has(group))
  return fault.candidates
    .filter(mayHide)
    .sort((a, b) => isDear(a) - isDear(b) || compareDearness(revealed, a, b))
    .slice(0, 1)
}

/**
 * In large tables, whose numbers are small, one group more seldom helps. There a row is hidden: that of the company, or where
 * it is hidden already, that of another, of fewest respondents.
 */
function rowOf({ lattice, respondents }: Revealed, shown: readonly number[], company: number): readonly number[] {
  const rows = Map.groupBy(shown, (group) => lattice.groups[group]!.company)
  const people = (row: readonly number[]) => row.reduce((sum, group) => sum + respondents[group]!, 0)
  return rows.get(company) ?? [...rows.values()].sort((a, b) => people(a) - people(b) || a[0]! - b[0]!)[0] ?? []
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
