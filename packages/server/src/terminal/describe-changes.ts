/** What an import changed, and what an export holds, as small tables. */
import type { EntityName } from '../domains/directory/hsds/model.ts'
import type { Changes } from '../domains/directory/import/changes.ts'

export function describeChanges(changes: Partial<Record<EntityName, Changes>>): string {
  const rows = Object.entries(changes).map(([entity, { created, updated, unchanged, removed }]) =>
    [entity, created, updated, unchanged, removed].map(String),
  )
  return table([['', 'created', 'updated', 'unchanged', 'removed'], ...rows])
}

export function describeCounts(counts: Partial<Record<EntityName, number>>): string {
  return table(Object.entries(counts).map(([entity, count]) => [entity, String(count)]))
}

/** The first column to the left, the others to the right. */
function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}`
  return rows.map(line).join('\n')
}
