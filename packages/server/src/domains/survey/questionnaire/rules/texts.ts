/** Languages, and every text of a document in them. */
import type { Flaw } from '../flaw.ts'
import type { Questionnaire, Text } from '../model.ts'
import { findRepeated } from './names.ts'
import type { Path } from './visit-questions.ts'

/** Texts without the default language, or in one that the document does not name; languages that are named twice. */
export function findBrokenTexts(document: Questionnaire): Flaw[] {
  const { languages, defaultLanguage } = document
  const flaws: Flaw[] = []
  if (!languages.includes(defaultLanguage)) {
    flaws.push({ path: ['defaultLanguage'], message: 'is not one of the languages', fix: 'add it to languages' })
  }
  flaws.push(...findRepeated(languages, (index) => ['languages', String(index)], 'name each language once'))
  for (const { path, text } of textsOf(document)) {
    if (!Object.hasOwn(text, defaultLanguage)) {
      flaws.push({ path, message: `has no text in ${defaultLanguage}, the default language`, fix: 'write it' })
    }
    for (const language of Object.keys(text).filter((language) => !languages.includes(language))) {
      flaws.push({
        path: [...path, language],
        message: 'is in a language that the document does not name',
        fix: 'add it to languages, or remove the text',
      })
    }
  }
  return flaws
}

/** The keys of the model that hold a text. */
export const textKeys: ReadonlySet<string> = new Set([
  'title',
  'introduction',
  'method',
  'text',
  'help',
  'unit',
  'notApplicable',
])

function textsOf({ scales = {}, criticalWhen: _, ...rest }: Questionnaire): { path: Path; text: Text }[] {
  const walk = (value: unknown, path: Path): { path: Path; text: Text }[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, part]) =>
          textKeys.has(key) ? [{ path: [...path, key], text: part as Text }] : walk(part, [...path, key]),
        )
      : []
  // A scale may have the name of such a key.
  const labels = Object.entries(scales).flatMap(([name, { labels }]) =>
    Object.entries(labels).map(([point, text]) => ({ path: ['scales', name, 'labels', point], text })),
  )
  return [...labels, ...walk(rest, [])]
}
