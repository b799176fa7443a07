/** Need areas: the network has them, and what is said of them is of some that are measured. */
import type { Flaw } from '../flaw.ts'
import type { Questionnaire } from '../model.ts'
import { findRepeated } from './names.ts'
import { type Path, visitQuestions } from './visit-questions.ts'

/** Need areas that are named twice in one place, that are not among the `known` ones (any is, without), or that `criticalWhen` alone names. */
export function findUnknownAreas(document: Questionnaire, known: ReadonlySet<string> | undefined): Flaw[] {
  const named: { path: Path; code: string }[] = []
  const flaws: Flaw[] = []
  const visit = (needAreas: readonly string[] | undefined, path: Path) => {
    const areas = needAreas ?? []
    named.push(...areas.map((code, index) => ({ path: [...path, 'needAreas', String(index)], code })))
    flaws.push(...findRepeated(areas, (index) => [...path, 'needAreas', String(index)], 'name each need area once'))
  }
  visitQuestions(document, ({ question, path }) => {
    if ('needAreas' in question) visit(question.needAreas, path)
    if (question.kind === 'matrix') {
      for (const [index, row] of question.rows.entries()) visit(row.needAreas, [...path, 'rows', String(index)])
    }
    if (question.kind === 'multiple') {
      for (const [index, { needAreas }] of question.options.entries()) {
        visit(needAreas, [...path, 'options', String(index)])
      }
    }
    return []
  })
  document.instruments?.forEach(({ needAreas }, index) => {
    visit(needAreas, ['instruments', String(index)])
  })
  const codes = new Set(named.map(({ code }) => code))
  for (const code of Object.keys(document.criticalWhen ?? {}).filter((code) => !codes.has(code))) {
    flaws.push({ path: ['criticalWhen', code], message: 'is a need area that nothing measures', fix: 'remove it' })
  }
  const unknown = named.filter(({ code }) => known !== undefined && !known.has(code))
  return [
    ...flaws,
    ...unknown.map(({ path, code }) => ({
      path,
      message: `the network has no need area "${code}"`,
      fix: 'correct the code, or import the need area first',
    })),
  ]
}
