/** The parts of charts: SVG as text, with a title and a description for who doesn't see it. */
import { createHash } from 'node:crypto'
import { escapeXml } from '../../escape-xml.ts'
import type { ToldRelease } from '../read-release.ts'
import type { Letters } from './text-width.ts'

interface TextStyle extends Letters {
  anchor?: 'start' | 'middle' | 'end'
  fill?: string
  isOverLines?: boolean
  /** Where it is not that of the chart. */
  language?: string | undefined
}

export interface Chart {
  /** What its parts are named after, see chartId. */
  id: string
  width: number
  height: number
  title: string
  /** All that the chart shows, in words. */
  description: string
  language: string
  /** Language of the title and the description, where it is another. */
  languageOfWords?: string | undefined
  body: string
}

/** The document. Letters are the reader's own: nothing is fetched. */
export function svgDocument(chart: Chart): string {
  const { id, width, height, title, description, language, languageOfWords, body } = chart
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
      `aria-labelledby="${id}-title ${id}-description" xml:lang="${escapeXml(language)}" font-family="system-ui, sans-serif" font-size="14">`,
    `<title id="${id}-title"${inLanguage(languageOfWords)}>${escapeXml(title)}</title>`,
    `<desc id="${id}-description"${inLanguage(languageOfWords)}>${escapeXml(description)}</desc>`,
    `<defs><pattern id="${id}-hatched" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">` +
      `<rect width="8" height="8" fill="${colours.paper}"/><rect width="2.5" height="8" fill="${colours.hatch}"/></pattern></defs>`,
    `<rect width="${width}" height="${height}" fill="${colours.paper}"/>`,
    body,
    '</svg>',
    '',
  ].join('\n')
}

/** A name for a chart of a release that no other chart on the same page has: always the same of the same one. */
export function chartId({ hash, organization, language }: ToldRelease, chart: string | number): string {
  const of = JSON.stringify([hash, organization, chart, language])
  return `chart-${createHash('sha256').update(of).digest('hex').slice(0, 16)}`
}

function inLanguage(language: string | undefined): string {
  return language === undefined ? '' : ` xml:lang="${escapeXml(language)}"`
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
export function textAt(x: number, y: number, text: string, style: TextStyle = {}): string {
  const { anchor = 'start', fill = colours.ink, size = 14, weight = 400, isOverLines = false, language } = style
  const halo = isOverLines ? ` stroke="${colours.paper}" stroke-width="4" paint-order="stroke"` : ''
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${fill}" font-size="${size}" font-weight="${weight}"${halo}${inLanguage(language)}>${escapeXml(text)}</text>`
}

/** Lines of a text, one below the other, the first on its baseline. */
export function linesAt(x: number, y: number, lines: readonly string[], height: number, style?: TextStyle): string[] {
  return lines.map((line, index) => textAt(x, y + index * height, line, style))
}

/** Lines that end at a place, with their middle at a height. */
export function labelAt(x: number, middle: number, lines: readonly string[], style: TextStyle = {}): string[] {
  const { size = 14 } = style
  const height = size + 2
  const first = middle + size * 0.36 - ((lines.length - 1) / 2) * height
  return linesAt(x, first, lines, height, { ...style, anchor: 'end' })
}

/** The bar of what is not published: hatched, and it says so on paper in its middle. */
export function hatchedBar(
  { id, x, y, width, height }: { id: string; x: number; y: number; width: number; height: number },
  text: string,
  language?: string,
): string {
  const middle = x + width / 2
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="url(#${id}-hatched)" stroke="${colours.hatch}"/>`,
    `<rect x="${middle - 90}" y="${y}" width="180" height="${height}" fill="${colours.paper}" stroke="${colours.hatch}"/>`,
    textAt(middle, y + height / 2 + 5, text, { anchor: 'middle', fill: colours.quiet, language }),
  ].join('\n')
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** A number as it is written in the language, with at most one decimal. */
export function numberIn(language: string, value: number): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(value)
}
