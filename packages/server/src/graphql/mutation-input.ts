/** Parts that the inputs of mutations share. */
import { Refused } from '../refused.ts'
import { parseGlobalId } from './global-id.ts'

/** Of every mutation that makes something, or does what must not be done twice. */
export const idempotencyKey = {
  required: true,
  description:
    'A text of your own for this request, such as a UUID: 1 to 255 visible ASCII characters. A repeat with the same key ' +
    'within a day is answered as the first was, and nothing is done twice.',
} as const

/** Of every mutation that names a version, which keeps it from being done twice already. */
export const repeatKey = {
  description:
    'A text of your own for this request, such as a UUID: 1 to 255 visible ASCII characters. A repeat with the same key ' +
    'within a day is answered as the first was; without a key it is refused, since the record is not as it was.',
} as const

/** Of every mutation that changes a record. */
export const expectedVersion = {
  required: true,
  description:
    'The recordVersion that you know. Where the record has another by now, nothing is changed: the error VERSION_CONFLICT ' +
    'says so, and the record is to be read again.',
} as const

/** The row key in a global id of that type. Throws a {@link Refused} that names the way to it in the input. */
export function readId(type: string, globalId: string, path: readonly string[]): string {
  const read = parseGlobalId(globalId)
  if (read?.typename === type) return read.id
  throw new Refused('ID_INVALID', `${path.join('.')}: this is no id of a ${type}.`, path)
}

/** For a repeat of what made a record that was removed since. */
export function refuseGone(): never {
  throw new Refused(
    'RECORD_GONE',
    'What this request made was removed since. Use a new idempotency key to make it anew.',
    ['idempotencyKey'],
  )
}
