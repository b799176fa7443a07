/**
 * What is certain of everybody who answered a question that not everybody was asked: which answers they gave before. Read from
 * the conditions that a questionnaire tells, all of them, and those of the questions that they look at.
 */

/** One of these answers, by their position, to a measure. */
export interface Gave {
  measure: string
  answers: readonly number[]
}

/** What has to be so before a question is asked, as far as it is sure. `all` of nothing is so of everybody, `any` of nobody. */
export type AskedIf = Gave | { all: readonly AskedIf[] } | { any: readonly AskedIf[] }

interface Asked {
  name: string
  askedIf?: AskedIf
}

/** Answers by measure: in a way to a question all of them were given, of a certainty at least one. */
type ByMeasure = ReadonlyMap<string, ReadonlySet<number>>

/**
 * Everything that follows from a condition, the conditions before it included: each entry is a list of answers of which
 * everybody who was asked gave at least one.
 */
export function certainOf(condition: AskedIf, measures: readonly Asked[]): Gave[][] {
  const ways = waysTo(condition, measures)
  // Nobody comes to such a question.
  if (ways.length === 0) return []
  // Whoever came took one of the ways, and so gave whichever answer of it: one of each way makes a certainty.
  let certain: ByMeasure[] = [new Map()]
  for (const way of ways) {
    certain = withoutImplied(
      certain.flatMap((sure) =>
        [...way].map(([name, answers]) => new Map([...sure, [name, answers.union(sure.get(name) ?? new Set())]])),
      ),
    )
  }
  return certain.map((sure) =>
    [...sure].map(([measure, answers]) => ({ measure, answers: [...answers].sort((a, b) => a - b) })),
  )
}

/** The ways in which one comes to be asked: each is what was answered on it. */
function waysTo(condition: AskedIf, measures: readonly Asked[]): ByMeasure[] {
  if ('any' in condition) return withoutNarrower(condition.any.flatMap((part) => waysTo(part, measures)))
  if ('all' in condition) {
    return condition.all.reduce<ByMeasure[]>((ways, part) => cross(ways, waysTo(part, measures)), [new Map()])
  }
  if (condition.answers.length === 0) return []
  const own = [new Map([[condition.measure, new Set(condition.answers)]])]
  // Nobody answers what they were not asked.
  const before = measures.find(({ name }) => name === condition.measure)?.askedIf
  return before === undefined ? own : cross(own, waysTo(before, measures))
}

function cross(some: readonly ByMeasure[], others: readonly ByMeasure[]): ByMeasure[] {
  const both = some.flatMap((one) =>
    others.map((other) => {
      const met = new Map(one)
      for (const [name, answers] of other) met.set(name, met.get(name)?.intersection(answers) ?? answers)
      return met
    }),
  )
  return withoutNarrower(both.filter((way) => [...way.values()].every(({ size }) => size > 0)))
}

/** Without ways that are a narrower form of another. */
function withoutNarrower(ways: readonly ByMeasure[]): ByMeasure[] {
  return distinct(ways, (way, other) =>
    [...other].every(([name, answers]) => way.get(name)?.isSubsetOf(answers) === true),
  )
}

/** Without what another says more precisely. */
function withoutImplied(certain: readonly ByMeasure[]): ByMeasure[] {
  return distinct(certain, (sure, other) =>
    [...other].every(([name, answers]) => sure.get(name)?.isSupersetOf(answers) === true),
  )
}

/** Each that no other one makes needless; of those that make each other so, the first. */
function distinct(list: readonly ByMeasure[], isNeedless: (one: ByMeasure, beside: ByMeasure) => boolean): ByMeasure[] {
  return list.filter((one, index) =>
    list.every((other, at) => at === index || !isNeedless(one, other) || (at > index && isNeedless(other, one))),
  )
}
