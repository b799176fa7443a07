/** Global ids: readable and typed, such as `service_0190f3…`, and valid for one type only. */
import { uuidOfDigits } from '../uuid-digits.ts'
import { badInput } from './errors.ts'

const uuid = /^[0-9a-f]{32}$/
const istatCode = /^\d{6}$/

export function encodeGlobalId(typename: string, id: string | number | bigint): string {
  return `${prefixOf(typename)}_${String(id).replaceAll('-', '')}`
}

/** The type and row key in a global id; null when it is none of ours. */
export function parseGlobalId(globalId: string): { typename: string; id: string } | null {
  const cut = globalId.lastIndexOf('_')
  const typename = typenameOf(globalId.slice(0, cut))
  const key = globalId.slice(cut + 1)
  if (typename === 'Municipality' && istatCode.test(key)) return { typename, id: key }
  if (cut <= 0 || !uuid.test(key)) return null
  return { typename, id: uuidOfDigits(key) }
}

/** The same for an id that must be one. Throws a GraphQL error with code BAD_USER_INPUT. */
export function decodeGlobalId(globalId: string): { typename: string; id: string } {
  const read = parseGlobalId(globalId)
  if (read !== null) return read
  const shown = globalId.length > 60 ? `${globalId.slice(0, 60)}…` : globalId
  throw badInput(`"${shown}" is not an id of this API. Use an id that a query returned, such as service_0190….`)
}

// Types are few, and their names stand in every id.
const prefixes = new Map<string, string>()
const typenames = new Map<string, string>()

function prefixOf(typename: string): string {
  const known = prefixes.get(typename)
  if (known !== undefined) return known
  const prefix = typename.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase()
  prefixes.set(typename, prefix)
  return prefix
}

// What comes from outside is remembered only where it is a type that has given ids.
function typenameOf(prefix: string): string {
  const known = typenames.get(prefix)
  if (known !== undefined) return known
  const typename = prefix.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
  if (prefixes.has(typename)) typenames.set(prefix, typename)
  return typename
}
