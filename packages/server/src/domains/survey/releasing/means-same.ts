/** Whether two versions of a questionnaire mean the same by what they count: only then their numbers lie side by side. */
import { conditionHolds } from '../questionnaire/condition.ts'
import { type Questionnaire, type Text, textIn } from '../questionnaire/model.ts'
import type { Proposition } from '../questionnaire/proposition.ts'
import { type Variable, variablesByQuestion, variablesOf } from '../questionnaire/variables.ts'

/** Answers of a measure, or categories of a recode, and the questionnaire that they are read from. */
export interface Meant {
  document: Questionnaire
  answers: readonly { name: string; when: Proposition }[]
}

/**
 * They do where the answers are the same and made in the same way, of questions that were put in the same words, with the
 * same choices, to the same people. Words are compared in the languages that both versions have. What else is asked, and in
 * which order, doesn't matter.
 */
export function meansSame(one: Meant, other: Meant): boolean {
  const languages = one.document.languages.filter((language) => other.document.languages.includes(language))
  return languages.length > 0 && describe(one, languages) === describe(other, languages)
}

/** All that makes up the meaning, as text. Questions stand in it by name, for their place is not the same in every version. */
function describe({ document, answers }: Meant, languages: readonly string[]): string {
  const variables = variablesOf(document)
  const mentioned = new Set<Variable>()
  const write = (value: unknown): string =>
    JSON.stringify(value, (key, inner) => {
      // What is true of all or any of several things is so in whichever order they stand.
      if (key === 'of' && Array.isArray(inner)) return inner.toSorted((a, b) => (write(a) < write(b) ? -1 : 1))
      if (key !== 'position') return inner
      const variable = variables[inner - 1]!
      mentioned.add(variable)
      return variable.name
    })
  const say = (text: Text | undefined) => text && languages.map((language) => textIn(text, language, document))
  const lines = [write(answers.map(({ name, when }) => [name, when]))]
  // It grows while it is read: a condition mentions earlier questions.
  for (const variable of mentioned) lines.push(write(ask(document, variable, say)))
  return lines.sort().join('\n')
}

/** What somebody is asked who answers a variable, and when it is shown to them. */
function ask(document: Questionnaire, variable: Variable, say: (text: Text | undefined) => string[] | undefined) {
  const { question, name, text, min, max, categories, notApplicable } = variable
  const { showIf } = question
  return {
    name,
    question: [question.kind, say(question.text), say(question.help)],
    text: say(text),
    values: [min, max, categories?.map(({ code, text }) => [code, say(text)]), say(notApplicable?.text)],
    unit: question.kind === 'number' ? say(question.unit) : null,
    // Ticks are chosen among the others.
    choice:
      question.kind === 'multiple'
        ? [
            question.atMost,
            variablesByQuestion(document)
              .get(question.name)!
              .map(({ text }) => say(text)),
          ]
        : null,
    shown: showIf === undefined ? null : conditionHolds(document, showIf),
  }
}
