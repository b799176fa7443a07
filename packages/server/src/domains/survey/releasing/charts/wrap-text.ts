/** Texts broken into lines that fit, and cut so that they stay apart. */
import { type Letters, widthOf } from './text-width.ts'

export interface Room extends Letters {
  width: number
  /** How many lines there may be. */
  most: number
}

/** Lines of a text; the end of one that has no room is left out. */
export function wrapText(text: string, room: Room): string[] {
  const { lines, rest } = fillLines(text, room)
  if (rest === '') return lines
  const last = Array.from(lines.at(-1)!)
  const withDots = () => `${last.join('').trimEnd()}…`
  while (last.length > 0 && widthOf(withDots(), room) > room.width) last.pop()
  return [...lines.slice(0, -1), withDots()]
}

/**
 * Lines of texts that stand in one list. Where two that differ would be cut to the same, their ends are kept instead, and where
 * these are the same, too, what is from the first word that differs.
 */
export function wrapLabels(texts: readonly string[], room: Room): string[][] {
  const labels = texts.map((text) => wrapText(text, room))
  for (const cutOtherwise of [keepEnd, keepDifference]) {
    const alike = Map.groupBy(labels.keys(), (index) => labels[index]!.join('\n'))
    for (const indices of alike.values()) {
      const different = [...new Set(indices.map((index) => texts[index]!))]
      if (different.length === 1) continue
      for (const index of indices) labels[index] = cutOtherwise(texts[index]!, room, different)
    }
  }
  return labels
}

function keepEnd(text: string, room: Room): string[] {
  const starts = [...text.matchAll(/(?<=\s)\S/g)].map(({ index }) => index)
  // Of a last word that is too long, as many letters as fit.
  const letters = Array.from(text.slice(starts.at(-1) ?? 0)).map((_, index, all) => all.slice(index).join(''))
  for (const end of [...starts.map((start) => text.slice(start)), ...letters]) {
    const { lines, rest } = fillLines(`…${end}`, room)
    if (rest === '') return lines
  }
  return wrapText(text, room)
}

function keepDifference(text: string, room: Room, different: readonly string[]): string[] {
  const shared = Math.max(...different.filter((other) => other !== text).map((other) => sharedStart(text, other)))
  const from = text.slice(0, shared).search(/\S*$/)
  const cut = wrapText(`…${text.slice(from)}`, room)
  // A word so long that it has no room up to the letter that differs is begun there.
  const isSeen = widthOf(text.slice(from, shared), room) < room.width * (room.most - 0.5)
  return isSeen ? cut : wrapText(`…${text.slice(shared)}`, room)
}

function sharedStart(one: string, other: string): number {
  let length = 0
  while (length < one.length && one[length] === other[length]) length++
  return length
}

/** As much of a text as fits, and what is left of it. Lines end between words, after a stroke, or else anywhere. */
function fillLines(text: string, room: Room): { lines: string[]; rest: string } {
  const pieces = text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<= )|(?<=[-–/])(?=\p{L})/u)
  const lines = ['']
  const fits = (line: string) => widthOf(line.trimEnd(), room) <= room.width
  while (pieces.length > 0) {
    const [piece] = pieces as [string]
    const last = lines.at(-1)!
    if (fits(last + piece)) {
      lines[lines.length - 1] = last + piece
      pieces.shift()
    } else if (last !== '') {
      if (lines.length === room.most) break
      lines.push('')
    } else {
      const letters = Array.from(piece)
      let many = 1
      while (fits(letters.slice(0, many + 1).join(''))) many++
      lines[lines.length - 1] = letters.slice(0, many).join('')
      pieces[0] = letters.slice(many).join('')
    }
  }
  return { lines: lines.map((line) => line.trimEnd()), rest: pieces.join('') }
}
