/** Names for prepared statements: PostgreSQL parses and plans what is asked often once a connection, not every time. */
import type { SqlQuery } from '@prisma/driver-adapter-utils'

interface Bounds {
  /** Names given at most: each costs memory in every connection, for as long as that lives. */
  names: number
  /** A statement is named when it comes for this time, so that what is asked once takes no name. */
  times: number
  /** Statements without a name whose times are counted. */
  counted: number
}

/**
 * A function that gives a statement its name, always the same, or none (an empty text). Only queries that Prisma writes are named: their
 * plan does not hang on their values. That of a search does, and the rows of an import come in any number.
 */
export function nameStatements({ names, times, counted }: Bounds = { names: 300, times: 3, counted: 1_000 }) {
  const named = new Map<string, string>()
  const seen = new Map<string, number>()
  return ({ sql }: Pick<SqlQuery, 'sql'>): string => {
    const name = named.get(sql)
    if (name !== undefined) return name
    if (named.size >= names || !sql.startsWith('SELECT "')) return ''
    const time = (seen.get(sql) ?? 0) + 1
    seen.delete(sql)
    if (time >= times) {
      const given = `read_${named.size}`
      named.set(sql, given)
      return given
    }
    seen.set(sql, time)
    if (seen.size > counted) seen.delete(seen.keys().next().value!)
    return ''
  }
}
