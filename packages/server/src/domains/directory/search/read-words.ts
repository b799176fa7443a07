/** What the words of a search mean in a network: other forms, mistyped words, municipalities. */
import { distance } from 'fastest-levenshtein'
import type { PrismaClient } from '../../../generated/prisma/client.ts'

export interface SearchedWords {
  /** One query (tsquery) for each word, phrase or municipality: what a document has to have. */
  groups: string[]
  /** What was typed, without case, accents and signs. */
  plain: string
  /** Words that no document has, and the ones that were searched for instead. */
  corrections: Correction[]
}

export interface Correction {
  typed: string
  searched: string[]
}

/** A word as typed, or a phrase in quotation marks. */
interface Token {
  text: string
  phrase: boolean
}

/**
 * Reads what somebody typed. A word stands for all its forms; a word that the directory does not have stands for the
 * nearest ones that it has; the name of a municipality also stands for what serves it. Null when there is no word.
 */
export async function readWords(prisma: PrismaClient, networkId: string, typed: string): Promise<SearchedWords | null> {
  const tokens = tokensOf(typed)
  if (tokens.length === 0) return null
  const single = tokens.filter(({ phrase }) => !phrase).map(({ text }) => text)
  const [lookedUp, places] = await Promise.all([
    lookUp(prisma, networkId, tokens),
    findMunicipalities(prisma, networkId, single),
  ])
  const known = new Map(lookedUp.map((row) => [row.text, row]))
  const corrections: Correction[] = []
  const groups: string[] = []
  for (let position = 0; position < tokens.length; ) {
    const place = longestPlace(places, tokens, position)
    if (place !== undefined) {
      groups.push(place.query)
      position += place.length
      continue
    }
    const token = tokens[position]!
    const row = known.get(token.text)!
    const group = row.found || token.phrase ? row.queries : correct(token.text, row, corrections)
    if (group.length > 0) groups.push(anyOf(group))
    position += 1
  }
  // A person who has typed no more than "per la" searches for nothing yet.
  if (groups.length === 0) return null
  return { groups, plain: tokens.map(({ text }) => text).join(' '), corrections }
}

/** A query for documents that have one of these. */
export function anyOf(queries: string[]): string {
  return queries.map((query) => `(${query})`).join(' | ')
}

/** A query for documents that have all of these. */
export function allOf(queries: string[]): string {
  return queries.map((query) => `(${query})`).join(' & ')
}

// A person's words; more would only cost.
const most = 20

function tokensOf(typed: string): Token[] {
  const plain = typed.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const tokens: Token[] = []
  for (const [, quoted, word] of plain.matchAll(/"([^"]*)"|([\p{L}\p{N}]+)/gu)) {
    const text = word ?? quoted!.match(/[\p{L}\p{N}]+/gu)?.join(' ')
    const isRepeated = tokens.some((token) => token.text === text)
    if (text !== undefined && !isRepeated) tokens.push({ text, phrase: word === undefined })
  }
  return tokens.slice(0, most)
}

interface LookedUp {
  text: string
  /** The queries for the word and its other forms; none for a word such as "per". */
  queries: string[]
  /** Whether a document has any of them, or none is asked for. */
  found: boolean
  /** Words of the directory that are written alike, with their queries. */
  near: { word: string; query: string }[]
}

