/** What editing refuses in the same words, wherever it happens. */
import { Refused } from '../../../refused.ts'
import { words } from './check-values.ts'
import type { EditedKind } from './edited-kinds.ts'

/** What is not there, and what is not the caller's, are told alike: nobody learns that there is a record. */
export function unknown(entity: EditedKind | 'network', path: string): Refused {
  const code = `${entity.toUpperCase()}_UNKNOWN`
  const kind = entity === 'network' ? entity : words(entity)
  return new Refused(code, `${path}: there is no ${kind} with this id that you may use here.`, [path])
}
