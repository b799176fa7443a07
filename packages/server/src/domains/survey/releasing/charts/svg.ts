/** The parts of charts: SVG as text, with a title and a description for who doesn't see it. */
import { escapeXml } from '../../escape-xml.ts'

export interface Chart {
  width: number
  height: number
  title: string
  /** All that the chart shows, in words. */
  description: string
  language: string
  body: string
}

/** The document. Letters are the reader's own: nothing is fetched. */
export function svgDocument({ width, height, title, description, language, body }: Chart): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-labelledby="title description" xml:lang="${escapeXml(language)}" font-family="system-ui, sans-serif" font-size="14">`,
    `<title id="title">${escapeXml(title)}</title>`,
    `<desc id="description">${escapeXml(description)}</desc>`,
    '<defs><pattern id="hatched" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
      `<rect width="8" height="8" fill="${colours.paper}"/><rect width="2.5" height="8" fill="${colours.hatch}"/></pattern></defs>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    body,
    '</svg>',
    '',
  ].join('\n')
}

/** Contrasts on paper (WCAG 2.2): ink 15.8, critical 6.5, quiet 6.3, hatch 4.2, line 3.1; texts need 4.5, other things 3. */
export const colours = {
  paper: '#ffffff',
  ink: '#1f2328',
  quiet: '#5b6169',
  line: '#8c939c',
  hatch: '#767c85',
  critical: '#b3261e',
} as const

/** A text at a place, its baseline there; with paper around its letters, where lines run behind it. */
export function textAt(
  x: number,
  y: number,
  text: string,
  { anchor = 'start', fill = colours.ink as string, size = 14, weight = 400, isOverLines = false } = {},
): string {
  const halo = isOverLines ? ` stroke="${colours.paper}" stroke-width="4" paint-order="stroke"` : ''
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}" font-size="${size}" font-weight="${weight}"${halo}>${escapeXml(text)}</text>`
}

/** The bar of what is not published: hatched, and it says so on paper in its middle. */
export function hatchedBar(x: number, y: number, width: number, height: number, text: string): string {
  const middle = x + width / 2
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="url(#hatched)" stroke="${colours.hatch}"/>`,
    `<rect x="${middle - 90}" y="${y}" width="180" height="${height}" fill="${colours.paper}" stroke="${colours.hatch}"/>`,
    textAt(middle, y + height / 2 + 5, text, { anchor: 'middle', fill: colours.quiet }),
  ].join('\n')
}

/** Lines of at most so many letters, broken between words; of a text of more than two lines the end is left out. */
export function wrap(text: string, letters: number, most = 2): string[] {
  const lines: string[] = ['']
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!
    if (last === '') lines[lines.length - 1] = word
    else if (last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  const cut = (line: string) => (line.length > letters ? `${line.slice(0, letters - 1)}…` : line)
  if (lines.length <= most) return lines.map(cut)
  return [...lines.slice(0, most - 1).map(cut), cut(`${lines.slice(most - 1).join(' ')}`.slice(0, letters + 1))]
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A number as it is written in the language, with at most one decimal. */
export function numberIn(language: string, value: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)
}
