/** What is wrong with a document that somebody handed in, told as a refusal. */
import { Refused } from '../../refused.ts'
import { describeFlaw, type Flaw, shownPath } from './questionnaire/flaw.ts'

const mostTold = 20

/** Its message tells the first twenty flaws; its path is that of the first. */
export class FlawsRefused extends Refused {
  /** What the document is called in the input, and every flaw of it. */
  readonly document: string
  readonly flaws: readonly Flaw[]

  constructor(code: string, path: readonly string[], flaws: readonly Flaw[]) {
    const document = path.join('.')
    const told = flaws.slice(0, mostTold).map(describeFlaw)
    const rest = flaws.length > mostTold ? [`and ${flaws.length - mostTold} more`] : []
    super(code, `${document}: ${[...told, ...rest].join('; ')}.`, [...path, ...shownPath(flaws[0]!.path)])
    this.document = document
    this.flaws = flaws
  }
}
