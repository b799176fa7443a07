/** Propositions as SQL over `integer[]`, so that responses are counted where they lie. */
import type { Proposition, Score } from './proposition.ts'

/**
 * A boolean expression, true or false and never null, about the array in `column`: trusted SQL, such as `r.answers`.
 * It holds numbers only, no texts of the document.
 */
export function propositionSql(proposition: Proposition, column: string): string {
  switch (proposition.is) {
    case 'in': {
      const element = `${column}[${integer(proposition.position)}]`
      const tests = proposition.ranges.map(([from, to]) =>
        from === to ? `${element} = ${integer(from)}` : `${element} between ${integer(from)} and ${integer(to)}`,
      )
      return tests.length === 0 ? 'false' : `((${tests.join(' or ')}) is true)`
    }
    case 'scored':
      return isScored(proposition.score, column)
    case 'reached': {
      const { score } = proposition
      const { items, cutOff } = score
      const all = items.reduce((sum, { factor }) => sum + factor, 0)
      const sum = addUp(score, column, ({ factor, reversed, min, max }, element) =>
        reversed ? `${integer(factor)} * (${integer(min + max)} - ${element})` : `${integer(factor)} * ${element}`,
      )
      const answered = addUp(score, column, ({ factor }) => integer(factor))
      const [than, bound] = 'atLeast' in cutOff ? ['>=', cutOff.atLeast] : ['<=', cutOff.atMost]
      const reaches = `${sum}::bigint * ${integer(all)} ${than} ${integer(bound)}::bigint * ${answered}`
      return `(${isScored(score, column)} and ${reaches})`
    }
    case 'all':
      return join(proposition.of, ' and ', 'true', column)
    case 'any':
      return join(proposition.of, ' or ', 'false', column)
    case 'not':
      return `(not ${propositionSql(proposition.of, column)})`
  }
}

function join(parts: readonly Proposition[], by: string, none: string, column: string): string {
  return parts.length === 0 ? none : `(${parts.map((part) => propositionSql(part, column)).join(by)})`
}

function isScored(score: Score, column: string): string {
  return `(${addUp(score, column, () => '1')} >= ${integer(score.atLeastAnswered)})`
}

type Item = Score['items'][number]

// What is unanswered or not applicable lies in no bounds, and adds nothing.
function addUp({ items }: Score, column: string, termOf: (item: Item, element: string) => string): string {
  const terms = items.map((item) => {
    const element = `${column}[${integer(item.position)}]`
    const isAnswered = `${element} between ${integer(item.min)} and ${integer(item.max)}`
    return `case when ${isAnswered} then ${termOf(item, element)} else 0 end`
  })
  return `(${terms.join(' + ')})`
}

// Whatever a document holds, nothing but a number becomes SQL.
function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no whole number`)
  return value < 0 ? `(${value})` : String(value)
}
