/** What somebody may mean who is still typing: need areas, services, organizations and municipalities by name. */
import { Prisma, type PrismaClient } from '../../../generated/prisma/client.ts'
import { plainWords } from './plain-words.ts'

export type SuggestionKind = 'needArea' | 'service' | 'organization' | 'municipality'

export interface Suggestion {
  kind: SuggestionKind
  /** Its name. */
  text: string
  /** Row key, or ISTAT code of a municipality. */
  id: string
  /** What a filter takes for it: the code of a need area, the ISTAT code of a municipality. */
  code: string | null
}

/**
 * Names in which every word typed begins a word, accents aside: those that begin with what was typed first, then the
 * shortest. Need areas before organizations, municipalities and services. Needs at least two letters.
 */
export async function suggest(
  prisma: PrismaClient,
  networkId: string,
  typed: string,
  language: 'it' | 'en',
  size: number,
): Promise<Suggestion[]> {
  const words = plainWords(typed)
  if (words.join('').length < 2) return []
  const begun = words.join(' ')
  const query = Prisma.sql`plain_text(${words.map((word) => `'${word}':*`).join(' & ')})::tsquery`
  const first = Prisma.sql`ORDER BY NOT starts_with(plain_text(name), plain_text(${begun})), length(name), name LIMIT ${size}`
  return prisma.$queryRaw<Suggestion[]>`
    SELECT kind, text, id, code FROM (
      (SELECT 'needArea' AS kind, 1 AS rank, id::text AS id, code, name AS text
        FROM (SELECT *, CASE WHEN ${language} = 'en' THEN name_en ELSE name_it END AS name FROM need_area) area
        WHERE network_id = ${networkId}::uuid AND derived.name_words(name) @@ ${query} ${first})
      UNION ALL
      (SELECT 'organization', 2, id::text, NULL, name FROM organization
        WHERE network_id = ${networkId}::uuid AND derived.name_words(name) @@ ${query} ${first})
      UNION ALL
      (SELECT 'municipality', 2, istat_code, istat_code, name FROM network_municipality JOIN municipality USING (istat_code)
        WHERE network_id = ${networkId}::uuid AND derived.name_words(name) @@ ${query} ${first})
      UNION ALL
      (SELECT 'service', 3, id::text, NULL, name FROM service
        WHERE network_id = ${networkId}::uuid AND derived.name_words(name) @@ ${query} ${first})
    ) AS named
    ORDER BY NOT starts_with(plain_text(text), plain_text(${begun})), rank, length(text), text, id
    LIMIT ${size}`
}
