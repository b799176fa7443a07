/** Every question of a document, with the way to it and what stands before it. */
import type { Flaw } from '../flaw.ts'
import type { Question, Questionnaire } from '../model.ts'

/** The way to a part of a document: names and positions (from 0). */
export type Path = readonly string[]

/** A question with the way to it, and what stands before it. */
export interface Visit {
  document: Questionnaire
  question: Question
  path: Path
  /** Those that are asked before it, by name. */
  earlier: ReadonlyMap<string, Question>
}

/** What `find` finds wrong with each question, in their order. */
export function visitQuestions(document: Questionnaire, find: (visit: Visit) => Flaw[]): Flaw[] {
  const earlier = new Map<string, Question>()
  return document.sections.flatMap(({ questions }, section) =>
    questions.flatMap((question, index) => {
      const path = ['sections', String(section), 'questions', String(index)]
      const flaws = find({ document, question, path, earlier })
      earlier.set(question.name, question)
      return flaws
    }),
  )
}
