/** What an import changed, as a small table. */
import type { EntityName } from '../domains/directory/hsds/model.ts'
import type { Changes } from '../domains/directory/import/changes.ts'

export function describeChanges(changes: Partial<Record<EntityName, Changes>>): string {
  const rows = Object.entries(changes).map(([entity, { created, updated, unchanged, removed }]) =>
    [entity, created, updated, unchanged, removed].map(String),
  )
  const header = ['', 'created', 'updated', 'unchanged', 'removed']
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)))
  const line = (cells: string[]) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}`
  return [header, ...rows].map(line).join('\n')
}
