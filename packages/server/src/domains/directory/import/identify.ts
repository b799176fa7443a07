/** Keys of imported records: the same source always gives the same keys, in whatever order its rows come. */
import { hash } from 'node:crypto'
import { validate } from 'uuid'
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
  return validate(id) ? id.toLowerCase() : nameUuid(`${feed}/${entity}/${id}`, sourceNamespace)
}

/** The key of the row: the same record may be in several networks. */
export function rowId(networkId: string, entity: EntityName, uuid: string): string {
  return nameUuid(`${entity}/${uuid}`, networkId)
}

/** UUID version 5 (RFC 9562). A large directory needs half a million of them: this takes a third of the library's time. */
function nameUuid(name: string, namespace: string): string {
  const bytes = Buffer.concat([Buffer.from(namespace.replaceAll('-', ''), 'hex'), Buffer.from(name)])
  const digits = hash('sha1', bytes, 'hex')
  const variant = '89ab'[Number.parseInt(digits[16]!, 16) % 4]
  const last = `${variant}${digits.slice(17, 20)}-${digits.slice(20, 32)}`
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-5${digits.slice(13, 16)}-${last}`
}

// Any fixed UUID will do; this one was drawn for the purpose.
const sourceNamespace = '6f0e5a0c-5f0b-4a53-9d0f-3c8f1d0a7b1e'
