/** What every reader makes of a source, whatever its layout: records of HSDS in tabular form, with their place. */

import { type Place, type Problem, SourceRefused } from '../../../sources/problem.ts'
import type { EntityName } from '../hsds/model.ts'

/** A value and the name under which the source has it. */
export interface Cell {
  value: unknown
  column: string
  /** How the source writes the value, where a reader had to qualify it. */
  shown?: string
  /** What is wrong with the value, where a reader could make nothing of it. */
  wrong?: { message: string; fix: string }
}

/** A value as text, to be kept beside the record. */
export interface SourceCell {
  column: string
  text: string
}

export interface SourceRecord {
  kind: 'record'
  entity: EntityName
  /** The identifier that the source gives the record; null when it gives none. */
  id: Cell | null
  /** Values by HSDS field; a field that the source doesn't mention is absent. */
  fields: Record<string, Cell>
  /** Identifiers of other records by HSDS field. */
  references: Record<string, Cell>
  /** For attributes and metadata: the record that they describe. */
  link: { entity: Cell | null; id: Cell | null } | null
  /** Values that HSDS has no field for; kept as attributes of the record. */
  sourceCells: SourceCell[]
  /** Columns of which this record speaks: cells kept from them before go when they are not kept again. */
  speaksOf: 'every column' | string[]
  /** Lists that the source gives whole: records of that kind tied to this one by that field, and not named, go. */
  wholeLists: { entity: EntityName; by: string }[]
  /** True for a row of a table, which may stand only once; false for a part of a document, which may be repeated. */
  row: boolean
  /** True for a part of a document that other documents may hold as well. */
  isShared: boolean
  at: Place
}

/** What a reader yields: records, problems that it met, and how far it came. */
export type Reading = SourceRecord | { kind: 'problem'; problem: Problem } | { kind: 'progress'; bytes: number }

/** What `read` yields; a file that can't be read to its end becomes a problem of that file. */
export async function* tellRefusal(read: AsyncIterable<Reading>): AsyncGenerator<Reading> {
  try {
    yield* read
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error
    for (const problem of error.problems) yield { kind: 'problem', problem }
  }
}
