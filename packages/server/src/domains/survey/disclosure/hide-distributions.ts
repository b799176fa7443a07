/**
 * What a release hides, family by family: what tells too much by itself, what earlier waves say, totals that are open to
 * insiders, and complements. A family comes after those that it follows. Where others tell too much of what is hidden,
 * more of them is hidden, and they and all that follows them are protected again.
 */
import { chooseComplements } from './choose-complements.ts'
import type { CountedTables, Lattice } from './counted-tables.ts'
import { totalsOpenToInsiders } from './insider-rule.ts'
import { asPart, type Choose, Levels } from './levels.ts'
import { type Family, findFamilies } from './measure-families.ts'
import type { Distribution } from './publish.ts'
import { type Revealed, rangeOfShown, reveal, type Surroundings } from './revealed.ts'
import { type Place, type SoFar, seeNumbers } from './seen-numbers.ts'
import { isTelling, leastOf } from './suppress-primary.ts'
import type { Thresholds } from './thresholds.ts'
import { findTellers, placesThatTell, toldByOthers } from './told-by-others.ts'
import type { Precedents } from './waves.ts'

/** What is reckoned with beside what a distribution says by itself. */
export interface Precautions {
  /** That companies know how their own people answered. */
  insiders: boolean
  /** That hidden numbers can be computed from shown ones. */
  complements: boolean
  /** That earlier waves asked nearly the same people. */
  waves: boolean
}

/** Whether a measure of a group is hidden. */
export type IsHidden = (measure: number, group: number) => boolean

