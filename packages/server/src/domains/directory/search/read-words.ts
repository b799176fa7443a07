/** What the words of a search mean in a network: other forms, mistyped words, municipalities. */
import { distance } from 'fastest-levenshtein'
import type { PrismaClient } from '../../../generated/prisma/client.ts'
import { plainWords } from './plain-words.ts'

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
  const [known, places] = await Promise.all([
    lookUp(prisma, networkId, tokens),
    findMunicipalities(prisma, networkId, single),
  ])
  const meant = [...meanings(tokens, places)]
  const unknown = meant.filter((one): one is Token => 'text' in one && !one.phrase && !known.get(one.text)!.found)
  const nearest = await findNearest(prisma, networkId, unknown)
  const groups = meant.flatMap((one) => {
    if ('query' in one) return one.query
    const queries = nearest.get(one.text)?.map(({ query }) => query) ?? known.get(one.text)!.queries
    return queries.length === 0 ? [] : anyOf([...new Set(queries)])
  })
  // A person who has typed no more than "per la" searches for nothing yet.
  if (groups.length === 0) return null
  const corrections = [...nearest].map(([text, words]) => ({ typed: text, searched: words.map(({ word }) => word) }))
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
  const tokens: Token[] = []
  for (const [stretch, quoted] of typed.matchAll(/"([^"]*)"|[^"]+/g)) {
    const phrase = quoted !== undefined
    for (const text of phrase ? [plainWords(quoted).join(' ')] : plainWords(stretch)) {
      if (text !== '' && !tokens.some((token) => token.text === text)) tokens.push({ text, phrase })
    }
  }
  return tokens.slice(0, most)
}

interface LookedUp {
  text: string
  /** The queries for the word and its other forms; none for a word such as "per". */
  queries: string[]
  /** Whether a document has any of them, or none is asked for. */
  found: boolean
}

// Every word is looked up as Italian and as English, for need areas have names in both. A word without meaning in one
// of them (a stop word) is not asked for.
async function lookUp(prisma: PrismaClient, networkId: string, tokens: Token[]): Promise<Map<string, LookedUp>> {
  const rows = await prisma.$queryRaw<LookedUp[]>`
    SELECT typed.text, read.queries,
      read.queries = '{}'
        OR derived.has_words(${networkId}::uuid, array_to_string(read.queries, ' | ')::tsquery) AS found
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
          ) AS forms(query) WHERE numnode(query) > 0 ORDER BY query::text) END AS queries) read`
  return new Map(rows.map((row) => [row.text, row]))
}

interface NearWord {
  word: string
  query: string
}

// For each word that was mistyped, the words of the directory with the fewest slips. Whether a document still has one is
// asked only of those that could be meant, for it takes a look at all that have it.
async function findNearest(prisma: PrismaClient, networkId: string, tokens: Token[]): Promise<Map<string, NearWord[]>> {
  if (tokens.length === 0) return new Map()
  const alike = await prisma.$queryRaw<(NearWord & { text: string })[]>`
    SELECT typed.text, alike.word, plainto_tsquery('public.italian_plain', alike.word)::text AS query
    FROM unnest(${tokens.map(({ text }) => text)}::text[]) WITH ORDINALITY AS typed(text, place)
    CROSS JOIN LATERAL (
      SELECT word, word <-> typed.text AS apart FROM derived.search_word WHERE network_id = ${networkId}::uuid
      ORDER BY apart LIMIT 30) alike
    ORDER BY typed.place, alike.apart, alike.word`
  const measured = alike
    .map((each) => ({ ...each, slips: distance(each.text, each.word) }))
    .filter(({ text, slips }) => slips <= mostSlips(text))
  const had = await prisma.$queryRaw<{ query: string }[]>`
    SELECT query FROM unnest(${[...new Set(measured.map(({ query }) => query))]}::text[]) AS asked(query)
    WHERE query <> '' AND derived.has_words(${networkId}::uuid, query::tsquery)`
  const isHad = new Set(had.map(({ query }) => query))
  const nearest = new Map<string, typeof measured>()
  for (const each of measured.filter(({ query }) => isHad.has(query))) {
    const others = nearest.get(each.text)
    if (others === undefined || each.slips < others[0]!.slips) nearest.set(each.text, [each])
    else if (each.slips === others[0]!.slips) others.push(each)
  }
  return nearest
}

// As many slips as a word of its length may have.
function mostSlips({ length }: string): number {
  return length < 4 ? 0 : length < 7 ? 1 : length < 10 ? 2 : 3
}

interface Place {
  /** The query for what serves it, or has its name. */
  query: string
  /** The words of its name. */
  words: string[]
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
    words: plainWords(name),
  }))
}

// What was typed, piece by piece: a municipality where one is named, by as many words as its name has; else the word.
function* meanings(tokens: Token[], places: Place[]): Generator<Token | Place> {
  for (let position = 0; position < tokens.length; ) {
    const place = longestPlace(places, tokens.slice(position))
    yield place ?? tokens[position]!
    position += place?.words.length ?? 1
  }
}

function longestPlace(places: Place[], tokens: Token[]): Place | undefined {
  const named = places.filter(
    ({ words }) =>
      words.length <= tokens.length &&
      words.every((word, index) => !tokens[index]!.phrase && isName(tokens[index]!.text, word)),
  )
  return named.sort((a, b) => b.words.length - a.words.length)[0]
}

// Names of places are short and many: one slip, and only in a long one.
function isName(typed: string, name: string): boolean {
  return typed === name || (typed.length > 4 && distance(typed, name) === 1)
}
