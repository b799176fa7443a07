/** How many records an import changed. */
import type { EntityName } from '../hsds/model.ts'

export interface Changes {
  created: number
  updated: number
  unchanged: number
  removed: number
}

/** The count of one kind of record, begun at nothing. */
export function changesOf(changes: Partial<Record<EntityName, Changes>>, entity: EntityName): Changes {
  changes[entity] ??= { created: 0, updated: 0, unchanged: 0, removed: 0 }
  return changes[entity]
}
