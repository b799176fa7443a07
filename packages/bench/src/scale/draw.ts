/** Chance that repeats: what is drawn for one record depends on its name alone, never on what was drawn before it. */
import { hash } from 'node:crypto'

export interface Draw {
  /** True so often in a hundred. */
  percent(often: number): boolean
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** One of a list. */
  one<T>(list: readonly T[]): T
  /** Different ones of a list, in its order. */
  some<T>(list: readonly T[], count: number): T[]
  /** A UUID, version 4 by its form. */
  uuid(): string
}

/** What chance has for the record of that name. */
export function drawFor(name: string): Draw {
  // sfc32, by Chris Doty-Humphrey: with fewer than its 128 bits, some of a million names would draw the same.
  let [a, b, c, counter] = seedOf(name)
  const next = () => {
    const drawn = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + drawn) | 0
    return drawn >>> 0
  }
  const below = (end: number) => Math.floor((next() / 2 ** 32) * end)
  const hex = () => next().toString(16).padStart(8, '0')
  return {
    below,
    percent: (often) => below(100) < often,
    one: (list) => list[below(list.length)]!,
    some: (list, count) => {
      const left = [...list.keys()]
      const chosen = Array.from({ length: Math.min(count, list.length) }, () => left.splice(below(left.length), 1)[0]!)
      return chosen.sort((a, b) => a - b).map((index) => list[index]!)
    },
    uuid: () => {
      const digits = hex() + hex() + hex() + hex()
      const variant = '89ab'[Number.parseInt(digits[16]!, 16) % 4]
      const last = `${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
      return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${last}`
    },
  }
}

function seedOf(name: string): [number, number, number, number] {
  const digest = hash('sha1', name, 'buffer')
  return [digest.readInt32LE(0), digest.readInt32LE(4), digest.readInt32LE(8), digest.readInt32LE(12)]
}
