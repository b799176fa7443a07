/**
 * Documents hold what they share whole: each service its organization, each attribute its term. Such a part need be
 * checked and staged only once as long as it is repeated word for word.
 */
import { hash } from 'node:crypto'
import type { SourceRecord } from './source-record.ts'

export interface RepeatedRecords {
  /** Whether the same file gave the very same record before, as far as is remembered. */
  has(record: SourceRecord): boolean
  /** Lets go of the last record, for one that has a problem has it wherever it stands; or of all. */
  forget(record?: SourceRecord): void
}

/** Remembers the last records that documents may share, some `most` of them, which take about 100 bytes each. */
export function rememberRepeated(most = 600_000): RepeatedRecords {
  // When the newer half is full it becomes the older, and the oldest are forgotten.
  let newer = new Set<string>()
  let older = new Set<string>()
  let file: string | undefined
  let last: string | undefined
  const forgetAll = () => {
    newer = new Set()
    older = new Set()
  }
  return {
    has: (record) => {
      // A repeated row of a table goes, with all that was read from it; so does a file that can't be read to its end.
      if (record.row || record.at.file !== file) forgetAll()
      file = record.at.file
      if (!record.isShared) return false
      const { entity, id, fields, references, link, sourceCells, speaksOf, wholeLists } = record
      const said = JSON.stringify(
        [entity, id, fields, references, link, sourceCells, speaksOf, wholeLists],
        // JSON has no infinity, which a number too large for this language becomes, and would say null.
        (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value),
      )
      last = hash('sha1', said, 'base64')
      const isKnown = newer.has(last) || older.has(last)
      newer.add(last)
      if (newer.size >= most / 2) {
        older = newer
        newer = new Set()
      }
      return isKnown
    },
    forget: (record) => {
      if (record === undefined) forgetAll()
      else if (record.isShared && last !== undefined) {
        newer.delete(last)
        older.delete(last)
      }
    },
  }
}
