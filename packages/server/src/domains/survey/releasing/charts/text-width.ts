/**
 * How wide a text is, as far as that can be known where no font is: letters by the widths of DejaVu Sans and Verdana, the widest
 * of the usual ones, so that in whatever font a reader has a text is seldom wider.
 */

export interface Letters {
  /** In units of the picture. */
  size?: number
  weight?: number
}

/** Width of a letter in parts of the size, by what it is; the first that fits. */
const widths: readonly [pattern: RegExp, width: number][] = [
  [/[\p{M}\p{Cf}\p{Cc}]/u, 0],
  [/[iíìîïjlI.,;:'’‘|/\\· -]/, 0.36],
  [/[frt()[\]!]/, 0.42],
  [/[\p{Emoji_Presentation}\p{Regional_Indicator}]/u, 1.4],
  [/[mwMW%…—@æœÆŒ‰]/, 1.02],
  [/[a-zß-öø-ÿ0-9"“”«»?*°–$€_]/, 0.65],
  [/[A-ZÀ-ÖØ-Þ&]/, 0.8],
  [/[+=<>#×÷~^±≤≥{}]/, 0.84],
]
/** Letters of other scripts are about as wide as they are high. */
const widest = 1.05
const bold = 1.12

const known = new Map<string, number>()

/** The estimated width of a text on one line. */
export function widthOf(text: string, { size = 14, weight = 400 }: Letters = {}): number {
  const letters = Array.from(text.normalize('NFC'), widthOfLetter)
  return letters.reduce((sum, width) => sum + width, 0) * size * (weight > 500 ? bold : 1)
}

function widthOfLetter(letter: string): number {
  const before = known.get(letter)
  if (before !== undefined) return before
  const width = widths.find(([pattern]) => pattern.test(letter))?.[1] ?? widest
  // There are more letters than are worth remembering.
  if (letter.charCodeAt(0) < 0x250) known.set(letter, width)
  return width
}
