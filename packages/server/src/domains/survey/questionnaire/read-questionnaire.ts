/** A questionnaire that somebody wrote, checked whole: its shape first, then what no shape can say. */
import { type Flaw, findTooLarge, findUnstorable, readShape } from './flaw.ts'
import { limits, type Questionnaire, questionnaireModel } from './model.ts'
import { findBrokenBounds } from './rules/bounds.ts'
import { findBrokenCondition } from './rules/conditions.ts'
import { findBrokenCritical } from './rules/critical.ts'
import { findBrokenInstruments } from './rules/instruments.ts'
import { findRepeatedNames } from './rules/names.ts'
import { findUnknownAreas } from './rules/need-areas.ts'
import { findBrokenScales } from './rules/scales.ts'
import { findTooMany } from './rules/sizes.ts'
import { findBrokenTexts } from './rules/texts.ts'
import { visitQuestions } from './rules/visit-questions.ts'

export type ReadQuestionnaire = { questionnaire: Questionnaire } | { flaws: Flaw[] }

/**
 * Checks a document: gives it back as it is, or every flaw found. Rules that look across the document are tried once
 * its shape is right. Where `needAreas` is given, no other codes may be named.
 */
export function readQuestionnaire(input: unknown, needAreas?: ReadonlySet<string>): ReadQuestionnaire {
  const tooLarge = findTooLarge(input, limits)
  if (tooLarge !== undefined) return { flaws: [tooLarge] }
  const unstorable = findUnstorable(input)
  const shaped = readShape(questionnaireModel, input)
  if ('flaws' in shaped) return { flaws: [...unstorable, ...shaped.flaws] }
  const { value: document } = shaped
  const broken = [
    ...unstorable,
    ...findBrokenScales(document),
    ...findTooMany(document),
    ...findRepeatedNames(document),
  ]
  // What refers to questions and scales can't be judged where these are wrong themselves.
  const flaws =
    broken.length > 0
      ? broken
      : [
          ...findBrokenTexts(document),
          ...visitQuestions(document, findBrokenBounds),
          ...visitQuestions(document, findBrokenCondition),
          ...visitQuestions(document, findBrokenCritical),
          ...findBrokenInstruments(document),
          ...findUnknownAreas(document, needAreas),
        ]
  return flaws.length > 0 ? { flaws } : { questionnaire: document }
}
