/** Texts that people write of a network: trimmed, and no longer than fits where they are shown. */
import { Refused } from '../../refused.ts'

/** Characters of the longest name, and of the longest text. */
export const longestName = 200
export const longestText = 5_000

/** The text without spaces around it; null where nothing is left. Throws a {@link Refused} for one that is too long. */
export function readWords(field: string, text: string | null, most: number): string | null {
  const words = text?.trim() || null
  if (words === null || words.length <= most) return words
  throw new Refused('TEXT_TOO_LONG', `${field}: it has ${words.length} characters; at most ${most}.`, [field])
}

/** The same for a text that must be there. */
export function requireWords(field: string, text: string, most: number): string {
  const words = readWords(field, text, most)
  if (words !== null) return words
  throw new Refused('TEXT_EMPTY', `${field}: say it, in 1 to ${most} characters.`, [field])
}
