/** What must be there once: names of questions, rows and instruments. */
import type { Flaw } from '../flaw.ts'
import type { Questionnaire } from '../model.ts'
import { type Path, visitQuestions } from './visit-questions.ts'

/** Names that two questions, two rows of a matrix or two instruments have. */
export function findRepeatedNames(document: Questionnaire): Flaw[] {
  const asked = visitQuestions(document, ({ question, path, earlier }) => [
    ...(earlier.has(question.name)
      ? [
          {
            path: [...path, 'name'],
            message: `"${question.name}" is used twice`,
            fix: 'give each question a name of its own',
          },
        ]
      : []),
    ...(question.kind === 'matrix'
      ? findRepeated(
          question.rows.map(({ name }) => name),
          (index) => [...path, 'rows', String(index), 'name'],
          'give each row a name of its own',
        )
      : []),
  ])
  const instruments = findRepeated(
    (document.instruments ?? []).map(({ name }) => name),
    (index) => ['instruments', String(index), 'name'],
    'give each instrument a name of its own',
  )
  return [...asked, ...instruments]
}

/** Values that stand in a list twice: a flaw for each but the first, where `pathOf` says that its index is. */
export function findRepeated(
  values: readonly (string | number)[],
  pathOf: (index: number) => Path,
  fix: string,
): Flaw[] {
  return values.flatMap((value, index) =>
    values.indexOf(value) === index ? [] : [{ path: pathOf(index), message: `"${value}" is there twice`, fix }],
  )
}
