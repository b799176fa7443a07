/** In which language a chart says what no questionnaire has words for. */

/**
 * Italian or English, whichever the texts of a chart are in, and else English; as `tag` where it has to be said that these words
 * are in another language than the chart (WCAG 3.1.2).
 */
export function ownLanguageOf(language: string): { own: 'it' | 'en'; tag: 'en' | undefined } {
  const [primary] = language.split('-')
  if (primary === 'it' || primary === 'en') return { own: primary, tag: undefined }
  return { own: 'en', tag: 'en' }
}
