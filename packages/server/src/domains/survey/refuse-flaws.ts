/** What is wrong with a document that came in a request, told as a refusal. */
import { Refused } from '../../refused.ts'
import { describeFlaw, type Flaw, shownPath } from './questionnaire/flaw.ts'

const mostTold = 20

/** Tells the flaws, the first twenty of them; the path is that of the first. */
export function refuseFlaws(code: string, path: readonly string[], flaws: readonly Flaw[]): Refused {
  const told = flaws.slice(0, mostTold).map(describeFlaw)
  const rest = flaws.length > mostTold ? [`and ${flaws.length - mostTold} more`] : []
  return new Refused(code, `${path.join('.')}: ${[...told, ...rest].join('; ')}.`, [
    ...path,
    ...shownPath(flaws[0]!.path),
  ])
}
