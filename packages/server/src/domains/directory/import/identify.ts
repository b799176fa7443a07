/** Keys of imported records: the same source always gives the same keys, in whatever order its rows come. */
import { parse, v5, validate } from 'uuid'
import type { EntityName } from '../hsds/model.ts'

/** The identifier in a cell; undefined when what stands there identifies nothing. */
export function usableId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' && isStorable(value) ? value.trim() : undefined
}

/** Whether PostgreSQL can hold the text: it has no NUL, and no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/** The UUID that HSDS exchanges: the source's own, or one made from its feed and identifier. */
export function hsdsUuid(feed: string, entity: EntityName, id: string): string {
  return validate(id) ? id.toLowerCase() : v5(Buffer.from(`${feed}/${entity}/${id}`), sourceNamespace)
}

/** The key of the row: the same record may be in several networks. */
export function rowId(networkId: string, entity: EntityName, uuid: string): string {
  return v5(Buffer.from(`${entity}/${uuid}`), bytesOf(networkId))
}

// A large directory asks for some hundred thousand keys of one network: its UUID is taken apart once.
let latest: { uuid: string; bytes: Uint8Array } | undefined

function bytesOf(uuid: string): Uint8Array {
  if (latest?.uuid !== uuid) latest = { uuid, bytes: parse(uuid) }
  return latest.bytes
}

// Any fixed UUID will do; this one was drawn for the purpose.
const sourceNamespace = parse('6f0e5a0c-5f0b-4a53-9d0f-3c8f1d0a7b1e')
