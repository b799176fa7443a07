/** A small CSV file as typed rows, all of them checked before any is used. */
import { basename } from 'node:path'
import type { z } from 'zod'
import { type Problem, refuseAll } from './problem.ts'
import { readCsv } from './read-csv.ts'

export interface Row<T> {
  value: T
  line: number
}

/** Reads all rows of a file. Columns that `shape` doesn't know are passed over. Throws {@link SourceRefused}. */
export async function readRows<T extends z.ZodObject>(path: string, shape: T): Promise<Row<z.infer<T>>[]> {
  const file = basename(path)
  const rows: Row<z.infer<T>>[] = []
  const problems: Problem[] = []
  let missing: string[] = []
  const requireColumns = (columns: string[]) => {
    missing = Object.keys(shape.shape).filter(
      (name) => !columns.includes(name) && !shape.shape[name]!.safeParse(undefined).success,
    )
  }
  for await (const { line, cells } of readCsv(path, requireColumns, () => {})) {
    if (missing.length > 0) break
    const parsed = shape.safeParse(cells)
    if (parsed.success) rows.push({ value: parsed.data, line })
    else {
      problems.push(
        ...parsed.error.issues.map(({ path, message }) => {
          const column = String(path[0])
          return {
            at: { file, line },
            column,
            value: cells[column],
            message,
            fix: 'correct the cell',
            scope: 'record' as const,
          }
        }),
      )
    }
  }
  if (missing.length > 0) {
    const message = `has no column ${missing.join(', ')}`
    problems.push({ at: { file, line: 1 }, message, fix: 'add the column', scope: 'file' })
  }
  if (problems.length > 0) throw refuseAll(problems)
  return rows
}