/** @param shown how a measure of a group is shown where it is not hidden */
export async function hideDistributions(
  precautions: Precautions,
  counted: CountedTables,
  lattice: Lattice,
  thresholds: Thresholds,
  precedents: Precedents,
  shown: (measure: number, group: number) => Distribution,
): Promise<IsHidden> {
  const families = findFamilies(lattice)
  const familyOf = new Map(families.flatMap((family) => family.members.map(({ measure }) => [measure, family])))
  const hiddenIn = new Map<Family, ReadonlySet<number>>(families.map((family) => [family, new Set()]))
  const hiddenForOthers = new Map(families.map((family) => [family, new Set<number>()]))

  const showsAs = (measure: number, group: number) => ({
    distribution: shown(measure, group),
    repeats: precedents.answer(measure, group)?.repeat !== undefined,
  })
  const isHidden: IsHidden = (measure, group) => hiddenIn.get(familyOf.get(measure)!)!.has(group)
  /** As they are now: until something else is hidden. */
  const surroundingsAt = (place: (group: number) => number): Surroundings => {
    const [seen, seenIfHidden] = [false, true].map((allHidden) => seeNumbers(soFar, null, () => allHidden))
    return {
      showsAs: (measure, group) => showsAs(measure, place(group)),
      told: (measure, group, allHidden) =>
        toldByOthers(soFar.tellers, allHidden ? seenIfHidden! : seen!, measure, place(group)),
      remembers: (measure, group) => precedents.remembers(measure, place(group)),
    }
  }
  const protectedSoFar = new Map<Family, Revealed>()
  const alone = new Map<Family, Revealed>()
  const revealedIn = (known: Map<Family, Revealed>, told?: Surroundings['told']) => (measure: number) => {
    const family = familyOf.get(measure)!
    let revealed = known.get(family)
    if (revealed === undefined) {
      const around = surroundingsAt((group) => group)
      const surroundings = told === undefined ? around : { ...around, told }
      revealed = reveal(asPart(lattice), family, hiddenIn.get(family)!, surroundings, thresholds)
      known.set(family, revealed)
    }
    return revealed
  }
  const soFar: SoFar = {
    lattice,
    tellers: findTellers(lattice),
    revealedOf: revealedIn(protectedSoFar),
    revealedAloneOf: revealedIn(alone, () => undefined),
    isHidden,
    rangeOf: (measure, group, answer) =>
      rangeOfShown(lattice, measure, group, showsAs(measure, group), answer, thresholds),
  }
  const hide = (family: Family, hidden: ReadonlySet<number>) => {
    hiddenIn.set(family, hidden)
    alone.delete(family)
    // Others are told of by this one.
    protectedSoFar.clear()
  }

  const levels = new Levels(counted, lattice)
  const tablesShown = (family: Family) =>
    levels.tablesOf(lattice.groups.filter(({ index }) => !hiddenIn.get(family)!.has(index)))
  const tablesRemembered = ({ finest }: Family) =>
    levels.tablesOf(lattice.groups.filter(({ index }) => precedents.remembers(finest, index) !== undefined))
  // Of which tables it is known how many answered, as far as all is protected.
  const ofKnownSize = new Set(families.flatMap(tablesRemembered))
  const addComplements = (family: Family, hidden: ReadonlySet<number>, owed: number) => {
    const chooseFor =
      (least: number): Choose =>
      (part, within) => {
        const surroundings = surroundingsAt((group) => part.places[group]!)
        const revealed = reveal(part, family, within, surroundings, thresholds)
        return chooseComplements(revealed, least, precautions.insiders, thresholds)
      }
    return levels.protect(hidden, ofKnownSize, chooseFor(owed), chooseFor(0))
  }

  /** Groups that must be hidden for what the family says by itself, or for what others do. */
  const mustHide = (family: Family) => {
    const hidden = new Set(hiddenForOthers.get(family)!)
    for (const finest of [...family.follows, ...family.beside])
      for (const group of hiddenIn.get(familyOf.get(finest)!)!) hidden.add(group)
    for (const { measure } of family.members) {
      for (const { index: group, planned, population } of lattice.groups) {
        if (!planned) continue
        if (isTelling(lattice.measures[measure]!, lattice.counts[measure]![group]!, population, thresholds))
          hidden.add(group)
        else if (precedents.answer(measure, group)?.hide) hidden.add(group)
      }
      if (precautions.insiders) {
        for (const group of totalsOpenToInsiders(lattice, measure, thresholds)) hidden.add(group)
      }
    }
    return hidden
  }

  // What was hidden of a family, and of all that tells of it, when nothing told too much.
  const keptWith = new Map<Family, readonly unknown[]>()
  const tooTelling = (family: Family): Place[] => {
    if (!precautions.complements) return []
    const tellers = [...family.beside, ...(soFar.tellers.get(family.finest)?.by ?? [])]
    const hiddenNow = [family, ...tellers.map((measure) => familyOf.get(measure)!)].map((each) => hiddenIn.get(each))
    if (keptWith.get(family)?.every((hidden, index) => hidden === hiddenNow[index])) return []
    const least = widthOwed(lattice, family, thresholds)
    const telling = placesThatTell(soFar, family.finest, least, precautions.insiders)
    if (telling.length === 0) keptWith.set(family, hiddenNow)
    return telling
  }

  /** Hides what the family hides; answers with what of other families tells too much of it. */
  const protectFamily = async (family: Family): Promise<Place[]> => {
    // Other options rely on what was hidden of one.
    const before = isOption(family) ? hiddenIn.get(family)! : new Set<number>()
    hide(family, mustHide(family).union(before))
    const hidden = hiddenIn.get(family)!
    if (!precautions.complements || hidden.size === 0) return []
    const telling = tooTelling(family)
    if (telling.length > 0) return telling
    hide(family, await addComplements(family, hidden, widthOwed(lattice, family, thresholds)))
    return tooTelling(family)
  }

  const isOption = ({ finest }: Family) => lattice.measures[finest]!.ticks !== undefined
  for (const family of families) hide(family, mustHide(family))
  const waiting = new Set(families)
  for (;;) {
    const next = families.find((family) => waiting.has(family))
    // At last once more, as families that come later tell of those before them.
    const before = next && hiddenIn.get(next)!
    const telling = next === undefined ? families.flatMap(tooTelling) : await protectFamily(next)
    if (next === undefined && telling.length === 0) {
      const before = ofKnownSize.size
      for (const table of families.flatMap(tablesShown)) ofKnownSize.add(table)
      if (ofKnownSize.size === before || !precautions.complements) return isHidden
      for (const family of families) if (tablesShown(family).length < ofKnownSize.size) waiting.add(family)
    }
    for (const { measure, group } of telling) {
      const other = familyOf.get(measure)!
      hiddenForOthers.get(other)!.add(group)
      hide(other, new Set(hiddenIn.get(other)).add(group))
      for (const each of followersOf(families, other)) waiting.add(each)
    }
    if (next === undefined || telling.length > 0) continue
    waiting.delete(next)
    const hidden = hiddenIn.get(next)!
    const hiddenWithIt = families.filter(
      ({ follows, finest }) => follows.includes(next.finest) || next.beside.includes(finest),
    )
    for (const other of hiddenWithIt) if (!hidden.isSubsetOf(hiddenIn.get(other)!)) waiting.add(other)
    // What is hidden of one option is owed more of the others.
    if (isOption(next) && !hidden.isSubsetOf(before!)) {
      for (const measure of soFar.tellers.get(next.finest)?.by ?? []) waiting.add(familyOf.get(measure)!)
    }
  }
}

/** To what width numbers of a family may be narrowed: what is known of a question is known of the need areas that combine it. */
function widthOwed({ measures }: Lattice, family: Family, thresholds: Thresholds): number {
  const names = new Set(family.members.map(({ measure }) => measures[measure]!.name))
  const told = measures.filter(
    ({ name, follows = [] }) => names.has(name) || follows.some((each) => names.has(each.measure)),
  )
  return Math.max(...told.map((measure) => leastOf(measure, thresholds)))
}

/** A family and all that follow it, directly or not. */
function followersOf(families: readonly Family[], family: Family): Set<Family> {
  const followers = new Set([family])
  for (const each of families) {
    // In their order each comes after those that it follows.
    if (each.follows.some((finest) => [...followers].some((other) => other.finest === finest))) followers.add(each)
  }
  return followers
}