// Every word is looked up as Italian and as English, for need areas have names in both. A word without meaning in one
// of them (a stop word) is not asked for.
function lookUp(prisma: PrismaClient, networkId: string, tokens: Token[]): Promise<LookedUp[]> {
  return prisma.$queryRaw<LookedUp[]>`
    SELECT typed.text, read.queries, found.found, coalesce(near.words, '[]') AS near
    FROM unnest(${tokens.map(({ text }) => text)}::text[]) AS typed(text)
    CROSS JOIN LATERAL (
      SELECT phraseto_tsquery('public.italian_plain', typed.text) AS italian,
        phraseto_tsquery('pg_catalog.english', typed.text) AS english) own
    CROSS JOIN LATERAL (
      SELECT CASE WHEN numnode(own.italian) = 0 OR numnode(own.english) = 0 THEN '{}'
        ELSE array(
          SELECT DISTINCT query::text FROM (
            SELECT own.italian UNION ALL SELECT own.english UNION ALL
            SELECT plainto_tsquery('public.italian_plain', form.word) FROM derived.search_word form
            WHERE form.network_id = ${networkId}::uuid AND form.stem = derived.light_stem(typed.text)
          ) AS forms(query) WHERE numnode(query) > 0 ORDER BY query::text) END AS queries) read
    CROSS JOIN LATERAL (
      SELECT read.queries = '{}'
        OR derived.has_words(${networkId}::uuid, array_to_string(read.queries, ' | ')::tsquery) AS found) found
    LEFT JOIN LATERAL (
      SELECT jsonb_agg(jsonb_build_object('word', word, 'query', query)) AS words
      FROM (
        SELECT word, plainto_tsquery('public.italian_plain', word)::text AS query
        FROM derived.search_word WHERE network_id = ${networkId}::uuid
        ORDER BY word <-> typed.text LIMIT 30) nearest
      WHERE query <> '' AND derived.has_words(${networkId}::uuid, query::tsquery)) near ON NOT found.found`
}

// As many slips as a word of its length may have.
function slips({ length }: string): number {
  return length < 4 ? 0 : length < 7 ? 1 : length < 10 ? 2 : 3
}

function correct(typed: string, { queries, near }: LookedUp, corrections: Correction[]): string[] {
  const measured = near.map((each) => ({ ...each, slips: distance(typed, each.word) }))
  const fewest = Math.min(...measured.map((each) => each.slips))
  if (fewest > slips(typed)) return queries
  const nearest = measured.filter((each) => each.slips === fewest)
  corrections.push({ typed, searched: nearest.map(({ word }) => word) })
  return [...new Set(nearest.map(({ query }) => query))]
}

interface Place {
  /** The query for what serves it, or has its name. */
  query: string
  /** The words of its name. */
  words: string[]
}

interface FoundPlace extends Place {
  /** How many tokens name it. */
  length: number
}

// Documents hold the places that they serve beside their words; the name may also be part of another, as in "Comune di Alba".
async function findMunicipalities(prisma: PrismaClient, networkId: string, words: string[]): Promise<Place[]> {
  if (words.length === 0) return []
  const rows = await prisma.$queryRaw<{ istatCode: string; name: string; named: string }[]>`
    SELECT istat_code AS "istatCode", plain_text(name) AS name, phraseto_tsquery('public.italian_plain', name)::text AS named
    FROM network_municipality JOIN municipality USING (istat_code)
    WHERE network_id = ${networkId}::uuid
      AND EXISTS (SELECT FROM unnest(${words}::text[]) AS typed(word)
        WHERE plain_text(name) LIKE '%' || typed.word || '%'
          OR length(typed.word) > 4 AND strict_word_similarity(typed.word, plain_text(name)) > 0.3)`
  return rows.map(({ istatCode, name, named }) => ({
    query: anyOf([`'@${istatCode}'`, "'@territory'", named]),
    words: name.match(/[\p{L}\p{N}]+/gu) ?? [],
  }))
}

function longestPlace(places: Place[], tokens: Token[], position: number): FoundPlace | undefined {
  const matches = places.flatMap((place) => {
    const here = tokens.slice(position, position + place.words.length)
    const named =
      here.length === place.words.length &&
      here.every(({ text, phrase }, index) => !phrase && isName(text, place.words[index]!))
    return named ? [{ ...place, length: here.length }] : []
  })
  return matches.sort((a, b) => b.length - a.length)[0]
}

// Names of places are short and many: one slip, and only in a long one.
function isName(typed: string, name: string): boolean {
  return typed === name || (typed.length > 4 && distance(typed, name) === 1)
}
