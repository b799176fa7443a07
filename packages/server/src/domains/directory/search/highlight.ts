/** Where the words of a search stand in the services found. */
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { anyOf, type SearchedWords } from './read-words.ts'

export type HighlightedField = 'name' | 'alternateName' | 'description' | 'eligibilityDescription'

/** A stretch of a text, and whether it is one of the words searched for. */
export interface Stretch {
  text: string
  matched: boolean
}

export interface Highlight {
  field: HighlightedField
  stretches: Stretch[]
}

// Characters that no text keeps its meaning with: they mark what matched, and are taken out again.
const [opening, closing] = ['\u0002', '\u0003']

/** The fields of services in which words were found, by row key; long texts are cut to where the words stand. */
export async function highlightServices(
  prisma: PrismaClient,
  ids: readonly string[],
  words: SearchedWords,
): Promise<Map<string, Highlight[]>> {
  const query = anyOf(words.groups)
  const marks = `StartSel=${opening}, StopSel=${closing}`
  const whole = `${marks}, HighlightAll=true`
  const cut = `${marks}, MaxFragments=3, MaxWords=30, MinWords=12, FragmentDelimiter=" … "`
  const rows = await prisma.$queryRaw<({ id: string } & Record<HighlightedField, string | null>)[]>`
    SELECT service.id,
      ts_headline('public.italian_plain', ${unmarked('name')}, query, ${whole}) AS name,
      ts_headline('public.italian_plain', ${unmarked('alternate_name')}, query, ${whole}) AS "alternateName",
      ts_headline('public.italian_plain', ${unmarked('description')}, query, ${cut}) AS description,
      ts_headline('public.italian_plain', ${unmarked('eligibility_description')}, query, ${cut}) AS "eligibilityDescription"
    FROM service, CAST(${query} AS tsquery) AS query
    WHERE service.id = ANY(${[...ids]}::uuid[])`
  return new Map(rows.map(({ id, ...fields }) => [id, highlightsOf(fields)]))
}

function unmarked(column: 'name' | 'alternate_name' | 'description' | 'eligibility_description'): Prisma.Sql {
  return Prisma.sql`translate(left(${Prisma.raw(column)}, 50000), ${opening + closing}, '')`
}

function highlightsOf(fields: Record<HighlightedField, string | null>): Highlight[] {
  return Object.entries(fields).flatMap(([field, text]) =>
    text?.includes(opening) ? [{ field: field as HighlightedField, stretches: stretchesOf(text) }] : [],
  )
}

function stretchesOf(text: string): Stretch[] {
  return text
    .split(opening)
    .flatMap((part, index) => {
      if (index === 0) return [{ text: part, matched: false }]
      const end = part.indexOf(closing)
      return [
        { text: part.slice(0, end), matched: true },
        { text: part.slice(end + 1), matched: false },
      ]
    })
    .filter((stretch) => stretch.text !== '')
}
